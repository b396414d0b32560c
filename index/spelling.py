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
LONG_CHARS = 8
"""From here two edits are allowed, if the words begin alike."""
MOST_SUGGESTIONS = 4
"""Equally near words that are tried; the passages found decide between them."""


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

    def suggest(self, word: str) -> list[str]:
        """The known words nearest to an unknown one, the commonest first; none if none is near."""
        if len(word) < MIN_CHARS or not word.isalpha():
            return []
        edits = 2 if len(word) >= LONG_CHARS else 1
        nearest: list[str] = []
        for length in range(len(word) - edits, len(word) + edits + 1):
            for other in self._by_length.get(length, ()):
                distance = OSA.distance(word, other, score_cutoff=edits)
                if distance > edits or (distance > 1 and other[0] != word[0]):
                    continue
                if distance < edits:
                    edits, nearest = distance, []
                nearest.append(other)
        nearest.sort(key=lambda other: (-self._frequency(other), other))
        return list(dict.fromkeys(nearest))[:MOST_SUGGESTIONS]

    def _frequency(self, word: str) -> int:
        return sum(words.get(word, 0) for words in self._frequencies)
