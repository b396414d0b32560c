"""A passage as the model reads it: under its title and headings."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["passage_text"]

MAX_HEADING_CHARS = 60


def passage_text(text: str, headings: Sequence[str]) -> str:
    """`text` behind the headings it stands under, the outermost first, each a sentence."""
    return "".join(f"{heading[:MAX_HEADING_CHARS]}. " for heading in headings) + text
