"""The closest passage: shown small where no passage answers for sure, and never taken for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.cards.answer import question_of
from bot.cards.layout import texts_of
from bot.people.conversations import Talk
from index.answering.confidence import Outcome
from tests.bot.commands.test_presses import ask, press
from tests.bot.conftest import World, custom_ids, forced, text_of, text_of_message

QUESTION = "who ruled South Korea from 1961 to 1979?"
CLOSEST = "The closest passage; it may not answer that."
PASSAGE = "> Between 1961 and 1979, South Korea's head of state"


@pytest.fixture(autouse=True)
def _closest() -> Iterator[None]:
    with forced(Outcome.CLOSEST):
        yield


async def test_the_question_and_all_but_the_passage_are_in_small_print(world: World) -> None:
    text = text_of(await world.member.slash(world.channel, "ask", question=QUESTION))
    lines = text.splitlines()
    assert lines[:2] == [f"-# {QUESTION}", f"-# {CLOSEST}"]
    (passage,) = (line for line in lines if not line.startswith("-# "))
    assert passage.startswith(PASSAGE)
    assert "**" not in text
    assert "\\[3\\]" in lines[3]
    assert "line 4" in lines[3]
    assert "CC BY-SA 4.0" in lines[-1]


async def test_under_it_are_its_context_and_the_others_that_came_near(world: World) -> None:
    card = await ask(world)
    assert [name.split(":")[1] for name in custom_ids(card)] == ["context", "nearest"]
    assert "**Between 1961 and 1979" in text_of(await press(world.member, card, "context"))
    others = text_of(await press(world.moderator, card, "nearest"))
    assert "does not answer it" in others
    assert "Between" not in others
    assert "> " in others


async def test_where_nothing_else_came_near_no_other_is_offered(world: World) -> None:
    world.document.write_text("[7] Whales are not mentioned in treaties.\n")
    await world.moderator.slash(world.channel, "index refresh")
    card = await ask(world, "do treaties mention whales?")
    assert [name.split(":")[1] for name in custom_ids(card)] == ["context"]


async def test_a_look_up_is_as_ever(world: World) -> None:
    text = text_of(await world.member.slash(world.channel, "ask", question="[28]"))
    assert CLOSEST not in text
    assert "line 12" in text


async def test_it_is_a_gap(world: World) -> None:
    await ask(world)
    await ask(world, private=True)
    (gap,) = world.store.gaps.recent(world.guild.id)
    assert (gap.question, gap.kind) == (QUESTION, "no_answer")


async def test_a_private_one_is_not_for_sharing(world: World) -> None:
    result = await world.member.slash(world.channel, "ask", question=QUESTION, private=True)
    assert CLOSEST in text_of(result)
    assert not any("menu" in name for name in custom_ids(result.response))


async def test_a_mention_gets_it_and_whoever_did_not_call_gets_nothing(world: World) -> None:
    await world.member.send(world.channel, QUESTION)
    last = world.channel.last_message
    assert last is not None
    assert last.author.id == world.member.id
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    answer = world.channel.last_message
    assert CLOSEST in text_of_message(answer)
    await world.member.send(world.channel, QUESTION)
    last = world.channel.last_message
    assert last is not None
    assert last.author.id == world.member.id


async def test_a_reply_leans_on_its_question(world: World) -> None:
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    card = world.channel.last_message
    assert card is not None
    assert question_of(texts_of(card)) == QUESTION
    memory, leaned_on = world.bot.app.conversations, []
    up_to = memory.up_to

    def noted(talk: Talk, question: str) -> tuple[str, ...]:
        leaned_on.append(question)
        return up_to(talk, question)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "up_to", noted)
        await world.member.send(world.channel, f"{world.mention} and in 1948?", reply_to=card)
    assert leaned_on == [QUESTION]
    assert "and in 1948?" in text_of_message(world.channel.last_message)


async def test_a_question_of_direct_messages_leans_on_it_as_on_a_silence(world: World) -> None:
    said = []
    for outcome in (Outcome.CLOSEST, Outcome.SILENT):
        with forced(outcome):
            await world.member.send_dm(f"new question: {QUESTION}")
        with forced(Outcome.SURE):
            message = await world.member.send_dm("and in 1948?")
        assert message is not None
        said.append(text_of_message(world.member.user.dm_channel.last_message))
    assert said[0] == said[1]


async def test_an_edited_question_edits_it(world: World) -> None:
    message = await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    card = world.channel.last_message
    with forced(Outcome.SURE):
        await world.member.edit(message, f"{world.mention} who ruled South Korea from 1961?")
    assert card is not None
    assert CLOSEST not in text_of_message(world.channel.last_message)
    assert world.store.gaps.recent(world.guild.id) == []
