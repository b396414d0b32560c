"""The tables. migrations/ makes them; a test holds the two together.

Rows are read and written as plain columns: the classes only give the columns their types.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

__all__ = [
    "AuditRow",
    "DepartureRow",
    "FollowedAddressRow",
    "GapRow",
    "KeptMessageRow",
    "LibraryRow",
    "PointedQuestionRow",
    "PseudonymKeyRow",
    "RevisionDocumentRow",
    "RevisionRow",
    "ServerSettingsRow",
    "SourceRow",
    "StampRow",
    "Table",
    "UtcDateTime",
    "VoteRow",
    "WordsRow",
]

_IDS_ONCE = {"sqlite_autoincrement": True}
"""For rows that cards name by their ids: what has gone is no other row from there on."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC also where the database keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """To UTC; raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Aware again, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """The root of all tables; constraints have names so that migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        bytes: LargeBinary,
        float: Double,
        datetime: UtcDateTime,
    }


class StampRow(Table):
    """One row. Every publication counts it up, and so publications wait for each other."""

    __tablename__ = "stamp"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(BigInteger)


class LibraryRow(Table):
    """A library: its current revision, and the stamp of the publication that made it."""

    __tablename__ = "libraries"

    owner: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    current: Mapped[int]
    stamp: Mapped[int] = mapped_column(BigInteger, index=True)


class RevisionRow(Table):
    """A revision, without its documents: `documents_digest` tells them from all others."""

    __tablename__ = "revisions"

    owner: Mapped[int] = mapped_column(ForeignKey(LibraryRow.owner), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    created_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    by_name: Mapped[str]
    action: Mapped[str] = mapped_column(String(20))
    added: Mapped[int]
    removed: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    seconds: Mapped[float]
    documents_digest: Mapped[str] = mapped_column(String(64), index=True)


class SourceRow(Table):
    """The bytes of an uploaded file, once for all revisions of all libraries that hold them."""

    __tablename__ = "sources"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes]


class RevisionDocumentRow(Table):
    """A document of a revision: `spec` is a DocumentSpec as JSON.

    `reading` is what an importer made of its source, kept among the sources.
    """

    __tablename__ = "revision_documents"

    owner: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    spec: Mapped[str]
    file_name: Mapped[str]
    source: Mapped[str] = mapped_column(ForeignKey(SourceRow.sha256), index=True)
    reading: Mapped[str | None] = mapped_column(ForeignKey(SourceRow.sha256), index=True)

    __table_args__ = (
        ForeignKeyConstraint([owner, number], [RevisionRow.owner, RevisionRow.number]),
    )


class FollowedAddressRow(Table):
    """An address that a document of the current revision is fetched from again.

    `fetched_from`, `etag`, `last_modified` and `digest` are of what was found there last, whether
    it was published or is held; `failure` and `held` say why, `told_at` that moderators know.
    """

    __tablename__ = "followed_addresses"

    owner: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(String(64), primary_key=True)
    address: Mapped[str]
    fetched_from: Mapped[str]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    digest: Mapped[str] = mapped_column(String(64))
    every_hours: Mapped[int]
    next_check: Mapped[datetime] = mapped_column(index=True)
    checked_at: Mapped[datetime]
    failures: Mapped[int]
    failing_since: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(20))
    held_since: Mapped[datetime | None]
    held: Mapped[str | None] = mapped_column(String(20))
    told_at: Mapped[datetime | None]


class ServerSettingsRow(Table):
    """The settings of a server: ServerSettings as JSON."""

    __tablename__ = "server_settings"

    guild_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    settings: Mapped[str]


class AuditRow(Table):
    """Who did what in a server (0: to the shared library), when, and what came of it."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int] = mapped_column(BigInteger)
    by_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    by_name: Mapped[str]
    what: Mapped[str]
    at: Mapped[datetime] = mapped_column()
    outcome: Mapped[str]

    __table_args__ = (Index(None, guild_id, at),)


class GapRow(Table):
    """A question that got no answer or a thumbs-down. `person` is a keyed hash."""

    __tablename__ = "gaps"

    id: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int] = mapped_column(BigInteger)
    question: Mapped[str]
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(index=True)
    person: Mapped[str | None] = mapped_column(String(128), index=True)
    answer: Mapped[str | None] = mapped_column(String(128), index=True)

    __table_args__ = (Index(None, guild_id, at), _IDS_ONCE)


class WordsRow(Table):
    """Forms that mean the same in a server: a list of texts as JSON."""

    __tablename__ = "words"
    __table_args__ = _IDS_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int] = mapped_column(BigInteger, index=True)
    forms: Mapped[str]


class PointedQuestionRow(Table):
    """A question of a server, and the passage that answers it. `person` is a keyed hash.

    The passage is of a document of the library of `owner`; its text is kept as its SHA-256 alone.
    """

    __tablename__ = "pointed_questions"
    __table_args__ = _IDS_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int] = mapped_column(BigInteger, index=True)
    question: Mapped[str]
    person: Mapped[str | None] = mapped_column(String(128), index=True)
    owner: Mapped[int] = mapped_column(BigInteger)
    document: Mapped[str] = mapped_column(String(64))
    passage: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


class KeptMessageRow(Table):
    """A message that is a passage of a server's document. `person`, its author, is a keyed hash."""

    __tablename__ = "kept_messages"

    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    guild_id: Mapped[int] = mapped_column(BigInteger, index=True)
    channel_id: Mapped[int] = mapped_column(BigInteger, index=True)
    document: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(String(128), index=True)


class VoteRow(Table):
    """One person's verdict on one answer: 1 or -1. `person` is a keyed hash."""

    __tablename__ = "votes"

    answer: Mapped[str] = mapped_column(String(128), primary_key=True)
    person: Mapped[str] = mapped_column(String(128), primary_key=True, index=True)
    guild_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    value: Mapped[int]
    at: Mapped[datetime]


class DepartureRow(Table):
    """A server that removed the bot, and since when."""

    __tablename__ = "departures"

    guild_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    left_at: Mapped[datetime] = mapped_column(index=True)


class PseudonymKeyRow(Table):
    """One row: the key of the hashes that stand for people."""

    __tablename__ = "pseudonym_key"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes]
