"""Whoever waits is told for what, in the message that becomes the answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.errors import TooManyUploadsError
from bot.libraries.librarian import Librarian
from bot.libraries.progress import HowFar
from bot.people.cooldowns import Cooldowns
from bot.store.errors import StoreBusyError
from bot.uploads.reader import AT_ONCE, MOST_WAITING, MOST_WAITING_OF_ONE
from bot.work.turns import Ticket
from tests.bot.conftest import World, text_of, text_of_message

QUESTION = "who ruled South Korea in 1961?"
FILE = ("rules.txt", b"[1] Boats moor at the north quay.\n[2] Dogs stay outside.\n")
FRANCE = "what is the capital of France?"


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> HowFar:
    """Every library takes ten simulated seconds to be made ready; this tells how far that is."""
    how_far = HowFar()
    served_at_once = Librarian.served

    async def served(*given: Any) -> Any:
        await asyncio.sleep(10)
        return await served_at_once(*given)

    monkeypatch.setattr(Librarian, "served", served)
    monkeypatch.setattr(Librarian, "loading", lambda *_: how_far)
    return how_far


async def test_a_command_tells_how_far_the_documents_are(world: World, cold: HowFar) -> None:
    answer = await world.member.slash(world.channel, "ask", question=QUESTION)
    await world.env.advance_time(3.5)
    assert "are being made ready. The answer comes here" in text_of(answer)
    cold.tell("indexing", 30, 120)
    await world.env.advance_time(2)
    assert "are being made ready: 25%" in text_of(answer)
    await world.env.advance_time(10)
    assert "being made ready" not in text_of(answer)
    assert "Park" in text_of(answer)


async def test_a_mention_is_told_in_the_reply_that_becomes_the_answer(
    world: World, cold: HowFar
) -> None:
    before = len(world.channel.history())
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    await world.env.advance_time(3.5)
    assert "are being made ready" in text_of_message(world.channel.last_message)
    cold.tell("indexing", 1, 2)
    await world.env.advance_time(2)
    assert "50%" in text_of_message(world.channel.last_message)
    await world.env.advance_time(10)
    assert "Park" in text_of_message(world.channel.last_message)
    assert len(world.channel.history()) == before + 2


async def test_who_waits_for_an_error_is_told_it_there(
    world: World, cold: HowFar, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        await asyncio.sleep(10)
        raise StoreBusyError("busy")

    monkeypatch.setattr(Librarian, "served", fail)
    before = len(world.channel.history())
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    await world.env.advance_time(20)
    assert "Try again in a moment" in text_of_message(world.channel.last_message)
    assert len(world.channel.history()) == before + 2


async def test_an_upload_tells_how_many_are_read_before_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def enter(ticket: Ticket) -> Ticket:
        await world.env.external_wait(ticket.wait(), reason="others are before it")
        return ticket

    monkeypatch.setattr(Ticket, "__aenter__", enter)
    uploads = world.bot.app.uploads
    held = [uploads.join(owner) for owner in (1, 2)]
    other = uploads.join(3)
    asked = await world.moderator.slash(world.channel, "index add", file=FILE)
    await world.env.advance_time(3.5)
    assert "One file is read before yours" in text_of(asked)
    other.leave()
    await world.env.advance_time(2)
    assert "Your file is being read" in text_of(asked)
    for ticket in held:
        ticket.leave()
    await world.env.advance_time(2)
    assert "2 passages" in text_of(asked)


async def test_of_too_many_uploads_the_last_is_refused(world: World) -> None:
    uploads = world.bot.app.uploads
    for _ in range(AT_ONCE + MOST_WAITING_OF_ONE - 1):
        uploads.join(world.guild.id)
    asked = await world.moderator.slash(world.channel, "index add", file=FILE)
    assert "10 files of this server wait to be read already" in text_of(asked)
    for owner in range(MOST_WAITING - MOST_WAITING_OF_ONE + 1):
        uploads.join(owner)
    asked = await world.moderator.slash(world.channel, "index add", file=FILE)
    assert "40 files of all servers wait to be read already" in text_of(asked)


async def test_files_faster_than_allowed_are_refused(world: World) -> None:
    world.bot.app.upload_cooldowns = Cooldowns(1, 60, TooManyUploadsError)
    await world.moderator.slash(world.channel, "index add", file=FILE)
    again = await world.moderator.slash(world.channel, "index add", file=FILE)
    assert "One file in a row is the most" in text_of(again) or "1 files" in text_of(again)
    assert "seconds" in text_of(again)


async def test_an_upload_that_waits_too_long_makes_room_and_says_so(world: World) -> None:
    world.lift_cooldowns()
    first = await world.moderator.slash(world.channel, "index add", file=FILE)
    one = world.bot.app.held_uploads.size
    for n in range(5):
        await world.moderator.slash(
            world.channel, "index add", file=(f"{n}.txt", b"Boats of day %d moor here.\n" % n)
        )
    assert "That upload waits no longer" in text_of(first)
    assert world.bot.app.held_uploads.size < 5 * one


async def test_an_answer_does_not_wait_until_it_is_written_down(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    feedback = world.bot.app.feedback
    keep_gap, may_keep = feedback.keep_gap, asyncio.Event()

    async def slow(*given: Any) -> None:
        await world.env.external_wait(may_keep.wait(), reason="a slow disk")
        await keep_gap(*given)

    monkeypatch.setattr(feedback, "keep_gap", slow)
    answer = await world.member.slash(world.channel, "ask", question=FRANCE)
    assert text_of(answer)
    assert not world.store.gaps.recent(world.guild.id)
    may_keep.set()
    await world.env.settle()
    assert len(world.store.gaps.recent(world.guild.id)) == 1
