"""/index gaps and purge: what is kept of questions, and what is gone for good."""

from __future__ import annotations

import pytest

from bot.libraries.places import Place
from bot.store import Person
from bot.store.errors import StoreError
from tests.bot.conftest import World, text_of
from tests.bot.libraries.test_server_libraries import publish

MONA = Person(1, "mona")
UNANSWERED = "which penguins sleep in the castle?"


async def test_public_questions_without_an_answer_are_grouped_and_counted(world: World) -> None:
    world.lift_cooldowns()
    for question in (
        UNANSWERED,
        "Which penguins sleep in this castle",
        "what does a ticket to the zoo cost?",
        "who ruled South Korea from 1961 to 1979?",
        "hello",
    ):
        await world.member.slash(world.channel, "ask", question=question)
    await world.member.send(world.channel, f"{world.mention} {UNANSWERED}")
    text = text_of(await world.moderator.slash(world.channel, "index gaps"))
    assert "4 questions in 2 groups" in text
    assert "**3 ×**" in text
    assert "penguins" in text
    assert "zoo" in text
    assert "1961" not in text
    assert "alice" not in text


async def test_private_and_direct_questions_are_never_kept(world: World) -> None:
    await world.member.slash(world.channel, "ask", question=UNANSWERED, private=True)
    await world.member.user.slash("ask", question=UNANSWERED)
    await world.member.send_dm(UNANSWERED)
    assert world.store.gaps.recent(world.guild.id) == []
    assert world.store.gaps.recent(0) == []


async def test_a_server_may_keep_none(world: World) -> None:
    place = Place(world.guild.id)
    await world.bot.app.librarian.change_settings(place, {"keep_gaps": False}, MONA)
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    text = text_of(await world.moderator.slash(world.channel, "index gaps"))
    assert "keeps no gaps" in text
    assert world.store.gaps.recent(world.guild.id) == []


async def test_clear_asks_and_then_deletes(world: World) -> None:
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    question = await world.moderator.slash(world.channel, "index gaps", do="clear")
    assert "Delete all 1 kept questions" in text_of(question)
    assert len(world.store.gaps.recent(world.guild.id)) == 1
    assert question.response is not None
    await world.moderator.click(question.response, label="Delete them")
    assert "1 questions deleted" in text_of(question)
    assert world.store.gaps.recent(world.guild.id) == []
    assert world.store.audit.entries(world.guild.id)[0].what == "gaps clear"


async def test_gaps_of_another_server_are_not_seen(world: World) -> None:
    world.store.gaps.add(1, "where is the treasure?", "no_answer")
    text = text_of(await world.moderator.slash(world.channel, "index gaps"))
    assert "treasure" not in text


async def test_hostile_questions_take_no_effect(world: World) -> None:
    world.store.gaps.add(world.guild.id, "**@everyone** <@1> [x](http://y.z)", "no_answer")
    text = text_of(await world.moderator.slash(world.channel, "index gaps"))
    assert "\\*\\*\\@everyone" in text
    assert "\\<\\@1\\>" in text


async def test_a_purged_document_is_gone_from_every_revision(world: World) -> None:
    publisher, place = world.bot.app.publisher, Place(world.guild.id)
    await publish(publisher, place, "[1] The gate opens at seven.", "[2] The moat is deep.")
    await publish(publisher, place, "[1] The gate opens at seven.")
    choices = await world.moderator.autocomplete(world.channel, "index purge", "document", "rul")
    assert [choice["value"] for choice in choices] == ["rules-0", "rules-1"]
    question = await world.moderator.slash(world.channel, "index purge", document="rules-1")
    assert question.response is not None
    await world.moderator.click(question.response, label="Delete for good")
    assert "is gone from every revision; revision 3 answers now" in text_of(question)
    assert await publisher.kept_documents(place) == ["rules-0"]
    for revision in await publisher.history(place):
        documents = await publisher.documents(place, revision.number)
        assert all("moat" not in document.content.decode() for document in documents)


async def test_purging_the_last_document_leaves_an_empty_library(world: World) -> None:
    place = Place(world.guild.id)
    await publish(world.bot.app.publisher, place, "[1] The gate opens at seven.")
    question = await world.moderator.slash(world.channel, "index purge", document="rules-0")
    assert question.response is not None
    await world.moderator.click(question.response, label="Delete for good")
    own = await world.bot.app.librarian.own(place)
    assert own is not None
    assert own.library.passages == ()
    answer = await world.member.slash(world.channel, "ask", question="when does the gate open?")
    assert "seven" not in text_of(answer)


async def test_a_document_that_nobody_has_cannot_be_purged(world: World) -> None:
    result = await world.moderator.slash(world.channel, "index purge", document="none")
    assert "There is no document none" in text_of(result)


async def test_a_gap_that_cannot_be_kept_costs_nobody_the_answer(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StoreError("the disk is gone")

    question = await world.member.send(world.channel, f"{world.mention} {UNANSWERED}")
    answer = world.channel.last_message
    assert answer is not None
    monkeypatch.setattr(world.store.gaps, "add", broken)
    monkeypatch.setattr(world.store.gaps, "withdraw", broken)
    result = await world.member.slash(world.channel, "ask", question=UNANSWERED)
    assert "penguins" in text_of(result)
    assert "a gap could not be kept" in caplog.messages
    await world.member.delete(question)
    assert "a gap could not be withdrawn" in caplog.messages
    assert answer.id not in [message.id for message in world.channel.history()]
