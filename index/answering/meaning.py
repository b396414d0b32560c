"""What passages mean, beside their words: what is asked of whoever knows, and what it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.answering.candidates import Floats
from index.library.collection import Collection, Position
from index.library.library import IndexedLibrary

__all__ = ["MEANING_WEIGHTS", "Meaning", "Meant"]

MEANING_WEIGHTS: dict[str, float] = {"likeness": 48.0, "reading": 1.5}
"""What the cosine and the reader's log-odds count in a score.

`python -m tests.bench order` prints what others would do.
"""
NEAREST = 10
"""How many passages near in meaning join those that BM25 brings up."""
READ = 10
"""How many of the best candidates are read together with the question."""
MOST_READING = 8.0
"""Log-odds beyond that say no more."""


class Meaning(Protocol):
    """Knows passages by what they mean. All arrays have the shape (passages,)."""

    def vector(self, question: str) -> Any:
        """What a question means, to be given back to the methods below."""

    def has_prepared(self, library: IndexedLibrary) -> bool:
        """Whether all passages of a library are known, so that the nearest are found."""

    def nearest(self, vector: Any, library: IndexedLibrary, most: int) -> Sequence[int]:
        """The passages nearest in meaning, best first; none of a library that is not prepared."""

    def likeness(
        self, vector: Any, library: IndexedLibrary, passages: Sequence[int]
    ) -> NDArray[np.float64]:
        """How near passages are to a question, -1 to 1."""

    def scores(
        self, question: str, library: IndexedLibrary, passages: Sequence[int]
    ) -> NDArray[np.float64]:
        """How well passages answer a question, in log-odds."""


class Meant:
    """One question over a collection, by what it means."""

    def __init__(self, meaning: Meaning, collection: Collection, text: str) -> None:
        self._meaning = meaning
        self._libraries = collection.libraries
        self._text = text
        self._vector = meaning.vector(text)

    def nearest(self) -> list[Position]:
        """The passages nearest in meaning, of libraries that are prepared."""
        positions = [
            Position(which, passage)
            for which, library in enumerate(self._libraries)
            for passage in self._meaning.nearest(self._vector, library, NEAREST)
        ]
        likeness = self._likeness(positions)
        return [positions[at] for at in np.argsort(-likeness, kind="stable")[:NEAREST]]

    def values(self, positions: Sequence[Position], scores: Floats) -> Mapping[str, Floats]:
        """`likeness` and `reading` of candidates, best score first; shapes (candidates,).

        Only the best are read, and where passages are not known yet, only they are looked at; all
        others count as the worst of these, so that they stay behind them.
        """
        prepared = [self._meaning.has_prepared(library) for library in self._libraries]
        looked_at = [
            at for at, position in enumerate(positions) if at < READ or prepared[position.library]
        ]
        near = self._likeness([positions[at] for at in looked_at])
        likeness = _filled(near, looked_at, len(positions))
        near = scores + MEANING_WEIGHTS["likeness"] * likeness
        best = np.argsort(-near, kind="stable")[:READ].tolist()
        reading = _filled(self._scores([positions[at] for at in best]), best, len(positions))
        return {"likeness": likeness, "reading": reading}

    def _likeness(self, positions: Sequence[Position]) -> Floats:
        likeness = np.zeros(len(positions))
        for which, rows, passages in self._by_library(positions):
            library = self._libraries[which]
            likeness[rows] = self._meaning.likeness(self._vector, library, passages)
        return likeness

    def _scores(self, positions: Sequence[Position]) -> Floats:
        scores = np.zeros(len(positions))
        for which, rows, passages in self._by_library(positions):
            scores[rows] = self._meaning.scores(self._text, self._libraries[which], passages)
        return np.clip(scores, -MOST_READING, MOST_READING)

    def _by_library(
        self, positions: Sequence[Position]
    ) -> Iterator[tuple[int, list[int], list[int]]]:
        """Each library of the positions, which of them are its own, and their passages."""
        for which in dict.fromkeys(position.library for position in positions):
            rows = [row for row, position in enumerate(positions) if position.library == which]
            yield which, rows, [positions[row].passage for row in rows]


def _filled(values: Floats, at: Sequence[int], count: int) -> Floats:
    """`values` at their places among `count`, and the least of them at all others."""
    filled = np.full(count, values.min() if len(values) else 0.0)
    filled[list(at)[: len(values)]] = values
    return filled
