"""Forms that a person fills in; they end with this process, and say so."""

from __future__ import annotations

import discord

from bot.cards.live import live_token, mark_heard
from bot.interactions.handling import taken
from bot.replies import tell_failure

__all__ = ["Form"]

TIMEOUT_S = 15 * 60
"""How long a form is waited for; discord.py would remember each one for ever."""


class Form(discord.ui.Modal):
    """A modal that is answered in the reader's language, and whose errors are told in words."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title, custom_id=live_token(self), timeout=TIMEOUT_S)

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Take the answer of whoever filled it in."""
        mark_heard(interaction)
        return taken(interaction)

    async def on_error(  # type: ignore[override]  # as discord.py's own modal does
        self, interaction: discord.Interaction, error: Exception, /
    ) -> None:
        """Tell the person in words; discord.py alone would only log it."""
        await tell_failure(interaction, error)
