"""/index settings: each control does what it says, and the bot keeps to it."""

from __future__ import annotations

from typing import Any, get_args

import discord
import pytest
import simcord

from bot.commands.index.settings_card import SettingsCard, Shown
from bot.libraries.places import Place
from bot.locales import LANGUAGES, say, speaking
from bot.store import Person, ServerSettings, Sureness
from index.answering.confidence import CHOICES, Outcome
from tests.bot.conftest import FORCED, World, id_of, parts_of, text_of, text_of_message
from tests.bot.libraries.test_server_libraries import publish

QUESTION = "who ruled South Korea from 1961 to 1979?"
MONA = Person(1, "mona")


def settings(world: World) -> ServerSettings:
    return world.store.settings.of(world.guild.id)


async def choose(world: World, **changes: object) -> None:
    await world.bot.app.librarian.change_settings(Place(world.guild.id), changes, MONA)


async def test_a_chosen_role_is_answered_with_the_steps_to_admit_it(world: World) -> None:
    role = world.guild.create_role("librarians")
    shown = await world.moderator.slash(world.channel, "index settings")
    assert shown.response is not None
    await world.moderator.select(
        shown.response, [role], custom_id=id_of(shown.response, "choose:role")
    )
    assert settings(world).moderator_role_id == role.id
    said = text_of(await world.moderator.slash(world.channel, "index settings"))
    assert "Integrations" not in said
    assert "Integrations" in text_of(shown)
    assert f"<@&{role.id}>" in text_of(shown)


async def test_everyone_is_no_moderator_role(world: World) -> None:
    shown = await world.moderator.slash(world.channel, "index settings")
    assert shown.response is not None
    refusal = await world.moderator.select(
        shown.response, [world.guild.default_role], custom_id=id_of(shown.response, "choose:role")
    )
    assert "everybody's" in text_of(refusal)
    assert settings(world).moderator_role_id is None


async def test_mentions_are_answered_in_the_chosen_channels_and_their_threads(
    world: World,
) -> None:
    chosen = world.guild.create_text_channel("ask-here")
    shown = await world.moderator.slash(world.channel, "index settings")
    assert shown.response is not None
    await world.moderator.select(
        shown.response, [chosen], custom_id=id_of(shown.response, "choose:channels")
    )
    question = f"{world.mention} {QUESTION}"
    await world.member.send(world.channel, question)
    assert f"I answer mentions in <#{chosen.id}> only" in text_of_message(
        world.channel.last_message
    )
    await world.env.advance_time(31)
    last = world.channel.last_message
    assert last is not None
    assert last.author.id == world.member.id
    await world.member.send(chosen, question)
    assert "Park Chung" in text_of_message(chosen.last_message)
    starter = chosen.history()[0]
    channel = world.bot.get_channel(chosen.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="more", message=discord.Object(starter.id))
    (thread,) = chosen.threads
    await world.member.send(thread, question)
    assert "Park Chung" in text_of_message(thread.last_message)


async def test_switches_turn_and_show_what_holds(world: World) -> None:
    shown = await world.moderator.slash(world.channel, "index settings")
    assert shown.response is not None
    for name, default in (
        ("private_answers", False),
        ("shared_library", True),
        ("keep_gaps", True),
    ):
        assert getattr(settings(world), name) is default
        await world.moderator.click(shown.response, custom_id=id_of(shown.response, f"turn:{name}"))
        assert getattr(settings(world), name) is not default
    assert "**Private answers by default** are on" in text_of(shown)
    assert "**Shared documents** are off" in text_of(shown)
    assert "**Remembering unanswered questions** is off" in text_of(shown)


async def test_private_answers_hold_unless_the_asker_says_otherwise(world: World) -> None:
    await choose(world, private_answers=True)
    assert (await world.member.slash(world.channel, "ask", question=QUESTION)).ephemeral
    shown = await world.member.slash(world.channel, "ask", question=QUESTION, private=False)
    assert not shown.ephemeral


async def test_without_the_shared_documents_the_servers_own_answer_alone(world: World) -> None:
    place = Place(world.guild.id)
    await publish(world.bot.app.publisher, place, "[1] The gate of Ghent opens at seven.")
    await choose(world, shared_library=False)
    assert "Park" not in text_of(await world.member.slash(world.channel, "ask", question=QUESTION))
    asked = "when does the gate of Ghent open?"
    answer = await world.member.slash(world.channel, "ask", question=asked)
    assert "seven" in text_of(answer)
    status = text_of(await world.moderator.slash(world.channel, "index status"))
    assert "Not searched in this server" in status


async def choose_sureness(world: World, shown: simcord.InteractionResult, choice: str) -> None:
    assert shown.response is not None
    await world.moderator.select(
        shown.response, [choice], custom_id=id_of(shown.response, "choose:sureness")
    )


def options_of(shown: simcord.InteractionResult) -> dict[str, dict[str, Any]]:
    """The choices of how sure to be, as Discord has them."""
    menu = next(
        part
        for part in parts_of(shown.response.components if shown.response else ())
        if str(part.get("custom_id", "")).endswith("choose:sureness")
    )
    return {option["value"]: option for option in menu["options"]}


async def test_how_sure_to_be_is_one_of_three_that_say_what_they_do(world: World) -> None:
    shown = await world.moderator.slash(world.channel, "index settings")
    assert list(options_of(shown)) == ["strict", "balanced", "open"]
    assert [value for value, one in options_of(shown).items() if one.get("default")] == ["balanced"]
    assert "wrong less often" in options_of(shown)["strict"]["description"]
    assert not any(sign.isdigit() for sign in str(options_of(shown)["strict"]["description"]))
    await choose_sureness(world, shown, "open")
    assert settings(world).sureness == "open"
    assert [value for value, one in options_of(shown).items() if one.get("default")] == ["open"]


async def test_how_sure_to_be_holds_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHOICES, "strict", FORCED[Outcome.SILENT])
    shown = await world.moderator.slash(world.channel, "index settings")
    await choose_sureness(world, shown, "strict")
    text = text_of(await world.member.slash(world.channel, "ask", question=QUESTION))
    assert "No passage of the sources answers that" in text


async def test_each_choice_tells_what_it_would_have_shown_of_late(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHOICES, "strict", FORCED[Outcome.SILENT])
    monkeypatch.setitem(CHOICES, "balanced", FORCED[Outcome.SILENT])
    monkeypatch.setitem(CHOICES, "open", FORCED[Outcome.CLOSEST])
    gaps, server = world.store.gaps, world.guild.id
    for question in ("which penguins sleep in the castle?", "who ruled Korea?", "who ruled Japan?"):
        gaps.add(server, question, "no_answer")
    gaps.add(server, "who ruled Seoul?", "thumbs_down")
    gaps.add(server + 1, "who ruled Busan?", "no_answer")
    shown = await world.moderator.slash(world.channel, "index settings")
    described = {value: str(one["description"]) for value, one in options_of(shown).items()}
    assert "would have shown 0 of 3 unanswered" in described["strict"]
    assert "would have shown 0 of 3 unanswered" in described["balanced"]
    assert "would have shown 2 of 3 unanswered" in described["open"]
    await choose_sureness(world, shown, "strict")
    assert shown.response is not None
    assert "2 of 3" in options_of(shown)["open"]["description"]
    await world.moderator.click(
        shown.response, custom_id=id_of(shown.response, "turn:shared_library")
    )
    assert "of 3" not in options_of(shown)["open"]["description"]


async def test_at_most_a_hundred_questions_are_asked_again(world: World) -> None:
    for number in range(105):
        world.store.gaps.add(world.guild.id, f"who ruled in {number}?", "no_answer")
    questions = await world.bot.app.feedback.unanswered(world.guild.id)
    assert len(questions) == 100
    assert questions[0] == "who ruled in 104?"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choice_with_its_figures_fits_into_an_option(language: str) -> None:
    shown = Shown(100, dict.fromkeys(get_args(Sureness), 100))

    async def change(_: object, __: object) -> ServerSettings:
        return ServerSettings()

    with speaking(language):
        card = SettingsCard(ServerSettings(), change, shown)
        figures = say("settings.sureness.shown", shown=100, total=100)
    menu = next(
        item
        for item in card.walk_children()
        if isinstance(item, discord.ui.Select) and item.custom_id.endswith("choose:sureness")
    )
    for option in menu.options:
        assert option.description is not None
        assert option.description.endswith(figures)
        assert len(option.description) <= 100
    assert card.total_children_count <= 40
