"""Who may do what, where. Checked in code, whatever Discord's own command permissions say."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.librarian import Place

__all__ = ["NotAllowed", "moderators_only", "place_of"]


class NotAllowed(app_commands.CheckFailure):
    """The person lacks the right that the command needs."""


def place_of(source: discord.Interaction | discord.Message) -> Place:
    """The place an interaction or a message comes from."""
    guild_id = source.guild_id if isinstance(source, discord.Interaction) else None
    if isinstance(source, discord.Message) and source.guild is not None:
        guild_id = source.guild.id
    return Place(guild_id)


def moderators_only(interaction: discord.Interaction) -> bool:
    """Let those with Manage Server pass; raises NotAllowed for others and in direct messages."""
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise NotAllowed
    return True
