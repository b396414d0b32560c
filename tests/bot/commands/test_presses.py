"""What can be pressed under a card, by whom, also after a restart."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import discord
import pytest
import simcord

from bot.errors import GoneError
from bot.gateway.client import FootnoteBot
from bot.interactions.app import App
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.libraries.pointers import Pointers
from bot.store import Person
from index.answering.confidence import Outcome
from tests.bot.commands.test_moderators import modal_field
from tests.bot.conftest import World, custom_ids, forced, parts_of, text_of, text_of_message
from tests.bot.libraries.test_server_libraries import document
from tests.bot.store.helpers import votes_on

QUESTION = "who ruled South Korea from 1961 to 1979?"
UNANSWERED = "who won the 2002 World Cup?"
MONA = Person(1, "mona")


async def ask(world: World, question: str = QUESTION, **options: Any) -> Any:
    result = await world.member.slash(world.channel, "ask", question=question, **options)
    assert result.response is not None
    return result.response


def control(message: Any, action: str) -> str:
    """The custom_id of a control of a message."""
    return next(name for name in custom_ids(message) if name.startswith(f"f1:{action}:"))


async def press(user: simcord.MemberActor, message: Any, action: str) -> simcord.InteractionResult:
    return await user.click(message, custom_id=control(message, action))


async def choose(
    user: simcord.MemberActor, message: Any, value: str, action: str = "menu"
) -> simcord.InteractionResult:
    return await user.select(message, [value], custom_id=control(message, action))


def options(message: Any) -> list[str]:
    """The values that the menus of a message offer."""
    parts = parts_of(message.components)
    return [option["value"] for part in parts for option in part.get("options", ())]


async def test_context_shows_what_stands_around_and_turns_pages(world: World) -> None:
    card = await ask(world)
    result = await press(world.member, card, "context")
    text = text_of(result)
    assert result.ephemeral
    assert "nearby excerpts, lines 2–6" in text
    assert "**Between 1961 and 1979" in text
    assert result.response is not None
    await world.member.click(result.response, label="Later")
    assert "lines 7–11" in text_of(result)
    await world.member.click(result.response, label="Earlier")
    await world.member.click(result.response, label="Earlier")
    assert "lines 1–1" in text_of(result)


async def test_context_of_another_passage_of_the_answer_is_chosen(world: World) -> None:
    card = await ask(world, "Japan South Korea relations", private=True)
    result = await press(world.member, card, "context")
    assert result.response is not None
    values = options(result.response)
    assert len(values) > 1
    before = text_of(result)
    await choose(world.member, result.response, "1", "pick")
    assert text_of(result) != before


async def test_next_passages_are_shown_privately_with_their_matches(world: World) -> None:
    card = await ask(world)
    (more,) = (value for value in options(card) if value.startswith("more:"))
    result = await choose(world.moderator, card, more)
    assert result.ephemeral
    assert "The passages that come next" in text_of(result)
    assert "**South Korea" in text_of(result)
    assert "line 4*" not in text_of(result)


async def test_sources_tell_what_the_numbers_stand_for(world: World) -> None:
    card = await ask(world)
    result = await choose(world.member, card, "sources")
    assert result.ephemeral
    assert "\\[3\\]" in text_of(result)


async def test_a_private_answer_is_shared_by_name(world: World) -> None:
    card = await ask(world, private=True)
    result = await choose(world.member, card, "share")
    assert not result.ephemeral
    text = text_of(result)
    assert "Between **1961** and **1979**" in text
    assert "Shared by alice" in text


async def test_a_public_answer_has_nothing_to_share(world: World) -> None:
    assert "share" not in options(await ask(world))


async def test_who_may_not_write_here_may_not_share_here(world: World) -> None:
    closed = world.guild.create_text_channel(
        "closed",
        overwrites={world.guild.default_role: discord.PermissionOverwrite(send_messages=False)},
    )
    result = await world.member.slash(closed, "ask", question=QUESTION, private=True)
    refused = await choose(world.member, result.response, "share")
    assert "You may not write in this channel" in text_of(refused)
    assert refused.ephemeral
    assert closed.last_message is None


async def test_a_silence_offers_what_comes_nearest(world: World) -> None:
    with forced(Outcome.SILENT):
        card = await ask(world, "who was the emperor of South Korea in 1802?")
    result = await press(world.member, card, "nearest")
    assert result.ephemeral
    assert "does not answer it" in text_of(result)
    assert "> " in text_of(result)


async def test_votes_are_one_a_person_and_can_be_taken_back(world: World) -> None:
    card = await ask(world)
    key = str(card.id)
    assert "Thank you" in text_of(await press(world.member, card, "up"))
    assert "Thank you" in text_of(await press(world.moderator, card, "up"))
    assert votes_on(world.store, key) == (2, 0)
    noted = text_of(await press(world.member, card, "down"))
    assert "without your name" in noted
    assert votes_on(world.store, key) == (1, 1)
    (gap,) = world.store.gaps.recent(world.guild.id)
    assert (gap.question, gap.kind) == (QUESTION, "thumbs_down")
    assert "Taken back" in text_of(await press(world.member, card, "down"))
    assert votes_on(world.store, key)[1] == 0
    assert world.store.gaps.recent(world.guild.id) == []


async def test_a_thumbs_down_on_a_private_answer_is_no_gap(world: World) -> None:
    card = await ask(world, private=True)
    assert "Noted" in text_of(await press(world.member, card, "down"))
    assert world.store.gaps.recent(world.guild.id) == []


async def test_follow_up_leans_on_the_question_of_the_card(world: World) -> None:
    card = await ask(world, "when did the US House of Representatives pass its resolution?")
    modal = await press(world.member, card, "follow")
    answer = await world.member.submit_modal(
        modal, {modal_field(modal): "and the European Parliament?"}
    )
    assert "> On December 13, 2007, the **European Parliament**" in text_of(answer)
    assert "-# Taken over:" in text_of(answer)
    assert answer.followups == []
    assert not answer.ephemeral


async def test_who_joins_a_conversation_is_answered_privately(world: World) -> None:
    card = await ask(world)
    modal = await press(world.moderator, card, "follow")
    answer = await world.moderator.submit_modal(modal, {modal_field(modal): QUESTION})
    assert answer.ephemeral
    assert "Park Chung" in text_of(answer)


async def test_controls_work_after_a_restart(world: World) -> None:
    card = await ask(world)
    librarian = Librarian(world.data, world.store)
    await world.env.restart_bot(FootnoteBot(App.of(librarian), world.data.parent / "state"))
    result = await press(world.member, card, "context")
    assert "nearby excerpts, lines 2–6" in text_of(result)


async def test_passages_of_an_earlier_revision_are_found_as_they_were(world: World) -> None:
    card = await ask(world)
    lines = world.document.read_text(encoding="utf-8").split("\n")
    world.document.write_text("\n".join(["A new first line.", *lines]), encoding="utf-8")
    await world.moderator.slash(world.channel, "index refresh")
    text = text_of(await press(world.member, card, "context"))
    assert "lines 2–6" in text
    assert "new first line" not in text


async def test_passages_of_a_revision_that_is_gone_are_said_to_be(world: World) -> None:
    place = Place(world.guild.id)
    await world.bot.app.publisher.publish(
        place, [document("[1] The gate of Ghent opens at seven.")], MONA, "add"
    )
    card = await ask(world, "when does the gate of Ghent open?")
    await world.bot.app.publisher.purge(place, "rules", MONA)
    for action in ("context", "more"):
        if action == "more":
            found = [value for value in options(card) if value.startswith("more:")]
            result = await choose(world.member, card, found[0]) if found else None
        else:
            result = await press(world.member, card, action)
        if result is not None:
            assert "have changed since" in text_of(result) or "> " in text_of(result)
            assert "Ghent" not in text_of(result)


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "zz",
        "1.1.0.1.S0",
        "1.1.1.0.O0",
        "1.9.0.0.S0",
        "1.1.0.0.S999999",
        "1.1.0.0.x1",
        "é",
        ":" * 40,
    ],
)
async def test_forged_pointers_find_nothing(world: World, forged: str) -> None:

    async def find() -> None:
        await world.bot.app.librarian.find(Place(world.guild.id), Pointers.decode(forged))

    with pytest.raises(GoneError):
        await find()


async def test_an_error_in_a_control_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    card = await ask(world)

    async def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(world.bot.app.librarian, "find", broken)
    result = await press(world.member, card, "context")
    assert "Something went wrong" in text_of(result)
    assert "secret" not in text_of(result)
    assert result.ephemeral


async def test_text_of_a_shared_card_names_no_one_else(world: World) -> None:
    card = await ask(world, private=True)
    await choose(world.member, card, "share")
    last = world.channel.last_message
    assert last is not None
    assert last.mentions == []
    assert "Shared by alice" in text_of_message(last)


async def test_a_follow_up_counts_as_a_question(world: World) -> None:
    card = await ask(world)
    for _ in range(4):
        await ask(world)
    modal = await press(world.member, card, "follow")
    refused = await world.member.submit_modal(modal, {modal_field(modal): "and then?"})
    assert "5 questions in a row are the most" in text_of(refused)


async def test_shared_documents_that_were_turned_off_are_found_no_more(world: World) -> None:
    card = await ask(world, private=True)
    place = Place(world.guild.id)
    await world.bot.app.librarian.change_settings(place, {"shared_library": False}, MONA)
    assert "have changed since" in text_of(await press(world.member, card, "context"))
    assert "have changed since" in text_of(await choose(world.member, card, "share"))


async def test_a_shared_follow_up_says_what_it_took_over(world: World) -> None:
    first = "when did the US House of Representatives pass its resolution?"
    card = await ask(world, first, private=True)
    modal = await press(world.member, card, "follow")
    answer = await world.member.submit_modal(
        modal, {modal_field(modal): "and the European Parliament?"}
    )
    shared = await choose(world.member, answer.response, "share")
    assert "Taken over: resolution" in text_of(shared)


async def test_a_slow_page_is_deferred(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    card = await ask(world)
    context = await press(world.member, card, "context")
    find = world.bot.app.librarian.find

    async def slow(*given: Any) -> Any:
        await asyncio.sleep(2)  # of simulated time
        return await find(*given)

    monkeypatch.setattr(world.bot.app.librarian, "find", slow)
    assert context.response is not None
    await world.member.click(context.response, label="Later")
    await world.env.advance_time(3)
    assert "lines 7–11" in text_of(context)


async def test_a_slow_page_that_cannot_be_shown_is_told_in_its_place(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await ask(world)
    context = await press(world.member, card, "context")

    async def gone(*_: object) -> None:
        await asyncio.sleep(2)  # of simulated time
        raise GoneError

    monkeypatch.setattr(world.bot.app.librarian, "find", gone)
    assert context.response is not None
    pressed = await world.member.click(context.response, label="Later")
    await world.env.advance_time(3)
    assert "have changed since" in text_of(context)
    assert pressed.followups == []


def test_two_votes_at_once_are_one(world: World) -> None:
    place = Place(world.guild.id)
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda _: world.bot.app.feedback._vote(place, "1", 5, -1, "why?"),
                range(9),
            )
        )
    assert votes_on(world.store, "1")[1] == len(world.store.gaps.recent(world.guild.id)) == 1
