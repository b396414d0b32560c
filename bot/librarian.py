"""Which searcher serves which place, and the publications that swap it in one step."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.store import SHARED, Action, Counts, Person, ServerSettings, Store, StoredDocument
from bot.store import StoredRevision as Stored
from index.confidence import THRESHOLD
from index.corpus import Corpus, load_corpus, read_document
from index.differences import Differences, compare
from index.errors import CorpusError, FootnoteError, Problem
from index.library import IndexedLibrary
from index.searcher import MAX_HITS, Answer, Searcher

__all__ = ["BusyError", "Librarian", "Place", "Report", "Revision"]

log = logging.getLogger("footnote.librarian")

DIRECT_PASSAGES = 10_000
"""Up to here a question holds the event loop for less than 20 ms; above, a thread answers it."""
KEPT_PASSAGES = 200_000
"""Servers' own libraries are kept ready up to so many passages; the least recently used goes."""
POLL_S = 1.0

AT_START = Person(None, "start-up")


class BusyError(FootnoteError):
    """The library is being published to already."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is asked: in a server, or (None) in direct messages."""

    guild_id: int | None


@dataclass(frozen=True, slots=True)
class Revision:
    """A stored revision of a library, made ready to be asked."""

    stored: Stored
    library: IndexedLibrary
    warnings: tuple[Problem, ...] = ()

    @property
    def number(self) -> int:
        return self.stored.number


@dataclass(frozen=True, slots=True)
class Report:
    """What a publication did; `revision` is what is served now."""

    revision: Revision
    differences: Differences
    seconds: float


class Librarian:
    """Keeps the shared library and the servers' own.

    Readers hold one searcher for as long as a question takes. Every revision is in the store before
    it is served, so a restart serves what was served before.
    """

    def __init__(self, data: Path, store: Store) -> None:
        """Serve `data` as it is now, or the stored revision where it cannot be read.

        Raises CorpusError where there is neither, StoreError.
        """
        self._data = data
        self._store = store
        self._locks: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._own: OrderedDict[int, Revision] = OrderedDict()
        self._settings: dict[int, ServerSettings] = {}
        self._searchers: dict[int | None, tuple[tuple[object, ...], Searcher]] = {}
        changes = store.libraries.changes_since(0)
        self._stamp, self._current = changes.stamp, dict(changes.current)
        self._shared = self._start()

    def _start(self) -> Revision:
        stored = self._load(SHARED)
        try:
            corpus = load_corpus(self._data)
        except CorpusError as error:
            if stored is None:
                raise
            for problem in error.problems:
                log.warning("%s", problem)
            log.warning("the documents cannot be read; revision %d serves on", stored.number)
            return stored
        return self._publish_shared(corpus, stored, AT_START, "start-up").revision

    # reading

    async def ask(self, place: Place, question: str, limit: int = MAX_HITS) -> Answer:
        """Answer a question asked at `place`."""
        searcher = await self.searcher(place)
        if searcher.collection.passages <= DIRECT_PASSAGES:
            return searcher.answer(question, limit)
        return await asyncio.to_thread(searcher.answer, question, limit)

    async def searcher(self, place: Place) -> Searcher:
        """The searcher over what `place` may see: the shared library, and the server's own."""
        settings = self.settings(place)
        revisions = [self._shared] if settings.shared_library else []
        own = await self.own(place)
        if own is not None:
            revisions.append(own)
        key = (settings.threshold, *((rev.stored.owner, rev.number) for rev in revisions))
        # Servers that search the shared documents alone, at its threshold, share one searcher.
        alone = own is None and settings.shared_library and settings.threshold is None
        slot = None if alone else place.guild_id
        known = self._searchers.get(slot)
        if known is not None and known[0] == key:
            return known[1]
        threshold = THRESHOLD if settings.threshold is None else settings.threshold
        made = Searcher([revision.library for revision in revisions], threshold)
        self._searchers[slot] = (key, made)
        return made

    def shared(self) -> Revision:
        """The revision of the shared library that is served now."""
        return self._shared

    async def own(self, place: Place) -> Revision | None:
        """The current revision of the server's own library, or None where it has none."""
        owner = place.guild_id
        if owner is None or owner not in self._current:
            return None
        ready = self._own.get(owner)
        if ready is None:
            ready = await asyncio.to_thread(self._load, owner)
            if ready is None:
                return None
            self._keep(owner, ready)
        self._own.move_to_end(owner)
        return ready

    def settings(self, place: Place) -> ServerSettings:
        """What the server's moderators chose; in direct messages the defaults."""
        if place.guild_id is None:
            return ServerSettings()
        if place.guild_id not in self._settings:
            self._settings[place.guild_id] = self._store.settings.of(place.guild_id)
        return self._settings[place.guild_id]

    async def follow(self) -> None:
        """Notice, for as long as this runs, what other programs publish into the store."""
        while True:
            await asyncio.sleep(POLL_S)
            try:
                await self.catch_up()
            except FootnoteError:
                log.exception("the store cannot be read; what is served is served on")

    async def catch_up(self) -> None:
        """Serve what other programs have published meanwhile."""
        changes = await asyncio.to_thread(self._store.libraries.changes_since, self._stamp)
        self._stamp = changes.stamp
        for owner, number in changes.current.items():
            self._current[owner] = number
            if owner == SHARED and number > self._shared.number:
                fresh = await asyncio.to_thread(self._load, SHARED)
                self._shared = fresh or self._shared
            elif owner in self._own and self._own[owner].number < number:
                del self._own[owner]

    # publishing

    async def refresh(self, by: Person) -> Report:
        """Read the shared documents again and serve them, or raise and serve on as before.

        Raises CorpusError for anything wrong in the documents, BusyError when one is under way,
        StoreError when the new revision cannot be kept.
        """
        async with self._publishing(SHARED):
            report = await asyncio.to_thread(self._read_shared, by)
            self._shared = report.revision
            return report

    async def publish(
        self, place: Place, documents: Sequence[StoredDocument], by: Person, action: Action
    ) -> Report:
        """Make `documents` the server's own library; raises as `refresh` does."""
        owner = place.guild_id
        if owner is None:
            raise FootnoteError("direct messages have no library of their own")
        old = await self.own(place)
        async with self._publishing(owner):
            report = await asyncio.to_thread(self._publish, owner, documents, old, by, action)
            self._keep(owner, report.revision)
            return report

    async def documents(self, place: Place, number: int | None = None) -> list[StoredDocument]:
        """The server's own documents as uploaded, of revision `number` or of the current one.

        Raises UnknownRevisionError.
        """
        owner = place.guild_id
        if number is None:
            number = self._current.get(owner, 0) if owner is not None else 0
        if owner is None or (number == 0):
            return []
        return await asyncio.to_thread(self._store.libraries.load_documents, owner, number)

    async def history(self, place: Place) -> list[Stored]:
        """The kept revisions of the server's own library, newest first."""
        if place.guild_id is None:
            return []
        return await asyncio.to_thread(self._store.libraries.history, place.guild_id)

    async def would_change(self, place: Place, documents: Sequence[StoredDocument]) -> Differences:
        """What publishing `documents` would change in the server's own library."""
        own = await self.own(place)
        corpus = await asyncio.to_thread(_read, documents)
        return compare(own.library.passages if own else (), corpus.passages)

    def _publishing(self, owner: int) -> asyncio.Lock:
        lock = self._locks[owner]
        if lock.locked():
            raise BusyError("the library is being published to already; wait for that to end")
        return lock

    def _keep(self, owner: int, revision: Revision) -> None:
        """Swap in a server's revision, and let the least recently used ones go."""
        self._own[owner] = revision
        self._own.move_to_end(owner)
        self._current[owner] = revision.number
        held = sum(len(kept.library.passages) for kept in self._own.values())
        while held > KEPT_PASSAGES and len(self._own) > 1:
            left, gone = self._own.popitem(last=False)
            self._searchers.pop(left, None)
            held -= len(gone.library.passages)

    def _read_shared(self, by: Person) -> Report:
        return self._publish_shared(load_corpus(self._data), self._shared, by, "refresh")

    def _publish_shared(
        self, corpus: Corpus, old: Revision | None, by: Person, action: Action
    ) -> Report:
        documents = [
            StoredDocument(document.spec, corpus.sources[document.id], document.spec.file)
            for document in corpus.documents
        ]
        return self._index_and_store(SHARED, corpus, documents, old, by, action)

    def _publish(
        self,
        owner: int,
        documents: Sequence[StoredDocument],
        old: Revision | None,
        by: Person,
        action: Action,
    ) -> Report:
        return self._index_and_store(owner, _read(documents), documents, old, by, action)

    def _index_and_store(
        self,
        owner: int,
        corpus: Corpus,
        documents: Sequence[StoredDocument],
        old: Revision | None,
        by: Person,
        action: Action,
    ) -> Report:
        """Index and store `corpus` as the next revision, unless it is what `old` serves."""
        began = time.perf_counter()
        differences = compare(old.library.passages if old else (), corpus.passages)
        if old is not None and corpus.documents == old.library.documents:
            return Report(old, differences, time.perf_counter() - began)
        library = IndexedLibrary.build(corpus)
        number = self._store.libraries.publish(
            owner,
            documents,
            by=by,
            action=action,
            expected_revision=old.number if old else 0,
            counts=Counts.of(differences),
            seconds=time.perf_counter() - began,
        )
        stored = self._store.libraries.revision(owner, number)
        revision = Revision(stored, library, corpus.warnings)
        return Report(revision, differences, time.perf_counter() - began)

    def _load(self, owner: int) -> Revision | None:
        """The stored revision of a library made ready, or None before the first one."""
        stored = self._store.libraries.current(owner)
        if stored is None:
            return None
        corpus = _read(self._store.libraries.load_documents(owner, stored.number))
        return Revision(stored, IndexedLibrary.build(corpus), corpus.warnings)


def _read(documents: Sequence[StoredDocument]) -> Corpus:
    """Stored documents to a corpus; raises CorpusError with everything wrong in them."""
    read = []
    problems: list[Problem] = []
    for document in documents:
        try:
            read.append(read_document(document.spec, document.content))
        except CorpusError as error:
            problems.extend(error.problems)
    if problems:
        raise CorpusError(problems)
    warnings = tuple(problem for _, odd in read for problem in odd)
    return Corpus(tuple(document for document, _ in read), warnings)
