"""/ask: a question in, the passages that answer it out."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands.answering import answer_question
from bot.interactions.app import AppCog
from bot.interactions.languages import options, words
from bot.interactions.origin import everywhere, origin_of, talk_of
from bot.interactions.replies import respond
from bot.interactions.tracking import asking
from index.answering.searcher import MAX_QUESTION_CHARS

__all__ = ["Ask", "setup"]


class Ask(AppCog):
    """Questions by slash command."""

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
        async with asking(self.app.monitor.question_ended):
            self.app.cooldowns.take(interaction.user.id, interaction.created_at)
            if private is None:
                private = origin_of(interaction).settings.private_answers
            work = self._answer(interaction, question, private=private)
            await respond(interaction, work, private=private)

    async def _answer(
        self, interaction: discord.Interaction, question: str, *, private: bool
    ) -> discord.ui.LayoutView:
        """In direct messages a question may lean on the one before."""
        memory, talk = self.app.conversations, talk_of(interaction, private=private)
        before = memory.before(talk) if interaction.guild_id is None else ()
        memory.remember(talk, question, before)
        return await answer_question(
            self.app, origin_of(interaction), question, private=private, previous=before
        )


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Ask(bot))
