"""What a person asked last in a channel, so that the next question may lean on it."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["REMEMBERED_S", "Conversations", "Talk"]

REMEMBERED_S = 600.0
MAX_TURNS = 4
MAX_CONVERSATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Talk:
    """One person's questions in one channel; private ones are a talk of their own."""

    user_id: int
    channel_id: int
    private: bool = False


class Conversations:
    """Short memory: ten minutes, and never written down."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._talks: OrderedDict[Talk, tuple[float, tuple[str, ...]]] = OrderedDict()

    def before(self, talk: Talk) -> tuple[str, ...]:
        """The questions of the talk, oldest first; none after ten minutes."""
        asked_at, questions = self._talks.get(talk, (0.0, ()))
        if not questions or self._now() - asked_at > REMEMBERED_S:
            self._talks.pop(talk, None)
            return ()
        return questions

    def up_to(self, talk: Talk, question: str) -> tuple[str, ...]:
        """The questions of the talk up to `question`; that one alone where it is another's."""
        questions = self.before(talk)
        if question not in questions:
            return (question,)
        return questions[: len(questions) - questions[::-1].index(question)]

    def remember(self, talk: Talk, question: str, before: tuple[str, ...] = ()) -> None:
        """Keep a question after those that it could lean on."""
        self._talks[talk] = (self._now(), (*before, question)[-MAX_TURNS:])
        self._talks.move_to_end(talk)
        while len(self._talks) > MAX_CONVERSATIONS:
            self._talks.popitem(last=False)

    def correct(self, talk: Talk, question: str, edited_question: str) -> None:
        """Put an edited question in the place of the last one, if that is what it was."""
        asked_at, questions = self._talks.get(talk, (0.0, ()))
        if questions and questions[-1] == question:
            self._talks[talk] = (asked_at, (*questions[:-1], edited_question))

    def sweep(self) -> None:
        """Forget what is older than ten minutes."""
        oldest = self._now() - REMEMBERED_S
        for talk in [talk for talk, (asked_at, _) in self._talks.items() if asked_at < oldest]:
            del self._talks[talk]

    def forget_person(self, user_id: int) -> None:
        """Forget all that a person asked."""
        for talk in [talk for talk in self._talks if talk.user_id == user_id]:
            del self._talks[talk]
