"""Which searcher serves which place, and the refresh that swaps it in one step."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.corpus import load_corpus
from index.differences import Differences, compare
from index.errors import FootnoteError, Problem
from index.library import IndexedLibrary
from index.searcher import MAX_HITS, Answer, Searcher

__all__ = ["BusyError", "Librarian", "Place", "Report", "Revision"]

DIRECT_PASSAGES = 10_000
"""Up to here a question holds the event loop for less than 20 ms; above, a thread answers it."""


class BusyError(FootnoteError):
    """The library is being refreshed already."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is asked: in a server, or (None) in direct messages."""

    guild_id: int | None


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of the shared library: what it holds, since when, and by whose hand."""

    number: int
    library: IndexedLibrary
    searcher: Searcher
    since: datetime
    by: str
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a refresh did."""

    revision: Revision
    differences: Differences
    seconds: float


class Librarian:
    """Keeps the shared library; readers hold one revision for as long as a question takes."""

    def __init__(self, data: Path) -> None:
        """Read and index `data`; raises CorpusError."""
        self._data = data
        self._lock = asyncio.Lock()
        self._revision = self._read(number=1, by="start-up")

    def revision(self, place: Place) -> Revision:  # noqa: ARG002
        """The revision that serves `place` now. One shared library serves them all."""
        return self._revision

    async def ask(self, place: Place, question: str, limit: int = MAX_HITS) -> Answer:
        """Answer a question asked at `place`."""
        revision = self.revision(place)
        if len(revision.library.passages) <= DIRECT_PASSAGES:
            return revision.searcher.answer(question, limit)
        return await asyncio.to_thread(revision.searcher.answer, question, limit)

    async def refresh(self, by: str) -> Report:
        """Read the documents again and serve them, or raise and go on serving the old revision.

        Raises CorpusError for anything wrong in the documents, BusyError when one is under way.
        """
        if self._lock.locked():
            raise BusyError("the library is being refreshed already; wait for that to end")
        async with self._lock:
            began = time.perf_counter()
            old = self._revision
            new, differences = await asyncio.to_thread(self._read_and_compare, old, by)
            if not differences.none or new.library.documents != old.library.documents:
                self._revision = new
            return Report(self._revision, differences, time.perf_counter() - began)

    def _read_and_compare(self, old: Revision, by: str) -> tuple[Revision, Differences]:
        new = self._read(old.number + 1, by)
        return new, compare(old.library.passages, new.library.passages)

    def _read(self, number: int, by: str) -> Revision:
        corpus = load_corpus(self._data)
        library = IndexedLibrary.build(corpus)
        searcher = Searcher([library])
        return Revision(number, library, searcher, datetime.now(UTC), by, corpus.warnings)
