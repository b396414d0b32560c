"""/ask: a question in, the passages that answer it out."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.access import place_of
from bot.cards.answer import answer_card
from bot.client import FootnoteBot
from bot.locales import say
from bot.replies import respond
from index.searcher import MAX_QUESTION_CHARS

__all__ = ["Ask", "setup"]


class Ask(commands.Cog):
    """Questions by slash command."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot

    @app_commands.command(name="ask", description=say("ask.description"))
    @app_commands.describe(question=say("ask.question"), private=say("ask.private"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION_CHARS],
        private: bool = False,
    ) -> None:
        """Answer a question, for all to see or for the asker alone."""

        async def work() -> discord.ui.LayoutView:
            place = place_of(interaction)
            answer = await self.bot.librarian.ask(place, question)
            searcher = await self.bot.librarian.searcher(place)
            return answer_card(answer, searcher.collection.example)

        await respond(interaction, work(), private=private)


async def setup(bot: FootnoteBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Ask(bot))
