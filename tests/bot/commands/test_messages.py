"""Add to library: a message becomes a passage, its author is told, and can take it out."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from typing import Any

import discord
import pytest
import simcord
from simcord import SetupError

from bot.libraries.places import Place
from bot.libraries.publishing import Publication
from bot.store import Person
from bot.store.errors import StoreBusyError
from tests.bot.conftest import World, id_of, text_of, text_of_message
from tests.bot.libraries.test_server_libraries import publish
from tests.patience import PATIENCE_S

MENU = "Add to library"
SAID = "The wombat of the gatehouse is called Bartholomew."
QUESTION = "what is the wombat of the gatehouse called?"


async def added(world: World, said: str = SAID) -> Any:
    """A member's message that a moderator has added."""
    message = await world.member.send(world.channel, said)
    await add(world, message)
    return message


async def add(world: World, message: Any) -> simcord.InteractionResult:
    shown = await world.moderator.context_menu(world.channel, MENU, message)
    assert shown.response is not None
    assert shown.ephemeral
    return await world.moderator.click(shown.response, label="Add it")


async def held(world: World) -> bytes:
    """The bytes of all documents of all kept revisions of the server."""
    publisher, place = world.bot.app.publisher, Place(world.guild.id)
    content = b""
    for revision in await publisher.history(place):
        for source in await publisher.documents(place, revision.number):
            content += source.content + source.spec.model_dump_json().encode()
    return content


def address(world: World, message: Any) -> str:
    return f"https://discord.com/channels/{world.guild.id}/{world.channel.id}/{message.id}"


async def test_an_added_message_answers_with_its_link_and_its_author_is_told(world: World) -> None:
    world.lift_cooldowns()
    message = await added(world)
    answer = text_of(await world.member.slash(world.channel, "ask", question=QUESTION))
    assert "Bartholomew" in answer
    assert f"[\\[1\\]]({address(world, message)})" in answer
    (source,) = await world.bot.app.publisher.documents(Place(world.guild.id))
    assert source.spec.title == "Messages of this server"
    assert source.spec.references["1"].title.startswith("A message of alice, 20")
    told = text_of_message(world.member.user.dm_channel.last_message)
    assert address(world, message) in told
    sent = [r.json for r in world.env.http_requests if r.path.endswith("/messages") and r.json]
    assert all(payload["allowed_mentions"]["parse"] == [] for payload in sent)


async def test_its_author_takes_it_out_of_every_revision(world: World) -> None:
    world.lift_cooldowns()
    await added(world, "The moat is seven metres deep.")
    other = await added(world)
    dm = world.member.user.dm_channel.last_message
    result = await world.member.user.click(dm, custom_id=id_of(dm, f"takeout:{other.id}"))
    assert "gone from every revision" in text_of(result)
    everything = await held(world)
    assert b"Bartholomew" not in everything
    assert str(other.id).encode() not in everything
    assert b"seven metres" in everything
    answer = text_of(await world.member.slash(world.channel, "ask", question=QUESTION))
    assert "Bartholomew" not in answer
    files = b"".join(p.read_bytes() for p in world.store.state.rglob("*") if p.is_file())
    assert b"Bartholomew" not in files
    again = await world.member.user.click(dm, custom_id=id_of(dm, f"takeout:{other.id}"))
    assert "may be gone already" in text_of(again)


async def test_privacy_lists_it_and_takes_it_out(world: World) -> None:
    world.lift_cooldowns()
    message = await added(world)
    others = await world.moderator.slash(world.channel, "privacy")
    assert address(world, message) not in text_of(others)
    shown = await world.member.slash(world.channel, "privacy")
    assert address(world, message) in text_of(shown)
    assert shown.response is not None
    result = await world.member.click(shown.response, label="Remove 1")
    assert "gone from every revision" in text_of(result)
    assert b"Bartholomew" not in await held(world)
    after = await world.member.slash(world.channel, "privacy")
    assert address(world, message) not in text_of(after)


async def test_it_goes_from_copies_of_its_document_too(world: World) -> None:
    message = await added(world)
    publisher, place = world.bot.app.publisher, Place(world.guild.id)
    (source,) = await publisher.documents(place)
    copy = replace(source, spec=source.spec.model_copy(update={"id": "copy"}))
    await publisher.publish(place, [source, copy], Person(1, "mona"), "add")
    await world.member.delete(message)
    assert b"Bartholomew" not in await held(world)


async def test_deleting_all_that_is_kept_takes_them_out_too(world: World) -> None:
    await added(world)
    shown = await world.member.slash(world.channel, "privacy")
    assert shown.response is not None
    await world.member.click(shown.response, label="Delete all of it")
    assert b"Bartholomew" not in await held(world)


async def test_nobody_else_takes_it_out_by_its_button(world: World) -> None:
    message = await added(world)
    custom_id = id_of(world.member.user.dm_channel.last_message, f"takeout:{message.id}")
    messageable = world.bot.get_channel(world.channel.id)
    assert isinstance(messageable, discord.TextChannel)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(discord.ui.Button(label="x", custom_id=custom_id)))
    view.stop()
    await messageable.send(view=view)
    forged = world.channel.last_message
    assert forged is not None
    result = await world.moderator.click(forged, custom_id=custom_id)
    assert "Only whoever wrote it" in text_of(result)
    assert b"Bartholomew" in await held(world)


@pytest.mark.parametrize("how", ["message", "channel"])
async def test_a_message_deleted_later_is_taken_out(world: World, how: str) -> None:
    message = await added(world)
    await world.member.delete(await world.member.send(world.channel, "something else"))
    assert b"Bartholomew" in await held(world)
    if how == "message":
        await world.member.delete(message)
    else:
        channel = world.bot.get_channel(world.channel.id)
        assert isinstance(channel, discord.TextChannel)
        await channel.delete()
        await world.env.settle()
    assert b"Bartholomew" not in await held(world)
    assert world.store.messages.find([message.id]) == []


async def test_a_deleted_message_is_taken_out_once_the_store_can_do_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await added(world)
    # As discord.py loads it, no package has it as an attribute.
    monkeypatch.setattr(sys.modules["bot.commands.messages"], "AGAIN_AFTER_S", (0.0, 0.0))
    publisher, answers = world.bot.app.publisher, [StoreBusyError("busy"), StoreBusyError("busy")]
    redact = publisher.redact

    async def redact_in_the_end(*given: Any) -> Publication:
        if answers:
            raise answers.pop()
        return await redact(*given)

    monkeypatch.setattr(publisher, "redact", redact_in_the_end)
    await world.member.delete(message)
    await world.env.settle()
    assert b"Bartholomew" not in await held(world)
    assert world.store.messages.find([message.id]) == []


async def test_a_message_is_taken_out_while_the_library_is_published(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits: nobody who takes their words back is told to come again."""
    message = await added(world)
    publisher, heard = world.bot.app.publisher, asyncio.Event()
    redact = publisher.redact

    async def redact_heard(*given: Any) -> Publication:
        heard.set()
        return await redact(*given)

    monkeypatch.setattr(publisher, "redact", redact_heard)
    async with publisher._publishing(world.guild.id):
        with world.env.at_once():
            await world.member.delete(message)
        await asyncio.wait_for(heard.wait(), PATIENCE_S)
        assert b"Bartholomew" in await held(world)
    await world.env.settle()
    assert b"Bartholomew" not in await held(world)


async def test_a_message_that_went_while_the_moderator_was_asked_is_not_added(
    world: World,
) -> None:
    message = await world.member.send(world.channel, SAID)
    shown = await world.moderator.context_menu(world.channel, MENU, message)
    assert shown.response is not None
    await world.member.delete(message)
    result = await world.moderator.click(shown.response, label="Add it")
    assert "gone" in text_of(result)
    assert b"Bartholomew" not in await held(world)


async def test_a_message_that_goes_while_it_is_added_is_taken_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await world.member.send(world.channel, SAID)
    publisher = world.bot.app.publisher
    publish_it = publisher.publish

    async def publish_late(*given: Any, **named: Any) -> Publication:
        await world.bot.get_cog("MessagesCog")._take_out_of(world.guild.id, [message.id])  # type: ignore[union-attr]
        return await publish_it(*given, **named)

    monkeypatch.setattr(publisher, "publish", publish_late)
    assert "gone" in text_of(await add(world, message))
    assert b"Bartholomew" not in await held(world)


async def test_its_author_can_take_out_what_a_stop_had_published_unheard(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that publishes goes on, though nobody waits for it any more."""
    message = await world.member.send(world.channel, SAID)
    publisher = world.bot.app.publisher
    publish_it = publisher.publish

    async def publish_unheard(*given: Any, **named: Any) -> Publication:
        await publish_it(*given, **named)
        raise asyncio.CancelledError

    monkeypatch.setattr(publisher, "publish", publish_unheard)
    await add(world, message)
    assert b"Bartholomew" in await held(world)
    await world.member.delete(message)
    assert b"Bartholomew" not in await held(world)


async def test_an_author_without_direct_messages_is_told_by_a_reply(world: World) -> None:
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    message = await added(world)
    told = world.channel.last_message
    assert told is not None
    assert address(world, message) in text_of_message(told)
    assert not told.mentions
    result = await world.member.click(told, custom_id=id_of(told, f"takeout:{message.id}"))
    assert "gone from every revision" in text_of(result)


async def test_where_its_author_cannot_be_told_nothing_is_added(world: World) -> None:
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50013)
    message = await world.member.send(world.channel, SAID)
    result = await add(world, message)
    assert "Not added" in text_of(result)
    assert b"Bartholomew" not in await held(world)
    assert world.store.messages.find([message.id]) == []


async def test_what_cannot_be_added_is_refused_in_words(world: World) -> None:
    known = await added(world)
    assert "already" in text_of(await add(world, known))
    picture = await world.member.send(world.channel, attachments=[("map.png", b"\x89PNG")])
    webhook = await world.guild.create_webhook(world.channel).send("An app says so.")
    for message, told in ((picture, "no text to add"), (webhook, "An app wrote that")):
        result = await world.moderator.context_menu(world.channel, MENU, message)
        assert told in text_of(result)


async def test_messages_of_private_threads_are_not_added(world: World) -> None:
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="x", type=discord.ChannelType.private_thread)
    for person in (world.member, world.moderator):
        await thread.add_user(discord.Object(person.id))
    await world.env.settle()
    (handle,) = world.channel.threads
    message = await world.member.send(handle, SAID)
    result = await world.moderator.context_menu(handle, MENU, message)
    assert "private threads" in text_of(result)


async def test_members_are_not_offered_it_and_refused_where_they_are(world: World) -> None:
    message = await world.member.send(world.channel, SAID)
    with pytest.raises(SetupError):
        await world.member.context_menu(world.channel, MENU, message)
    command = next(one for one in await world.bot.tree.fetch_commands() if one.name == MENU)
    world.guild.set_command_permissions(command.id, {world.guild.default_role: True})
    result = await world.member.context_menu(world.channel, MENU, message)
    assert "Only people with the Manage Server permission" in text_of(result)


async def test_what_was_removed_from_the_documents_can_be_added_again(world: World) -> None:
    message = await added(world)
    publisher, place = world.bot.app.publisher, Place(world.guild.id)
    await publisher.publish(place, [], Person(1, "mona"), "remove")
    assert "Added" in text_of(await add(world, message))
    assert len(world.store.messages.find([message.id])) == 1
    assert "already" in text_of(await add(world, message))


async def test_a_purged_document_leaves_no_message_to_list(world: World) -> None:
    await publish(world.bot.app.publisher, Place(world.guild.id), "[1] The gate opens at seven.")
    message = await added(world)
    asked = await world.moderator.slash(
        world.channel, "index purge", document="messages-of-this-server"
    )
    assert asked.response is not None
    await world.moderator.click(asked.response, label="Delete for good")
    assert world.store.messages.find([message.id]) == []
    assert b"gate opens" in await held(world)


async def test_hostile_messages_take_no_effect(world: World) -> None:
    hostile = "**@everyone** <@1> [x](http://y.z) <a:wave:123456789012345678> `code`"
    await added(world, hostile)
    (source,) = await world.bot.app.publisher.documents(Place(world.guild.id))
    assert b":wave:" in source.content
    assert b"123456789012345678" not in source.content
    answer = text_of(await world.member.slash(world.channel, "ask", question='"code"'))
    assert "\\@everyone" in answer
    assert "](http://y.z" not in answer
