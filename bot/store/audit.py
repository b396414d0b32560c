"""The audit: who did what in a server, when, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import Connection, func, insert, select, update

from bot.store.database.database import Database
from bot.store.database.tables import AuditRow, RevisionRow
from bot.store.records import Action, Person

__all__ = ["FORGOTTEN", "Audit", "AuditEntry", "add_entry"]


FORGOTTEN = Person(0, "somebody")
"""In the place of a person who wanted to be forgotten: 0 is nobody's id, and still no program's."""


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

    def publications_since(self, guild_id: int, ago: timedelta) -> int:
        """How many revisions people, and no programs, have made of a library since `ago`.

        What was made while the clock was ahead counts no more once it is right.
        """
        now = self._database.now()
        query = select(func.count()).where(
            AuditRow.guild_id == guild_id,
            AuditRow.at.between(now - ago, now),
            AuditRow.by_id.is_not(None),
            AuditRow.what.in_(get_args(Action)),
        )
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def forget_person(self, user_id: int) -> int:
        """Replace a user's name and id in the audit and the histories; how many rows had them."""
        with self._database.write() as connection:
            return sum(
                connection.execute(
                    update(row)
                    .where(row.by_id == user_id)
                    .values(by_id=FORGOTTEN.id, by_name=FORGOTTEN.name)
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
