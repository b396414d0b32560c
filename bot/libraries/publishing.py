"""The next revision of one library: read, compared, indexed, stored. Synchronous."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.libraries.indexes import Indexes, Old, Tell
from bot.libraries.indexing_child import LISTED
from bot.store import FORGOTTEN, Action, Counts, Person, Store, StoredRevision
from bot.store.documents import Rewrite, digest_of
from bot.store.errors import StoreError
from bot.store.libraries import Purged
from index.documents.corpus import Corpus, Source, with_readings
from index.documents.differences import Differences
from index.documents.document import Document
from index.errors import Problem
from index.library.library import IndexedLibrary
from index.library.saving import documents_named, library_name

__all__ = [
    "Publication",
    "Revision",
    "clean_up",
    "load_documents",
    "load_revision",
    "mend",
    "publish",
    "purge",
    "redact",
    "would_change",
]

log = logging.getLogger("footnote.publishing")


@dataclass(frozen=True, slots=True)
class Revision:
    """A stored revision of a library, made ready to be asked; `digest` names its index."""

    stored: StoredRevision
    library: IndexedLibrary
    warnings: tuple[Problem, ...] = ()
    digest: str = ""

    @property
    def number(self) -> int:
        return self.stored.number

    def made_by_nobody(self, user_id: int) -> Revision:
        """The same, less the name of that person."""
        if self.stored.by.id != user_id:
            return self
        return replace(self, stored=replace(self.stored, by=FORGOTTEN))


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication did; `revision` is what is served now, and `is_new` if this has made it.

    `erased` is False where a purge could not yet take the bytes out of the store's files.
    """

    revision: Revision
    differences: Differences
    seconds: float
    erased: bool = True
    is_new: bool = True


def publish(
    store: Store,
    owner: int,
    documents: Sequence[Source],
    *,
    old: Revision | None,
    by: Person,
    action: Action,
    corpus: Corpus | None = None,
    indexes: Indexes,
) -> Publication:
    """Make `documents` the next revision of `owner`, unless they are what `old` serves.

    `corpus` is what `documents` were read to, where that is known. Raises CorpusError for
    documents that cannot be read, RevisionConflictError where `old` is no longer current,
    StoreError; the old revision stays then.
    """
    began = time.perf_counter()
    digest = library_name(digest_of(documents))
    if old is not None and old.digest == digest:
        unchanged = Differences((), (), (), len(old.library.passages))
        return Publication(old, unchanged, time.perf_counter() - began, is_new=False)
    if old is not None:
        mend(store, [old], indexes)
    made = indexes.make(digest, documents, _compared(store, old), corpus)
    if made.same and old is not None:
        return Publication(old, made.differences, time.perf_counter() - began, is_new=False)
    try:
        number = store.libraries.publish(
            owner,
            with_readings(documents, made.readings),
            by=by,
            action=action,
            expected_revision=old.number if old else 0,
            counts=Counts.of(made.differences),
            seconds=time.perf_counter() - began,
        )
    except StoreError:
        # What was not published is in no history that a purge could look through.
        indexes.remove({digest} - _used_among(store, {digest}))
        raise
    stored = store.libraries.revision(owner, number)
    revision = Revision(stored, made.library, made.warnings, digest)
    clean_up(store, indexes)
    return Publication(revision, made.differences, time.perf_counter() - began)


def would_change(
    store: Store, documents: Sequence[Source], old: Revision | None, indexes: Indexes
) -> Differences:
    """What publishing `documents` would change. Raises CorpusError, StoreError."""
    if old is not None:
        mend(store, [old], indexes)
    return indexes.compare(documents, _compared(store, old))


def purge(store: Store, owner: int, document: str, *, by: Person, indexes: Indexes) -> Publication:
    """Remove a document from every revision of `owner`. UnknownDocumentError, StoreError."""
    began = time.perf_counter()
    old = load_revision(store, owner, indexes)
    differences = _without(old, document)
    counts = Counts.of(differences)
    seconds = time.perf_counter() - began
    change = partial(store.libraries.purge, owner, document, by=by, counts=counts, seconds=seconds)
    purged, revision = _rewritten(store, owner, indexes, change)
    return Publication(revision, differences, time.perf_counter() - began, purged.erased)


def redact(
    store: Store, owner: int, document: str, rewrite: Rewrite, *, by: Person, indexes: Indexes
) -> Publication:
    """Put what `rewrite` makes of a document in its place in every revision of `owner`.

    UnknownDocumentError, StoreError.
    """
    began = time.perf_counter()
    old = load_revision(store, owner, indexes)
    change = partial(store.libraries.redact, owner, document, rewrite, by=by)
    purged, revision = _rewritten(store, owner, indexes, change)
    assert old is not None  # noqa: S101 - the store has refused it
    gone = len(old.library.passages) - len(revision.library.passages)
    differences = Differences((), (), (), len(revision.library.passages), (0, gone, 0))
    return Publication(revision, differences, time.perf_counter() - began, purged.erased)


def _rewritten(
    store: Store, owner: int, indexes: Indexes, change: Callable[[], Purged]
) -> tuple[Purged, Revision]:
    """Change every revision of `owner` in the store, and remove the indexes of what they were."""
    kept = store.libraries.history(owner)
    own_digests = {library_name(revision.documents_digest) for revision in kept}
    purged = change()
    # At once: an index holds the texts of its documents. Others may be about to be published.
    indexes.remove(own_digests - _used_among(store, own_digests))
    revision = load_revision(store, owner, indexes)
    assert revision is not None  # noqa: S101 - the change has made one
    return purged, revision


def load_revision(
    store: Store, owner: int, indexes: Indexes, tell: Tell | None = None, *, at_once: bool = False
) -> Revision | None:
    """The current revision of `owner` made ready, or None before the first one. StoreError.

    `tell` is told how far it is; `at_once` raises BuildNeededError where that takes long.
    """
    stored = store.libraries.current(owner)
    if stored is None:
        return None
    number = stored.number
    digest = library_name(stored.documents_digest)
    library, warnings = indexes.load(
        digest, lambda: store.libraries.load_documents(owner, number), tell, at_once=at_once
    )
    return Revision(stored, library, warnings, digest)


def load_documents(store: Store, owner: int, number: int, indexes: Indexes) -> Sequence[Document]:
    """The documents of a kept revision as they were read. UnknownRevisionError, StoreError."""
    digest = library_name(store.libraries.revision(owner, number).documents_digest)
    return indexes.documents(digest, lambda: store.libraries.load_documents(owner, number))


def mend(store: Store, revisions: Iterable[Revision], indexes: Indexes) -> None:
    """Save the indexes of served revisions anew that were damaged on the disk. StoreError.

    Cheap where nothing was. What another program has purged meanwhile is not brought back.
    """
    for revision in revisions:
        if indexes.is_sound(revision.digest, revision.library) or not _is_current(store, revision):
            continue
        indexes.save_anew(revision.digest, revision.library, revision.warnings)
        if not _is_current(store, revision):
            indexes.remove({revision.digest} - _used_among(store, {revision.digest}))


def clean_up(store: Store, indexes: Indexes) -> None:
    """Remove the saved indexes that no current revision uses, an hour from their making."""
    try:
        used = _used_among(store, indexes.saved())
    except StoreError as error:
        log.warning("%s; saved indexes are left as they are", error)
        return
    indexes.remove_unused(used)


def _is_current(store: Store, revision: Revision) -> bool:
    current = store.libraries.current(revision.stored.owner)
    return current is not None and current.number == revision.number


def _used_among(store: Store, digests: Iterable[str]) -> set[str]:
    """Those of the digests that are the indexes of current revisions. StoreError."""
    documents = {documents_named(digest) for digest in digests}
    return {library_name(current) for current in store.libraries.current_digests(documents)}


def _compared(store: Store, old: Revision | None) -> Old | None:
    """A revision as what new documents are compared with."""
    if old is None:
        return None
    owner, number = old.stored.owner, old.number
    return Old(
        old.library,
        old.digest,
        lambda: store.libraries.load_documents(owner, number),
    )


def _without(old: Revision | None, document: str) -> Differences:
    """What a revision loses with a document."""
    if old is None:
        return Differences((), (), (), 0)
    documents = old.library.documents
    passages = next((known.passages for known in documents if known.id == document), ())
    listed = tuple(passages[:LISTED])
    unchanged = len(old.library.passages) - len(passages)
    return Differences((), listed, (), unchanged, (0, len(passages) - len(listed), 0))
