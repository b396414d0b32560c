"""The next revisions of all libraries, one publication of each at a time."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.errors import BusyError, TooManyPublicationsError
from bot.libraries import publishing
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.libraries.publishing import Publication, Revision, clean_up
from bot.store import SHARED, Action, DocumentChange, Person, StoredRevision
from bot.store.documents import Rewrite
from bot.store.errors import RevisionConflictError
from bot.work.pools import Pool
from index.documents.corpus import Source, read_sources
from index.documents.differences import Differences

__all__ = ["Publisher"]


class Publisher:
    """Makes new revisions, which the librarian serves once they are in the store."""

    def __init__(self, librarian: Librarian) -> None:
        self._librarian = librarian
        self._store = librarian.store
        self._indexes = librarian.indexes
        self._pools = librarian.pools
        self._locks: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.publications: Counter[str] = Counter()
        """How many revisions this process published, of the `shared` library and of `own` ones."""

    async def refresh(self, by: Person) -> Publication:
        """Read the shared documents again and serve them, or raise and serve on as before.

        Raises CorpusError for anything wrong in the documents, BusyError when one is under way,
        TooManyPublicationsError, StoreError when the new revision cannot be kept.
        """
        async with self._publishing(SHARED):
            await self._pools.store.run(SHARED, self._check_rate, SHARED)
            number = self._librarian.shared().number
            publication = await self._pools.builds.run(SHARED, self._read_shared, by)
            self._librarian.serve(SHARED, publication.revision)
            self.publications["shared"] += publication.revision.number != number
            return publication

    async def publish(
        self,
        place: Place,
        documents: Sequence[Source],
        by: Person,
        action: Action,
        *,
        expected: int | None = None,
    ) -> Publication:
        """Make `documents` the server's own library; raises as `refresh` does.

        `expected` is the revision that `documents` were made from; raises RevisionConflictError
        where it is no longer the current one.
        """
        owner = place.server
        async with self._publishing(owner):
            old = await self._librarian.own(place)
            number = old.number if old else 0
            if expected is not None and expected != number:
                raise RevisionConflictError(expected, number)
            await self._pools.store.run(owner, self._check_rate, owner)
            publication = await self._pool_for(old, documents).run(
                owner, publishing.publish, self._store, owner, documents, old=old, by=by,
                action=action, indexes=self._indexes,
            )  # fmt: skip
            self._librarian.serve(owner, publication.revision)
            self.publications["own"] += publication.revision.number != number
            return publication

    async def purge(self, place: Place, document: str, by: Person) -> Publication:
        """Remove a document from every revision of the server's own library.

        Raises UnknownDocumentError, BusyError, StoreError.
        """
        owner = place.server
        async with self._publishing(owner):
            change = partial(publishing.purge, self._store, owner, document, by=by)
            return await self._rewritten(place, change)

    async def redact(
        self, place: Place, document: str, rewrite: Rewrite, by: Person
    ) -> Publication:
        """Put what `rewrite` makes of a document in its place in every revision.

        Waits for a publication that is under way, for nobody tells those who take their words back
        to come again. Raises UnknownDocumentError, StoreError.
        """
        owner = place.server
        async with self._locks[owner]:
            change = partial(publishing.redact, self._store, owner, document, rewrite, by=by)
            return await self._rewritten(place, change)

    async def _rewritten(self, place: Place, change: Callable[..., Publication]) -> Publication:
        """Have every revision of a server changed, given `indexes`, and serve what comes of it."""
        owner, old = place.server, await self._librarian.own(place)
        publication = await self._pool_for(old).run(owner, change, indexes=self._indexes)
        self._librarian.serve(owner, publication.revision)
        self.publications["own"] += 1
        return publication

    async def would_change(self, place: Place, documents: Sequence[Source]) -> Differences:
        """What publishing `documents` would change in the server's own library."""
        own = await self._librarian.own(place)
        return await self._pool_for(own, documents).run(
            place.server, publishing.would_change, self._store, documents, own, self._indexes
        )

    async def documents(self, place: Place, number: int | None = None) -> list[Source]:
        """The server's own documents as uploaded, of revision `number` or of the current one.

        Raises UnknownRevisionError.
        """
        if place.guild_id is None:
            return []
        number = self._librarian.number(place) if number is None else number
        if number == 0:
            return []
        load = self._store.libraries.load_documents
        return await self._pools.store.run(place.guild_id, load, place.guild_id, number)

    async def kept_documents(self, place: Place) -> list[str]:
        """The ids of the documents of all kept revisions of the server's own library."""
        if place.guild_id is None:
            return []
        ids = self._store.libraries.document_ids
        return await self._pools.store.run(place.guild_id, ids, place.guild_id)

    async def history(self, place: Place) -> list[StoredRevision]:
        """The kept revisions of the server's own library, newest first."""
        if place.guild_id is None:
            return []
        history = self._store.libraries.history
        return await self._pools.store.run(place.guild_id, history, place.guild_id)

    async def changes(self, place: Place) -> dict[int, list[DocumentChange]]:
        """What the kept revisions of the server's own library did to its documents, by number."""
        if place.guild_id is None:
            return {}
        changes = self._store.libraries.changes
        return await self._pools.store.run(place.guild_id, changes, place.guild_id)

    async def changed_at(self, owner: int) -> dict[str, datetime]:
        """When each document of a library became as it is, where a kept revision tells that."""
        return await self._pools.store.run(owner, self._changed_at, owner)

    def _changed_at(self, owner: int) -> dict[str, datetime]:
        changes = self._store.libraries.changes(owner)
        return {
            change.document: revision.created_at
            for revision in reversed(self._store.libraries.history(owner))
            for change in changes.get(revision.number, ())
        }

    async def forget_texts(self) -> None:
        """Remove the saved indexes of what is no longer kept."""
        await self._pools.store.run(None, clean_up, self._store, self._indexes)

    def _publishing(self, owner: int) -> asyncio.Lock:
        lock = self._locks[owner]
        if lock.locked():
            raise BusyError("the library is being published to already; wait for that to end")
        return lock

    def _pool_for(self, old: Revision | None, documents: Sequence[Source] = ()) -> Pool:
        """Where a small library is changed nobody waits for those who build large ones."""
        large = self._indexes.is_for_child(documents, old.library if old else None)
        return self._pools.builds if large else self._pools.store

    def _check_rate(self, owner: int) -> None:
        limit = self._librarian.limits.max_publications_an_hour
        if self._store.audit.publications_since(owner, timedelta(hours=1)) >= limit:
            raise TooManyPublicationsError(limit)

    def _read_shared(self, by: Person) -> Publication:
        documents = read_sources(self._librarian.data, self._librarian.fetched)
        return publishing.publish(
            self._store, SHARED, documents, old=self._librarian.shared(), by=by, action="refresh",
            indexes=self._indexes,
        )  # fmt: skip
