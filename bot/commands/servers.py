"""Servers come and go: a word to those that come, and the end of what was kept of others."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import ParamSpec, TypeVar

import discord
from discord.ext import commands, tasks

from bot.cards.layout import card
from bot.cards.markdown import escape, one_line
from bot.interactions.app import AppCog
from bot.interactions.replies import SILENT
from bot.interactions.trouble import describe, is_trouble
from bot.locales import language_of, say, speak
from index.errors import FootnoteError

__all__ = ["ServersCog", "setup"]

log = logging.getLogger("footnote.servers")

Given = ParamSpec("Given")
Result = TypeVar("Result")

KEPT_AFTER_LEAVING = timedelta(days=30)
SHOWN_TITLES = 3


class ServersCog(AppCog):
    """Follows which servers the bot is in."""

    async def cog_unload(self) -> None:
        self.tidy.cancel()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Notice who came and went while the bot was not running, and only then tidy up."""
        await self._compare()
        if not self.tidy.is_running():
            self.tidy.start()

    async def _in_store(
        self, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Result:
        return await self.app.librarian.pools.store.run(None, work, *args, **kwargs)

    async def _compare(self) -> None:
        present_ids = {guild.id for guild in self.bot.guilds}
        now = discord.utils.utcnow()
        for guild_id in await self._in_store(self.app.store.servers.known) - present_ids:
            log.info("server %d has left; its data goes in 30 days", guild_id)
            await self._in_store(self.app.store.servers.mark_left, guild_id, now)
        for guild_id in await self._in_store(self.app.store.servers.marked_left) & present_ids:
            await self._in_store(self.app.store.servers.mark_joined, guild_id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say what the bot answers from and how to begin, where it may."""
        await self._in_store(self.app.store.servers.mark_joined, guild.id)
        channel = _where_to_speak(guild)
        if channel is None:
            log.info("joined server %d, and may speak nowhere in it", guild.id)
            return
        documents = self.app.librarian.shared().library.documents
        speak(language_of(str(guild.preferred_locale)))
        titles = ", ".join(
            f"**{escape(one_line(document.title, 100))}**" for document in documents[:SHOWN_TITLES]
        )
        if len(documents) > SHOWN_TITLES:
            titles += f" {say('status.more', count=len(documents) - SHOWN_TITLES)}"
        example = self.app.librarian.shared().library.example
        text = say("joined.welcome", documents=titles)
        if example:
            text += "\n" + say("silence.example", example=escape(example))
        try:
            await channel.send(view=card([text, say("joined.steps")]), allowed_mentions=SILENT)
        except Exception as error:
            if not is_trouble(error):
                raise
            log.info("joined server %d, and could not say so: %s", guild.id, describe(error))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Keep since when the server is gone."""
        now = discord.utils.utcnow()
        await self._in_store(self.app.store.servers.mark_left, guild.id, now)

    @tasks.loop(hours=24)
    async def tidy(self) -> None:
        """Delete what was kept of servers that left 30 days ago, and gaps older than that."""
        cutoff = discord.utils.utcnow() - KEPT_AFTER_LEAVING
        try:
            await self._compare()
            left_ids = await self._in_store(self.app.store.servers.delete_left, cutoff)
            await self._in_store(self.app.store.gaps.expire)
        except FootnoteError:
            log.exception("could not delete what is past its time; trying again tomorrow")
            return
        for guild_id in left_ids:
            self.app.librarian.forget_server(guild_id)
        if left_ids:
            await self.app.publisher.forget_texts()
            log.info("deleted what was kept of %d servers that left", len(left_ids))


def _where_to_speak(guild: discord.Guild) -> discord.TextChannel | None:
    """The channel for system messages, else the first text channel, where the bot may write."""
    candidates = [*([guild.system_channel] if guild.system_channel else []), *guild.text_channels]
    for channel in candidates:
        permissions = channel.permissions_for(guild.me)
        if permissions.view_channel and permissions.send_messages:
            return channel
    return None


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(ServersCog(bot))
