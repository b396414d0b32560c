"""Questions by mention, reply and direct message. None of them needs the message content intent."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial

import discord
from discord.ext import commands

from bot.cards.answer import question_of
from bot.cards.layout import notice, texts_of
from bot.cards.markdown import escape
from bot.commands.answering import answer_question
from bot.errors import TooFastError
from bot.interactions.app import AppCog
from bot.interactions.handling import begin_message, take_message
from bot.interactions.message_replies import amend, reply
from bot.interactions.origin import Origin, place_of, talk_of
from bot.interactions.replies import explain, tell_meanwhile
from bot.interactions.tracking import (
    asking,
    begin_event,
    guild_id_of,
    note_error,
    note_refused,
)
from bot.interactions.trouble import describe, is_trouble, outlast
from bot.locales import say
from bot.people.exchanges import Exchange

__all__ = ["Chat", "setup"]

log = logging.getLogger("footnote.chat")

TYPING_AFTER_S = 0.5
REFUSAL_SHOWN_S = 30
EDITABLE = timedelta(minutes=1)
"""So long after it was asked, an edited question edits its answer."""
_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>")


class Chat(AppCog):
    """Answers people who talk to the bot; never bots, webhooks or itself."""

    def __init__(self, bot: commands.Bot) -> None:
        super().__init__(bot)
        self._ends: dict[int, asyncio.Event] = {}
        self._told: dict[int, discord.Message] = {}
        """The replies that tell those who wait long that an answer comes, which becomes it."""

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot, as a reply that pings nobody."""
        message = self.app.exchanges.latest(message)
        if not self._is_meant(message):
            return
        origin = Origin(self.app.librarian, message)
        if not await take_message(self.app, message, origin):
            return
        end = self._ends[message.id] = asyncio.Event()
        try:
            async with asking(self.app.monitor.question_ended):
                await self._on_question(message, origin)
        except TooFastError as error:
            if not error.again:  # said once, it is on the screen until they may go on
                await reply(message, explain(error), shown_s=float(error.seconds))
        except asyncio.CancelledError:
            await self._reply(message, notice(say("failed.stopping")))
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            await self._reply(message, explain(error))
        finally:
            end.set()
            del self._ends[message.id]
            self._told.pop(message.id, None)

    async def _reply(
        self, message: discord.Message, view: discord.ui.LayoutView
    ) -> discord.Message | None:
        """Reply, in place of what was told meanwhile; None where that cannot be."""
        told = self._told.get(message.id)
        if told is None:
            return await reply(message, view)
        return await amend(told, view, message.id)

    async def _tell(self, message: discord.Message, text: str) -> None:
        """Tell that an answer comes, in the message that becomes it."""
        answer = await self._reply(message, notice(text))
        if answer is not None:
            self._told[message.id] = answer

    async def _exchange_of(self, message_id: int) -> Exchange | None:
        """The question of that message and its answer, once that is given."""
        if message_id in self._ends:
            await self._ends[message_id].wait()
        return self.app.exchanges.get(message_id)

    async def _on_question(self, message: discord.Message, origin: Origin) -> None:
        self.app.cooldowns.take(message.author.id, message.created_at)
        if channel_ids := self._channels_elsewhere(message, origin):
            note_refused("elsewhere")
            channels = ", ".join(f"<#{channel_id}>" for channel_id in channel_ids)
            refusal = notice(say("chat.elsewhere", channels=channels))
            await reply(message, refusal, shown_s=REFUSAL_SHOWN_S)
            return
        before = self._before(message)
        view = await self._typing_if_slow(message, origin, before)
        answer = await self._reply(message, view)
        if answer is not None:
            if question := _question(message.content):
                self.app.conversations.remember(talk_of(message), question, before)
            exchange = Exchange(
                message.author.id, time.monotonic(), message.content, before, answer
            )
            self.app.exchanges.keep(message.id, exchange)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited question anew, in the message that answered it."""
        exchange = await self._exchange_of(payload.message_id)
        message = payload.message
        if message.edited_at is None or message.edited_at - message.created_at > EDITABLE:
            return
        if exchange is None:
            if self._is_meant(message):
                self.app.exchanges.keep_early(message)
            return
        if message.content in (exchange.content, ""):
            return
        origin = Origin(self.app.librarian, message)
        await begin_message(message, origin)
        if self._channels_elsewhere(message, origin):
            return
        self.app.exchanges.keep(message.id, replace(exchange, content=message.content))
        async with asking(self.app.monitor.question_ended):
            await self._answer_anew(message, origin, exchange)

    async def _answer_anew(
        self, message: discord.Message, origin: Origin, exchange: Exchange
    ) -> None:
        edited_at = message.edited_at or message.created_at
        try:
            self.app.cooldowns.take(message.author.id, edited_at)
            await self.app.feedback.withdraw_gap(origin.place, message.author.id, str(message.id))
            self.app.conversations.correct(
                talk_of(message), _question(exchange.content), _question(message.content)
            )
            view = await self._answer(message, origin, exchange.before)
        except TooFastError as error:
            note_error(error)
            if not error.again:
                await reply(message, explain(error), shown_s=float(error.seconds))
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            view = explain(error)

        def is_latest() -> bool:
            # Where it was edited again while Discord had a bad moment, that is answered alone.
            latest = self.app.exchanges.get(message.id)
            return latest is None or latest.content == message.content

        await amend(exchange.answer, view, message.id, is_latest)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Delete the answer to a question that was deleted."""
        begin_event("delete", payload.guild_id, payload.channel_id)
        await self._withdraw(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Delete the answers to questions that were deleted together."""
        begin_event("delete", payload.guild_id, payload.channel_id)
        for message_id in payload.message_ids:
            await self._withdraw(message_id)

    async def _withdraw(self, message_id: int) -> None:
        exchange = await self._exchange_of(message_id)
        if exchange is not None:
            self.app.exchanges.pop(message_id)
            place = place_of(exchange.answer)
            await self.app.feedback.withdraw_gap(place, exchange.asker, str(message_id))
            try:
                await outlast(exchange.answer.delete, f"deleted message {message_id}")
            except Exception as error:
                if not is_trouble(error):
                    raise
                log.warning(
                    "the answer to a deleted question, message %d in channel %d, "
                    "could not be deleted: %s",
                    message_id,
                    exchange.answer.channel.id,
                    describe(error),
                )

    @commands.Cog.listener()
    async def on_footnote_forget(self, user_id: int) -> None:
        """Forget what a person asked, when they want that."""
        self.app.exchanges.forget_person(user_id)

    def _channels_elsewhere(self, message: discord.Message, origin: Origin) -> tuple[int, ...]:
        """The channels that the server wants mentions answered in, where this is none of them."""
        # Channels that were deleted since choose nothing, where Discord has told which there are.
        guild = message.guild
        allowed_ids = tuple(
            channel_id
            for channel_id in origin.settings.mention_channel_ids
            if guild is None or guild.unavailable or guild.get_channel(channel_id)
        )
        channel = message.channel
        own_ids = {channel.id}
        if isinstance(channel, discord.Thread):
            own_ids.add(channel.parent_id)
        return () if own_ids.intersection(allowed_ids) else allowed_ids

    def _before(self, message: discord.Message) -> tuple[str, ...]:
        """What the question may lean on: the card replied to, or what its asker asked here last."""
        original = message.reference.resolved if message.reference else None
        talk = talk_of(message)
        if isinstance(original, discord.Message) and original.author == self.bot.user:
            question = question_of(texts_of(original))
            if question:
                return self.app.conversations.up_to(talk, question)
        if guild_id_of(message) is None or isinstance(message.channel, discord.Thread):
            return self.app.conversations.before(talk)
        return ()

    async def _typing_if_slow(
        self, message: discord.Message, origin: Origin, before: tuple[str, ...]
    ) -> discord.ui.LayoutView:
        task = asyncio.ensure_future(self._answer(message, origin, before))
        done, _ = await asyncio.wait({task}, timeout=TYPING_AFTER_S)
        if done:
            return await task
        # It is only told that an answer comes: that holds up no answer, and loses none.
        typing_task = asyncio.create_task(_show_typing(message.channel, task))
        try:
            await tell_meanwhile(task, partial(self._tell, message))
            return await task
        finally:
            typing_task.cancel()

    async def _answer(
        self, message: discord.Message, origin: Origin, before: tuple[str, ...]
    ) -> discord.ui.LayoutView:
        question = _question(message.content)
        if question:
            return await answer_question(
                self.app,
                origin,
                question,
                private=guild_id_of(message) is None,
                key=str(message.id),
                previous=before,
            )
        greeting = say("chat.greeting")
        example = (await origin.served()).searcher.collection.example
        if example:
            greeting += "\n" + say("silence.example", example=escape(example))
        return notice(greeting)

    def _is_meant(self, message: discord.Message) -> bool:
        if message.author.bot or message.webhook_id is not None:
            return False
        if message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return False
        return guild_id_of(message) is None or self.bot.user in message.mentions


async def _show_typing(
    channel: discord.abc.Messageable, task: asyncio.Future[discord.ui.LayoutView]
) -> None:
    """Tell that somebody types until `task` ends."""
    try:
        async with channel.typing():
            await asyncio.wait({task})
    except Exception as error:
        if not is_trouble(error):
            log.exception("typing could not be shown")


def _question(content: str) -> str:
    """What a message asks, less its mentions."""
    return _MENTION.sub(" ", content).strip()


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Chat(bot))
