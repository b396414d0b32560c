"""The exact words of a passage that matched the question, as offsets into its text."""

from __future__ import annotations

from collections.abc import Collection

from index.analysis import Analyser

__all__ = ["matches"]


def matches(text: str, analyser: Analyser, terms: Collection[str]) -> tuple[tuple[int, int], ...]:
    """The [start, end) offsets in `text` of the words whose term is one of `terms`, in order."""
    return tuple((token.start, token.end) for token in analyser.tokens(text) if token.term in terms)
