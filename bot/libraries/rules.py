"""What a library takes and gives: the rules that `/index` and `footnote library` both ask.

They are plain functions over what a library holds. Who asks has the words for a LimitReachedError:
its `key` says which rule it is, and its `fields` hold what there is to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import PurePath

from bot.errors import LimitReachedError
from index.documents.corpus import Source
from index.documents.document import Document, DocumentSpec
from index.errors import UnknownDocumentError
from index.library.collection import seen_ids

__all__ = [
    "all_but",
    "check_free",
    "check_known",
    "check_new",
    "check_passages",
    "check_room",
    "find_source",
    "ids_of",
    "in_its_place",
    "taken_ids",
    "twin_of",
]


def check_new(content: bytes, sources: Iterable[Source]) -> None:
    """Raise LimitReachedError `duplicate` where one of the documents has these bytes."""
    for source in sources:
        if source.content == content:
            raise LimitReachedError("duplicate", title=source.spec.title, document=source.spec.id)


def check_room(documents: int, limit: int) -> None:
    """Raise LimitReachedError `too_many_documents` where one more has no place."""
    if documents >= limit:
        raise LimitReachedError("too_many_documents", documents=documents, limit=limit)


def check_passages(passages: int, more: int, limit: int) -> None:
    """Raise LimitReachedError `too_many_passages` where so many more have no place."""
    total = passages + more
    if total > limit:
        raise LimitReachedError("too_many_passages", passages=passages, total=total, limit=limit)


def check_free(document: str, taken_ids: Collection[str]) -> None:
    """Raise LimitReachedError `meanwhile` where another document has come to that id."""
    if document in taken_ids:
        raise LimitReachedError("meanwhile")


def ids_of(*libraries: Iterable[Source | Document]) -> set[str]:
    """The ids of all documents; a new one that is searched together with them has none of these."""
    return {document.spec.id for documents in libraries for document in documents}


def taken_ids(shared: Iterable[Source | Document], own: Iterable[Source | Document]) -> set[str]:
    """What a new document of a server's own cannot have: all ids, and those that are seen."""
    shared_ids, own_ids = ids_of(shared), ids_of(own)
    return shared_ids | own_ids | set(seen_ids(own_ids, shared_ids).values())


def check_known(document: str, ids: Sequence[str]) -> None:
    """Raise UnknownDocumentError where that is none of the ids."""
    if document not in ids:
        raise UnknownDocumentError(document, ids)


def find_source(document: str, sources: Sequence[Source]) -> Source:
    """The document of that id; raises UnknownDocumentError."""
    for source in sources:
        if source.spec.id == document:
            return source
    raise UnknownDocumentError(document, [source.spec.id for source in sources])


def all_but(document: str | None, sources: Iterable[Source]) -> list[Source]:
    """All documents but the one of that id."""
    return [source for source in sources if source.spec.id != document]


def in_its_place(new: Source, sources: Iterable[Source]) -> list[Source]:
    """All documents, `new` in the place of the one that has its id."""
    return [new if source.spec.id == new.spec.id else source for source in sources]


def twin_of(spec: DocumentSpec, documents: Iterable[Source | Document]) -> str | None:
    """The id of the document that a new one may be meant to replace: of its title or file name.

    Where there are several, one that has both, or else the title; of equals the last one added.
    """
    best, twin = 0, None
    for other in (document.spec for document in documents):
        alike = 2 * (_bare(other.title) == _bare(spec.title)) + (
            _bare(other.file) == _bare(spec.file)
        )
        if alike and alike >= best:
            best, twin = alike, other.id
    return twin


def _bare(name: str) -> str:
    """A title or file name without what people do not tell names apart by."""
    return " ".join(PurePath(name).name.replace("_", " ").casefold().split())
