"""/ask: a question in, the passages that answer it out."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.access import everywhere, place_of, talk_of
from bot.answering import answer_question
from bot.client import FootnoteBot
from bot.languages import options, words
from bot.replies import respond
from bot.requests import asking
from index.answering.searcher import MAX_QUESTION_CHARS

__all__ = ["Ask", "setup"]


class Ask(commands.Cog):
    """Questions by slash command."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot

    @app_commands.command(name=words("ask.name"), description=words("ask.description"))
    @options("ask", "question", "private")
    @everywhere
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION_CHARS],
        private: bool | None = None,
    ) -> None:
        """Answer a question, for all to see or for the asker alone."""
        with asking(self.bot):
            self.bot.cooldowns.take(interaction.user.id, interaction.created_at)
            if private is None:
                place = place_of(interaction)
                private = self.bot.librarian.settings(place).private_answers
            work = self._answer(interaction, question, private=private)
            await respond(interaction, work, private=private)

    async def _answer(
        self, interaction: discord.Interaction, question: str, *, private: bool
    ) -> discord.ui.LayoutView:
        """In direct messages a question may lean on the one before."""
        user_id, memory = interaction.user.id, self.bot.conversations
        place, talk = place_of(interaction), talk_of(interaction, private=private)
        before = memory.before(talk) if place.guild_id is None else ()
        memory.remember(talk, question, before)
        return await answer_question(
            self.bot, place, question, user_id, private=private, previous=before
        )


async def setup(bot: FootnoteBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Ask(bot))
