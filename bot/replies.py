"""How the bot speaks: within a second or deferred, never pinging, never silent after an error."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar, cast

import discord

from bot.cards.failures import explain
from bot.cards.layout import notice
from bot.languages import language_here, language_of_reader
from bot.locales import speak, speaking
from bot.requests import begin
from index.errors import FootnoteError

if TYPE_CHECKING:  # bot.client loads the commands, which ask this module
    from bot.client import FootnoteBot

__all__ = ["SILENT", "explained", "in_time", "respond", "tell"]

Done = TypeVar("Done")

SILENT = discord.AllowedMentions.none()
DEFER_AFTER_S = 1.0
DEFERRED_IN_PUBLIC = "deferred in public"
"""The key of an interaction's extras that tells so."""


async def respond(
    interaction: discord.Interaction,
    work: Coroutine[Any, Any, discord.ui.LayoutView],
    *,
    private: bool,
) -> None:
    """Send what `work` makes; defer first when that takes over a second.

    A FootnoteError is told to the person alone; other errors are raised for the tree to explain.
    """
    bot = cast("FootnoteBot", interaction.client)
    language = (
        language_of_reader(interaction) if private else language_here(bot.librarian, interaction)
    )

    async def defer() -> None:
        await interaction.response.defer(ephemeral=private, thinking=True)
        interaction.extras[DEFERRED_IN_PUBLIC] = not private

    try:
        with speaking(language):
            task = asyncio.ensure_future(work)
        view = await in_time(task, defer)
    except FootnoteError as error:
        view, private = explain(error), True
    await tell(interaction, view, private=private)


async def in_time(task: asyncio.Future[Done], defer: Callable[[], Awaitable[object]]) -> Done:
    """What `task` makes; where that takes over a second, `defer` tells Discord to wait."""
    done, _ = await asyncio.wait({task}, timeout=DEFER_AFTER_S)
    if not done:
        await defer()
    return await task


async def explained(interaction: discord.Interaction, doing: Awaitable[None]) -> None:
    """Do what a press asks for, in the reader's language; what goes wrong is told in words.

    discord.py would log it, and the person see nothing.
    """
    begin(interaction)
    speak(language_of_reader(interaction))
    try:
        await doing
    except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
        await tell(interaction, explain(error), private=True)


async def tell(
    interaction: discord.Interaction, view: discord.ui.LayoutView, *, private: bool
) -> None:
    """Answer an interaction, whether or not it was answered or deferred before."""
    if interaction.response.is_done():
        if private and interaction.extras.pop(DEFERRED_IN_PUBLIC, False):
            # The first message after a deferral is as public as that was, whatever it says.
            await interaction.edit_original_response(view=notice("…"))
            await interaction.delete_original_response()
        await interaction.followup.send(view=view, ephemeral=private, allowed_mentions=SILENT)
    else:
        await interaction.response.send_message(
            view=view, ephemeral=private, allowed_mentions=SILENT
        )
