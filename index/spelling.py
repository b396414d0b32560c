"""The nearest known word for one that the collection does not know.

Distances are optimal string alignments: one insertion, deletion, substitution or swap of
neighbours each (rapidfuzz's OSA).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapidfuzz.distance import OSA

__all__ = ["Speller"]

MIN_CHARS = 5
"""Shorter words have too many neighbours to guess from."""
LONG_CHARS = 9
"""From here two edits are allowed."""
PREFIX_CHARS = 1
"""Two edits only where the words begin alike; names of strangers seldom do."""


class Speller:
    """Suggests known words. `frequencies` says in how many passages a normalised word occurs."""

    def __init__(self, frequencies: Iterable[Mapping[str, int]]) -> None:
        self._frequencies = tuple(frequencies)
        by_length: dict[int, list[str]] = {}
        for words in self._frequencies:
            for word in words:
                if word.isalpha():
                    by_length.setdefault(len(word), []).append(word)
        self._by_length = by_length

    def knows(self, word: str) -> bool:
        """Whether any passage has the normalised word."""
        return any(word in words for words in self._frequencies)

    def suggest(self, word: str) -> str | None:
        """The known word nearest to an unknown one, or None where none is near enough."""
        if len(word) < MIN_CHARS or not word.isalpha():
            return None
        edits = 2 if len(word) >= LONG_CHARS else 1
        best: tuple[int, int, str] | None = None
        for length in range(len(word) - edits, len(word) + edits + 1):
            for other in self._by_length.get(length, ()):
                distance = OSA.distance(word, other, score_cutoff=edits)
                if distance > edits or (
                    distance > 1 and other[:PREFIX_CHARS] != word[:PREFIX_CHARS]
                ):
                    continue
                count = sum(words.get(other, 0) for words in self._frequencies)
                candidate = (distance, -count, other)
                if best is None or candidate < best:
                    best = candidate
        return best[2] if best else None
