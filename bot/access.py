"""Who may do what, where. Checked in code, whatever Discord's own command permissions say."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar, cast

import discord
from discord import app_commands

from bot.conversations import Talk
from bot.errors import NotAllowed
from bot.places import Place
from bot.store import Person
from index.errors import FootnoteError

if TYPE_CHECKING:  # bot.client loads the commands, which ask this module
    from bot.client import FootnoteBot

log = logging.getLogger("footnote.access")

__all__ = [
    "everywhere",
    "may_moderate",
    "moderators_only",
    "person_of",
    "place_of",
    "talk_of",
]

Command = TypeVar("Command")


def place_of(source: discord.Interaction | discord.Message) -> Place:
    """The place an interaction or a message comes from."""
    guild_id = source.guild_id if isinstance(source, discord.Interaction) else None
    if isinstance(source, discord.Message) and source.guild is not None:
        guild_id = source.guild.id
    return Place(guild_id)


def talk_of(interaction: discord.Interaction, *, private: bool) -> Talk:
    """The talk that a question belongs to; in direct messages there is one, and it is private."""
    alone = private or interaction.guild_id is None
    return Talk(interaction.user.id, interaction.channel_id or 0, alone)


def everywhere(command: Command) -> Command:
    """Offer a command in servers and in direct messages with the bot, and nowhere else."""
    installed = app_commands.allowed_installs(guilds=True, users=False)(command)
    return app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)(installed)


def person_of(interaction: discord.Interaction) -> Person:
    """Who presses or commands, as the audit names them."""
    return Person(interaction.user.id, interaction.user.name)


def may_moderate(interaction: discord.Interaction) -> bool:
    """Whether the person has Manage Server, or the role that the server's settings name."""
    if interaction.guild_id is None:
        return False
    if interaction.permissions.manage_guild:
        return True
    role_id = _moderator_role(interaction)
    member = interaction.user
    if role_id is None or not isinstance(member, discord.Member):
        return False
    # Discord counts everybody as having @everyone; nobody means that by a moderator role.
    return role_id != interaction.guild_id and member.get_role(role_id) is not None


def moderators_only(interaction: discord.Interaction) -> bool:
    """Let moderators pass; raises NotAllowed for others and in direct messages."""
    if may_moderate(interaction):
        return True
    in_server = interaction.guild_id is not None
    raise NotAllowed(in_server=in_server, role_id=_moderator_role(interaction))


def _moderator_role(interaction: discord.Interaction) -> int | None:
    client = cast("FootnoteBot", interaction.client)
    try:
        return client.librarian.settings(place_of(interaction)).moderator_role_id
    except FootnoteError:
        log.exception("the settings of server %s cannot be read", interaction.guild_id)
        return None
