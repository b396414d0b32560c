"""Many people who ask one question after another, evenly spread, whatever the answers take."""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.patience import PATIENCE_S

from .payloads import User
from .reply import Reply
from .standin import StandIn

__all__ = ["Asked", "acknowledged", "ask_evenly"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a question.

    `sent` is a moment of the monotonic clock, `callback` and `answer` are seconds from there to
    the bot's first response and to the message that answers, None where there was none in time.
    `refusal` is what the bot told the asker alone, in place of an answer.
    """

    sent: float
    callback: float | None
    answer: float | None
    refusal: str | None


async def ask_evenly(
    standin: StandIn,
    people: Sequence[User],
    questions: Sequence[str],
    *,
    seconds: float = math.inf,
    until: Callable[[], bool] = lambda: False,
    every: float = 2.0,
    within: float = PATIENCE_S,
) -> list[Asked]:
    """Everybody asks a question `every` so many seconds, in turn and at even distances.

    They stop after so many `seconds`, or as soon as `until` is true. An answer that takes longer
    delays nobody's next question. The questions are gone through in order, again and again. What
    was asked and answered is forgotten by the stand-in.
    """
    distance = every / len(people)
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as asking:
        tasks = []
        for number in itertools.count():
            await asyncio.sleep(began + number * distance - loop.time())
            if number * distance >= seconds or until():
                break
            person = people[number % len(people)]
            question = questions[number % len(questions)]
            tasks.append(asking.create_task(_ask(standin, person, question, within)))
    return [task.result() for task in tasks]


async def _ask(standin: StandIn, person: User, question: str, within: float) -> Asked:
    reply = await standin.slash("ask", {"question": question}, user=person, within=None)
    try:
        await reply.wait(within)
    except TimeoutError:
        standin.forget(reply)
        return Asked(reply.dispatched_at, acknowledged(reply), None, None)
    answered = reply.responses[-1].at - reply.dispatched_at
    refusal = reply.text if reply.ephemeral else None
    standin.forget(reply)
    return Asked(reply.dispatched_at, acknowledged(reply), answered, refusal)


def acknowledged(reply: Reply) -> float | None:
    """Seconds to the callback; None where none came, or none that the stand-in accepted."""
    return None if reply.callback_type is None else reply.latency
