"""Feedback: one vote a person an answer, that can be changed and taken back."""

from __future__ import annotations

from typing import Literal, cast

from sqlalchemy import ColumnElement, delete, func, insert, select

from bot.store.database.database import Database
from bot.store.database.tables import VoteRow

__all__ = ["Vote", "Votes"]

Vote = Literal[1, -1]


class Votes:
    """The votes on all answers; an answer is a key, such as its message id, a person a hash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cast(self, guild_id: int | None, answer: str, person: str, vote: Vote) -> None:
        """Keep the vote instead of the one before; `guild_id` is None in direct messages."""
        with self._database.write() as connection:
            connection.execute(delete(VoteRow).where(_of(answer, person)))
            connection.execute(
                insert(VoteRow).values(
                    guild_id=guild_id,
                    answer=answer,
                    person=person,
                    value=vote,
                    at=self._database.now(),
                )
            )

    def take_back(self, answer: str, person: str) -> bool:
        """Delete the vote; whether there was one."""
        with self._database.write() as connection:
            return connection.execute(delete(VoteRow).where(_of(answer, person))).rowcount > 0

    def of(self, answer: str, person: str) -> Vote | None:
        """The vote of that person on that answer."""
        with self._database.read() as connection:
            value = connection.execute(select(VoteRow.value).where(_of(answer, person))).scalar()
        return cast("Vote | None", value)

    def count_person(self, person: str) -> int:
        """How many are kept of a person."""
        query = select(func.count()).where(VoteRow.person == person)
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def delete_person(self, person: str) -> int:
        """Delete a person's votes; how many there were."""
        with self._database.write() as connection:
            return connection.execute(delete(VoteRow).where(VoteRow.person == person)).rowcount


def _of(answer: str, person: str) -> ColumnElement[bool]:
    return (VoteRow.answer == answer) & (VoteRow.person == person)
