"""Find sources: the passages that bear out what a message, or a text, states."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.layout import notice, texts_of
from bot.cards.sources import sources_card
from bot.interactions.app import MenuCog
from bot.interactions.languages import options, words
from bot.interactions.origin import everywhere, origin_of
from bot.interactions.replies import respond
from bot.locales import say
from index.statements.statements import find_sources

__all__ = ["SourcesCommand", "setup"]

MAX_TEXT_CHARS = 4000


class SourcesCommand(MenuCog):
    """Sources for statements, by slash command and in the menu of every message."""

    def __init__(self, bot: commands.Bot) -> None:
        menu = app_commands.ContextMenu(
            name=words("sources.menu"),
            callback=self._find_for_message,
            type=discord.AppCommandType.message,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        super().__init__(bot, menu)

    @app_commands.command(name=words("sources.name"), description=words("sources.description"))
    @options("sources", "text")
    @everywhere
    async def sources(
        self,
        interaction: discord.Interaction,
        text: app_commands.Range[str, 1, MAX_TEXT_CHARS],
    ) -> None:
        """Find sources for a text."""
        await self._find(interaction, text)

    async def _find_for_message(
        self, interaction: discord.Interaction, message: discord.Message
    ) -> None:
        """Find sources for a message; Discord sends its text along, whatever the intents."""
        await self._find(interaction, self._text_of(message))

    async def _find(self, interaction: discord.Interaction, text: str) -> None:
        self.app.cooldowns.take(interaction.user.id, interaction.created_at)

        async def work() -> discord.ui.LayoutView:
            if not text.strip():
                return notice(say("sources.no_text"))
            origin = origin_of(interaction)
            searcher = (await origin.served()).searcher
            if not searcher.collection.passages:
                return notice(say("silence.empty_library"))
            # Twenty statements are twenty questions: too long to hold the event loop for.
            questions = self.app.pools.questions
            found = await questions.run(origin.place.guild_id, find_sources, searcher, text)
            return sources_card(found)

        await respond(interaction, work(), private=True)

    def _text_of(self, message: discord.Message) -> str:
        """What a message says: its own text, that of its layout, or that of what it forwards."""
        texts = [message.content, *texts_of(message)]
        texts += [snapshot.content for snapshot in message.message_snapshots]
        lines = "\n".join(texts).splitlines()
        if self.bot.user is not None and message.author.id == self.bot.user.id:
            # Of Footnote's own answers, the passages: the rest is questions and places.
            lines = [line for line in lines if line.startswith("> ")]
        return "\n".join(lines)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(SourcesCommand(bot))
