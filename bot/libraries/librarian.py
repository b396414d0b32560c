"""Which searcher serves which place, at which revisions; each is swapped in one step."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from bot.libraries import publishing
from bot.libraries.indexes import INDEX_FOLDER, BuildNeededError, Indexes
from bot.libraries.meaning import ReadingRoom
from bot.libraries.places import Place, Served
from bot.libraries.pointers import Found, Pointers
from bot.libraries.progress import HowFar
from bot.libraries.publishing import Revision, clean_up, load_revision, mend
from bot.libraries.ready import EarlierRevisions, OwnRevisions, ReadyHints
from bot.settings.limits import Limits
from bot.settings.settings import FETCHED_FOLDER
from bot.store import SHARED, Person, ServerSettings, Store, Sureness
from bot.store.documents import sha256
from bot.store.errors import StoreError
from bot.work.pools import Pools
from index.answering.answer import MAX_HITS, Answer
from index.answering.confidence import CHOICES
from index.answering.searcher import Searcher
from index.documents.corpus import Source, read_sources
from index.documents.document import Document
from index.errors import CorpusError

__all__ = ["Librarian"]

log = logging.getLogger("footnote.librarian")

DIRECT_PASSAGES = 10_000
"""Up to here a question holds the event loop for less than 20 ms; above, a thread answers it."""
POLL_S = 1.0
LOOK_EVERY_S = 60.0
"""How often the saved indexes of what is served are looked after."""

AT_START = Person(None, "start-up")


class Librarian:
    """Keeps the shared library and the servers' own.

    Readers hold one searcher for as long as a question takes. Every revision is in the store before
    it is served, so a restart serves what was served before.
    """

    def __init__(
        self,
        data: Path,
        store: Store,
        limits: Limits | None = None,
        indexes: Indexes | None = None,
        reading_room: ReadingRoom | None = None,
        fetched: Path | None = None,
    ) -> None:
        """Serve `data` as it is now, or the stored revision where it cannot be read or stored.

        Large libraries are built and kept by `indexes`, by default in the state folder, where
        `fetched` is too, what was fetched for corpus.yaml. What passages mean is asked in the
        reading room, where there is one. Raises CorpusError or StoreError where there is neither,
        StoreError where it is damaged.
        """
        self.data = data
        self.fetched = fetched or store.state / FETCHED_FOLDER
        self.store = store
        self.limits = limits or Limits()
        self.indexes = indexes or Indexes(store.state / INDEX_FOLDER)
        self.reading_room = reading_room or ReadingRoom()
        self.pools = Pools()
        self.own_revisions = OwnRevisions()
        self.hints = ReadyHints(store, self.pools.questions)
        self._loading: dict[int, tuple[asyncio.Task[Revision | None], HowFar]] = {}
        self._settings: dict[int, ServerSettings] = {}
        self._earlier = EarlierRevisions(store, self.indexes)
        self._searchers: dict[int | Sureness | None, tuple[tuple[object, ...], Served]] = {}
        changes = store.libraries.changes_since(0)
        self._stamp, self._current = changes.stamp, dict(changes.current)
        self._shared = self._start()
        clean_up(store, self.indexes)

    def _start(self) -> Revision:
        current = load_revision(self.store, SHARED, self.indexes)
        try:
            documents = read_sources(self.data, self.fetched)
            if current is not None and self._was_read_last(documents):
                return current
            return publishing.publish(
                self.store, SHARED, documents, old=current, by=AT_START, action="start-up",
                indexes=self.indexes,
            ).revision  # fmt: skip
        except CorpusError as error:
            if current is None:
                raise
            for problem in error.problems:
                log.warning("%s", problem)
            log.warning("the documents cannot be read; revision %d serves on", current.number)
            return current
        except StoreError as error:
            if current is None or self.indexes.closed:
                raise
            log.warning("%s", error)
            log.warning("the changed documents wait; revision %d serves on", current.number)
            return current

    def _was_read_last(self, documents: Sequence[Source]) -> bool:
        """Whether the folder is as it was when last read: then a rollback since then stands."""
        keys = [(document.spec, sha256(document.content)) for document in documents]
        for revision in self.store.libraries.history(SHARED):
            if revision.action in ("refresh", "start-up"):
                return self.store.libraries.keys(SHARED, revision.number) == keys
        return False

    async def answer(
        self,
        served: Served,
        question: str,
        limit: int = MAX_HITS,
        *,
        previous: Sequence[str] = (),
        place: Place | None = None,
    ) -> Answer:
        """Answer a question, which may lean on `previous` ones, from what a place is served."""
        searcher = served.searcher
        owner = place.guild_id if place is not None else None
        if searcher.collection.passages <= DIRECT_PASSAGES:
            answer = searcher.answer_by_words(question, limit, previous)
        else:
            answer = await self.pools.questions.run(
                owner, searcher.answer_by_words, question, limit, previous
            )
        if not searcher.is_open(answer):
            return answer
        work = partial(searcher.answer_by_meaning, question, limit, previous)
        return await self.reading_room.answer(owner, work) or answer

    async def served(self, place: Place, settings: ServerSettings | None = None) -> Served:
        """What `place` is answered from: held for one question, it stays as it is.

        `settings` are those of the place, where whoever asks has read them.
        """
        settings = settings or await self.settings(place)
        revisions = [self._shared] if settings.shared_library else []
        own = await self.own(place)
        if own is not None:
            revisions.append(own)
        hints = await self.hints.of(place.guild_id)
        thresholds = CHOICES[settings.sureness]
        key = (thresholds, hints, *((rev.stored.owner, rev.number) for rev in revisions))
        # Servers that search the shared documents alone, equally sure, share one searcher.
        alone = own is None and settings.shared_library and hints.none
        slot = settings.sureness if alone else place.guild_id
        cached = self._searchers.get(slot)
        if cached is not None and cached[0] == key:
            return cached[1]
        searcher = Searcher(
            [revision.library for revision in revisions],
            thresholds,
            meaning=self.reading_room.reader,
            always=self.reading_room.always,
            words=hints.rows,
            pointed=hints.pointed_in([revision.stored.owner for revision in revisions]),
        )
        for revision in revisions:
            self.reading_room.prepare(revision.stored.owner, revision.library)
        served = Served(searcher, tuple(revisions))
        self._searchers[slot] = (key, served)
        return served

    async def find(
        self, place: Place, pointers: Pointers, settings: ServerSettings | None = None
    ) -> list[Found]:
        """The passages that a button pressed at `place` points at; raises GoneError."""
        shared = SHARED if (settings or await self.settings(place)).shared_library else None
        own = place.guild_id
        owners = {spot.own for spot in pointers.spots}
        return pointers.resolve(
            await self._documents_of(shared, pointers.shared) if False in owners else None,
            await self._documents_of(own, pointers.own) if True in owners else None,
        )

    async def _documents_of(self, owner: int | None, number: int) -> Sequence[Document] | None:
        """The documents of a kept revision, None where it is gone or there never was one."""
        if owner is None or number == 0:
            return None
        current = self._shared if owner == SHARED else await self.own(Place(owner))
        if current is not None and current.number == number:
            return current.library.documents
        number_now = current.number if current else 0
        return await self.pools.builds.run(
            owner, self._earlier.documents, owner, number, number_now
        )

    def shared(self) -> Revision:
        """The revision of the shared library that is served now."""
        return self._shared

    def serve(self, owner: int, revision: Revision) -> None:
        """Swap in the revision of a library; of servers' own the least recently used ones go.

        They go where all together take more memory than the operator allows them.
        """
        if owner == SHARED:
            self._shared = revision
            return
        self._current[owner] = revision.number
        library = revision.library
        nbytes = library.nbytes + self.reading_room.bytes_for(library)
        self.own_revisions.put(owner, revision, nbytes)
        for left in self.own_revisions.beyond(1_000_000 * self.limits.kept_megabytes):
            self._let_go(left)

    def _let_go(self, owner: int) -> None:
        """Have a server's own library ready no more."""
        self.own_revisions.remove(owner)
        self._searchers.pop(owner, None)
        self.reading_room.forget(owner)

    async def own(self, place: Place) -> Revision | None:
        """The current revision of the server's own library, or None where it has none."""
        owner = place.guild_id
        if owner is None or owner not in self._current:
            return None
        while (own := self.own_revisions.get(owner)) is None:
            number = self._current.get(owner)
            loaded = await self._load(owner)
            if loaded is None:
                return None
            if self.own_revisions.get(owner) is None and self._current.get(owner) == number:
                self.serve(owner, loaded)  # nothing was published while it was being loaded
        self.own_revisions.use(owner)
        return own

    async def _load(self, owner: int) -> Revision | None:
        """Load a server's library once for all who wait for it, also where one of them leaves."""
        if owner not in self._loading:
            how_far = HowFar()
            task = asyncio.create_task(self._load_anew(owner, how_far))
            self._loading[owner] = task, how_far
            task.add_done_callback(partial(self._loaded, owner))
        return await asyncio.shield(self._loading[owner][0])

    async def _load_anew(self, owner: int, how_far: HowFar) -> Revision | None:
        try:
            return await self.pools.questions.run(
                owner, load_revision, self.store, owner, self.indexes, at_once=True
            )
        except BuildNeededError:
            return await self.pools.builds.run(
                owner, load_revision, self.store, owner, self.indexes, how_far.tell
            )

    def loading(self, place: Place) -> HowFar | None:
        """How far the server's library is made ready; None where nobody waits for that."""
        under_way = None if place.guild_id is None else self._loading.get(place.guild_id)
        return None if under_way is None else under_way[1]

    def _loaded(self, owner: int, task: asyncio.Task[Revision | None]) -> None:
        del self._loading[owner]
        if not task.cancelled():
            task.exception()  # whoever waits raises it; where nobody does any more, it is nothing

    def number(self, place: Place) -> int:
        """The number of the current revision of the server's own library, 0 before the first."""
        return self._current.get(place.server, 0)

    async def settings(self, place: Place) -> ServerSettings:
        """What the server's moderators chose; in direct messages the defaults. StoreError."""
        owner = place.guild_id
        if owner is None:
            return ServerSettings()
        if owner not in self._settings:
            read = await self.pools.questions.run(owner, self.store.settings.of, owner)
            self._settings.setdefault(owner, read)  # they may have been changed meanwhile
        return self._settings[owner]

    async def change_settings(
        self, place: Place, changes: Mapping[str, object], by: Person
    ) -> ServerSettings:
        """Change what the server's moderators chose. Raises SettingError, StoreError."""
        owner = place.server
        changed = await self.pools.store.run(owner, self.store.settings.change, owner, changes, by)
        self._settings[owner] = changed
        return changed

    def forget_server(self, guild_id: int) -> None:
        """Serve nothing more of a server whose data was deleted."""
        self._let_go(guild_id)
        self._current.pop(guild_id, None)
        self._settings.pop(guild_id, None)
        self.hints.changed(guild_id)
        self._earlier.forget()

    def forget_person(self, user_id: int) -> None:
        """Name a person no more who wanted to be forgotten, and know their questions no more."""
        self.hints.forget()
        self.own_revisions.forget_person(user_id)
        self._shared = self._shared.made_by_nobody(user_id)

    def close(self) -> None:
        """End what is being built; whoever waits for it gets IndexingStoppedError."""
        self.indexes.close()
        self.reading_room.close()
        self.pools.close()

    async def follow(self) -> None:
        """Notice, for as long as this runs, what other programs publish, and what they damage."""
        looked = time.monotonic()
        while True:
            await asyncio.sleep(POLL_S)
            try:
                await self.catch_up()
                if time.monotonic() - looked >= LOOK_EVERY_S:
                    looked = time.monotonic()
                    await self._mend()
            except Exception:
                # Whatever it is: without this task nothing is noticed any more.
                log.exception("the store cannot be followed; what is served is served on")

    async def catch_up(self) -> None:
        """Serve what other programs have published meanwhile."""
        changes = await self.pools.store.run(None, self.store.libraries.changes_since, self._stamp)
        for owner, number in changes.current.items():
            # What was read is old already where this process published meanwhile.
            self._current[owner] = max(number, self._current.get(owner, 0))
            if owner == SHARED and number > self._shared.number:
                fresh = await self.pools.builds.run(
                    SHARED, load_revision, self.store, SHARED, self.indexes
                )
                if fresh is not None and fresh.number > self._shared.number:
                    self.serve(SHARED, fresh)
            elif (own := self.own_revisions.get(owner)) is not None and own.number < number:
                self._let_go(owner)
        self._stamp = changes.stamp  # last, so that what fails is tried again

    async def _mend(self) -> None:
        """Save the indexes of what is served anew where somebody cut, changed or deleted them."""
        for revision in (self._shared, *self.own_revisions):
            owner = revision.stored.owner
            await self.pools.builds.run(owner, mend, self.store, [revision], self.indexes)
