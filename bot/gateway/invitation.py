"""The rights that the bot asks a server for, and the address that invites it with them."""

from __future__ import annotations

import discord

__all__ = ["PERMISSIONS", "REASONS", "invitation"]

REASONS = {
    "view_channel": "to see the channel it is mentioned in",
    "send_messages": "to answer there",
    "send_messages_in_threads": "to answer in threads",
    "read_message_history": "to reply to the message that asks, which Discord allows only with it",
}
"""The least that it needs, by the names of discord.py, each with what for."""

PERMISSIONS = discord.Permissions(**dict.fromkeys(REASONS, True))


def invitation(application_id: int) -> str:
    """The address at which a server's owner lets the bot in."""
    return discord.utils.oauth_url(
        application_id, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
    )
