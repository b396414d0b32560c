"""What is fetched again, read as its document was, and what that would change."""

from __future__ import annotations

from dataclasses import dataclass

from bot.fetching.fetcher import Fetched
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.libraries.publisher import Publisher
from bot.libraries.rules import check_passages, find_source, in_its_place
from bot.uploads.reader import UploadReader
from index.documents.corpus import Source
from index.documents.differences import DocumentDifference
from index.documents.document import DocumentSpec

__all__ = ["Change", "read_change", "said_of"]


@dataclass(frozen=True, slots=True)
class Change:
    """What a fetched document changes; `documents` are the library's with it, after `revision`."""

    difference: DocumentDifference
    documents: tuple[Source, ...]
    revision: int


async def read_change(
    librarian: Librarian,
    publisher: Publisher,
    uploads: UploadReader,
    place: Place,
    document: str,
    fetched: Fetched,
) -> Change:
    """Read what was fetched in the limited process, as the document in whose place it would stand.

    Raises UnknownDocumentError where that is no longer there, CorpusError, LimitReachedError,
    NoTurnLeftError, StoreError.
    """
    own = await librarian.own(place)
    sources = await publisher.documents(place, own.number if own is not None else 0)
    old = find_source(document, sources)
    assert own is not None  # noqa: S101 - what has documents is a revision
    limits = librarian.limits
    async with uploads.join(place.server):
        upload = await uploads.read(
            place.server,
            fetched.file_name,
            fetched.content,
            **said_of(old.spec),
            keep=tuple(old.spec.keep),
            like=old.spec,
            max_bytes=limits.max_file_bytes,
            max_passages=limits.max_document_passages,
        )
    others = sum(len(one.passages) for one in own.library.documents if one.id != document)
    check_passages(others, len(upload.passages), limits.max_server_passages)
    in_place = upload.in_place_of(old.spec)
    before = next(one for one in own.library.documents if one.id == document)
    difference = await librarian.pools.store.run(place.server, in_place.compared_with, before)
    documents = tuple(in_its_place(in_place.source(fetched.content), sources))
    return Change(difference, documents, own.number)


def said_of(spec: DocumentSpec) -> dict[str, str | None]:
    """What was said of a document, or taken for it, when a moderator looked at it."""
    return {
        "title": spec.title,
        "source_url": spec.source_url,
        "licence": spec.licence,
        "language": spec.language,
    }
