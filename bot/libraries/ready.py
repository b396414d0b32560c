"""What is read of the store and stays ready: servers' libraries and hints, earlier documents."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.libraries.indexes import Indexes
from bot.libraries.publishing import Revision, load_documents
from bot.store import Hints, Store
from bot.store.errors import UnknownRevisionError
from bot.work.pools import Pool
from index.documents.document import Document

__all__ = ["EarlierRevisions", "OwnRevisions", "ReadyHints"]

NO_HINTS = Hints()
KEPT = 4
"""Earlier revisions whose documents stay read."""


class OwnRevisions:
    """The current revisions of servers' own libraries, as far as they are ready, by owner."""

    def __init__(self) -> None:
        self._ready: OrderedDict[int, tuple[Revision, int]] = OrderedDict()
        self._nbytes = 0

    def __len__(self) -> int:
        return len(self._ready)

    def __iter__(self) -> Iterator[Revision]:
        return iter([revision for revision, _ in self._ready.values()])

    def get(self, owner: int) -> Revision | None:
        """The revision of an owner, if it is ready."""
        return self._ready[owner][0] if owner in self._ready else None

    def use(self, owner: int) -> None:
        """Let the revision of an owner be the last to go, as it is wanted now."""
        self._ready.move_to_end(owner)

    def put(self, owner: int, revision: Revision, nbytes: int) -> None:
        """Have a revision ready that takes about so many bytes; an earlier one goes."""
        self.remove(owner)
        self._ready[owner] = revision, nbytes
        self._nbytes += nbytes

    def remove(self, owner: int) -> None:
        """Have the revision of an owner ready no more, where it was."""
        _, nbytes = self._ready.pop(owner, (None, 0))
        self._nbytes -= nbytes

    def beyond(self, most: int) -> list[int]:
        """Whose have to go, the least recently used first, for the others to take `most` bytes.

        The last one stays, whatever it takes: somebody waits for it.
        """
        taken, owners = self._nbytes, []
        for owner, (_, nbytes) in list(self._ready.items())[:-1]:
            if taken <= most:
                break
            owners.append(owner)
            taken -= nbytes
        return owners

    def forget_person(self, user_id: int) -> None:
        """Name a person no more who made some of them."""
        for owner, (revision, nbytes) in self._ready.items():
            self._ready[owner] = revision.made_by_nobody(user_id), nbytes


class EarlierRevisions:
    """Reads kept revisions from the store, and keeps the last few. Safe to use from threads."""

    def __init__(self, store: Store, indexes: Indexes) -> None:
        self._store = store
        self._indexes = indexes
        self._read = lru_cache(KEPT)(self._load)

    def documents(self, owner: int, number: int, current: int) -> Sequence[Document] | None:
        """The documents of a revision, or None where it is no longer kept. Raises StoreError.

        `current` is the library's revision now: whatever changes a kept one, a purge or what makes
        it go, makes another current.
        """
        return self._read(owner, number, current)

    def forget(self) -> None:
        """Read everything anew: a library was deleted, and another may come to its numbers."""
        self._read.cache_clear()

    def _load(self, owner: int, number: int, _: int) -> Sequence[Document] | None:
        try:
            return load_documents(self._store, owner, number, self._indexes)
        except UnknownRevisionError:
            return None


class ReadyHints:
    """What the moderators of each server taught its searcher, read once until it changes."""

    def __init__(self, store: Store, pool: Pool) -> None:
        self._store = store
        self._pool = pool
        self._ready: dict[int, Hints] = {}
        self._changes = 0

    async def of(self, owner: int | None) -> Hints:
        """The hints of a server; none in direct messages. Raises StoreError."""
        if owner is None:
            return NO_HINTS
        while owner not in self._ready:
            changes = self._changes
            hints = await self._pool.run(owner, self._store.hints.of, owner)
            if changes == self._changes:
                self._ready[owner] = NO_HINTS if hints.none else hints
        return self._ready[owner]

    def changed(self, owner: int) -> None:
        """Read those of a server anew."""
        self._changes += 1
        self._ready.pop(owner, None)

    def forget(self) -> None:
        """Read all of them anew: a person's questions may be gone from any."""
        self._changes += 1
        self._ready.clear()
