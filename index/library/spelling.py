"""The nearest known word for one that the collection does not know."""

from __future__ import annotations

from collections.abc import Iterable

from index.library.near_words import NearWords

__all__ = ["Speller"]

MIN_CHARS = 5
"""Shorter words have too many neighbours to guess from."""
LONG_CHARS = 8
"""From here two edits are allowed, if the words begin alike."""
MOST_SUGGESTIONS = 4
"""Equally near words that are tried; the passages found decide between them."""


class Speller:
    """Suggests words that one of the libraries knows."""

    def __init__(self, libraries: Iterable[NearWords]) -> None:
        self._libraries = tuple(libraries)

    def knows(self, word: str) -> bool:
        """Whether any passage has the normalised word."""
        return any(word in library.words for library in self._libraries)

    def suggest(self, word: str) -> list[str]:
        """The known words nearest to an unknown one, the commonest first; none if none is near."""
        if len(word) < MIN_CHARS or not word.isalpha():
            return []
        edits = 2 if len(word) >= LONG_CHARS else 1
        near = {pair for library in self._libraries for pair in library.within(word, edits)}
        least = min((distance for distance, _ in near), default=0)
        nearest = [other for distance, other in near if distance == least]
        nearest.sort(key=lambda other: (-self._frequency(other), other))
        return nearest[:MOST_SUGGESTIONS]

    def _frequency(self, word: str) -> int:
        return sum(library.words.get(word, 0) for library in self._libraries)
