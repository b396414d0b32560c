"""A question to a moderator with two buttons, asked again of their right when they press one."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

import discord

from bot.access import moderators_only
from bot.cards.layout import ACCENT, notice
from bot.locales import say

__all__ = ["Confirm"]

TIMEOUT_S = 14 * 60
"""A little less than Discord lets an answer be edited."""

Explain = Callable[[BaseException], discord.ui.LayoutView]
Act = Callable[[discord.Interaction], Awaitable[discord.ui.LayoutView]]

log = logging.getLogger("footnote.confirm")


class Confirm(discord.ui.LayoutView):
    """Shows `blocks` and does `act` at the press of a button; the card says what came of it."""

    def __init__(self, blocks: Sequence[str], label: str, act: Act, explain: Explain) -> None:
        super().__init__(timeout=TIMEOUT_S)
        self._act = act
        self._explain = explain
        container: discord.ui.Container[Confirm] = discord.ui.Container(accent_colour=ACCENT)
        for position, block in enumerate(blocks):
            if position:
                container.add_item(discord.ui.Separator())
            container.add_item(discord.ui.TextDisplay(block))
        row: discord.ui.ActionRow[Confirm] = discord.ui.ActionRow()
        yes: discord.ui.Button[Confirm] = discord.ui.Button(
            label=label, style=discord.ButtonStyle.primary
        )
        no: discord.ui.Button[Confirm] = discord.ui.Button(label=say("confirm.cancel"))
        yes.callback = self._confirmed  # type: ignore[method-assign]
        no.callback = self._cancelled  # type: ignore[method-assign]
        row.add_item(yes)
        row.add_item(no)
        self.add_item(container)
        self.add_item(row)

    async def _confirmed(self, interaction: discord.Interaction) -> None:
        moderators_only(interaction)
        self.stop()
        await interaction.response.defer()
        try:
            view = await self._act(interaction)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            view = self._explain(error)
        await interaction.edit_original_response(view=view)

    async def _cancelled(self, interaction: discord.Interaction) -> None:
        self.stop()
        await interaction.response.edit_message(view=notice(say("confirm.cancelled")))

    async def on_error(
        self,
        interaction: discord.Interaction,
        error: Exception,
        item: discord.ui.Item[discord.ui.LayoutView],  # noqa: ARG002
        /,
    ) -> None:
        """Tell the person in words; discord.py alone would only log it."""
        view = self._explain(error)
        if interaction.response.is_done():
            await interaction.followup.send(view=view, ephemeral=True)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)
