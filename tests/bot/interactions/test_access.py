"""Who may moderate, where questions come from, and where commands are offered."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import discord
import pytest
from discord import app_commands

from bot.errors import NotAllowedError
from bot.interactions.access import may_moderate, moderators_only
from bot.interactions.origin import everywhere, origin_of, person_of, place_of, talk_of
from bot.libraries.places import Place
from bot.people.conversations import Talk
from bot.store import Person
from index.errors import FootnoteError

SERVER, ROLE, OTHER_ROLE = 100, 7, 8


def member(*roles: int) -> Any:
    """A member of the server; Discord counts everybody as having @everyone, the server's id."""
    held = {role: SimpleNamespace(id=role) for role in (SERVER, *roles)}
    return Mock(spec=discord.Member, id=1, get_role=held.get)


def interaction(
    user: Any,
    *,
    guild_id: int | None = SERVER,
    moderator_role: int | None = ROLE,
    manage_guild: bool = False,
    channel_id: int | None = 5,
) -> Any:
    """An interaction of `user` with a bot whose settings for SERVER alone name a role."""

    async def settings(place: Place) -> Any:
        role = moderator_role if place == Place(SERVER) else None
        return SimpleNamespace(moderator_role_id=role)

    app = SimpleNamespace(librarian=SimpleNamespace(settings=settings))
    return Mock(
        spec=discord.Interaction,
        user=user,
        guild_id=guild_id,
        channel_id=channel_id,
        permissions=discord.Permissions(manage_guild=manage_guild),
        client=SimpleNamespace(app=app),
        extras={},
    )


def message(guild: Any) -> Any:
    """A message of somebody in a server, or a direct message."""
    author, channel = SimpleNamespace(id=1), SimpleNamespace(id=5)
    return Mock(spec=discord.Message, guild=guild, author=author, channel=channel)


def broken(given: Any) -> Any:
    """The same interaction, with settings that cannot be read."""
    given.client.app.librarian.settings = AsyncMock(side_effect=FootnoteError("the disk is gone"))
    return given


async def read(given: Any) -> Any:
    """The same interaction, once its settings were read, as at its begin."""
    await origin_of(given).read_settings()
    return given


@pytest.mark.parametrize(
    ("given", "may"),
    [
        (interaction(member(), manage_guild=True), True),
        (interaction(member(), manage_guild=True, moderator_role=None), True),
        (interaction(member(ROLE)), True),
        (interaction(member(OTHER_ROLE, ROLE)), True),
        (interaction(member(OTHER_ROLE)), False),
        (interaction(member()), False),
        (interaction(member(ROLE), moderator_role=None), False),
        (interaction(member(), moderator_role=SERVER), False),
        (interaction(member(ROLE), guild_id=SERVER + 1), False),
        (interaction(Mock(spec=discord.User), guild_id=None, manage_guild=True), False),
        (interaction(Mock(spec=discord.User)), False),
    ],
    ids=[
        "Manage Server",
        "Manage Server, no role named",
        "the role",
        "the role among others",
        "another role",
        "no role",
        "a role, and none is named",
        "@everyone is named",
        "the role of another server",
        "direct messages",
        "somebody who has left",
    ],
)
async def test_moderators_have_manage_server_or_the_role(given: Any, may: bool) -> None:
    assert may_moderate(await read(given)) is may


async def test_the_check_lets_moderators_pass() -> None:
    assert moderators_only(await read(interaction(member(ROLE)))) is True


async def test_a_refusal_names_the_role_that_would_help() -> None:
    with pytest.raises(NotAllowedError, match=r"^the person is no moderator here$") as refused:
        moderators_only(await read(interaction(member())))
    assert (refused.value.in_server, refused.value.role_id) == (True, ROLE)


def test_a_refusal_without_a_role_names_none() -> None:
    refusal = NotAllowedError(in_server=True)
    assert (refusal.in_server, refusal.role_id) == (True, None)


def test_a_refusal_in_direct_messages_names_no_role() -> None:
    with pytest.raises(NotAllowedError) as refused:
        moderators_only(interaction(Mock(spec=discord.User), guild_id=None))
    assert (refused.value.in_server, refused.value.role_id) == (False, None)


async def test_settings_that_cannot_be_read_give_nobody_a_role(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR, "footnote.access"):
        assert may_moderate(await read(broken(interaction(member(ROLE))))) is False
    assert caplog.messages == [f"the settings of server {SERVER} cannot be read"]
    assert "the disk is gone" in caplog.text


async def test_settings_that_cannot_be_read_leave_manage_server_its_right() -> None:
    assert may_moderate(await read(broken(interaction(member(), manage_guild=True)))) is True


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (interaction(member()), Place(SERVER)),
        (interaction(member(), guild_id=None), Place(None)),
        (message(SimpleNamespace(id=SERVER)), Place(SERVER)),
        (message(None), Place(None)),
    ],
    ids=["command", "command in direct messages", "message", "direct message"],
)
def test_the_place_is_the_server_or_direct_messages(source: Any, place: Place) -> None:
    assert place_of(source) == place


@pytest.mark.parametrize(
    ("given", "private", "talk"),
    [
        (interaction(member()), False, Talk(1, 5, private=False)),
        (interaction(member()), True, Talk(1, 5, private=True)),
        (interaction(member(), guild_id=None), False, Talk(1, 5, private=True)),
        (interaction(member(), channel_id=None), False, Talk(1, 0, private=False)),
        (message(SimpleNamespace(id=SERVER)), False, Talk(1, 5, private=False)),
        (message(None), False, Talk(1, 5, private=True)),
    ],
    ids=[
        "shown to all",
        "private",
        "direct messages",
        "no channel told",
        "message",
        "direct message",
    ],
)
def test_private_questions_are_a_talk_of_their_own(given: Any, private: bool, talk: Talk) -> None:
    assert talk_of(given, private=private) == talk


def test_the_audit_names_the_person_by_id_and_name() -> None:
    assert person_of(interaction(SimpleNamespace(id=3, name="mona"))) == Person(3, "mona")


def test_commands_are_offered_in_servers_and_direct_messages_and_nowhere_else() -> None:
    @everywhere
    @app_commands.command(name="ask", description="Ask")
    async def ask(interaction: discord.Interaction) -> None:
        raise NotImplementedError

    installed, offered = ask.allowed_installs, ask.allowed_contexts
    assert installed is not None
    assert offered is not None
    assert (installed.guild, installed.user) == (True, False)
    assert (offered.guild, offered.dm_channel, offered.private_channel) == (True, True, False)
