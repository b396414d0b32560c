"""/index: who may, what a refresh does, and what stays when it fails."""

from __future__ import annotations

import asyncio

import pytest
import simcord
from simcord import SetupError

from bot.errors import BusyError
from bot.store import Person
from tests.bot.conftest import World, text_of

ALICE, BOB = Person(1, "alice"), Person(2, "bob")
QUESTION = "who ruled South Korea from 1961 to 1979?"


async def test_an_edited_document_is_counted_and_answered_from(world: World) -> None:
    lines = world.document.read_text(encoding="utf-8").split("\n")
    lines[3] = lines[3].replace("dictator Park Chung-hee", "General Park Chung-hee")
    lines[0:1] = []
    lines.append("[99] Penguins do not take part in these relations.")
    world.document.write_text("\n".join(lines), encoding="utf-8")
    result = await world.moderator.slash(world.channel, "index refresh")
    assert "1 added, 1 removed, 1 changed, 28 unchanged" in text_of(result)
    assert "Revision 2" in text_of(result)
    assert result.ephemeral
    answer = text_of(await world.member.slash(world.channel, "ask", question=QUESTION))
    assert "General Park" in answer
    assert "line 3" in answer
    assert "Penguins" in text_of(await world.member.slash(world.channel, "cite", number="99"))


async def test_nothing_changed_keeps_the_revision(world: World) -> None:
    before = world.bot.app.librarian.shared()
    result = await world.moderator.slash(world.channel, "index refresh")
    assert "Nothing changed: revision 1 with 30 passages" in text_of(result)
    assert world.bot.app.librarian.shared() is before


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            b"fine\nno \x00 text\n",
            "japan-south-korea-relations.txt\\:2\\: holds a NUL byte",
        ),
        (b"", "japan-south-korea-relations.txt\\:1\\: holds no passage"),
        (b"ok\n" + b"x" * 3001, "japan-south-korea-relations.txt\\:2\\: a passage of 3,001"),
    ],
)
async def test_a_broken_document_leaves_the_old_revision_serving(
    world: World, content: bytes, text: str
) -> None:
    world.document.write_bytes(content)
    result = await world.moderator.slash(world.channel, "index refresh")
    assert text in text_of(result)
    assert str(world.data) not in text_of(result)
    assert "line 4" in text_of(await world.member.slash(world.channel, "ask", question=QUESTION))
    status = text_of(await world.moderator.slash(world.channel, "index status"))
    assert "revision 1" in status


async def test_many_problems_are_cut_with_their_count(world: World) -> None:
    world.document.write_text("\n".join("x" * 3001 for _ in range(40)))
    text = text_of(await world.moderator.slash(world.channel, "index refresh"))
    assert "and 30 more" in text


async def test_status_tells_documents_counts_and_revision(world: World) -> None:
    result = await world.moderator.slash(world.channel, "index status")
    text = text_of(result)
    assert "30 passages; 18 of them carry citation numbers (23 different ones)" in text
    assert "-# Documents: 1; passages: 30" in text
    assert "by start\\-up" in text or "by start-up" in text
    assert result.ephemeral


async def test_discord_hides_index_from_members(world: World) -> None:
    with pytest.raises(SetupError, match="not visible"):
        await world.member.slash(world.channel, "index refresh")


@pytest.mark.parametrize("command", ["index refresh", "index status"])
async def test_a_member_whom_discord_lets_through_is_refused_in_words(
    world: World, command: str
) -> None:
    world.admit_everyone_to_index()
    world.document.write_text("Other words.\n")
    result = await world.member.slash(world.channel, command)
    assert "Manage Server" in text_of(result)
    assert result.ephemeral
    assert world.bot.app.librarian.shared().number == 1


async def test_index_is_not_for_direct_messages(world: World) -> None:
    with pytest.raises(SetupError):
        await world.moderator.user.slash("index status")


async def test_a_second_refresh_at_once_is_refused(world: World) -> None:
    world.document.write_text("Other words.\n")
    librarian, publisher = world.bot.app.librarian, world.bot.app.publisher
    results = await asyncio.gather(
        publisher.refresh(ALICE), publisher.refresh(BOB), return_exceptions=True
    )
    assert isinstance(results[1], BusyError)
    assert librarian.shared().number == 2


async def test_a_busy_library_is_told_in_words(world: World) -> None:
    async with world.bot.app.publisher._locks[0]:
        result: simcord.InteractionResult = await world.moderator.slash(
            world.channel, "index refresh"
        )
    assert "being read again already" in text_of(result)
