"""Documents are replaced and brought back while fifty people ask: old and new texts never mix.

Every passage of a text carries its mark, such as `own1`, and so tells which text it is of.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.libraries.places import Place
from bot.store import Person
from tests.bot.commands.test_presses import control
from tests.bot.conftest import World, text_of
from tests.bot.libraries.test_questions_while_publishing import (
    MARK,
    QUESTIONS,
    at_once,
    document,
    marked,
    marks_of,
    quoted,
)
from tests.patience import PATIENCE_S

PEOPLE = 50
ASKED = (QUESTIONS[0], QUESTIONS[1], QUESTIONS[3], QUESTIONS[5])
Answers = list[simcord.InteractionResult]


@pytest.fixture
async def crowd(world: World) -> list[simcord.MemberActor]:
    """The people; the shared document is marked, too, and is revision 2."""
    world.lift_cooldowns()
    world.document.write_text(text(world, "shared1"), encoding="utf-8")
    await world.moderator.slash(world.channel, "index refresh")
    return [
        world.guild.add_member(world.env.create_user(f"asker-{number}")) for number in range(PEOPLE)
    ]


def text(world: World, mark: str) -> str:
    """The shipped document with another mark."""
    return marked(MARK.sub("", world.document.read_text(encoding="utf-8")), mark)


async def asked_meanwhile(
    world: World, crowd: list[simcord.MemberActor], *actions: Coroutine[Any, Any, Any]
) -> Answers:
    """All of them ask, half before and half after the actions, and nobody waits for another."""
    asking = [
        person.slash(world.channel, "ask", question=ASKED[number % len(ASKED)])
        for number, person in enumerate(crowd)
    ]
    before, after = asking[: PEOPLE // 2], asking[PEOPLE // 2 :]
    results = await at_once(world, *before, *actions, *after)
    return [*results[: len(before)], *results[len(before) + len(actions) :]]


def marks(answers: Answers, library: str) -> set[int]:
    """Which texts of a library the answers are of; fails where one is of two."""
    found = [marks_of(quoted(answer)) for answer in answers]
    return {marks[library] for marks in found if library in marks}


async def test_in_discord(world: World, crowd: list[simcord.MemberActor]) -> None:
    await world.bot.app.publisher.publish(
        Place(world.guild.id), [document(text(world, "own1"))], Person(1, "mona"), "add"
    )
    first = await asked_meanwhile(world, crowd)
    assert marks(first, "own") == {1}

    file = ("own.txt", text(world, "own2").encode())
    shown = await world.moderator.slash(world.channel, "index replace", document="own", file=file)
    assert marks(await asked_meanwhile(world, crowd), "own") == {1}
    press = world.moderator.click(answered(shown), label="Publish")
    assert marks(await asked_meanwhile(world, crowd, press), "own") <= {1, 2}
    assert "**Revision 2** answers now" in text_of(shown)
    assert marks(await asked_meanwhile(world, crowd), "own") == {2}
    await check_controls(crowd, first, 1)

    shown = await world.moderator.slash(world.channel, "index rollback", revision=1)
    second = await asked_meanwhile(world, crowd)
    press = world.moderator.click(answered(shown), label="Bring it back")
    assert marks(await asked_meanwhile(world, crowd, press), "own") <= {1, 2}
    assert "**Revision 3** answers now" in text_of(shown)
    assert marks(await asked_meanwhile(world, crowd), "own") == {1}
    await check_controls(crowd, second, 2)


def answered(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    assert result.response is not None
    return result.response


async def check_controls(crowd: list[simcord.MemberActor], cards: Answers, mark: int) -> None:
    """What a card leads to is of the text that the card is of, whatever is served by now."""
    for person, card in list(zip(crowd, cards, strict=True))[:: PEOPLE // 5]:
        shown = answered(card)
        context = await person.click(shown, custom_id=control(shown, "context"))
        found = MARK.findall(text_of(context))
        assert found
        assert {int(number) for library, number in found if library == "own"} <= {mark}


@pytest.mark.parametrize("library", ["own", "shared"])
async def test_on_the_command_line(
    world: World, crowd: list[simcord.MemberActor], tmp_path: Path, library: str
) -> None:
    place, librarian = Place(world.guild.id), world.bot.app.librarian
    options = ["--server", str(world.guild.id)] if library == "own" else []
    name = "own" if library == "own" else world.document.stem
    if library == "own":
        made = document(text(world, "own1"))
        await world.bot.app.publisher.publish(place, [made], Person(1, "mona"), "add")
    file = tmp_path / "new.txt"
    file.write_text(text(world, f"{library}2"), encoding="utf-8")
    steps = (["replace", name, str(file)], ["rollback", "1" if library == "own" else "2"])

    for (command, *given), (old, new) in zip(steps, ((1, 2), (2, 1)), strict=True):
        arguments = ["library", command, *given, *options, "--yes"]
        working = asyncio.create_task(asyncio.to_thread(footnote, world, *arguments))
        while not working.done():
            answers = await asked_meanwhile(world, crowd)
            assert marks(answers, library) <= {old, new}
        assert "is published" in working.result()
        answers = await asked_meanwhile(world, crowd, librarian.catch_up())
        assert marks(answers, library) <= {old, new}
        assert marks(await asked_meanwhile(world, crowd), library) == {new}


def footnote(world: World, *arguments: str) -> str:
    """What a command prints that runs beside the bot."""
    environment = {name: value for name, value in os.environ.items() if "FOOTNOTE" not in name}
    environment |= {"FOOTNOTE_STATE": str(world.store.state), "FOOTNOTE_DATA": str(world.data)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment, check=True, capture_output=True, text=True, timeout=PATIENCE_S,
    )  # fmt: skip
    return done.stdout
