"""/index: moderators look after what the bot answers from. Answers are for their eyes alone."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from bot.commands.index.documents import DocumentCommands
from bot.commands.index.gaps import GapsCommand
from bot.commands.index.revisions import RevisionCommands
from bot.commands.index.settings import SettingsCommand
from bot.commands.index.words import WordsCommand
from bot.interactions.languages import words

__all__ = ["Index", "setup"]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
class Index(
    DocumentCommands,
    RevisionCommands,
    GapsCommand,
    WordsCommand,
    SettingsCommand,
    commands.GroupCog,
    group_name=words("index.name"),
    group_description=words("index.description"),
):
    """The moderators' commands, each family in a module of its own."""


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Index(bot))
