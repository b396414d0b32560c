"""/index settings: each control does what it says, and the bot keeps to it."""

from __future__ import annotations

import discord
import pytest

from bot.libraries.places import Place
from bot.store import Person, ServerSettings
from tests.bot.commands.test_moderators import modal_field
from tests.bot.conftest import World, id_of, text_of, text_of_message
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


@pytest.mark.parametrize(
    ("entry", "threshold"), [("0.97", 0.97), ("0,25", 0.25), ("", None), ("1", 1.0)]
)
async def test_the_threshold_is_a_number_or_the_default(
    world: World, entry: str, threshold: float | None
) -> None:
    await choose(world, threshold=0.4)
    shown = await world.moderator.slash(world.channel, "index settings")
    assert shown.response is not None
    modal = await world.moderator.click(
        shown.response, custom_id=id_of(shown.response, "change:threshold")
    )
    kept_now = await world.moderator.submit_modal(modal, {modal_field(modal): entry})
    assert settings(world).threshold == threshold
    assert kept_now.followups == []


@pytest.mark.parametrize("entry", ["much", "1.5", "-1", "nan", "50%"])
async def test_a_wrong_threshold_is_told_and_changes_nothing(world: World, entry: str) -> None:
    shown = await world.moderator.slash(world.channel, "index settings")
    assert shown.response is not None
    modal = await world.moderator.click(
        shown.response, custom_id=id_of(shown.response, "change:threshold")
    )
    refusal = await world.moderator.submit_modal(modal, {modal_field(modal): entry})
    assert "a number from 0 to 1" in text_of(refusal)
    assert settings(world).threshold is None


async def test_a_high_threshold_silences(world: World) -> None:
    await choose(world, threshold=1.0)
    text = text_of(await world.member.slash(world.channel, "ask", question=QUESTION))
    assert "No passage of the sources answers that" in text
