"""The documents of revisions, and their sources: each file's bytes once, by their SHA-256."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Literal, TypeVar

from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from bot.store.database.tables import RevisionDocumentRow, SourceRow
from bot.store.errors import DamagedStoreError
from bot.store.records import DocumentChange
from index.documents.corpus import Source
from index.documents.document import DocumentSpec

__all__ = [
    "Rewrite",
    "batches",
    "carry_over",
    "delete_documents",
    "digest_of",
    "insert_documents",
    "read_changes",
    "read_digests",
    "read_documents",
    "read_keys",
    "rewrite_document",
    "sha256",
]

BATCH = 500
"""Rows named in one statement; every database takes that many parameters."""

Row = RevisionDocumentRow

Rewrite = Callable[[Source], Source | None]
"""What is to stand in the place of a document: itself, another of its id, or none."""

Key = TypeVar("Key", str, int)


def insert_documents(
    connection: Connection, owner: int, number: int, documents: Sequence[Source]
) -> None:
    """Make these the documents of a revision; raises ValueError when two have one id."""
    if len({document.spec.id for document in documents}) < len(documents):
        raise ValueError("two documents of a revision have one id")
    sources = {
        sha256(content): content
        for document in documents
        for content in (document.content, document.reading)
        if content is not None
    }
    stored: set[str] = set()
    for batch in batches(sources):
        query = select(SourceRow.sha256).where(SourceRow.sha256.in_(batch))
        stored.update(connection.execute(query).scalars())
    for digest, content in sources.items():
        if digest not in stored:
            connection.execute(insert(SourceRow).values(sha256=digest, content=content))
    rows = [
        {
            "owner": owner,
            "number": number,
            "document": document.spec.id,
            "position": position,
            "spec": document.spec.model_dump_json(),
            "file_name": document.file_name,
            "source": sha256(document.content),
            "reading": None if document.reading is None else sha256(document.reading),
        }
        for position, document in enumerate(documents)
    ]
    if rows:
        connection.execute(insert(Row), rows)


def carry_over(
    connection: Connection, owner: int, old: int, new: int, *, without: str = ""
) -> None:
    """Make the documents of revision `old`, but for one, those of revision `new` as well."""
    columns_kept = (Row.document, Row.position, Row.spec, Row.file_name, Row.source, Row.reading)
    query = select(literal(owner), literal(new), *columns_kept).where(
        Row.owner == owner, Row.number == old, Row.document != without
    )
    columns = (Row.owner, Row.number, *columns_kept)
    connection.execute(insert(Row).from_select([column.key for column in columns], query))


def rewrite_document(connection: Connection, owner: int, document: str, rewrite: Rewrite) -> None:
    """Put what `rewrite` makes of a document in its place in every revision that holds it.

    Bytes that nothing holds any longer go. Raises DamagedStoreError.
    """
    of_document = (Row.owner == owner) & (Row.document == document)
    numbers = select(Row.number).where(of_document)
    for number in connection.execute(numbers).scalars().all():
        (source,) = read_documents(connection, owner, number, document)
        rewritten = rewrite(source)
        if rewritten is source:
            continue
        which = of_document & (Row.number == number)
        at = connection.execute(select(Row.position).where(which)).scalar_one()
        delete_documents(connection, which)
        if rewritten is not None:
            insert_documents(connection, owner, number, [rewritten])
            connection.execute(update(Row).where(which).values(position=at))


def read_documents(
    connection: Connection, owner: int, number: int, document: str | None = None
) -> list[Source]:
    """The documents of a revision in order, or one of them; raises DamagedStoreError."""
    reading = aliased(SourceRow)
    query = (
        select(Row.spec, Row.file_name, Row.source, SourceRow.content, Row.reading, reading.content)
        .join(SourceRow, SourceRow.sha256 == Row.source)
        .outerjoin(reading, reading.sha256 == Row.reading)
        .where(Row.owner == owner, Row.number == number)
        .order_by(Row.position)
    )
    if document is not None:
        query = query.where(Row.document == document)
    return [_stored(*row) for row in connection.execute(query)]


def read_keys(connection: Connection, owner: int, number: int) -> list[tuple[DocumentSpec, str]]:
    """Spec and SHA-256 of each document of a revision, in order; raises DamagedStoreError."""
    query = (
        select(Row.spec, Row.file_name, Row.source)
        .where(Row.owner == owner, Row.number == number)
        .order_by(Row.position)
    )
    return [
        (_spec(spec, file_name), source) for spec, file_name, source in connection.execute(query)
    ]


def read_changes(connection: Connection, owner: int) -> dict[int, list[DocumentChange]]:
    """What each revision did to the documents of the one before, by number, in their order.

    Of a revision whose predecessor is not stored the first one alone is meaningful.
    """
    new, old = aliased(Row), aliased(Row)
    same = (
        (old.owner == new.owner) & (old.number == new.number - 1) & (old.document == new.document)
    )
    changed = (old.spec != new.spec) | (old.source != new.source)
    come = (
        select(new.number, new.document, new.spec, new.file_name, old.document.label("before"))
        .outerjoin(old, same)
        .where(new.owner == owner, or_(old.document.is_(None), changed))
        .order_by(new.number, new.position)
    )
    gone = (
        select(old.number + 1, old.document, old.spec, old.file_name)
        .outerjoin(new, same)
        .where(old.owner == owner, new.document.is_(None))
        .order_by(old.number, old.position)
    )
    changes: dict[int, list[DocumentChange]] = defaultdict(list)
    for number, document, spec, file_name, before in connection.execute(come):
        what: Literal["added", "changed"] = "added" if before is None else "changed"
        changes[number].append(DocumentChange(document, _title(spec, file_name), what))
    for number, document, spec, file_name in connection.execute(gone):
        changes[number].append(DocumentChange(document, _title(spec, file_name), "removed"))
    return changes


def read_digests(connection: Connection, owner: int) -> dict[int, str]:
    """The digests of the documents of all revisions of an owner that hold any, by number."""
    query = (
        select(Row.number, Row.spec, Row.source)
        .where(Row.owner == owner)
        .order_by(Row.number, Row.position)
    )
    revisions = groupby(connection.execute(query), lambda row: row.number)
    return {number: _digest((row.spec, row.source) for row in rows) for number, rows in revisions}


def digest_of(documents: Iterable[Source]) -> str:
    """What tells documents from all others, in hexadecimal: their specs, bytes and order."""
    return _digest((one.spec.model_dump_json(), sha256(one.content)) for one in documents)


def delete_documents(connection: Connection, which: ColumnElement[bool]) -> None:
    """Delete documents of revisions, and the sources that no revision holds any longer."""
    keys: set[str] = set()
    for column in (Row.source, Row.reading):
        held = connection.execute(select(column).where(which).distinct()).scalars()
        keys.update(key for key in held if key is not None)
    connection.execute(delete(Row).where(which))
    for batch in batches(keys):
        is_held = exists().where(
            or_(Row.source == SourceRow.sha256, Row.reading == SourceRow.sha256)
        )
        connection.execute(delete(SourceRow).where(SourceRow.sha256.in_(batch), ~is_held))


def sha256(content: bytes) -> str:
    """The key of a source, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def batches(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """So many keys at a time as one statement takes."""
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _digest(keys: Iterable[tuple[str, str]]) -> str:
    """Of specs as they are stored, and keys of sources. The migrations know it by heart."""
    digest = hashlib.sha256()
    for spec, source in keys:
        digest.update(hashlib.sha256(spec.encode()).digest() + source.encode())
    return digest.hexdigest()


def _title(spec: str, file_name: str) -> str:
    try:
        return _spec(spec, file_name).title
    except DamagedStoreError:  # a history is wanted most where something is wrong
        return file_name


def _spec(spec: str, file_name: str) -> DocumentSpec:
    try:
        return DocumentSpec.model_validate_json(spec)
    except ValidationError:
        raise DamagedStoreError(
            f"what is stored of {file_name!r} cannot be read by this version; it was left as it is"
        ) from None


def _stored(
    spec: str,
    file_name: str,
    digest: str,
    content: bytes,
    reading_digest: str | None,
    reading: bytes | None,
) -> Source:
    read = _spec(spec, file_name)
    is_whole = reading is None if reading_digest is None else _is(reading, reading_digest)
    if not (is_whole and _is(content, digest)):
        raise DamagedStoreError(
            f"the stored bytes of {file_name!r} are not those that were uploaded; they were left "
            "as they are. Bring a backup back: footnote restore FILE"
        )
    return Source(read, content, file_name, reading)


def _is(content: bytes | None, digest: str) -> bool:
    return content is not None and sha256(content) == digest
