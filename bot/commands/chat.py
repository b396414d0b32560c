"""Questions by mention and in direct messages. Neither needs the message content intent."""

from __future__ import annotations

import logging
import re

import discord
from discord.ext import commands

from bot.access import place_of
from bot.cards.answer import answer_card
from bot.cards.layout import notice
from bot.cards.markdown import escape
from bot.client import FootnoteBot
from bot.locales import say
from bot.replies import SILENT, explain

__all__ = ["Chat", "setup"]

log = logging.getLogger("footnote.chat")

_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>")


class Chat(commands.Cog):
    """Answers people who talk to the bot; never bots, webhooks or itself."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot, as a reply that pings nobody."""
        if message.author.bot or message.webhook_id is not None or not self._is_meant(message):
            return
        try:
            view = await self._answer(message)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            view = explain(error)
        try:
            await message.reply(view=view, mention_author=False, allowed_mentions=SILENT)
        except discord.Forbidden:
            await self._answer_privately(message, view)

    async def _answer_privately(
        self, message: discord.Message, view: discord.ui.LayoutView
    ) -> None:
        """Where the bot may not post, tell the asker why, with the answer."""
        channel = message.channel
        log.warning("may not post in channel %d; grant Send Messages there", channel.id)
        if isinstance(channel, discord.DMChannel):
            return
        place = escape(str(getattr(channel, "name", channel.id)))
        view.add_item(discord.ui.TextDisplay(say("chat.cannot_post", channel=place)))
        try:
            await message.author.send(view=view, allowed_mentions=SILENT)
        except discord.Forbidden:
            log.warning("user %d takes no direct messages either", message.author.id)

    def _is_meant(self, message: discord.Message) -> bool:
        if message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return False
        return message.guild is None or self.bot.user in message.mentions

    async def _answer(self, message: discord.Message) -> discord.ui.LayoutView:
        question = _MENTION.sub(" ", message.content).strip()
        place = place_of(message)
        example = (await self.bot.librarian.searcher(place)).collection.example
        if question:
            return answer_card(await self.bot.librarian.ask(place, question), example)
        greeting = say("chat.greeting")
        if example:
            greeting += "\n" + say("silence.example", example=escape(example))
        return notice(greeting)


async def setup(bot: FootnoteBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Chat(bot))
