"""/index words: forms that mean the same in one server, shown before they are added."""

from __future__ import annotations

import pytest

from bot.libraries.places import Place
from bot.store import Target
from tests.bot.commands.test_answering_gaps import UNANSWERED, point_first
from tests.bot.conftest import World, text_of
from tests.bot.libraries.test_server_libraries import publish

PASSAGE = "[5] The ferry departs at noon."


async def add(world: World, same: str) -> str:
    """What is said before the forms are added, and they are added then."""
    shown = await world.moderator.slash(world.channel, "index words", same=same)
    before = text_of(shown)
    assert shown.response is not None
    await world.moderator.click(shown.response, label="Add them")
    return before


async def test_words_answer_at_once_what_the_preview_said(world: World) -> None:
    world.lift_cooldowns()
    await publish(world.bot.app.publisher, Place(world.guild.id), PASSAGE, "[6] Nothing more.")
    for question in ("when does the gondola depart?", UNANSWERED):
        await world.member.slash(world.channel, "ask", question=question)
    preview = await add(world, "gondola, ferry")
    assert "gondola = ferry" in preview
    assert UNANSWERED not in preview
    assert "gondola depart" in preview
    assert "Of the last 2 questions without an answer, 1 would" in preview
    after = text_of(await world.member.slash(world.channel, "ask", question="gondola departs?"))
    assert "\\[5\\]" in after
    assert "departs" in after
    listed = text_of(await world.moderator.slash(world.channel, "index words"))
    assert "- gondola = ferry" in listed
    assert world.store.audit.entries(world.guild.id)[0].what == "words add"


async def test_words_of_one_server_are_known_in_no_other(world: World) -> None:
    await add(world, "zyzzyva, Park Chung-hee")
    librarian = world.bot.app.librarian
    here = await librarian.served(Place(world.guild.id))
    for place in (Place(world.env.create_guild().id), Place(None)):
        elsewhere = await librarian.served(place)
        assert elsewhere.searcher is not here.searcher
        assert elsewhere.searcher.collection.words == ()
    assert here.searcher.collection.words == (("zyzzyva", "Park Chung-hee"),)


async def test_what_was_added_is_taken_back(world: World) -> None:
    world.lift_cooldowns()
    await add(world, "gondola; ferry、boat")
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    await point_first(world, "3")
    for typed in ("gond", "penguins"):
        (choice,) = await world.moderator.autocomplete(
            world.channel, "index words", "remove", typed
        )
        asked = await world.moderator.slash(world.channel, "index words", remove=choice["value"])
        assert "Take this back?" in text_of(asked)
        assert asked.response is not None
        await world.moderator.click(asked.response, label="Take it back")
    assert world.store.hints.of(world.guild.id).none
    again = text_of(await world.member.slash(world.channel, "ask", question=UNANSWERED))
    assert "Park Chung" not in again


async def test_a_row_that_is_gone_is_refused_in_words(world: World) -> None:
    for row in ("words:1", "pointed:7", "ferry", "words:" + "9" * 30):
        result = await world.moderator.slash(world.channel, "index words", remove=row)
        assert "no such row" in text_of(result)


@pytest.mark.parametrize(
    "same", ["ferry", "ferry, FERRY", "a,b,c,d,e,f,g,h,i", f"{'x' * 61}, boat", "!!!, ???"]
)
async def test_forms_that_are_too_few_many_or_long_are_refused_in_words(
    world: World, same: str
) -> None:
    result = await world.moderator.slash(world.channel, "index words", same=same)
    assert "Give 2 to 8 forms" in text_of(result)


async def test_many_rows_and_questions_fit_into_one_message(world: World) -> None:
    for number in range(100):
        world.store.hints.add_words(world.guild.id, [f"{number} {'*' * 55}", "y" * 60])
    target = Target(0, "gone", 0, "0")
    for number in range(60):
        world.store.gaps.add(world.guild.id, f"{number} {'?' * 200}", "no_answer")
        (gap,) = world.store.gaps.recent(world.guild.id)
        world.store.hints.point(world.guild.id, [gap.id], target)
    text = text_of(await world.moderator.slash(world.channel, "index words"))
    assert "100 rows" in text
    assert "60, the newest first" in text
    shown = await world.moderator.slash(world.channel, "index words", same="one, more")
    assert shown.response is not None
    refused = await world.moderator.click(shown.response, label="Add them")
    assert "100 rows of words, the most here" in text_of(refused)
