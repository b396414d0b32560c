"""Memory of talks: short, and of one person in one channel."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import TooFastError
from bot.people import conversations, cooldowns
from bot.people.conversations import MAX_TURNS, REMEMBERED_S, Conversations, Talk
from bot.people.cooldowns import Cooldowns
from tests.bot.conftest import World, text_of, text_of_message

FIRST = "when did the US House of Representatives pass its resolution?"
NEXT = "and the European Parliament?"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_what_was_asked_is_remembered_for_ten_minutes() -> None:
    clock = Clock()
    memory = Conversations(clock)
    memory.remember(Talk(1, 2), "a")
    clock.now += REMEMBERED_S - 1
    assert memory.before(Talk(1, 2)) == ("a",)
    clock.now += 2
    assert memory.before(Talk(1, 2)) == ()


def test_of_too_many_talks_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "MAX_CONVERSATIONS", 2)
    memory = Conversations()
    for user in (1, 2, 1, 3):
        memory.remember(Talk(user, 5), f"question of {user}")
    assert memory.before(Talk(2, 5)) == ()
    assert memory.before(Talk(1, 5)) == ("question of 1",)
    assert memory.before(Talk(3, 5)) == ("question of 3",)


def test_what_is_past_its_time_is_swept_and_the_rest_stays() -> None:
    clock = Clock()
    memory = Conversations(clock)
    memory.remember(Talk(1, 2), "a")
    clock.now += REMEMBERED_S / 2 + 1
    memory.remember(Talk(2, 2), "b")
    clock.now += REMEMBERED_S / 2
    memory.sweep()
    clock.now -= 10  # a clock that stood still would find "a" again, were it kept
    assert memory.before(Talk(1, 2)) == ()
    assert memory.before(Talk(2, 2)) == ("b",)


def test_an_edit_of_what_was_not_asked_last_changes_nothing() -> None:
    memory = Conversations()
    memory.remember(Talk(1, 2), "b", ("a",))
    memory.correct(Talk(1, 2), "a", "c")
    memory.correct(Talk(2, 2), "a", "c")
    assert memory.before(Talk(1, 2)) == ("a", "b")
    assert memory.before(Talk(2, 2)) == ()


def test_of_too_many_people_who_ask_the_first_may_go_on_early(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cooldowns, "MOST_REMEMBERED", 2)
    kept = Cooldowns(1, 60)
    now = datetime(2026, 1, 2, tzinfo=UTC)
    for user in (1, 2, 3):
        kept.take(user, now)
    with pytest.raises(TooFastError):
        kept.take(3, now)
    kept.take(1, now)


def test_nothing_crosses_people_channels_or_from_private_to_public() -> None:
    memory = Conversations()
    memory.remember(Talk(1, 2, private=True), "a")
    others = (Talk(1, 2), Talk(1, 3, private=True), Talk(2, 2, private=True))
    assert [memory.before(talk) for talk in others] == [(), (), ()]


def test_a_talk_is_as_long_as_it_may_be_and_goes_up_to_a_question() -> None:
    memory, talk = Conversations(), Talk(1, 2)
    before: tuple[str, ...] = ()
    for question in "abcdef":
        memory.remember(talk, question, before)
        before = memory.before(talk)
    assert before == ("c", "d", "e", "f")[-MAX_TURNS:]
    assert memory.up_to(talk, "d") == ("c", "d")
    assert memory.up_to(talk, "z") == ("z",)
    memory.forget_person(1)
    assert memory.before(talk) == ()


async def test_the_next_question_in_a_direct_message_leans_on_the_one_before(world: World) -> None:
    await world.member.send_dm(FIRST)
    await world.member.send_dm(NEXT)
    channel = world.member.user.dm_channel
    assert "Taken over" in text_of_message(channel.last_message)
    assert "line 12" in text_of_message(channel.last_message)
    await world.member.send_dm(f"New question: {NEXT}")
    assert "Taken over" not in text_of_message(channel.last_message)
    await world.moderator.send_dm(NEXT)
    assert "Taken over" not in text_of_message(world.moderator.user.dm_channel.last_message)


async def test_slash_questions_lean_in_direct_messages_alone(world: World) -> None:
    await world.member.user.slash("ask", question=FIRST)
    assert "Taken over" in text_of(await world.member.user.slash("ask", question=NEXT))
    await world.member.slash(world.channel, "ask", question=FIRST)
    text = text_of(await world.member.slash(world.channel, "ask", question=NEXT))
    assert "Taken over" not in text


async def test_a_mention_outside_threads_stands_by_itself(world: World) -> None:
    for question in (FIRST, NEXT):
        await world.member.send(world.channel, f"{world.mention} {question}")
    assert "Taken over" not in text_of_message(world.channel.last_message)


async def test_slash_and_message_are_one_talk_in_direct_messages(world: World) -> None:
    await world.member.user.slash("ask", question=FIRST)
    await world.member.send_dm(NEXT)
    assert "Taken over" in text_of_message(world.member.user.dm_channel.last_message)


async def test_an_edit_of_an_older_question_does_not_rewind_the_talk(world: World) -> None:
    older = await world.member.send_dm("how many Koreans were conscripted?")
    await world.member.send_dm(FIRST)
    await world.member.user.edit(older, "how many Koreans were conscripted then?")
    await world.member.send_dm(NEXT)
    assert "Taken over: resolution" in text_of_message(world.member.user.dm_channel.last_message)


async def test_a_citation_card_is_no_question(world: World) -> None:
    await world.member.slash(world.channel, "cite", number="28")
    card = world.channel.last_message
    assert card is not None
    await world.member.send(world.channel, f"{world.mention} {NEXT}", reply_to=card)
    assert "Taken over" not in text_of_message(world.channel.last_message)
