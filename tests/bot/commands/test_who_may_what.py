"""Every command, button, menu and modal × who uses it and where: allowed, or the refusal's words.

Columns: a member, a moderator by role, an administrator, direct messages, another server, and a
message whose passages or process are gone. The commands of /index have their own table in
test_moderators.py; here stand the members' commands and every control.
"""

from __future__ import annotations

from typing import Any

import discord
import pytest
import simcord
from simcord import SetupError

from bot.gateway.client import FootnoteBot
from bot.interactions import views
from bot.interactions.app import App
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.store import Person
from index.answering.confidence import Outcome
from tests.bot.commands.test_moderators import modal_field
from tests.bot.commands.test_presses import QUESTION, control, options
from tests.bot.conftest import World, forced, id_of, text_of
from tests.bot.libraries.test_server_libraries import document

MONA = Person(1, "mona")
OWN = "when does the gate of Ghent open?"
GONE = "have changed since this was written"
ENDED = "That has ended meanwhile"
NO_RIGHT = "Only people with the Manage Server permission"

COMMANDS: dict[str, tuple[dict[str, Any], str]] = {
    "ask": ({"question": QUESTION}, "1961"),
    "cite": ({"number": "3"}, "line 4"),
    "documents": ({}, "relations"),
    "help": ({}, "What you can do here"),
    "privacy": ({}, "What is kept of you"),
    "sources": ({"text": "Park Chung-hee ruled South Korea."}, ""),
}
CONTROLS = ("context", "follow", "up", "down", "more", "sources", "share", "forget", "nearest")
"""Every control under a card; the names of the menu's values among them."""


@pytest.fixture
async def people(world: World) -> dict[str, simcord.MemberActor]:
    world.lift_cooldowns()
    role = world.guild.create_role("librarians")
    place = Place(world.guild.id)
    await world.bot.app.librarian.change_settings(place, {"moderator_role_id": role.id}, MONA)
    admins = world.guild.create_role("admins", permissions=discord.Permissions.all())
    own = document("[1] The gate of Ghent opens at seven.\n[2] The moat of Ghent is deep.\n")
    await world.bot.app.publisher.publish(place, [own], MONA, "add")
    return {
        "member": world.member,
        "role": world.guild.add_member(world.env.create_user("rosa"), roles=[role]),
        "admin": world.guild.add_member(world.env.create_user("anna"), roles=[admins]),
    }


def test_the_table_names_every_command_for_members(world: World) -> None:
    kind = discord.AppCommandType.chat_input
    names = {command.name for command in world.bot.tree.get_commands(type=kind)}
    assert names == {*COMMANDS, "index"}
    menus = world.bot.tree.get_commands(type=discord.AppCommandType.message)
    assert [menu.name for menu in menus] == ["Find sources", "Add to library"]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("who", ["member", "role", "admin"])
async def test_everybody_in_a_server_may_use_the_members_commands(
    world: World, people: dict[str, simcord.MemberActor], who: str, name: str
) -> None:
    given, text = COMMANDS[name]
    assert text in text_of(await people[who].slash(world.channel, name, **given))


@pytest.mark.parametrize("name", COMMANDS)
async def test_direct_messages_have_them_too_over_the_shared_documents(
    world: World, people: dict[str, simcord.MemberActor], name: str
) -> None:
    given, text = COMMANDS[name]
    answer = text_of(await people["member"].user.slash(name, **given))
    assert text in answer
    assert "Ghent" not in answer


@pytest.mark.parametrize("name", COMMANDS)
async def test_another_server_sees_nothing_of_this_ones(
    world: World, people: dict[str, simcord.MemberActor], name: str
) -> None:
    assert people
    there = world.env.create_guild()
    channel = there.create_text_channel("general")
    other = there.add_member(world.env.create_user("otto"))
    given = {"question": OWN} if name == "ask" else COMMANDS[name][0]
    text = text_of(await other.slash(channel, name, **given)).replace(OWN, "")
    assert text
    assert "Ghent" not in text


async def card(
    world: World, people: dict[str, simcord.MemberActor], what: str, question: str
) -> Any:
    """A message with the control on it, before the member who asked."""
    asker = people["member"]
    if what == "forget":
        result = await asker.slash(world.channel, "privacy")
    elif what == "nearest":
        with forced(Outcome.SILENT):
            result = await asker.slash(world.channel, "ask", question=question)
    else:
        private = what == "share"
        result = await asker.slash(world.channel, "ask", question=question, private=private)
    assert result.response is not None
    return result.response


async def use(who: simcord.MemberActor, shown: Any, what: str) -> simcord.InteractionResult:
    """Press the control, and answer the modal where it opens one."""
    if what in ("more", "sources", "share"):
        value = next(value for value in options(shown) if value.partition(":")[0] == what)
        return await who.select(shown, [value], custom_id=control(shown, "menu"))
    result = await who.click(shown, custom_id=control(shown, what))
    if what == "follow" and result.modal:
        return await who.submit_modal(result, {modal_field(result): QUESTION})
    return result


ALLOWED = {
    "context": "nearby excerpts",
    "follow": "Park Chung",
    "up": "Thank you",
    "down": "Noted",
    "more": "The passages that come next",
    "sources": "What the numbers stand for",
    "share": "Shared by alice",
    "forget": "Deleted:",
    "nearest": "does not answer it",
}


def test_the_table_names_every_control() -> None:
    assert set(ALLOWED) == set(CONTROLS)


@pytest.mark.parametrize("what", CONTROLS)
@pytest.mark.parametrize("who", ["member", "role", "admin"])
async def test_whoever_sees_a_control_may_use_it(
    world: World, people: dict[str, simcord.MemberActor], who: str, what: str
) -> None:
    shown = await card(world, people, what, QUESTION)
    if who != "member" and what in ("share", "forget"):
        with pytest.raises(SetupError):  # a private message is its asker's alone
            await use(people[who], shown, what)
        return
    result = await use(people[who], shown, what)
    assert ALLOWED[what] in text_of(result)
    public = what == "share" or (what == "follow" and who == "member")
    assert result.ephemeral != public


@pytest.mark.parametrize("what", ["context", "follow", "up", "down", "more", "sources"])
async def test_controls_work_in_direct_messages(
    world: World, people: dict[str, simcord.MemberActor], what: str
) -> None:
    user = people["member"].user
    result = await user.slash("ask", question=QUESTION)
    shown = result.response
    if what in ("more", "sources"):
        value = next(value for value in options(shown) if value.partition(":")[0] == what)
        used = await user.select(shown, [value], custom_id=control(shown, "menu"))
    else:
        used = await user.click(shown, custom_id=control(shown, what))
        if what == "follow":
            used = await user.submit_modal(used, {modal_field(used): QUESTION})
    assert ALLOWED[what] in text_of(used)
    assert "share" not in options(shown)


@pytest.mark.parametrize("what", ["context", "more", "sources", "nearest"])
async def test_pointers_into_one_server_find_nothing_in_another(
    world: World, people: dict[str, simcord.MemberActor], what: str
) -> None:
    shown = await card(world, people, what, OWN)
    there = world.env.create_guild()
    channel = there.create_text_channel("general")
    other = there.add_member(world.env.create_user("otto"))
    messageable = world.bot.get_channel(channel.id)
    assert isinstance(messageable, discord.TextChannel)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(f"**{OWN}**"))
    item: discord.ui.Button[Any] | discord.ui.Select[Any]
    if what in ("more", "sources"):
        values = [discord.SelectOption(label="x", value=value) for value in options(shown)]
        item = discord.ui.Select(custom_id=control(shown, "menu"), options=values)
    else:
        item = discord.ui.Button(label="x", custom_id=control(shown, what))
    view.add_item(discord.ui.ActionRow(item))
    view.stop()
    await messageable.send(view=view)
    forged = channel.last_message
    result = await use(other, forged, what)
    assert GONE in text_of(result)


@pytest.mark.parametrize("what", ["context", "more", "sources", "nearest", "share"])
async def test_controls_of_passages_that_are_gone_say_so(
    world: World, people: dict[str, simcord.MemberActor], what: str
) -> None:
    shown = await card(world, people, what, OWN)
    await world.bot.app.publisher.purge(Place(world.guild.id), "rules", MONA)
    result = await use(people["member"], shown, what)
    assert GONE in text_of(result)
    assert result.ephemeral


async def restart(world: World) -> Librarian:
    """Another bot on the same store, to which nothing of the first one is alive."""
    views._owners.clear()
    librarian = Librarian(world.data, world.store)
    await world.env.restart_bot(FootnoteBot(App.of(librarian), world.data.parent / "state"))
    return librarian


@pytest.mark.parametrize(
    ("command", "given", "name"),
    [
        ("add", {"file": ("a.txt", b"The bridge is long.\n")}, ":yes"),
        ("replace", {"document": "rules", "file": ("a.txt", b"The bridge is long.\n")}, ":yes"),
        ("add", {"file": ("rules.txt", b"The bridge is long.\n")}, ":other"),
        ("remove", {"document": "rules"}, ":yes"),
        ("remove", {"document": "rules"}, ":no"),
        ("rollback", {"revision": 1}, ":yes"),
        ("purge", {"document": "rules"}, ":yes"),
        ("gaps", {}, ":answer:0"),
        ("gaps", {}, ":dismiss:0"),
        ("settings", {}, "turn:keep_gaps"),
        ("settings", {}, "choose:sureness"),
    ],
)
async def test_moderators_controls_that_a_restart_ended_say_so(
    world: World,
    people: dict[str, simcord.MemberActor],
    command: str,
    given: dict[str, Any],
    name: str,
) -> None:
    assert people
    world.store.gaps.add(world.guild.id, OWN, "no_answer")
    newer = [document("[1] The gate of Ghent opens at nine.\n")]
    await world.bot.app.publisher.publish(Place(world.guild.id), newer, MONA, "replace")
    asked = await world.moderator.slash(world.channel, f"index {command}", **given)
    librarian = await restart(world)
    assert asked.response is not None
    custom_id = id_of(asked.response, name)
    if name.startswith("choose:"):
        result = await world.moderator.select(asked.response, ["strict"], custom_id=custom_id)
    else:
        result = await world.moderator.click(asked.response, custom_id=custom_id)
    assert ENDED in text_of(result)
    own = await librarian.own(Place(world.guild.id))
    assert own is not None
    assert own.number == 2


@pytest.mark.parametrize("name", [":yes", ":no"])
async def test_moderators_controls_that_time_ended_say_so(
    world: World, people: dict[str, simcord.MemberActor], name: str
) -> None:
    assert people
    asked = await world.moderator.slash(world.channel, "index remove", document="rules")
    await world.env.advance_time(14 * 60 + 30)
    assert asked.response is not None
    result = await world.moderator.click(asked.response, custom_id=id_of(asked.response, name))
    assert ENDED in text_of(result)


async def test_a_modal_that_a_restart_ended_says_so(
    world: World, people: dict[str, simcord.MemberActor]
) -> None:
    shown = await card(world, people, "follow", QUESTION)
    modal = await people["member"].click(shown, custom_id=control(shown, "follow"))
    field = modal_field(modal)
    await restart(world)
    result = await people["member"].submit_modal(modal, {field: QUESTION})
    assert ENDED in text_of(result)
