"""Gaps: questions of a server that got no answer, or one that a person found wrong."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import ColumnElement, delete, func, insert, select

from bot.store.database.database import Database
from bot.store.database.tables import GapRow
from bot.store.documents import batches

__all__ = ["GAP_DAYS", "Gap", "GapKind", "Gaps"]

GAP_DAYS = 30
MAX_LISTED = 5000

GapKind = Literal["no_answer", "thumbs_down"]


@dataclass(frozen=True, slots=True)
class Gap:
    """One question; whose it was is not told."""

    question: str
    kind: GapKind
    at: datetime
    id: int = field(default=0, compare=False)


class Gaps:
    """The gaps of all servers; a person is a keyed hash, so that they can have theirs deleted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        guild_id: int,
        question: str,
        kind: GapKind,
        *,
        person: str | None = None,
        answer: str | None = None,
    ) -> None:
        """Keep a question. `answer` is the key of the answer that was voted down."""
        with self._database.write() as connection:
            connection.execute(
                insert(GapRow).values(
                    guild_id=guild_id,
                    question=question,
                    kind=kind,
                    at=self._database.now(),
                    person=person,
                    answer=answer,
                )
            )

    def recent(self, guild_id: int, limit: int = MAX_LISTED) -> list[Gap]:
        """The gaps of a server of the last 30 days, newest first, at most `limit`."""
        query = (
            select(GapRow.question, GapRow.kind, GapRow.at, GapRow.id)
            .where(GapRow.guild_id == guild_id, GapRow.at >= self._oldest())
            .order_by(GapRow.at.desc(), GapRow.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [
                Gap(question, cast("GapKind", kind), at, number)
                for question, kind, at, number in connection.execute(query)
            ]

    def dismiss(self, guild_id: int, ids: Collection[int]) -> int:
        """Delete gaps of a server; how many there were still."""
        return sum(
            self._delete((GapRow.guild_id == guild_id) & GapRow.id.in_(batch))
            for batch in batches(ids)
        )

    def clear(self, guild_id: int) -> int:
        """Delete the gaps of a server; how many there were."""
        return self._delete(GapRow.guild_id == guild_id)

    def count_person(self, person: str) -> int:
        """How many are kept of a person."""
        query = select(func.count()).where(GapRow.person == person)
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def delete_person(self, person: str) -> int:
        """Delete a person's questions in all servers; how many there were."""
        return self._delete(GapRow.person == person)

    def withdraw(self, answer: str, person: str) -> int:
        """Delete the gap of a thumbs-down that was taken back; how many there were."""
        return self._delete((GapRow.answer == answer) & (GapRow.person == person))

    def expire(self) -> int:
        """Delete what is older than 30 days; how many there were."""
        return self._delete(GapRow.at < self._oldest())

    def _delete(self, which: ColumnElement[bool]) -> int:
        with self._database.write() as connection:
            return connection.execute(delete(GapRow).where(which)).rowcount

    def _oldest(self) -> datetime:
        return self._database.now() - timedelta(days=GAP_DAYS)
