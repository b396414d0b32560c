"""Questions in other words than the documents', through Discord."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.libraries.meaning import ReadingRoom
from index.meaning import Reader
from tests.bot.conftest import World, text_of
from tests.concepts import ConceptModel
from tests.patience import PATIENCE_S

TEXT = "[4] The physician is in the white house by the mill.\n[5] The mill was built in 1902.\n"
QUESTION = "where is the doctor?"


@pytest.fixture(name="model", autouse=True)
def _model(world: World) -> Iterator[ConceptModel]:
    model = ConceptModel()
    world.document.write_text(TEXT)
    world.bot.app.librarian.reading_room = ReadingRoom(Reader(model), "serves", wait_s=PATIENCE_S)
    yield model
    world.bot.app.librarian.reading_room.close()


async def passages_read(world: World) -> None:
    work_task = world.bot.app.librarian.reading_room._reading_task
    assert work_task is not None
    async with asyncio.timeout(PATIENCE_S):
        await work_task


async def test_another_word_for_it_finds_the_passage(world: World) -> None:
    await world.moderator.slash(world.channel, "index refresh")
    assert "The physician" not in text_of(
        await world.member.slash(world.channel, "ask", question="why?")
    )
    await world.member.slash(world.channel, "ask", question="who built the mill?")
    await passages_read(world)
    answer = text_of(await world.member.slash(world.channel, "ask", question=QUESTION))
    assert "physician" in answer
    assert "4" in answer
    assert world.bot.app.librarian.reading_room.answered >= 1


async def test_status_says_whether_meaning_is_asked(world: World) -> None:
    status = text_of(await world.moderator.slash(world.channel, "index status"))
    assert "Meaning: asked too where words leave a question open" in status
    world.bot.app.librarian.reading_room = ReadingRoom(state="not_installed")
    status = text_of(await world.moderator.slash(world.channel, "index status"))
    assert "the extra `meaning` is not installed" in status
