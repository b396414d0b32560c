"""Servers that removed the bot, and the end of what was kept of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, delete, insert, select, union

from bot.store.database.database import Database
from bot.store.database.tables import (
    AuditRow,
    DepartureRow,
    GapRow,
    KeptMessageRow,
    LibraryRow,
    PointedQuestionRow,
    ServerSettingsRow,
    VoteRow,
    WordsRow,
)
from bot.store.libraries import delete_library
from bot.store.records import SHARED

__all__ = ["Servers"]

_OF_A_SERVER = (
    ServerSettingsRow,
    AuditRow,
    GapRow,
    WordsRow,
    PointedQuestionRow,
    KeptMessageRow,
    VoteRow,
    DepartureRow,
)


class Servers:
    """Which servers the store holds anything of, and which of them left."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self) -> set[int]:
        """The servers that something is kept of, but for those that were marked as left."""
        query: CompoundSelect[*tuple[Any, ...]] = union(
            select(LibraryRow.owner),
            select(ServerSettingsRow.guild_id),
            select(AuditRow.guild_id),
            select(GapRow.guild_id),
            select(WordsRow.guild_id),
            select(PointedQuestionRow.guild_id),
            select(VoteRow.guild_id).where(VoteRow.guild_id.is_not(None)),
        )
        with self._database.read() as connection:
            servers = set(connection.execute(query).scalars())
            departed = set(connection.execute(select(DepartureRow.guild_id)).scalars())
        return servers - departed - {SHARED}

    def mark_left(self, guild_id: int, when: datetime) -> None:
        """Keep that a server removed the bot; an earlier mark stays."""
        of_server = DepartureRow.guild_id == guild_id
        with self._database.write() as connection:
            if connection.execute(select(DepartureRow.guild_id).where(of_server)).first() is None:
                connection.execute(insert(DepartureRow).values(guild_id=guild_id, left_at=when))

    def mark_joined(self, guild_id: int) -> None:
        """Forget that a server had left."""
        with self._database.write() as connection:
            connection.execute(delete(DepartureRow).where(DepartureRow.guild_id == guild_id))

    def marked_left(self) -> set[int]:
        """The servers that left, and of which something may still be kept."""
        with self._database.read() as connection:
            return set(connection.execute(select(DepartureRow.guild_id)).scalars())

    def delete_left(self, before: datetime) -> list[int]:
        """Delete all that is kept of the servers that left before then, and return their ids."""
        query = select(DepartureRow.guild_id).where(DepartureRow.left_at < before)
        with self._database.write() as connection:
            departed = list(connection.execute(query).scalars())
            for guild_id in departed:
                delete_library(connection, guild_id)
                for row in _OF_A_SERVER:
                    connection.execute(delete(row).where(row.guild_id == guild_id))
            if departed:
                self._database.backend.owe_erasure(connection)
        if departed:
            self._database.erase()
        return departed
