"""Who may do what. Checked in code, whatever Discord's own command permissions say."""

from __future__ import annotations

import logging

import discord

from bot.errors import NotAllowedError
from bot.interactions.origin import origin_of
from index.errors import FootnoteError

log = logging.getLogger("footnote.access")

__all__ = ["may_moderate", "moderators_only"]


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
    """Let moderators pass. Raises NotAllowedError for others and in direct messages."""
    if may_moderate(interaction):
        return True
    if interaction.guild_id is None:
        raise NotAllowedError(in_server=False)
    raise NotAllowedError(in_server=True, role_id=_moderator_role(interaction))


def _moderator_role(interaction: discord.Interaction) -> int | None:
    try:
        return origin_of(interaction).settings.moderator_role_id
    except FootnoteError:
        log.exception("the settings of server %s cannot be read", interaction.guild_id)
        return None
