"""From a gap to its answer: answered by moderators, pointed to a passage, or dismissed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import simcord

from bot.libraries.places import Place
from bot.store import Person
from index.answering.confidence import Outcome
from tests.bot.commands.test_moderators import modal_field
from tests.bot.conftest import World, custom_ids, forced, id_of, parts_of, text_of
from tests.bot.libraries.test_server_libraries import document, publish

UNANSWERED = "which penguins sleep in the castle?"
ANSWER = "The rockhoppers do, from dusk on."
MONA = Person(1, "mona")


def fields(modal: Any) -> list[str]:
    """The custom_ids of the inputs of a modal, in order."""
    return [str(part["custom_id"]) for part in parts_of(modal.modal) if part.get("type") == 4]


async def gaps_shown(world: World) -> Any:
    """The list of the gaps."""
    result = await world.moderator.slash(world.channel, "index gaps")
    assert result.response is not None
    return result


async def answer_first(
    world: World, text: str = ANSWER, source: str = "https://castle.example/penguins"
) -> simcord.InteractionResult:
    """The first group answered, in two presses."""
    shown = await gaps_shown(world)
    form = await world.moderator.click(shown.response, custom_id=id_of(shown.response, "answer:0"))
    passage, title, said_by = fields(form)
    return await world.moderator.submit_modal(
        form, {passage: text, title: UNANSWERED, said_by: source}
    )


async def test_a_gap_answered_in_two_presses_is_answered_to_the_next_who_asks(
    world: World,
) -> None:
    world.lift_cooldowns()
    before = text_of(await world.member.slash(world.channel, "ask", question=UNANSWERED))
    assert ANSWER not in before
    published = text_of(await answer_first(world))
    assert "[\\[1\\]](https://castle.example/penguins)" in published
    assert "Answers of this server" in published
    assert "got an answer" in published  # no gap is left
    for asked in (UNANSWERED, "Which penguins in the castle sleep"):
        text = text_of(await world.member.slash(world.channel, "ask", question=asked))
        assert ANSWER.rstrip(".") in text
        assert "[\\[1\\]](https://castle.example/penguins)" in text
        assert "does not answer" not in text
    assert world.store.gaps.recent(world.guild.id) == []


async def test_who_says_so_stands_where_there_is_no_address(world: World) -> None:
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    await answer_first(world, source="mona, keeper of the castle")
    shown = await world.member.slash(world.channel, "ask", question=UNANSWERED)
    assert "\\[1\\]" in text_of(shown)
    (source,) = await world.bot.app.publisher.documents(Place(world.guild.id))
    assert source.spec.references["1"].title == "mona, keeper of the castle"
    assert source.spec.references["1"].url is None


async def test_answers_are_one_document_that_is_revised_and_rolled_back(world: World) -> None:
    world.lift_cooldowns()
    publisher, place = world.bot.app.publisher, Place(world.guild.id)
    for question in (UNANSWERED, "how much does a zoo ticket cost on Mondays?"):
        await world.member.slash(world.channel, "ask", question=question)
        await answer_first(world, f"An answer to {question}")
    (source,) = await publisher.documents(place)
    assert source.spec.id == "answers-of-this-server"
    assert list(source.spec.references) == ["1", "2"]
    assert [revision.number for revision in await publisher.history(place)] == [2, 1]
    asked = await world.moderator.slash(world.channel, "index rollback", revision=1)
    assert asked.response is not None
    await world.moderator.click(asked.response, label="Bring it back")
    (source,) = await publisher.documents(place)
    assert list(source.spec.references) == ["1"]
    download = await world.moderator.slash(
        world.channel, "index download", document="answers-of-this-server"
    )
    assert download.response is not None
    purge = await world.moderator.slash(
        world.channel, "index purge", document="answers-of-this-server"
    )
    assert purge.response is not None
    await world.moderator.click(purge.response, label="Delete for good")
    text = text_of(await world.member.slash(world.channel, "ask", question=UNANSWERED))
    assert "An answer to" not in text


async def test_a_gap_is_pointed_to_a_passage_by_its_number(world: World) -> None:
    world.lift_cooldowns()
    await publish(world.bot.app.publisher, Place(world.guild.id), "[7] The moat is deep.")
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    text = text_of(await point_first(world, "7"))
    assert "pointed to" in text
    assert "\\[7\\]" in text
    answer = text_of(await world.member.slash(world.channel, "ask", question=UNANSWERED))
    assert "The moat is deep" in answer
    assert "\\[7\\]" in answer


async def point_first(world: World, text: str) -> simcord.InteractionResult:
    """The first group pointed to the first passage that is found."""
    shown = await gaps_shown(world)
    form = await world.moderator.click(shown.response, custom_id=id_of(shown.response, "point:0"))
    found = await world.moderator.submit_modal(form, {modal_field(form): text})
    assert found.response is not None
    choose = id_of(found.response, "choose:0")
    return await world.moderator.click(found.response, custom_id=choose)


async def test_a_pointed_question_follows_its_passage_and_ends_with_it(world: World) -> None:
    world.lift_cooldowns()
    publisher, place = world.bot.app.publisher, Place(world.guild.id)
    await publish(publisher, place, "[1] The gate opens at seven.", "[2] The moat is deep.")
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    await point_first(world, "how deep is the moat")
    moved = [document("[9] A new first line.\n[2] The moat is deep.\n", "rules-1")]
    await publisher.publish(place, moved, MONA, "add")
    text = text_of(await world.member.slash(world.channel, "ask", question=UNANSWERED))
    assert "The **moat" in text or "The moat is deep" in text
    gone = [document("[2] The moat is dry.\n", "rules-1")]
    await publisher.publish(place, gone, MONA, "add")
    text = text_of(await world.member.slash(world.channel, "ask", question=UNANSWERED))
    assert "moat" not in text


async def test_the_same_words_with_another_wh_word_are_another_question(world: World) -> None:
    world.lift_cooldowns()
    publisher, place = world.bot.app.publisher, Place(world.guild.id)
    await publish(publisher, place, "[1] A duke.", "[2] The moat is deep.")
    await world.member.slash(world.channel, "ask", question="who built the zeppelin?")
    await point_first(world, "1")
    with forced(Outcome.SILENT):
        asked = await world.member.slash(
            world.channel, "ask", question="when was the zeppelin built?"
        )
        assert "A duke" not in text_of(asked)
        asked = await world.member.slash(world.channel, "ask", question="who built the zeppelin?")
    assert "A duke" in text_of(asked)


async def test_a_dismissed_group_comes_back_once_it_is_asked_anew(world: World) -> None:
    world.lift_cooldowns()
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    await world.member.slash(world.channel, "ask", question="how many zebras does the moon have?")
    shown = await gaps_shown(world)
    text = text_of(
        await world.moderator.click(shown.response, custom_id=id_of(shown.response, "dismiss:0"))
    )
    assert "One question dismissed" in text
    assert "1 questions in 1 groups" in text
    (left,) = world.store.gaps.recent(world.guild.id)
    gone = ({UNANSWERED, "how many zebras does the moon have?"} - {left.question}).pop()
    assert world.store.audit.entries(world.guild.id)[0].what == "gaps dismiss"
    await world.member.slash(world.channel, "ask", question=gone)
    assert gone in {gap.question for gap in world.store.gaps.recent(world.guild.id)}


async def test_many_groups_are_turned_through_five_at_a_time(world: World) -> None:
    subjects = ("zebra", "volcano", "teapot", "lawnmower", "saxophone", "igloo", "kangaroo")
    for word in subjects:
        world.store.gaps.add(world.guild.id, f"{word}?", "no_answer")
    shown = await gaps_shown(world)
    first = text_of(shown)
    turned = await world.moderator.click(
        shown.response, custom_id=id_of(shown.response, "page:next")
    )
    second = text_of(turned)
    assert [sum(word in text for word in subjects) for text in (first, second)] == [5, 2]
    assert turned.response is not None
    assert len(custom_ids(turned.response)) == 2 * 3 + 2
    assert all(word in first + second for word in subjects)


async def test_hints_are_of_one_server_alone(world: World) -> None:
    world.lift_cooldowns()
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    await point_first(world, "3")
    here = text_of(await world.member.slash(world.channel, "ask", question=UNANSWERED))
    assert "Park Chung" in here
    there = world.env.create_guild()
    channel = there.create_text_channel("general")
    other = there.add_member(world.env.create_user("otto"))
    elsewhere = text_of(await other.slash(channel, "ask", question=UNANSWERED))
    assert "Park Chung" not in elsewhere
    directly = text_of(await world.member.user.slash("ask", question=UNANSWERED))
    assert "Park Chung" not in directly


async def test_a_person_forgotten_takes_their_pointed_questions_along(world: World) -> None:
    world.lift_cooldowns()
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    await point_first(world, "3")
    shown = await world.member.slash(world.channel, "privacy")
    assert "one vote or question" in text_of(shown)
    assert shown.response is not None
    await world.member.click(shown.response, label="Delete all of it")
    assert world.store.hints.of(world.guild.id).none
    text = text_of(await world.member.slash(world.channel, "ask", question=UNANSWERED))
    assert "Park Chung" not in text


@pytest.mark.parametrize(
    ("text", "told"), [("\u200b\u2060 ", "needs words that can be seen"), ("x" * 2000, "Published")]
)
async def test_what_a_moderator_writes_is_a_passage_or_refused_in_words(
    world: World, text: str, told: str
) -> None:
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    result = await answer_first(world, text)
    assert told in text_of(result)


async def test_hostile_answers_take_no_effect(world: World) -> None:
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    await answer_first(world, "**@everyone** <@1> [x](http://y.z)", "<@&5> `")
    text = text_of(await world.member.slash(world.channel, "ask", question=UNANSWERED))
    assert "\\@everyone" in text
    assert "\\<\\@1\\>" in text


async def test_a_role_taken_away_meanwhile_is_refused_at_the_form(world: World) -> None:
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    shown = await gaps_shown(world)
    forms = [
        await world.moderator.click(shown.response, custom_id=id_of(shown.response, f"{what}:0"))
        for what in ("answer", "point")
    ]
    world.env.backend.get_guild(world.guild.id).members[world.moderator.id].role_ids.clear()
    for form in forms:
        given = dict.fromkeys(fields(form), "seven")
        result = await world.moderator.submit_modal(form, given)
        assert "Only people with the Manage Server permission" in text_of(result)
    assert await world.bot.app.publisher.documents(Place(world.guild.id)) == []
    assert len(world.store.gaps.recent(world.guild.id)) == 1


async def test_an_answer_written_while_another_is_published_loses_nothing(world: World) -> None:
    """The list stays as it was, and the form can be sent again."""
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    lock = world.bot.app.publisher._publishing(world.guild.id)
    async with lock:
        refused = await answer_first(world)
    assert "being" in text_of(refused)
    assert len(world.store.gaps.recent(world.guild.id)) == 1
    assert "Published" in text_of(await answer_first(world))


async def test_what_a_moderator_said_of_the_answers_stays_with_the_next(world: World) -> None:
    publisher, place = world.bot.app.publisher, Place(world.guild.id)
    await world.member.slash(world.channel, "ask", question=UNANSWERED)
    await answer_first(world)
    (source,) = await publisher.documents(place)
    said = source.spec.model_copy(update={"title": "Keepers say", "licence": "CC0"})
    await publisher.publish(place, [replace(source, spec=said)], MONA, "replace")
    await world.member.slash(world.channel, "ask", question="how many otters live in the moat?")
    await answer_first(world, "Three otters live there.")
    (source,) = await publisher.documents(place)
    assert (source.spec.title, source.spec.licence) == ("Keepers say", "CC0")
    assert list(source.spec.references) == ["1", "2"]
