"""Which passages a citation number finds, for all documents of a library."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.arrays.strings import Numbering
from index.documents.passages import Passage
from index.documents.reading.markers import citation_keys

__all__ = ["CitationPositions"]

_BETWEEN = "\0"
"""Between a document's id and a number; neither holds it."""


@dataclass(frozen=True, eq=False)
class CitationPositions:
    """The passages of number i of `keys`: positions[starts[i] : starts[i + 1]], ascending.

    A key is a document's id and a normalised citation number; keys are in the order in which their
    first passages stand.
    """

    keys: Numbering
    starts: NDArray[np.int64]
    positions: NDArray[np.int32]

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> CitationPositions:
        """Note what finds each of `passages`."""
        by_key: dict[str, array[int]] = defaultdict(lambda: array("i"))
        for position, passage in enumerate(passages):
            numbers = (key for number in passage.citations for key in citation_keys(number))
            for key in dict.fromkeys(numbers):
                by_key[f"{passage.document}{_BETWEEN}{key}"].append(position)
        starts = np.zeros(len(by_key) + 1, dtype=np.int64)
        np.cumsum([len(positions) for positions in by_key.values()], out=starts[1:])
        together = np.concatenate([np.zeros(0, np.int32), *by_key.values()]).astype(np.int32)
        return cls(Numbering.of(by_key), starts, together)

    def find(self, document: str, key: str) -> list[int]:
        """The positions of the passages of a document that a normalised number finds."""
        at = self.keys.get(f"{document}{_BETWEEN}{key}")
        if at is None:
            return []
        positions: list[int] = self.positions[self.starts[at] : self.starts[at + 1]].tolist()
        return positions

    def known(self, documents: Iterable[str]) -> Iterator[str]:
        """The normalised numbers that find a passage of any of the documents."""
        ids = frozenset(documents)
        for document_and_number in self.keys:
            document, _, number = document_and_number.partition(_BETWEEN)
            if document in ids:
                yield number
