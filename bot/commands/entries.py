"""Passages that moderators write, or take over, into documents of the server's own library."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from bot.errors import LimitReachedError
from bot.interactions.app import App
from bot.libraries.places import Place
from bot.libraries.publishing import Publication
from bot.libraries.rules import check_passages, check_room, taken_ids
from bot.store import Person, Target
from bot.store.documents import Rewrite
from index.answering.lookups import digest_of_text
from index.documents.corpus import Source
from index.documents.document import Document
from index.documents.passage_files import (
    WrittenPassage,
    is_passage_file,
    with_passage,
    without_references,
)
from index.documents.passages import Passage
from index.documents.uploads import read_upload

__all__ = ["Draft", "Entry", "Kind", "draft_entry", "publish_entry", "without_entries"]

Kind = Literal["answers", "messages"]

FILES: dict[Kind, str] = {
    "answers": "answers-of-this-server",
    "messages": "messages-of-this-server",
}
"""What the documents are called by id and as files, whatever their titles are."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage that was published, its document, and where it stands there."""

    publication: Publication
    passage: Passage
    document: Document
    target: Target


@dataclass(frozen=True, slots=True)
class Draft:
    """The server's documents with one passage more, as its number in one of them, unpublished."""

    documents: tuple[Source, ...]
    document_id: str
    number: str
    expected: int


async def draft_entry(
    app: App, place: Place, kind: Kind, title: str, written: WrittenPassage
) -> Draft:
    """The server's document of that kind with one passage more, or a first one.

    `title` is that of a new document. Raises CorpusError for a text that cannot be a passage,
    LimitReachedError, StoreError.
    """
    owner, limits, publisher = place.server, app.limits, app.publisher
    expected = app.librarian.number(place)
    sources = await publisher.documents(place)
    old = next((source for source in sources if _is_of(kind, source)), None)
    if old is None:
        check_room(len(sources), limits.max_server_documents)
    own = await app.librarian.own(place)
    check_passages(len(own.library.passages) if own else 0, 1, limits.max_server_passages)
    taken = taken_ids(app.librarian.shared().library.documents, sources)
    # Up to two megabytes of YAML are read and written: too long for the event loop.
    work = partial(_with_entry, kind, title, old, written, taken, limits.max_file_bytes)
    source, number = await app.pools.store.run(owner, work)
    if old is None:
        documents = [*sources, source]
    else:
        documents = [source if one is old else one for one in sources]
    return Draft(tuple(documents), source.spec.id, number, expected)


async def publish_entry(app: App, place: Place, draft: Draft, by: Person) -> Entry:
    """Publish a draft. Raises whatever a publication raises; nothing is changed then."""
    publication = await app.publisher.publish(
        place, draft.documents, by, "add", expected=draft.expected
    )
    library = publication.revision.library
    document = next(one for one in library.documents if one.id == draft.document_id)
    at, passage = next(
        (at, passage)
        for at, passage in enumerate(document.passages)
        if draft.number in passage.citations
    )
    target = Target(place.server, document.id, at, digest_of_text(passage.text))
    return Entry(publication, passage, document, target)


def without_entries(addresses: Collection[str]) -> Rewrite:
    """What takes the passages out of a document whose numbers stand for these addresses."""

    def rewrite(source: Source) -> Source | None:
        references = source.spec.references
        kept = {key: one for key, one in references.items() if one.url not in addresses}
        if len(kept) == len(references) or not is_passage_file(source.spec.file):
            return source
        content = without_references(source.content, source.spec.file, addresses)
        if content is None:
            return None
        spec = source.spec.model_copy(update={"references": kept})
        return replace(source, spec=spec, content=content)

    return rewrite


def _is_of(kind: Kind, source: Source) -> bool:
    """Whether passages of that kind are written into a document."""
    is_named_so = re.fullmatch(rf"{FILES[kind]}(-[0-9]+)?", source.spec.id) is not None
    return is_named_so and is_passage_file(source.spec.file)


def _with_entry(
    kind: Kind,
    title: str,
    old: Source | None,
    written: WrittenPassage,
    taken: set[str],
    max_bytes: int,
) -> tuple[Source, str]:
    file = f"{FILES[kind]}.yaml"
    content, number = with_passage(old.content if old else None, file, title, written)
    if len(content) > max_bytes:
        raise LimitReachedError("too_large", size=len(content), limit=max_bytes)
    source = read_upload(file, content, taken_ids=taken, max_bytes=max_bytes).source
    if old is None:
        return source, number
    spec = old.spec.model_copy(update={"references": source.spec.references})
    return replace(source, spec=spec, file_name=old.file_name), number
