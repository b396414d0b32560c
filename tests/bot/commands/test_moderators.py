"""Every command of /index and every control it shows × who presses: done, or refused in words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import discord
import pytest
import simcord
from simcord import SetupError

from bot.errors import NotAllowedError
from bot.interactions.access import moderators_only
from bot.libraries.places import Place
from bot.store import Person
from tests.bot.conftest import World, id_of, parts_of, text_of
from tests.bot.libraries.test_server_libraries import publish

FILE = ("towns.txt", b"[1] The gate of Ghent opens at seven.\n")

COMMANDS: dict[str, tuple[dict[str, Any], str]] = {
    "refresh": ({}, "Nothing changed"),
    "status": ({}, "Shared documents"),
    "history": ({}, "mona added **Rules-1**"),
    "add": ({"file": FILE}, "1 passage; 1 of them carries"),
    "remove": ({"document": "rules-1"}, "Remove **Rules"),
    "rollback": ({"revision": 1}, "Bring revision 1 back?"),
    "replace": ({"document": "rules-0", "file": FILE}, "In the place of **Rules-0**"),
    "download": ({"document": "rules-0"}, ""),
    "purge": ({"document": "rules-1"}, "It cannot be brought back"),
    "gaps": ({}, "every question in this server got an answer"),
    "words": ({}, "No words mean the same here"),
    "settings": ({}, "Settings of this server"),
}
"""Each command, what it is given, and how it begins to answer a moderator."""

REFUSED = "Only people with the Manage Server permission"


@pytest.fixture
async def roled(world: World) -> simcord.MemberActor:
    """A member with the moderator role that the settings name, and without Manage Server."""
    place = Place(world.guild.id)
    await publish(world.bot.app.publisher, place, "[1] The gate opens at seven.")
    await publish(
        world.bot.app.publisher, place, "[1] The gate opens at seven.", "[2] Moats are deep."
    )
    role = world.guild.create_role("librarians")
    mona = Person(world.moderator.id, "mona")
    await world.bot.app.librarian.change_settings(place, {"moderator_role_id": role.id}, mona)
    world.admit_everyone_to_index()
    return world.guild.add_member(world.env.create_user("rosa"), roles=[role])


def take_roles(world: World, member: simcord.MemberActor) -> None:
    world.env.backend.get_guild(world.guild.id).members[member.id].role_ids.clear()


async def own_number(world: World) -> int:
    own = await world.bot.app.librarian.own(Place(world.guild.id))
    assert own is not None
    return own.number


@pytest.mark.usefixtures("roled")
def test_the_table_names_every_command(world: World) -> None:
    index = world.bot.tree.get_command("index")
    assert isinstance(index, discord.app_commands.Group)
    assert {command.name for command in index.commands} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("who", ["moderator", "roled"])
async def test_moderators_and_role_holders_are_served_privately(
    world: World, roled: simcord.MemberActor, who: str, name: str
) -> None:
    options, text = COMMANDS[name]
    person = roled if who == "roled" else world.moderator
    result = await person.slash(world.channel, f"index {name}", **options)
    assert text in text_of(result)
    messages = [message for message in [result.response, *result.followups] if message]
    assert messages
    assert all(message.ephemeral for message in messages)


@pytest.mark.usefixtures("roled")
@pytest.mark.parametrize("name", COMMANDS)
async def test_members_are_refused_with_who_can_help(world: World, name: str) -> None:
    result = await world.member.slash(world.channel, f"index {name}", **COMMANDS[name][0])
    assert REFUSED in text_of(result)
    assert "or the role <@&" in text_of(result)
    assert result.ephemeral
    assert await own_number(world) == 2


@pytest.mark.usefixtures("roled")
@pytest.mark.parametrize("name", COMMANDS)
async def test_direct_messages_do_not_offer_it(world: World, name: str) -> None:
    with pytest.raises(SetupError):
        await world.env.create_user("dora").slash(f"index {name}", **COMMANDS[name][0])


def test_the_check_refuses_direct_messages_whatever_discord_offers(world: World) -> None:
    forged: Any = SimpleNamespace(
        guild_id=None, client=world.bot, permissions=discord.Permissions.all(), user=None
    )
    with pytest.raises(NotAllowedError) as refusal:
        moderators_only(forged)
    assert not refusal.value.in_server


Press = Callable[[simcord.MemberActor, Any], Awaitable[simcord.InteractionResult]]


def click(label: str) -> Press:
    return lambda member, message: member.click(message, label=label)


CONTROLS: dict[str, tuple[str, dict[str, Any], Press]] = {
    "add": ("add", {"file": FILE}, click("Publish")),
    "replace": ("replace", {"document": "rules-0", "file": FILE}, click("Publish")),
    "remove": ("remove", {"document": "rules-1"}, click("Remove")),
    "rollback": ("rollback", {"revision": 1}, click("Bring it back")),
    "purge": ("purge", {"document": "rules-1"}, click("Delete for good")),
    "cancel": ("purge", {"document": "rules-1"}, click("Cancel")),
    "gaps": ("gaps", {"do": "clear"}, click("Delete them")),
    "words": ("words", {"same": "ferry, boat"}, click("Add them")),
    "answer": ("gaps", {}, click("Answer")),
    "point": ("gaps", {}, click("Point to …")),
    "dismiss": ("gaps", {}, click("Dismiss")),
    "role": (
        "settings",
        {},
        lambda member, message: member.select(message, [], custom_id=id_of(message, "choose:role")),
    ),
    "language": (
        "settings",
        {},
        lambda member, message: member.select(
            message, ["ko"], custom_id=id_of(message, "choose:language")
        ),
    ),
    "sureness": (
        "settings",
        {},
        lambda member, message: member.select(
            message, ["strict"], custom_id=id_of(message, "choose:sureness")
        ),
    ),
    "switch": (
        "settings",
        {},
        lambda member, message: member.click(
            message, custom_id=id_of(message, "turn:shared_library")
        ),
    ),
}


@pytest.mark.parametrize("control", CONTROLS)
async def test_a_role_taken_away_meanwhile_is_refused_at_the_control(
    world: World, roled: simcord.MemberActor, control: str
) -> None:
    name, options, press = CONTROLS[control]
    world.store.gaps.add(world.guild.id, "when does the moat close?", "no_answer")
    settings = world.store.settings.of(world.guild.id)
    assert world.store.hints.of(world.guild.id).none
    question = await roled.slash(world.channel, f"index {name}", **options)
    take_roles(world, roled)
    refusal = await press(roled, question.response)
    assert REFUSED in text_of(refusal)
    assert await own_number(world) == 2
    assert len(world.store.gaps.recent(world.guild.id)) == 1
    assert world.store.settings.of(world.guild.id) == settings
    assert world.store.hints.of(world.guild.id).none


def modal_field(result: simcord.InteractionResult) -> str:
    """The custom_id of the one text field of a modal."""
    (custom_id,) = (part["custom_id"] for part in parts_of(result.modal) if part.get("type") == 4)
    return str(custom_id)


@pytest.mark.parametrize("label", ["Publish", "Cancel"])
async def test_a_press_is_answered_once(world: World, label: str) -> None:
    question = await world.moderator.slash(world.channel, "index add", file=FILE)
    assert question.response is not None
    result = await world.moderator.click(question.response, label=label)
    assert "ended" not in text_of(result)
    assert result.followups == []
