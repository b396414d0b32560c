"""/ask and /cite as people use them."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest

from bot.store.errors import StoreError
from index.answering.answer import Answer
from tests.bot.conftest import World, text_of, text_of_message


async def test_ask_quotes_the_passage_with_its_number_and_place(world: World) -> None:
    result = await world.member.slash(
        world.channel, "ask", question="who ruled South Korea from 1961 to 1979?"
    )
    text = text_of(result)
    assert "> Between **1961** and **1979**, **South Korea's** head of state" in text
    assert "\\[3\\]" in text
    assert "line 4" in text
    assert "CC BY-SA 4.0" in text
    assert not result.ephemeral


async def test_a_private_answer_is_for_the_asker_alone(world: World) -> None:
    result = await world.member.slash(
        world.channel, "ask", question="who ruled South Korea from 1961 to 1979?", private=True
    )
    assert result.ephemeral


async def test_no_answer_says_so_and_quotes_nothing(world: World) -> None:
    result = await world.member.slash(
        world.channel, "ask", question="what is the capital of France?"
    )
    assert "I have no answer" in text_of(result)
    assert ">" not in text_of(result)


async def test_the_card_of_the_longest_question_is_sent(world: World) -> None:
    question = "Japan " * 166
    result = await world.member.slash(world.channel, "ask", question=question)
    assert result.acknowledged
    assert world.env.errors == []


async def test_a_slow_answer_is_deferred_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = world.bot.app.librarian.answer

    async def slow(*given: Any, **named: Any) -> Answer:
        await asyncio.sleep(2)  # of simulated time
        return await answer(*given, **named)

    monkeypatch.setattr(world.bot.app.librarian, "answer", slow)
    asking = asyncio.create_task(
        world.member.slash(world.channel, "ask", question="who ruled South Korea in 1961?")
    )
    result = await asking
    await world.env.advance_time(3)
    callbacks = [
        request.json["type"]
        for request in world.env.http_requests
        if request.path.endswith("/callback") and request.json
    ]
    assert callbacks == [discord.InteractionResponseType.deferred_channel_message.value]
    assert "Park Chung\\-hee" in text_of(result) or "Park Chung-hee" in text_of(result)


async def test_what_fails_after_a_public_deferral_is_told_in_its_place(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_: object, **__: object) -> Answer:
        await asyncio.sleep(2)  # of simulated time
        raise StoreError("the disk is gone")

    monkeypatch.setattr(world.bot.app.librarian, "answer", slow)
    result = await world.member.slash(world.channel, "ask", question="who ruled in 1961?")
    await world.env.advance_time(3)
    assert "cannot be used now" in text_of(result)
    assert result.followups == []
    (told,) = world.channel.history()
    assert "cannot be used now" in text_of_message(told)


async def test_an_unforeseen_error_reaches_the_person_as_words_and_the_log_as_a_traceback(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> Answer:
        raise RuntimeError("a secret of the host")

    monkeypatch.setattr(world.bot.app.librarian, "answer", broken)
    result = await world.member.slash(world.channel, "ask", question="who?")
    text = text_of(result)
    assert "Something went wrong" in text
    assert "secret" not in text
    assert result.ephemeral
    assert "a secret of the host" in caplog.text
    code = text.rsplit(" ", 1)[-1].strip(".")
    assert code in caplog.text


async def test_cite_shows_every_passage_of_a_number(world: World) -> None:
    text = text_of(await world.member.slash(world.channel, "cite", number="28"))
    assert "line 9" in text
    assert "line 12" in text


async def test_an_unknown_number_names_the_nearest_privately(world: World) -> None:
    result = await world.member.slash(world.channel, "cite", number="29")
    assert "The nearest are 21, 28, 33" in text_of(result)
    assert result.ephemeral


async def test_an_unknown_document_names_the_known(world: World) -> None:
    result = await world.member.slash(world.channel, "cite", number="28", document="nowhere")
    assert "japan-south-korea-relations" in text_of(result)


@pytest.mark.parametrize("typed", ["", "2", "[28", "zzz"])
async def test_autocomplete_keeps_to_discords_limits(world: World, typed: str) -> None:
    choices = await world.member.autocomplete(world.channel, "cite", "number", typed)
    assert len(choices) <= 25
    assert all(1 <= len(choice["name"]) <= 100 for choice in choices)
    assert bool(choices) == (typed != "zzz")


async def test_autocomplete_offers_the_documents(world: World) -> None:
    choices = await world.member.autocomplete(world.channel, "cite", "document", "korea")
    assert [choice["value"] for choice in choices] == ["japan-south-korea-relations"]


async def test_ask_and_cite_work_in_direct_messages(world: World) -> None:
    result = await world.member.user.slash("cite", number="19")
    assert "line 7" in text_of(result)


async def test_nothing_sent_may_ping(world: World) -> None:
    await world.member.slash(world.channel, "ask", question="@everyone Japan <@1> <@&2>")
    await world.member.send(world.channel, f"{world.mention} @here Japan and South Korea <@1>")
    sent = [r.json for r in world.env.http_requests if r.method == "POST" and r.json]
    assert len(sent) >= 2
    for payload in sent:
        message = payload.get("data", payload)
        mentions = message["allowed_mentions"]
        assert mentions.get("parse") == []
        assert not mentions.get("replied_user")
        assert not mentions.get("users")
