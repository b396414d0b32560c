"""/index: moderators look after what the bot answers from. Answers are for their eyes alone."""

from __future__ import annotations

import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.access import moderators_only, place_of
from bot.cards.reports import report_card, status_card
from bot.client import FootnoteBot
from bot.locales import say
from bot.replies import respond
from bot.store import Person

__all__ = ["Index", "setup"]

log = logging.getLogger("footnote.index")


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
class Index(commands.GroupCog, group_name="index", group_description=say("index.description")):
    """The moderators' commands."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot

    @app_commands.command(name="refresh", description=say("index.refresh.description"))
    @app_commands.check(moderators_only)
    async def refresh(self, interaction: discord.Interaction) -> None:
        """Read the documents again; the old revision serves until the new one is whole."""

        async def work() -> discord.ui.LayoutView:
            report = await self.bot.librarian.refresh(
                Person(interaction.user.id, interaction.user.name)
            )
            log.info("refreshed to revision %d by %d", report.revision.number, interaction.user.id)
            return report_card(report)

        await respond(interaction, work(), private=True)

    @app_commands.command(name="status", description=say("index.status.description"))
    @app_commands.check(moderators_only)
    async def status(self, interaction: discord.Interaction) -> None:
        """Show documents, counts and the revision."""

        async def work() -> discord.ui.LayoutView:
            librarian = self.bot.librarian
            own = await librarian.own(place_of(interaction))
            return status_card(librarian.shared(), own)

        await respond(interaction, work(), private=True)


async def setup(bot: FootnoteBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Index(bot))
