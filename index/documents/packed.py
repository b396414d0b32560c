"""The passages of a large library in arrays: a Passage is made when one is asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from index.arrays.strings import StringLists, Strings, as_memory
from index.documents.document import CitationCounts, count_citations
from index.documents.passages import Passage

__all__ = ["PackedPassages", "PassageTable"]


@dataclass(frozen=True, eq=False)
class PassageTable:
    """The passages of all documents, in order; `lines` has shape (passages,).

    Document i has the passages [starts[i], starts[i + 1]).
    """

    texts: Strings
    lines: NDArray[np.int32]
    citations: StringLists
    flags: StringLists
    sections: StringLists
    places: Strings
    columns: StringLists
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, documents: Sequence[Sequence[Passage]]) -> PassageTable:
        """Pack the passages of each document."""
        count = sum(map(len, documents))
        starts = np.zeros(len(documents) + 1, dtype=np.int64)
        np.cumsum([len(passages) for passages in documents], out=starts[1:])

        def every() -> Iterator[Passage]:
            return (passage for passages in documents for passage in passages)

        return cls(
            Strings.of(passage.text for passage in every()),
            np.fromiter((passage.line for passage in every()), dtype=np.int32, count=count),
            StringLists.of(passage.citations for passage in every()),
            StringLists.of(passage.flags for passage in every()),
            StringLists.of(passage.section for passage in every()),
            Strings.of(passage.place for passage in every()),
            StringLists.of(passage.columns for passage in every()),
            starts,
        )

    @cached_property
    def _lines(self) -> memoryview[int]:
        return as_memory(self.lines, "i")

    def passage(self, document: str, at: int) -> Passage:
        """Passage `at` of all, which is one of `document`."""
        return Passage(
            document,
            self._lines[at],
            self.texts[at],
            self.citations[at],
            self.flags[at],
            self.sections[at],
            self.places[at],
            self.columns[at],
        )


class PackedPassages(Sequence[Passage]):
    """Passages [start, end) of a table, whose documents have these ids.

    Equal to any sequence of equal passages; each access makes a passage anew, so that two are
    compared with == and never with `is`.
    """

    def __init__(
        self, table: PassageTable, ids: Sequence[str], start: int = 0, end: int | None = None
    ) -> None:
        self._table = table
        self._ids = ids
        self._edges: list[int] = table.starts.tolist()
        self._start = start
        self._end = self._edges[-1] if end is None else end

    @classmethod
    def of_document(cls, table: PassageTable, ids: Sequence[str], which: int) -> PackedPassages:
        """The passages of one document."""
        return cls(table, ids, *table.starts[which : which + 2].tolist())

    @cached_property
    def citation_counts(self) -> CitationCounts:
        """The counts of their citation numbers, from the arrays alone."""
        citations = self._table.citations
        starts = citations.starts[self._start : self._end + 1]
        distinct = np.bincount(citations.numbers[starts[0] : starts[-1]])
        return CitationCounts(
            int(np.count_nonzero(np.diff(starts))), int(np.count_nonzero(distinct))
        )

    def __len__(self) -> int:
        return self._end - self._start

    @overload
    def __getitem__(self, at: int) -> Passage: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Passage]: ...
    def __getitem__(self, at: int | slice) -> Passage | Sequence[Passage]:
        if isinstance(at, slice):
            return tuple(map(self.__getitem__, range(*at.indices(len(self)))))
        if not -len(self) <= at < len(self):
            raise IndexError(f"there are {len(self)} passages, and none at {at}")
        return self._made((self._start if at >= 0 else self._end) + at)

    def __iter__(self) -> Iterator[Passage]:
        return map(self._made, range(self._start, self._end))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PackedPassages | tuple):
            return NotImplemented
        return len(self) == len(other) and all(
            one == two for one, two in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # as of a list: equal to tuples, which hash otherwise

    def __repr__(self) -> str:
        return f"<{len(self)} passages>"

    def _made(self, at: int) -> Passage:
        return self._table.passage(self._ids[bisect_right(self._edges, at) - 1], at)


@count_citations.register
def _(passages: PackedPassages) -> CitationCounts:
    return passages.citation_counts
