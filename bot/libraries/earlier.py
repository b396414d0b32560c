"""Documents of earlier revisions, for the buttons that point into them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.libraries.indexes import Indexes
from bot.libraries.publishing import load_documents
from bot.store import Store
from bot.store.errors import UnknownRevisionError
from index.documents.document import Document

__all__ = ["EarlierRevisions"]

KEPT = 4
"""Revisions that stay read."""


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
