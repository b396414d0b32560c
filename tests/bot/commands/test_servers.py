"""Servers come and go: what the bot says, and what is kept of them for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import discord
import pytest

from bot.commands.servers import ServersCog
from bot.gateway.client import FootnoteBot
from bot.libraries.places import Place
from bot.store import Person
from bot.store.errors import StoreError
from tests.bot.conftest import World, text_of_message
from tests.bot.libraries.test_server_libraries import publish

MONA = Person(1, "mona")


@pytest.fixture
def servers(world: World) -> ServersCog:
    return cast("ServersCog", world.bot.get_cog("ServersCog"))


async def test_a_server_that_is_joined_is_told_how_to_begin(
    world: World, servers: ServersCog
) -> None:
    world.store.servers.mark_left(world.guild.id, discord.utils.utcnow())
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    await servers.on_guild_join(guild)
    text = text_of_message(world.channel.last_message)
    assert "Japan–South Korea relations" in text
    for step in ("/index status", "/index add", "/index gaps"):
        assert step in text
    assert world.store.servers.marked_left() == set()


async def test_it_speaks_in_the_first_channel_where_it_may(
    world: World, servers: ServersCog
) -> None:
    there = world.env.create_guild()
    silence = discord.PermissionOverwrite(send_messages=False)
    closed = there.create_text_channel("rules", overwrites={there.default_role: silence})
    guild = world.bot.get_guild(there.id)
    assert guild is not None
    await servers.on_guild_join(guild)
    assert closed.last_message is None
    opened = there.create_text_channel("talk")
    await servers.on_guild_join(guild)
    assert "/index add" in text_of_message(opened.last_message)


async def test_a_refused_greeting_is_no_error(world: World, servers: ServersCog) -> None:
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await servers.on_guild_join(guild)
    assert world.channel.last_message is None


async def test_a_server_that_left_meanwhile_is_noticed_at_start(
    world: World, servers: ServersCog
) -> None:
    world.store.settings.change(5, {"private_answers": True}, MONA)
    world.store.settings.change(world.guild.id, {"private_answers": True}, MONA)
    world.store.servers.mark_left(world.guild.id, discord.utils.utcnow())
    await servers.on_ready()
    assert world.store.servers.marked_left() == {5}


async def test_what_is_kept_goes_thirty_days_after_leaving(
    world: World, servers: ServersCog
) -> None:
    for guild_id, days in ((5, 31), (6, 29)):
        world.store.settings.change(guild_id, {"private_answers": True}, MONA)
        left = discord.utils.utcnow() - timedelta(days=days)
        world.store.servers.mark_left(guild_id, left)
    await servers.tidy()
    assert not world.store.settings.of(5).private_answers
    assert world.store.settings.of(6).private_answers


async def test_what_could_not_be_deleted_today_is_deleted_tomorrow(
    world: World,
    servers: ServersCog,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_: object) -> None:
        raise StoreError("the disk is gone")

    world.store.settings.change(5, {"private_answers": True}, MONA)
    world.store.servers.mark_left(5, discord.utils.utcnow() - timedelta(days=31))
    with monkeypatch.context() as patched:
        patched.setattr(world.store.servers, "delete_left", broken)
        await servers.tidy()
    assert any("trying again tomorrow" in message for message in caplog.messages)
    assert world.store.settings.of(5).private_answers
    await servers.tidy()
    assert not world.store.settings.of(5).private_answers


async def test_leaving_is_kept(world: World, servers: ServersCog) -> None:
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    await servers.on_guild_remove(guild)
    assert world.store.servers.marked_left() == {world.guild.id}


async def test_a_server_that_came_back_while_the_bot_was_down_keeps_its_data(
    world: World, servers: ServersCog
) -> None:
    here = world.guild.id
    world.store.settings.change(here, {"private_answers": True}, MONA)
    world.store.servers.mark_left(here, discord.utils.utcnow() - timedelta(days=31))
    await servers.tidy()
    assert world.store.settings.of(here).private_answers
    assert world.store.servers.marked_left() == set()


async def test_nothing_is_tidied_before_the_bot_knows_its_servers(world: World) -> None:
    world.store.settings.change(5, {"private_answers": True}, MONA)
    world.store.servers.mark_left(5, discord.utils.utcnow() - timedelta(days=31))
    bot = FootnoteBot(None, world.data.parent / "state")
    await bot.setup_hook()
    assert not cast("ServersCog", bot.get_cog("ServersCog")).tidy.is_running()
    assert world.store.settings.of(5).private_answers
    await bot.close()


async def test_what_was_deleted_is_served_no_more(world: World, servers: ServersCog) -> None:
    app, place = world.bot.app, Place(5)
    librarian, publisher = app.librarian, app.publisher
    await publish(publisher, place, "The gate of Ghent opens at seven.")
    await librarian.change_settings(place, {"language": "ko"}, MONA)
    world.store.servers.mark_left(5, discord.utils.utcnow() - timedelta(days=31))
    await servers.tidy()
    assert await librarian.own(place) is None
    assert (await librarian.settings(place)).language is None
    await publish(publisher, place, "The gate of Ghent opens at nine.")
