"""How the bot speaks: within a second or deferred, never pinging, never silent after an error."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Coroutine
from typing import Any

import discord
from discord import app_commands

from bot.access import NotAllowed
from bot.cards.layout import notice
from bot.cards.markdown import escape, one_line
from bot.cards.reports import failure_card
from bot.librarian import BusyError
from bot.locales import say
from index.errors import CorpusError, FootnoteError, UnknownCitationError, UnknownDocumentError

__all__ = ["SILENT", "explain", "respond", "tell"]

log = logging.getLogger("footnote.replies")

SILENT = discord.AllowedMentions.none()
DEFER_AFTER_S = 1.0


async def respond(
    interaction: discord.Interaction,
    work: Coroutine[Any, Any, discord.ui.LayoutView],
    *,
    private: bool,
) -> None:
    """Send what `work` makes; defer first when that takes over a second.

    A FootnoteError is told to the person alone; other errors are raised for the tree to explain.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=DEFER_AFTER_S)
    if not done:
        await interaction.response.defer(ephemeral=private, thinking=True)
    try:
        view = await task
    except FootnoteError as error:
        view, private = explain(error), True
    await tell(interaction, view, private=private)


async def tell(
    interaction: discord.Interaction, view: discord.ui.LayoutView, *, private: bool
) -> None:
    """Answer an interaction, whether or not it was answered or deferred before."""
    if interaction.response.is_done():
        await interaction.followup.send(view=view, ephemeral=private, allowed_mentions=SILENT)
    else:
        await interaction.response.send_message(
            view=view, ephemeral=private, allowed_mentions=SILENT
        )


def explain(error: BaseException) -> discord.ui.LayoutView:
    """Words for the person whose request failed; what nobody foresaw is logged with a code."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    match error:
        case NotAllowed():
            return notice(say("refused.not_moderator"))
        case BusyError():
            return notice(say("refused.busy"))
        case CorpusError():
            return failure_card(error.problems)
        case UnknownCitationError():
            number = escape(one_line(error.number, 60))
            if not error.nearest:
                return notice(say("failed.citation", number=number))
            nearest = escape(", ".join(error.nearest))
            return notice(say("failed.citation_nearest", number=number, nearest=nearest))
        case UnknownDocumentError():
            known = escape(one_line(", ".join(error.known), 1000))
            name = escape(one_line(error.document, 100))
            return notice(say("failed.document", document=name, known=known))
        case FootnoteError():
            return notice(escape(str(error)))
    code = secrets.token_hex(4)
    log.error("unexpected failure, code %s", code, exc_info=error)
    return notice(say("failed.unexpected", code=code))
