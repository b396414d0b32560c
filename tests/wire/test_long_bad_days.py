"""Bad times that last: what became of every question that was asked meanwhile is accounted for.

Each is answered once, or the log names it by its id and says why it was not. Nobody is left
without a word, and nobody is answered twice.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from index.documents.shipped import shipped_data

from . import jumping_clock
from .interactions import DISCORDS_S
from .jumping_clock import AHEAD, BACK
from .options import Upload
from .process import QUESTION, Process, running
from .reply import Reply
from .standin import StandIn

DROPS = 30
LONGEST_PAUSE_S = 1.0
"""After a connection that had come about; who waits longer misses Discord's three seconds."""
GIVEN_UP_TRIES = 5
"""So often discord.py tries by itself, within 25 seconds, where Discord answers 500."""
ASKED = QUESTION["question"]
EDITED = "when did the European Parliament adopt its resolution?"
PATIENT = {"FOOTNOTE_COOLDOWN_QUESTIONS": "100000"}

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn() as made:
        yield made
        assert made.unknown_requests == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process(
    standin: StandIn, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Process]:
    folder = tmp_path_factory.mktemp("footnote")
    shutil.copytree(shipped_data(), folder / "data")
    async with running(standin, folder, **PATIENT) as made:
        await standin.wait_synced()
        yield made
        assert "Traceback" not in made.log


@contextmanager
def impatient(standin: StandIn) -> Iterator[None]:
    """Take no first response later than Discord does: who asks by command is told in the log."""
    interactions = standin.rest.interactions
    patient_s, interactions.deadline = interactions.deadline, DISCORDS_S
    try:
        yield
    finally:
        interactions.deadline = patient_s


async def ended(process: Process, question: Reply) -> str:
    """How a question ends: "answered", or "told" in the log, which names it."""
    waits = [
        asyncio.create_task(question.wait()),
        asyncio.create_task(process.said(f"{question.event['id']} in channel")),
    ]
    done, waiting = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    for task in done:
        task.result()
    return "answered" if question.answered else "told"


async def account(process: Process, questions: Sequence[Reply]) -> Counter[str]:
    """How all of the questions end: in one message, or for a command in a line of the log."""
    ends = Counter([await ended(process, question) for question in questions])
    for question in questions:
        if question.answered:
            assert "line 4" in question.text
            assert len(question.messages) == 1
        else:
            assert "token" in question.event, f"not answered: {question}"
    return ends


async def ask_everywhere(standin: StandIn) -> list[Reply]:
    """The question by command, by mention and in a direct message."""
    return [
        await standin.slash("ask", QUESTION, within=None),
        await standin.message(ASKED, mention=True, within=None),
        await standin.message(ASKED, guild=None, within=None),
    ]


async def is_back(standin: StandIn, process: Process) -> None:
    assert await account(process, await ask_everywhere(standin)) == {"answered": 3}


async def test_the_gateway_drops_again_and_again(standin: StandIn, process: Process) -> None:
    mark = len(process.log)
    questions = []
    with impatient(standin):
        for drop in range(DROPS):
            await standin.wait_read()
            questions += await ask_everywhere(standin)
            await standin.drop_gateway(4000 if drop % 2 else None)
            questions += await ask_everywhere(standin)
        ends = await account(process, questions)
    assert ends["answered"] > len(questions) / 2
    pauses = re.findall(r"trying again in ([\d.]+) s", process.log[mark:])
    assert max(map(float, pauses)) <= LONGEST_PAUSE_S
    await standin.wait_ready()
    await is_back(standin, process)


async def test_discord_answers_500_to_everything(standin: StandIn, process: Process) -> None:
    """For longer than discord.py tries; some of what Discord says it failed at, it has done."""
    standin.hold_uploads()
    file = Upload("quays.txt", b"[1] Boats moor at the quay.\n")
    adding = await standin.slash("index add", {"file": file}, user=standin.moderator, within=None)
    await adding.wait_callback()
    edited, deleted = [await standin.message(ASKED, mention=True) for _ in range(2)]

    def tries(reply: Reply) -> int:
        return sum(reply.event["token"] in request.path for request in standin.requests)

    lost = standin.bad_times(500, share=0.3, arrives=True)
    with impatient(standin):
        with lost, standin.bad_times(500):
            standin.release_uploads()
            questions = [one for _ in range(5) for one in await ask_everywhere(standin)]
            edit = {"content": f"{standin.mention} {EDITED}"}
            edit["edited_timestamp"] = edited.event["timestamp"]
            await standin.gateway.dispatch("MESSAGE_UPDATE", edited.event | edit)
            await standin.gateway.dispatch("MESSAGE_DELETE", standin.world.delete(deleted.event))
            await standin.until(lambda: tries(adding) > GIVEN_UP_TRIES + 2)
            questions += await ask_everywhere(standin)
        await account(process, questions)
    await adding.until(lambda: "1 passage" in adding.text)
    assert len(adding.messages) == 1
    await edited.until(lambda: "line 12" in edited.text)
    await deleted.until(lambda: not deleted.messages)
    await is_back(standin, process)


async def test_most_answers_of_discord_are_429(standin: StandIn, process: Process) -> None:
    with impatient(standin), standin.bad_times(429, share=0.7):
        questions = [one for _ in range(12) for one in await ask_everywhere(standin)]
        ends = await account(process, questions)
    assert ends["answered"] > len(questions) / 2
    await is_back(standin, process)


async def test_the_clock_jumps(tmp_path: Path) -> None:
    """Nothing ends, is forgotten or allowed too early or too late, an hour ahead or back."""
    shutil.copytree(shipped_data(), tmp_path / "data")
    limits = {"FOOTNOTE_COOLDOWN_QUESTIONS": "20", "FOOTNOTE_COOLDOWN_SECONDS": "3000"}
    async with (
        StandIn(people=1) as standin,
        running(standin, tmp_path, program=jumping_clock.PROGRAM, **limits) as process,
    ):
        await standin.wait_synced()
        (hasty,) = standin.people
        for _ in range(20):
            await standin.slash("ask", QUESTION, user=hasty)
        file = Upload("quays.txt", b"[1] Boats moor at the quay.\n")
        shown = await standin.slash("index add", {"file": file}, user=standin.moderator)
        for times, jump in enumerate([AHEAD, BACK, BACK], 1):
            await standin.message(EDITED, guild=None)
            process.send_signal(jump)
            await process.said(jumping_clock.JUMPED, times)
            followed = await standin.message("and the US House?", guild=None)
            assert "line 11" in followed.text
            refused = await standin.slash("ask", QUESTION, user=hasty)
            assert "questions in a row are the most" in refused.text
            await is_back(standin, process)
        pressed = await standin.click(shown, "Publish")
        await pressed.until(lambda: "answers now" in pressed.text)
        assert "Traceback" not in process.log
