"""Mentions and direct messages."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import aiohttp
import discord
import pytest
from discord import Message

from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.store import Person
from index.answering.answer import Answer
from tests.bot.conftest import World, text_of, text_of_message

QUESTION = "who ruled South Korea from 1961 to 1979?"


async def test_a_mention_is_answered_as_a_reply(world: World) -> None:
    asked = await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    reply = world.channel.last_message
    assert reply is not None
    assert reply.reference is not None
    assert reply.reference.message_id == asked.id
    assert "line 4" in text_of_message(reply)


async def test_a_mention_at_the_end_is_answered_too(world: World) -> None:
    await world.member.send(world.channel, f"{QUESTION} {world.mention}")
    assert "line 4" in text_of_message(world.channel.last_message)


async def test_a_direct_message_is_answered(world: World) -> None:
    await world.member.send_dm(QUESTION)
    assert "line 4" in text_of_message(world.member.user.dm_channel.last_message)


async def test_a_bare_mention_is_told_how_to_ask(world: World) -> None:
    await world.member.send(world.channel, world.mention)
    assert "Ask me something in the same message" in text_of_message(world.channel.last_message)


async def test_other_messages_are_left_alone(world: World) -> None:
    await world.member.send(world.channel, QUESTION)
    await world.member.send(world.channel, "@everyone " + QUESTION)
    assert all(message.author != world.bot.user for message in world.channel.history())


async def test_bots_and_webhooks_are_never_answered(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    await robot.send(world.channel, f"{world.mention} {QUESTION}")
    webhook = world.guild.create_webhook(world.channel)
    await webhook.send(f"{world.mention} {QUESTION}")
    assert all(message.author != world.bot.user for message in world.channel.history())


async def test_a_reply_that_pings_is_answered_without_content_intent(world: World) -> None:
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    answer = world.channel.last_message
    assert answer is not None
    await world.member.send(
        world.channel, f"{world.mention} when did the European Parliament vote?", reply_to=answer
    )
    assert "line 12" in text_of_message(world.channel.last_message)
    assert not world.bot.intents.message_content


async def test_where_the_bot_may_not_post_the_asker_is_told_why(world: World) -> None:
    quiet = world.guild.create_text_channel("quiet")
    world.env.inject_error("POST", f"/channels/{quiet.id}/messages", status=403, code=50013)
    await world.member.send(quiet, f"{world.mention} {QUESTION}")
    told = world.member.user.dm_channel.last_message
    assert "line 4" in text_of_message(told)
    assert "may not post" in text_of_message(told)


async def test_an_edited_question_edits_its_answer_for_a_minute(world: World) -> None:
    asked = await world.member.send(world.channel, f"{world.mention} who won the World Cup?")
    answer = world.channel.last_message
    assert answer is not None
    assert "line 4" not in text_of_message(answer)
    await world.member.edit(asked, f"{world.mention} {QUESTION}")
    edited = world.channel.last_message
    assert edited is not None
    assert edited.id == answer.id
    assert "line 4" in text_of_message(edited)
    await world.env.advance_time(61)
    await world.member.edit(asked, f"{world.mention} when did the European Parliament vote?")
    assert "line 4" in text_of_message(world.channel.last_message)


async def test_a_deleted_question_deletes_its_answer(world: World) -> None:
    asked = await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert len(world.channel.history()) == 2
    await world.member.delete(asked)
    assert world.channel.history() == []


async def test_a_reply_leans_on_the_question_of_the_answer(world: World) -> None:
    first = "when did the US House of Representatives pass its resolution?"
    await world.member.send(world.channel, f"{world.mention} {first}")
    answer = world.channel.last_message
    assert answer is not None
    await world.moderator.send(
        world.channel, f"{world.mention} and the European Parliament?", reply_to=answer
    )
    assert "line 12" in text_of_message(world.channel.last_message)


async def test_six_questions_in_a_row_are_told_when_to_go_on(world: World) -> None:
    for _ in range(5):
        await world.member.send(world.channel, f"{world.mention} {QUESTION}")
        assert "line 4" in text_of_message(world.channel.last_message)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    said = text_of_message(world.channel.last_message)
    assert "5 questions in a row are the most. Ask again in 20 seconds." in said
    refused = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert "Ask again in" in text_of(refused)
    assert refused.ephemeral
    await world.moderator.send(world.channel, f"{world.mention} {QUESTION}")
    assert "line 4" in text_of_message(world.channel.last_message)
    await world.env.advance_time(21)
    assert "line 4" in text_of_message(world.channel.last_message)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert "line 4" in text_of_message(world.channel.last_message)


async def test_typing_is_shown_only_when_an_answer_takes_long(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed() -> int:
        return sum("/typing" in request.path for request in world.env.http_requests)

    await world.member.send_dm(QUESTION)
    assert typed() == 0
    answer = world.bot.app.librarian.answer

    async def slow(*given: Any, **named: Any) -> Any:
        await asyncio.sleep(2)  # of simulated time
        return await answer(*given, **named)

    monkeypatch.setattr(world.bot.app.librarian, "answer", slow)
    await world.member.send_dm(QUESTION)
    await world.env.advance_time(3)
    assert typed() == 1
    assert "line 4" in text_of_message(world.member.user.dm_channel.last_message)


async def test_a_question_that_is_gone_before_its_answer_is_no_error(world: World) -> None:
    world.env.inject_error(
        "POST",
        f"/channels/{world.channel.id}/messages",
        status=400,
        code=50035,
        message="message_reference: Unknown message",
    )
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert world.env.errors == []


async def test_too_fast_an_edit_leaves_the_answer(world: World) -> None:
    asked = await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    answer = world.channel.last_message
    assert answer is not None
    for n in range(6):
        await world.member.edit(asked, f"{world.mention} {QUESTION} {'!' * n}")
    kept = next(message for message in world.channel.history() if message.id == answer.id)
    assert "line 4" in text_of_message(kept)


async def test_who_goes_on_too_fast_is_told_once(world: World) -> None:
    for _ in range(9):
        await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    texts = [
        text_of_message(message)
        for message in world.channel.history()
        if message.author == world.bot.user
    ]
    assert sum("in a row are the most" in text for text in texts) == 1


async def test_a_deleted_channel_silences_nobody(world: World) -> None:
    chosen = {"mention_channel_ids": (12345,)}
    await world.bot.app.librarian.change_settings(Place(world.guild.id), chosen, Person(1, "mona"))
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert "line 4" in text_of_message(world.channel.last_message)


async def test_mentions_stay_where_they_are_wanted_while_the_server_is_unavailable(
    world: World,
) -> None:
    """Which channels it has is not known then."""
    chosen = {"mention_channel_ids": (12345,)}
    await world.bot.app.librarian.change_settings(Place(world.guild.id), chosen, Person(1, "mona"))
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    guild.unavailable = True
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert "<#12345>" in text_of_message(world.channel.last_message)


async def test_an_answer_by_direct_message_has_no_controls(world: World) -> None:
    quiet = world.guild.create_text_channel("quiet")
    world.env.inject_error("POST", f"/channels/{quiet.id}/messages", status=403, code=50013)
    await world.member.send(quiet, f"{world.mention} {QUESTION}")
    told = world.member.user.dm_channel.last_message
    assert told is not None
    assert all(component.type.name != "action_row" for component in told.components)


@pytest.mark.parametrize("act", ["edit", "delete"])
async def test_what_changes_while_it_is_being_answered_is_followed(
    world: World, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    answer = world.bot.app.librarian.answer
    changed = asyncio.Event()

    async def slow(*given: Any, **named: Any) -> Any:
        await world.env.external_wait(changed.wait(), reason="the asker changes it")
        return await answer(*given, **named)

    monkeypatch.setattr(world.bot.app.librarian, "answer", slow)
    asked = await world.member.send(world.channel, f"{world.mention} who won the World Cup?")
    with world.env.at_once():
        if act == "edit":
            await world.member.edit(asked, f"{world.mention} {QUESTION}")
        else:
            await world.member.delete(asked)
    changed.set()
    await world.env.settle()
    texts = [text_of_message(one) for one in world.channel.history() if one.id != asked.id]
    assert len(texts) == (1 if act == "edit" else 0)
    if act == "edit":
        assert "line 4" in texts[0]


async def test_a_message_edited_into_nothing_new_is_left_alone(world: World) -> None:
    asked = await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    before = len(world.env.http_requests)
    await world.member.edit(asked, f"{world.mention} {QUESTION}")
    assert not [one for one in world.env.http_requests[before:] if one.path.endswith("/messages")]
    assert "line 4" in text_of_message(world.channel.last_message)


async def test_many_questions_deleted_at_once_take_their_answers_along(world: World) -> None:
    asked = [
        await world.member.send(world.channel, f"{world.mention} {QUESTION}") for _ in range(2)
    ]
    chat: Any = world.bot.get_cog("Chat")
    payload = discord.RawBulkMessageDeleteEvent(
        {"ids": [one.id for one in asked], "channel_id": world.channel.id}
    )
    await chat.on_raw_bulk_message_delete(payload)
    left = [message for message in world.channel.history() if message.author == world.bot.user]
    assert left == []


async def test_an_answer_that_discord_refuses_is_logged_with_its_channel(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=400, code=50035, message="Invalid Form Body")
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert f"channel {world.channel.id} could not be sent" in caplog.text


async def test_who_takes_no_direct_messages_either_is_logged_without_the_question(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=2)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert f"the answer was not delivered to user {world.member.id} either" in caplog.text
    assert "1979" not in caplog.text


async def test_where_mentions_are_no_longer_answered_an_edit_changes_no_answer(
    world: World,
) -> None:
    asked = await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    other = world.guild.create_text_channel("other")
    chosen = {"mention_channel_ids": (other.id,)}
    await world.bot.app.librarian.change_settings(Place(world.guild.id), chosen, Person(1, "mona"))
    await world.member.edit(asked, f"{world.mention} when did the European Parliament vote?")
    assert "line 4" in text_of_message(world.channel.last_message)


class CutTyping:
    """What stands in for "typing…": the connection breaks as it begins, or as it goes on."""

    def __init__(self, *, at_once: bool) -> None:
        self.at_once = at_once

    async def __aenter__(self) -> None:
        if self.at_once:
            raise aiohttp.ServerDisconnectedError

    async def __aexit__(self, *_: object) -> None:
        raise aiohttp.ClientOSError(104, "Connection reset by peer")


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_connection_cut_while_typing_loses_no_answer(
    world: World, monkeypatch: pytest.MonkeyPatch, *, at_once: bool
) -> None:
    monkeypatch.setattr(sys.modules["bot.commands.mentions"], "TYPING_AFTER_S", 0.01)
    answer_at_once = Librarian.answer

    async def answer(*given: Any, **named: Any) -> Answer:
        await asyncio.sleep(1.0)
        return await answer_at_once(*given, **named)

    monkeypatch.setattr(Librarian, "answer", answer)
    monkeypatch.setattr("discord.abc.Messageable.typing", lambda _: CutTyping(at_once=at_once))
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    await world.env.advance_time(2.0)
    assert "line 4" in text_of_message(world.channel.last_message)


async def test_typing_that_discord_does_not_take_holds_up_no_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where it answers 429 for minutes."""
    monkeypatch.setattr(sys.modules["bot.commands.mentions"], "TYPING_AFTER_S", 0.01)
    answer_at_once = Librarian.answer

    async def answer(*given: Any, **named: Any) -> Answer:
        await asyncio.sleep(1.0)
        return await answer_at_once(*given, **named)

    class Stuck(CutTyping):
        async def __aenter__(self) -> None:
            await asyncio.sleep(3600)  # of simulated time

    monkeypatch.setattr(Librarian, "answer", answer)
    monkeypatch.setattr("discord.abc.Messageable.typing", lambda _: Stuck(at_once=True))
    with world.env.at_once():
        await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    await world.env.advance_time(2.0)
    assert "line 4" in text_of_message(world.channel.last_message)


async def test_a_connection_cut_while_an_answer_is_deleted_leaves_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    cuts, delete = [aiohttp.ClientOSError(104, "Connection reset by peer")] * 2, Message.delete

    async def cut(message: Message) -> None:
        if cuts:
            raise cuts.pop()
        await delete(message)

    monkeypatch.setattr(Message, "delete", cut)
    await world.member.delete(asked)
    await world.env.advance_time(2.0)
    assert all(message.author != world.bot.user for message in world.channel.history())


async def test_an_answer_that_may_not_be_deleted_is_one_line(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    asked = await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    world.env.inject_error("DELETE", "/channels/*/messages/*", status=403, code=50001)
    await world.member.delete(asked)
    assert f"message {asked.id} in channel {world.channel.id}, could not be deleted" in caplog.text
    assert "Traceback" not in caplog.text
