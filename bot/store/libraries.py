"""Libraries: revisions are published, read and purged here, each in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.store.audit import AuditEntry, add_entry
from bot.store.database.database import Database
from bot.store.database.tables import (
    KeptMessageRow,
    LibraryRow,
    RevisionDocumentRow,
    RevisionRow,
    StampRow,
)
from bot.store.documents import (
    Rewrite,
    batches,
    carry_over,
    delete_documents,
    digest_of,
    insert_documents,
    read_changes,
    read_digests,
    read_documents,
    read_keys,
    rewrite_document,
)
from bot.store.errors import RevisionConflictError, UnknownRevisionError
from bot.store.followed import unfollow, unfollow_all_but
from bot.store.records import Action, Changes, Counts, DocumentChange, Person, StoredRevision
from index.documents.corpus import Source
from index.documents.document import DocumentSpec
from index.errors import UnknownDocumentError

__all__ = ["KEPT_REVISIONS", "Libraries", "Purged", "delete_library"]

KEPT_REVISIONS = 20


@dataclass(frozen=True, slots=True)
class Purged:
    """The revision that a purge made; `erased` is False while bytes are still in the files."""

    revision: int
    erased: bool


class Libraries:
    """The libraries of all owners: SHARED, or the id of a server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def publish(
        self,
        owner: int,
        documents: Sequence[Source],
        *,
        by: Person,
        action: Action,
        expected_revision: int,
        counts: Counts,
        seconds: float,
    ) -> int:
        """Make `documents`, in this order, the next revision, and return its number.

        `expected_revision` is the current one that the writer started from, 0 for none; raises
        RevisionConflictError if it no longer is. Older ones than the last 20 go. StoreError.
        """
        with self._database.write() as connection:
            current = _lock(connection, owner)
            if current != expected_revision:
                raise RevisionConflictError(expected_revision, current)
            digest = digest_of(documents)
            revision = self._next(owner, current, by, action, counts, seconds, digest)
            _advance(connection, revision)
            insert_documents(connection, owner, revision.number, documents)
            unfollow_all_but(connection, owner, [document.spec.id for document in documents])
            _forget_old(connection, revision)
        return revision.number

    def purge(
        self,
        owner: int,
        document: str,
        *,
        by: Person,
        counts: Counts | None = None,
        seconds: float = 0.0,
    ) -> Purged:
        """Remove a document from every revision, and its bytes from the files.

        The current revision moves on by one; the others keep their numbers. Bytes that another
        document or library also holds stay for it. Takes as long as copying the database.
        Raises UnknownDocumentError, StoreError.
        """
        counts = Counts() if counts is None else counts
        with self._database.write() as connection:
            current = _lock(connection, owner)
            ids = _document_ids(connection, owner)
            if document not in ids:
                raise UnknownDocumentError(document, ids)
            nothing = digest_of(())  # until what is left in it is known
            revision = self._next(owner, current, by, "purge", counts, seconds, nothing)
            _advance(connection, revision)
            carry_over(connection, owner, current, revision.number, without=document)
            unfollow(connection, owner, document)
            delete_documents(
                connection,
                (RevisionDocumentRow.owner == owner) & (RevisionDocumentRow.document == document),
            )
            of_document = KeptMessageRow.document == document
            connection.execute(
                delete(KeptMessageRow).where(KeptMessageRow.guild_id == owner, of_document)
            )
            _forget_old(connection, revision)
            _note_digests(connection, owner)
            self._database.backend.owe_erasure(connection)
        return Purged(revision.number, self._database.erase())

    def redact(self, owner: int, document: str, rewrite: Rewrite, *, by: Person) -> Purged:
        """Put what `rewrite` makes of a document in its place in every revision.

        The current revision moves on by one, also where nothing was changed. Raises
        UnknownDocumentError, StoreError.
        """
        with self._database.write() as connection:
            current = _lock(connection, owner)
            ids = _document_ids(connection, owner)
            if document not in ids:
                raise UnknownDocumentError(document, ids)
            rewrite_document(connection, owner, document, rewrite)
            nothing = digest_of(())  # until what is left in it is known
            revision = self._next(owner, current, by, "purge", Counts(), 0.0, nothing)
            _advance(connection, revision)
            carry_over(connection, owner, current, revision.number)
            _forget_old(connection, revision)
            _note_digests(connection, owner)
            self._database.backend.owe_erasure(connection)
        return Purged(revision.number, self._database.erase())

    def current(self, owner: int) -> StoredRevision | None:
        """The current revision, None where nothing was ever published."""
        query = _REVISIONS.join(LibraryRow, _IS_CURRENT).where(LibraryRow.owner == owner)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else _stored_revision(row)

    def revision(self, owner: int, number: int) -> StoredRevision:
        """A kept revision; raises UnknownRevisionError."""
        for revision in self.history(owner):
            if revision.number == number:
                return revision
        raise self._unknown(owner, number)

    def history(self, owner: int) -> list[StoredRevision]:
        """The kept revisions, at most 20, newest first."""
        query = _REVISIONS.where(RevisionRow.owner == owner).order_by(RevisionRow.number.desc())
        with self._database.read() as connection:
            return [_stored_revision(row) for row in connection.execute(query)]

    def changes(self, owner: int) -> dict[int, list[DocumentChange]]:
        """What kept revisions did to the documents, by number, where that is still known.

        Of the oldest one it is not, unless it is the first of all.
        """
        query = select(RevisionRow.number).where(RevisionRow.owner == owner)
        with self._database.read() as connection:
            kept = set(connection.execute(query).scalars())
            changes = read_changes(connection, owner)
        known = {number for number in kept if number == 1 or number - 1 in kept}
        return {number: changes.get(number, []) for number in sorted(known)}

    def load_documents(self, owner: int, number: int) -> list[Source]:
        """The documents of a kept revision, in order. UnknownRevisionError, DamagedStoreError."""
        with self._database.read() as connection:
            documents = read_documents(connection, owner, number)
        if not documents:
            self.revision(owner, number)
        return documents

    def keys(self, owner: int, number: int) -> list[tuple[DocumentSpec, str]]:
        """Spec and SHA-256 of the bytes of each document of a kept revision, in order.

        Raises DamagedStoreError; a revision that is not kept has none.
        """
        with self._database.read() as connection:
            return read_keys(connection, owner, number)

    def current_digests(self, among: Iterable[str]) -> set[str]:
        """Those of `among` that are the digest of the documents of a current revision."""
        query = select(RevisionRow.documents_digest).join(LibraryRow, _IS_CURRENT)
        found: set[str] = set()
        with self._database.read() as connection:
            for batch in batches(among):
                wanted = query.where(RevisionRow.documents_digest.in_(batch))
                found.update(connection.execute(wanted).scalars())
        return found

    def document_ids(self, owner: int) -> list[str]:
        """The ids of the documents of all kept revisions, which is what can be purged; sorted."""
        with self._database.read() as connection:
            return _document_ids(connection, owner)

    def documents_with(self, owner: int, address: str) -> list[str]:
        """The ids of the documents of kept revisions in which a number stands for that address."""
        row = RevisionDocumentRow
        holds = row.spec.contains(address, autoescape=True)
        query = select(row.document).where(row.owner == owner, holds).distinct()
        with self._database.read() as connection:
            return sorted(connection.execute(query).scalars())

    def changes_since(self, stamp: int) -> Changes:
        """The libraries published since `stamp` (0: all), and the stamp to ask with next."""
        query = select(LibraryRow.owner, LibraryRow.current).where(LibraryRow.stamp > stamp)
        with self._database.read() as connection:
            now = _stamp(connection)  # first: what comes between is told again, and never missed
            return Changes(now, dict(connection.execute(query).all()))

    def _next(
        self,
        owner: int,
        current: int,
        by: Person,
        action: Action,
        counts: Counts,
        seconds: float,
        digest: str,
    ) -> StoredRevision:
        now = self._database.now()
        return StoredRevision(owner, current + 1, now, by, action, counts, seconds, digest)

    def _unknown(self, owner: int, number: int) -> UnknownRevisionError:
        return UnknownRevisionError(number, [kept.number for kept in self.history(owner)])


def delete_library(connection: Connection, owner: int) -> None:
    """Delete a library with all its revisions, and the addresses that its documents are from."""
    _lock(connection, owner)
    unfollow_all_but(connection, owner, ())
    delete_documents(connection, RevisionDocumentRow.owner == owner)
    connection.execute(delete(RevisionRow).where(RevisionRow.owner == owner))
    connection.execute(delete(LibraryRow).where(LibraryRow.owner == owner))


_REVISIONS = select(
    RevisionRow.owner,
    RevisionRow.number,
    RevisionRow.created_at,
    RevisionRow.by_id,
    RevisionRow.by_name,
    RevisionRow.action,
    RevisionRow.added,
    RevisionRow.removed,
    RevisionRow.changed,
    RevisionRow.unchanged,
    RevisionRow.seconds,
    RevisionRow.documents_digest,
)
_IS_CURRENT = (LibraryRow.owner == RevisionRow.owner) & (LibraryRow.current == RevisionRow.number)


def _stored_revision(row: Row[*tuple[Any, ...]]) -> StoredRevision:
    return StoredRevision(
        row.owner,
        row.number,
        row.created_at,
        Person(row.by_id, row.by_name),
        cast("Action", row.action),
        Counts(row.added, row.removed, row.changed, row.unchanged),
        row.seconds,
        row.documents_digest,
    )


def _lock(connection: Connection, owner: int) -> int:
    """Count the stamp up, so that other publications wait, and return the current revision."""
    connection.execute(update(StampRow).values(value=StampRow.value + 1))
    query = select(LibraryRow.current).where(LibraryRow.owner == owner)
    return connection.execute(query).scalar() or 0


def _stamp(connection: Connection) -> int:
    return connection.execute(select(StampRow.value)).scalar_one()


def _advance(connection: Connection, revision: StoredRevision) -> None:
    """Add the revision, without documents, make it the current one, and tell the audit."""
    values = {"current": revision.number, "stamp": _stamp(connection)}
    if revision.number == 1:
        connection.execute(insert(LibraryRow).values(owner=revision.owner, **values))
    else:
        of_owner = LibraryRow.owner == revision.owner
        connection.execute(update(LibraryRow).where(of_owner).values(**values))
    connection.execute(
        insert(RevisionRow).values(
            owner=revision.owner,
            number=revision.number,
            created_at=revision.created_at,
            by_id=revision.by.id,
            by_name=revision.by.name,
            action=revision.action,
            added=revision.counts.added,
            removed=revision.counts.removed,
            changed=revision.counts.changed,
            unchanged=revision.counts.unchanged,
            seconds=revision.seconds,
            documents_digest=revision.documents_digest,
        )
    )
    outcome = f"revision {revision.number}"
    entry = AuditEntry(revision.owner, revision.by, revision.action, revision.created_at, outcome)
    add_entry(connection, entry)


def _forget_old(connection: Connection, revision: StoredRevision) -> None:
    """Delete the revisions before the last 20."""
    oldest = revision.number - KEPT_REVISIONS
    documents, owner = RevisionDocumentRow, revision.owner
    delete_documents(connection, (documents.owner == owner) & (documents.number <= oldest))
    which = (RevisionRow.owner == owner) & (RevisionRow.number <= oldest)
    connection.execute(delete(RevisionRow).where(which))


def _note_digests(connection: Connection, owner: int) -> None:
    """Bring the digests of all revisions of an owner up to date with their documents."""
    of_owner = RevisionRow.owner == owner
    connection.execute(update(RevisionRow).where(of_owner).values(documents_digest=digest_of(())))
    for number, digest in read_digests(connection, owner).items():
        of_revision = of_owner & (RevisionRow.number == number)
        connection.execute(update(RevisionRow).where(of_revision).values(documents_digest=digest))


def _document_ids(connection: Connection, owner: int) -> list[str]:
    query = select(RevisionDocumentRow.document).where(RevisionDocumentRow.owner == owner)
    return sorted(connection.execute(query.distinct()).scalars())
