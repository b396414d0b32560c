"""The audit: who did what in a server, when, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from bot.store.database import Database
from bot.store.records import Person
from bot.store.tables import AuditRow, RevisionRow

__all__ = ["Audit", "AuditEntry", "add_entry"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing done; `guild_id` is SHARED for the shared library."""

    guild_id: int
    by: Person
    what: str
    at: datetime
    outcome: str


class Audit:
    """Entries are added and read, and never changed but for a person's name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, guild_id: int, by: Person, what: str, outcome: str) -> None:
        """Keep that `by` did `what` now. Publications and settings do this by themselves."""
        with self._database.write() as connection:
            add_entry(connection, AuditEntry(guild_id, by, what, self._database.now(), outcome))

    def entries(self, guild_id: int, limit: int = 100) -> list[AuditEntry]:
        """The last `limit` entries of a server, newest first."""
        columns = (
            AuditRow.by_id,
            AuditRow.by_name,
            AuditRow.what,
            AuditRow.at,
            AuditRow.outcome,
        )
        query = (
            select(*columns)
            .where(AuditRow.guild_id == guild_id)
            .order_by(AuditRow.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [
                AuditEntry(guild_id, Person(by_id, by_name), what, at, outcome)
                for by_id, by_name, what, at, outcome in connection.execute(query)
            ]

    def rename_person(self, user_id: int, replacement: str) -> int:
        """Replace the name of a user in the audit and the histories; how many rows had it."""
        with self._database.write() as connection:
            return sum(
                connection.execute(
                    update(row).where(row.by_id == user_id).values(by_name=replacement)
                ).rowcount
                for row in (AuditRow, RevisionRow)
            )


def add_entry(connection: Connection, entry: AuditEntry) -> None:
    """Add an entry in the transaction of what it tells."""
    connection.execute(
        insert(AuditRow).values(
            guild_id=entry.guild_id,
            by_id=entry.by.id,
            by_name=entry.by.name,
            what=entry.what,
            at=entry.at,
            outcome=entry.outcome,
        )
    )
