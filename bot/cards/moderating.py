"""Private messages with controls for a moderator, whose right is asked for at each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import discord

from bot.access import moderators_only
from bot.cards.layout import ACCENT, notice
from bot.cards.live import live_token, mark_heard
from bot.interactions.handling import taken
from bot.locales import say
from bot.replies import explain, first_response, tell_failure

__all__ = ["Confirm", "ModeratorView"]

TIMEOUT_S = 14 * 60
"""A little less than Discord lets an answer be edited."""

Act = Callable[[discord.Interaction], Awaitable[discord.ui.LayoutView]]


class ModeratorView(discord.ui.LayoutView):
    """Lets moderators press, and tells everybody in words what went wrong."""

    def __init__(self) -> None:
        super().__init__(timeout=TIMEOUT_S)
        self.token = live_token(self)

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Time has passed since the command: ask for the right again."""
        mark_heard(interaction)
        return taken(interaction) and moderators_only(interaction)

    async def on_error(
        self,
        interaction: discord.Interaction,
        error: Exception,
        item: discord.ui.Item[discord.ui.LayoutView],  # noqa: ARG002
        /,
    ) -> None:
        """Tell the person in words; discord.py alone would only log it."""
        await tell_failure(interaction, error)


class Confirm(ModeratorView):
    """Shows `blocks` and does `act` at the press of a button; the card says what came of it."""

    def __init__(
        self, blocks: Sequence[str], label: str, act: Act, *, danger: bool = False
    ) -> None:
        """`danger` is what cannot be undone."""
        super().__init__()
        self._act = act
        container: discord.ui.Container[Confirm] = discord.ui.Container(accent_colour=ACCENT)
        for position, block in enumerate(blocks):
            if position:
                container.add_item(discord.ui.Separator())
            container.add_item(discord.ui.TextDisplay(block))
        row: discord.ui.ActionRow[Confirm] = discord.ui.ActionRow()
        yes: discord.ui.Button[Confirm] = discord.ui.Button(
            label=label,
            style=discord.ButtonStyle.danger if danger else discord.ButtonStyle.primary,
            custom_id=f"{self.token}:yes",
        )
        no: discord.ui.Button[Confirm] = discord.ui.Button(
            label=say("confirm.cancel"), custom_id=f"{self.token}:no"
        )
        yes.callback = self._confirmed  # type: ignore[method-assign]
        no.callback = self._cancelled  # type: ignore[method-assign]
        row.add_item(yes)
        row.add_item(no)
        self.add_item(container)
        self.add_item(row)

    async def _confirmed(self, interaction: discord.Interaction) -> None:
        self.stop()
        await first_response(interaction, interaction.response.defer)
        try:
            view = await self._act(interaction)
        except asyncio.CancelledError:
            await interaction.edit_original_response(view=notice(say("confirm.stopping")))
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            view = explain(error)
        await interaction.edit_original_response(view=view)

    async def _cancelled(self, interaction: discord.Interaction) -> None:
        self.stop()
        await interaction.response.edit_message(view=notice(say("confirm.cancelled")))
