"""What the bot keeps of questions: those of a server that got no answer, for its moderators."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from typing import Literal

from bot.libraries.places import Place
from bot.store import Gap, KeptMessage, Person, ServerSettings, Store, Target, Vote
from bot.work.pools import Pool
from index.answering.answer import Answer
from index.answering.confidence import Reason
from index.errors import FootnoteError
from index.text.likeness import AlikeQuestions, group_alike

__all__ = ["Feedback"]

log = logging.getLogger("footnote.feedback")

GAP_REASONS = frozenset({Reason.NO_MATCH, Reason.LOW_CONFIDENCE, Reason.PHRASE_NOT_FOUND})
"""Silences that another document could end, a closest passage shown or not."""
MAX_ASKED_AGAIN = 100


class Feedback:
    """Nothing here ever fails an answer: what cannot be kept is logged."""

    def __init__(self, store: Store, pool: Pool) -> None:
        """Reads and writes in the threads of `pool`, which keep each server's order."""
        self._store = store
        self._pool = pool
        self._voting = threading.Lock()

    async def keep_gap(
        self,
        place: Place,
        settings: ServerSettings,
        answer: Answer,
        user_id: int,
        key: str | None = None,
    ) -> None:
        """Keep a public question of a server that got no answer, where its settings allow that.

        The closest passage is none: its question is kept too. `key` is that of the question, by
        which it can be withdrawn.
        """
        guild_id = place.guild_id
        is_gap = not answer.answered and answer.reason in GAP_REASONS
        if guild_id is None or not is_gap or not settings.keep_gaps:
            return
        try:
            await self._pool.run(guild_id, self._add_gap, guild_id, answer.question, user_id, key)
        except FootnoteError:
            log.exception("a gap could not be kept")

    def _add_gap(self, guild_id: int, question: str, user_id: int, key: str | None) -> None:
        person = self._store.pseudonyms.of(user_id)
        self._store.gaps.add(guild_id, question, "no_answer", person=person, answer=key)

    async def withdraw_gap(self, place: Place, user_id: int, key: str) -> None:
        """Delete the gap of a question that its asker deleted or asked otherwise."""

        def withdraw() -> None:
            self._store.gaps.withdraw(key, self._store.pseudonyms.of(user_id))

        try:
            await self._pool.run(place.guild_id, withdraw)
        except FootnoteError:
            log.exception("a gap could not be withdrawn")

    async def vote(
        self,
        place: Place,
        settings: ServerSettings,
        answer: str,
        user_id: int,
        vote: Vote,
        question: str | None,
    ) -> Literal["up", "down", "down_kept", "taken_back"]:
        """Keep a person's vote on an answer, or take it back where it is the same as before.

        A thumbs-down on a public answer of a server keeps its `question` as a gap.
        """
        gap = question if settings.keep_gaps else None
        return await self._pool.run(place.guild_id, self._vote, place, answer, user_id, vote, gap)

    def _vote(
        self, place: Place, answer: str, user_id: int, vote: Vote, question: str | None
    ) -> Literal["up", "down", "down_kept", "taken_back"]:
        votes, gaps = self._store.votes, self._store.gaps
        person = self._store.pseudonyms.of(user_id)
        with self._voting:  # two presses at once would each find the vote before the other's
            gaps.withdraw(answer, person)
            if votes.of(answer, person) == vote:
                votes.take_back(answer, person)
                return "taken_back"
            votes.cast(place.guild_id, answer, person, vote)
            if vote == -1 and question is not None and place.guild_id is not None:
                gaps.add(place.guild_id, question, "thumbs_down", person=person, answer=answer)
                return "down_kept"
        return "up" if vote == 1 else "down"

    async def count(self, user_id: int) -> int:
        """How many votes and questions are kept of a person."""
        return await self._pool.run(user_id, self._count, user_id)

    def _count(self, user_id: int) -> int:
        person = self._store.pseudonyms.of(user_id)
        kept = (self._store.votes, self._store.gaps, self._store.hints)
        return sum(one.count_person(person) for one in kept)

    async def messages(self, user_id: int) -> list[KeptMessage]:
        """The messages of a person that moderators added to their servers' documents."""

        def find() -> list[KeptMessage]:
            return self._store.messages.of_person(self._store.pseudonyms.of(user_id))

        return await self._pool.run(user_id, find)

    async def forget(self, user_id: int) -> int:
        """Delete a person's votes and questions everywhere, and their name from the audit.

        Returns how many votes and questions there were. Raises StoreError.
        """
        return await self._pool.run(user_id, self._forget, user_id)

    def _forget(self, user_id: int) -> int:
        person = self._store.pseudonyms.of(user_id)
        deleted = self._store.votes.delete_person(person) + self._store.gaps.delete_person(person)
        deleted += self._store.hints.delete_person(person)
        self._store.audit.forget_person(user_id)
        self._store.erase()
        return deleted

    async def gaps(self, guild_id: int) -> tuple[list[Gap], list[AlikeQuestions]]:
        """The gaps of the last 30 days, newest first, and the groups of those that are alike."""
        gaps = await self._pool.run(guild_id, self._store.gaps.recent, guild_id)
        questions = [gap.question for gap in gaps]
        return gaps, await self._pool.run(guild_id, group_alike, questions)

    async def unanswered(self, guild_id: int) -> list[str]:
        """The newest questions of the last 30 days that got no answer, at most a hundred."""
        gaps = await self._pool.run(guild_id, self._store.gaps.recent, guild_id)
        return [gap.question for gap in gaps if gap.kind == "no_answer"][:MAX_ASKED_AGAIN]

    async def dismiss(self, guild_id: int, ids: Collection[int], by: Person) -> int:
        """Delete some gaps of a server, and tell the audit; how many there were still."""

        def dismiss() -> int:
            count = self._store.gaps.dismiss(guild_id, ids)
            self._store.audit.add(guild_id, by, "gaps dismiss", f"{count} gone")
            return count

        return await self._pool.run(guild_id, dismiss)

    async def point(self, guild_id: int, ids: Collection[int], target: Target, by: Person) -> int:
        """Point the questions of gaps to the passage that answers them, and tell the audit.

        The gaps go; how many there were still.
        """

        def point() -> int:
            count = self._store.hints.point(guild_id, ids, target)
            self._store.audit.add(guild_id, by, "gaps point", f"{count} to {target.document}")
            return count

        return await self._pool.run(guild_id, point)

    async def clear_gaps(self, guild_id: int, by: Person) -> int:
        """Delete the gaps of a server, and tell the audit; how many there were."""

        def clear() -> int:
            count = self._store.gaps.clear(guild_id)
            self._store.erase()
            self._store.audit.add(guild_id, by, "gaps clear", f"{count} gone")
            return count

        return await self._pool.run(guild_id, clear)
