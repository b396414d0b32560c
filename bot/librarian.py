"""Which searcher serves which place, and the refresh that swaps it in one step."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from pathlib import Path

from bot.store import SHARED, Action, Counts, Person, Store, StoredDocument, StoredRevision
from index.corpus import Corpus, load_corpus, read_document
from index.differences import Differences, compare
from index.errors import CorpusError, FootnoteError, Problem
from index.library import IndexedLibrary
from index.searcher import MAX_HITS, Answer, Searcher

__all__ = ["BusyError", "Librarian", "Place", "Report", "Revision"]

log = logging.getLogger("footnote.librarian")

DIRECT_PASSAGES = 10_000
"""Up to here a question holds the event loop for less than 20 ms; above, a thread answers it."""

AT_START = Person(None, "start-up")


class BusyError(FootnoteError):
    """The library is being refreshed already."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is asked: in a server, or (None) in direct messages."""

    guild_id: int | None


@dataclass(frozen=True, slots=True)
class Revision:
    """A stored revision of the shared library, made ready to be asked."""

    stored: StoredRevision
    library: IndexedLibrary
    searcher: Searcher
    warnings: tuple[Problem, ...] = ()

    @property
    def number(self) -> int:
        return self.stored.number


@dataclass(frozen=True, slots=True)
class Report:
    """What a refresh did."""

    revision: Revision
    differences: Differences
    seconds: float


class Librarian:
    """Keeps the shared library; readers hold one revision for as long as a question takes.

    Every revision is in the store before it is served, so a restart serves what was served before
    even where the documents have been broken meanwhile.
    """

    def __init__(self, data: Path, store: Store) -> None:
        """Serve `data` as it is now, or the stored revision where it cannot be read.

        Raises CorpusError where there is neither, StoreError.
        """
        self._data = data
        self._store = store
        self._lock = asyncio.Lock()
        stored = self._stored()
        try:
            corpus = load_corpus(data)
        except CorpusError as error:
            if stored is None:
                raise
            for problem in error.problems:
                log.warning("%s", problem)
            log.warning("the documents cannot be read; revision %d serves on", stored.number)
            self._revision = stored
        else:
            self._revision, _ = self._publish(corpus, stored, AT_START, "start-up")

    def revision(self, place: Place) -> Revision:  # noqa: ARG002
        """The revision that serves `place` now. One shared library serves them all."""
        return self._revision

    async def ask(self, place: Place, question: str, limit: int = MAX_HITS) -> Answer:
        """Answer a question asked at `place`."""
        revision = self.revision(place)
        if len(revision.library.passages) <= DIRECT_PASSAGES:
            return revision.searcher.answer(question, limit)
        return await asyncio.to_thread(revision.searcher.answer, question, limit)

    async def refresh(self, by: Person) -> Report:
        """Read the documents again and serve them, or raise and go on serving the old revision.

        Raises CorpusError for anything wrong in the documents, BusyError when one is under way,
        StoreError when the new revision cannot be kept.
        """
        if self._lock.locked():
            raise BusyError("the library is being refreshed already; wait for that to end")
        async with self._lock:
            began = time.perf_counter()
            self._revision, differences = await asyncio.to_thread(self._read, self._revision, by)
            return Report(self._revision, differences, time.perf_counter() - began)

    def _read(self, old: Revision, by: Person) -> tuple[Revision, Differences]:
        return self._publish(load_corpus(self._data), old, by, "refresh")

    def _publish(
        self, corpus: Corpus, old: Revision | None, by: Person, action: Action
    ) -> tuple[Revision, Differences]:
        """Index and store `corpus` as the next revision, unless it is what `old` serves."""
        began = time.perf_counter()
        differences = compare(old.library.passages if old else (), corpus.passages)
        if old is not None and corpus.documents == old.library.documents:
            return old, differences
        library = IndexedLibrary.build(corpus)
        documents = [
            StoredDocument(document.spec, corpus.sources[document.id], document.spec.file)
            for document in corpus.documents
        ]
        self._store.libraries.publish(
            SHARED,
            documents,
            by=by,
            action=action,
            expected_revision=old.number if old else 0,
            counts=Counts.of(differences),
            seconds=time.perf_counter() - began,
        )
        stored = self._store.libraries.current(SHARED)
        if stored is None:
            raise FootnoteError("the revision was stored and is gone; is the state folder shared?")
        return Revision(stored, library, Searcher([library]), corpus.warnings), differences

    def _stored(self) -> Revision | None:
        """The stored revision made ready, or None before the first one."""
        stored = self._store.libraries.current(SHARED)
        if stored is None:
            return None
        read = [
            read_document(document.spec, document.content)
            for document in self._store.libraries.load_documents(SHARED, stored.number)
        ]
        library = IndexedLibrary.build(Corpus(tuple(document for document, _ in read)))
        warnings = tuple(problem for _, odd in read for problem in odd)
        return Revision(stored, library, Searcher([library]), warnings)
