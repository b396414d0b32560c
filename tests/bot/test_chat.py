"""Mentions and direct messages."""

from __future__ import annotations

from tests.bot.conftest import World, text_of_message

QUESTION = "who ruled South Korea from 1961 to 1979?"


async def test_a_mention_is_answered_as_a_reply(world: World) -> None:
    asked = await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    reply = world.channel.last_message
    assert reply is not None
    assert reply.reference is not None
    assert reply.reference.message_id == asked.id
    assert "line 4" in text_of_message(reply)


async def test_a_mention_at_the_end_is_answered_too(world: World) -> None:
    await world.member.send(world.channel, f"{QUESTION} {world.mention}")
    assert "line 4" in text_of_message(world.channel.last_message)


async def test_a_direct_message_is_answered(world: World) -> None:
    await world.member.send_dm(QUESTION)
    assert "line 4" in text_of_message(world.member.user.dm_channel.last_message)


async def test_a_bare_mention_is_told_how_to_ask(world: World) -> None:
    await world.member.send(world.channel, world.mention)
    assert "Ask me something in the same message" in text_of_message(world.channel.last_message)


async def test_other_messages_are_left_alone(world: World) -> None:
    await world.member.send(world.channel, QUESTION)
    await world.member.send(world.channel, "@everyone " + QUESTION)
    assert all(message.author != world.bot.user for message in world.channel.history())


async def test_bots_and_webhooks_are_never_answered(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    await robot.send(world.channel, f"{world.mention} {QUESTION}")
    webhook = world.guild.create_webhook(world.channel)
    await webhook.send(f"{world.mention} {QUESTION}")
    assert all(message.author != world.bot.user for message in world.channel.history())


async def test_a_reply_that_pings_is_answered_without_content_intent(world: World) -> None:
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    answer = world.channel.last_message
    assert answer is not None
    await world.member.send(
        world.channel, f"{world.mention} when did the European Parliament vote?", reply_to=answer
    )
    assert "line 12" in text_of_message(world.channel.last_message)
    assert not world.bot.intents.message_content


async def test_where_the_bot_may_not_post_the_asker_is_told_why(world: World) -> None:
    quiet = world.guild.create_text_channel("quiet")
    world.env.inject_error("POST", f"/channels/{quiet.id}/messages", status=403, code=50013)
    await world.member.send(quiet, f"{world.mention} {QUESTION}")
    told = world.member.user.dm_channel.last_message
    assert "line 4" in text_of_message(told)
    assert "may not post" in text_of_message(told)
