"""Hints of a server's moderators: forms that mean the same, and questions with their passages."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from bot.errors import LimitReachedError
from bot.store.database.database import Database
from bot.store.database.tables import GapRow, PointedQuestionRow, WordsRow
from bot.store.documents import batches
from index.answering.lookups import PointedQuestion

__all__ = ["MAX_POINTED", "MAX_WORDS", "HintShelf", "Hints", "Pointed", "Target", "Words"]

MAX_WORDS = 100
"""Rows of words of one server."""
MAX_POINTED = 300
"""Questions of one server that were pointed to a passage; the oldest go for new ones."""
MAX_POINTED_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Words:
    """Forms that mean the same in a server, under the id of their row."""

    id: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A passage that answers: where it stood in a document of the library of `owner`."""

    owner: int
    document: str
    passage: int
    digest: str


@dataclass(frozen=True, slots=True)
class Pointed:
    """A question and the passage that it was pointed to, under the id of their row."""

    id: int
    question: str
    target: Target


@dataclass(frozen=True, slots=True)
class Hints:
    """All hints of a server, in the order in which they were given."""

    words: tuple[Words, ...] = ()
    pointed: tuple[Pointed, ...] = ()

    @property
    def none(self) -> bool:
        return not (self.words or self.pointed)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The forms of each row."""
        return tuple(row.forms for row in self.words)

    def pointed_in(self, owners: Sequence[int]) -> tuple[PointedQuestion, ...]:
        """The questions whose passages stand in a library of these, by its number among them."""
        return tuple(
            PointedQuestion(
                one.question,
                owners.index(one.target.owner),
                one.target.document,
                one.target.passage,
                one.target.digest,
            )
            for one in self.pointed
            if one.target.owner in owners
        )


class HintShelf:
    """The hints of all servers; a person is a keyed hash, so that they can have theirs deleted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, guild_id: int) -> Hints:
        """The hints of a server."""
        row = PointedQuestionRow
        words = select(WordsRow.id, WordsRow.forms).where(WordsRow.guild_id == guild_id)
        pointed = select(
            row.id, row.question, row.owner, row.document, row.passage, row.digest
        ).where(row.guild_id == guild_id)
        with self._database.read() as connection:
            return Hints(
                tuple(
                    Words(number, tuple(json.loads(forms)))
                    for number, forms in connection.execute(words.order_by(WordsRow.id))
                ),
                tuple(
                    Pointed(
                        found.id,
                        found.question,
                        Target(found.owner, found.document, found.passage, found.digest),
                    )
                    for found in connection.execute(pointed.order_by(row.id))
                ),
            )

    def add_words(self, guild_id: int, forms: Sequence[str]) -> None:
        """Keep forms that mean the same. Raises LimitReachedError where a server has 100 rows."""
        count = select(func.count()).where(WordsRow.guild_id == guild_id)
        values = {"guild_id": guild_id, "forms": json.dumps(forms, ensure_ascii=False)}
        with self._database.write() as connection:
            if connection.execute(count).scalar_one() >= MAX_WORDS:
                raise LimitReachedError("too_many_words", limit=MAX_WORDS)
            connection.execute(insert(WordsRow).values(**values))

    def remove_words(self, guild_id: int, number: int) -> int:
        """Delete a row of words; how many there were."""
        which = (WordsRow.guild_id == guild_id) & (WordsRow.id == number)
        with self._database.write() as connection:
            return connection.execute(delete(WordsRow).where(which)).rowcount

    def point(self, guild_id: int, gaps: Collection[int], target: Target) -> int:
        """Point the questions of these gaps to a passage, and delete the gaps.

        How many gaps there were still. Of all their wordings the 20 newest are pointed.
        """
        ids = sorted(gaps, reverse=True)
        asked: dict[tuple[str, str | None], None] = {}
        with self._database.write() as connection:
            gone = 0
            for batch in batches(ids):
                which = (GapRow.guild_id == guild_id) & GapRow.id.in_(batch)
                query = select(GapRow.question, GapRow.person).where(which)
                found = connection.execute(query.order_by(GapRow.id.desc())).all()
                asked.update(dict.fromkeys((row.question, row.person) for row in found))
                gone += connection.execute(delete(GapRow).where(which)).rowcount
            for question, person in list(asked)[:MAX_POINTED_AT_ONCE]:
                connection.execute(
                    insert(PointedQuestionRow).values(
                        guild_id=guild_id,
                        question=question,
                        person=person,
                        owner=target.owner,
                        document=target.document,
                        passage=target.passage,
                        digest=target.digest,
                    )
                )
            self._forget_oldest(connection, guild_id)
        return gone

    def _forget_oldest(self, connection: Connection, guild_id: int) -> None:
        of_server = PointedQuestionRow.guild_id == guild_id
        newest = select(PointedQuestionRow.id).where(of_server)
        oldest = newest.order_by(PointedQuestionRow.id.desc()).offset(MAX_POINTED)
        beyond = list(connection.execute(oldest).scalars())
        if beyond:
            connection.execute(
                delete(PointedQuestionRow).where(of_server, PointedQuestionRow.id <= max(beyond))
            )

    def remove_pointed(self, guild_id: int, number: int) -> int:
        """Point a question to nothing any more; how many there were."""
        row = PointedQuestionRow
        with self._database.write() as connection:
            which = (row.guild_id == guild_id) & (row.id == number)
            return connection.execute(delete(row).where(which)).rowcount

    def count_person(self, person: str) -> int:
        """How many questions of a person are pointed to a passage."""
        query = select(func.count()).where(PointedQuestionRow.person == person)
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def delete_person(self, person: str) -> int:
        """Delete a person's questions in all servers; how many there were."""
        which = PointedQuestionRow.person == person
        with self._database.write() as connection:
            return connection.execute(delete(PointedQuestionRow).where(which)).rowcount
