"""The next revision of one library: read, compared, indexed, stored. Synchronous."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.store import FORGOTTEN, Action, Counts, Person, Store, StoredDocument, StoredRevision
from index.corpus import Corpus, read_document
from index.differences import Differences, compare
from index.errors import CorpusError, Problem
from index.library import IndexedLibrary

__all__ = [
    "Report",
    "Revision",
    "load_revision",
    "publish",
    "purge",
    "read_stored",
    "to_stored",
]


@dataclass(frozen=True, slots=True)
class Revision:
    """A stored revision of a library, made ready to be asked."""

    stored: StoredRevision
    library: IndexedLibrary
    warnings: tuple[Problem, ...] = ()

    @property
    def number(self) -> int:
        return self.stored.number

    def made_by_nobody(self, user_id: int) -> Revision:
        """The same, less the name of that person."""
        if self.stored.by.id != user_id:
            return self
        return replace(self, stored=replace(self.stored, by=FORGOTTEN))


@dataclass(frozen=True, slots=True)
class Report:
    """What a publication did; `revision` is what is served now.

    `erased` is False where a purge could not yet take the bytes out of the store's files.
    """

    revision: Revision
    differences: Differences
    seconds: float
    erased: bool = True


def publish(
    store: Store,
    owner: int,
    documents: Sequence[StoredDocument],
    *,
    old: Revision | None,
    by: Person,
    action: Action,
    corpus: Corpus | None = None,
) -> Report:
    """Make `documents` the next revision of `owner`, unless they are what `old` serves.

    `corpus` is what `documents` were read to, where that is known. Raises CorpusError for
    documents that cannot be read, RevisionConflictError where `old` is no longer current,
    StoreError; the old revision stays then.
    """
    began = time.perf_counter()
    corpus = corpus or read_stored(documents)
    differences = compare(old.library.passages if old else (), corpus.passages)
    if old is not None and corpus.documents == old.library.documents:
        return Report(old, differences, time.perf_counter() - began)
    library = IndexedLibrary.build(corpus)
    number = store.libraries.publish(
        owner,
        documents,
        by=by,
        action=action,
        expected_revision=old.number if old else 0,
        counts=Counts.of(differences),
        seconds=time.perf_counter() - began,
    )
    revision = Revision(store.libraries.revision(owner, number), library, corpus.warnings)
    return Report(revision, differences, time.perf_counter() - began)


def purge(store: Store, owner: int, document: str, *, by: Person) -> Report:
    """Remove a document from every revision of `owner`. UnknownDocumentError, StoreError."""
    began = time.perf_counter()
    old = load_revision(store, owner)
    before = old.library.passages if old else ()
    differences = compare(before, [p for p in before if p.document != document])
    counts = Counts.of(differences)
    seconds = time.perf_counter() - began
    purged = store.libraries.purge(owner, document, by=by, counts=counts, seconds=seconds)
    revision = load_revision(store, owner)
    assert revision is not None  # noqa: S101 - the purge has made one
    return Report(revision, differences, time.perf_counter() - began, purged.erased)


def load_revision(store: Store, owner: int) -> Revision | None:
    """The current revision of `owner` made ready, or None before the first one. StoreError."""
    stored = store.libraries.current(owner)
    if stored is None:
        return None
    corpus = read_stored(store.libraries.load_documents(owner, stored.number))
    return Revision(stored, IndexedLibrary.build(corpus), corpus.warnings)


def read_stored(documents: Sequence[StoredDocument]) -> Corpus:
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


def to_stored(corpus: Corpus) -> list[StoredDocument]:
    """The documents of a corpus that was read from a folder, as the store keeps them."""
    return [
        StoredDocument(document.spec, corpus.sources[document.id], document.spec.file)
        for document in corpus.documents
    ]
