"""/documents, /help and /privacy: what can be asked, how, and what is kept of it."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.about import documents_card, help_card, privacy_card
from bot.interactions.access import may_moderate
from bot.interactions.app import AppCog
from bot.interactions.languages import words
from bot.interactions.origin import everywhere, origin_of
from bot.interactions.replies import respond

__all__ = ["About", "setup"]


class About(AppCog):
    """What people want to know of the bot itself; answered to them alone."""

    @app_commands.command(name=words("documents.name"), description=words("documents.description"))
    @everywhere
    async def documents(self, interaction: discord.Interaction) -> None:
        """Show what can be asked about here."""

        async def work() -> discord.ui.LayoutView:
            return documents_card((await origin_of(interaction).served()).revisions)

        await respond(interaction, work(), private=True)

    @app_commands.command(name=words("help.name"), description=words("help.description"))
    @everywhere
    async def help(self, interaction: discord.Interaction) -> None:
        """Show what this person may do here."""

        async def work() -> discord.ui.LayoutView:
            served = await origin_of(interaction).served()
            return help_card(
                served.searcher.collection.example,
                in_server=interaction.guild_id is not None,
                moderator=may_moderate(interaction),
            )

        await respond(interaction, work(), private=True)

    @app_commands.command(name=words("privacy.name"), description=words("privacy.description"))
    @everywhere
    async def privacy(self, interaction: discord.Interaction) -> None:
        """Say what is kept of a person, and offer to delete it."""

        async def work() -> discord.ui.LayoutView:
            feedback, user_id = self.app.feedback, interaction.user.id
            count, messages = await feedback.count(user_id), await feedback.messages(user_id)
            logged = self.app.limits.log_questions
            return privacy_card(count, messages, questions_logged=logged)

        await respond(interaction, work(), private=True)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(About(bot))
