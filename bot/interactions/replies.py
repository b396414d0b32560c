"""How the bot speaks: at once or deferred, never pinging, never silent after an error."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

import aiohttp
import discord
from discord import app_commands
from discord.utils import MISSING

from bot.cards.failures import words_of
from bot.cards.layout import notice
from bot.interactions.handling import take_interaction
from bot.interactions.languages import language_of_reader
from bot.interactions.origin import origin_of
from bot.interactions.tracking import current_id, note_error, words_meanwhile
from bot.interactions.trouble import describe, is_trouble, outlast, passes, retry_after
from bot.locales import say, speaking
from bot.store.errors import RevisionConflictError, StoreBusyError, StoreError
from index.errors import FootnoteError

__all__ = [
    "FURTHER",
    "SILENT",
    "amend_response",
    "defer_response",
    "deliver",
    "deliver_failure",
    "edit_response",
    "explain",
    "failure_words",
    "in_time",
    "is_deferred",
    "respond",
    "run_press",
    "tell_meanwhile",
]

Result = TypeVar("Result")

SILENT = discord.AllowedMentions.none()
DEFER_AFTER_S = 0.2
"""An answer takes less on an idle machine; on a busy one nobody looks at a silent command."""
TELL_EVERY_S = 2.0
"""How often somebody who waits is told something new, at most."""
FIRST_RESPONSE_TRIES = 3
WAITED_FOR_S = 3.0
"""So long Discord waits for a first response."""
ALREADY_ACKNOWLEDGED = 40060
FURTHER = "further"
"""The key of an interaction's extras with what adds to the answer, given the interaction and it."""
DEFERRED = "deferred"
"""The key of an interaction's extras that tells of a message which waits to be filled in."""

log = logging.getLogger("footnote.replies")
failures_log = logging.getLogger("footnote.failures")


_EXPECTED = (StoreBusyError, RevisionConflictError)
"""Of the store's errors, those that the person can do something about."""


class _NobodyWaitsError(Exception):
    """Discord did not take the deferral, for the reason that is this error's cause."""


async def respond(
    interaction: discord.Interaction,
    work: Coroutine[Any, Any, discord.ui.LayoutView],
    *,
    private: bool,
) -> None:
    """Send what `work` makes; defer first when that takes over DEFER_AFTER_S.

    A FootnoteError is told to the person alone, unless all were told to wait; other errors are
    raised for the tree to explain.
    """
    language = language_of_reader(interaction) if private else origin_of(interaction).language

    async def defer() -> None:
        try:
            await defer_response(interaction, private=private)
        except Exception as error:
            raise _NobodyWaitsError from error

    async def tell(words: str) -> None:
        await interaction.edit_original_response(view=notice(words), allowed_mentions=SILENT)

    with speaking(language):
        task = asyncio.ensure_future(work)
    try:
        view = await in_time(task, defer, tell)
        if further := interaction.extras.get(FURTHER):
            with speaking(language):
                await further(interaction, view)
    except FootnoteError as error:
        view, private = explain(error), True
    except asyncio.CancelledError:
        task.cancel()
        await deliver(interaction, notice(say("failed.stopping")), private=True)
        raise
    except _NobodyWaitsError as error:
        task.cancel()
        await asyncio.wait({task})
        if error.__cause__ is None or not is_trouble(error.__cause__):
            raise
        _log_undelivered(interaction, error.__cause__)
        return
    await deliver(interaction, view, private=private)


async def in_time(
    task: asyncio.Future[Result],
    defer: Callable[[], Awaitable[object]],
    tell: Callable[[str], Awaitable[object]] | None = None,
) -> Result:
    """What `task` makes; where that takes over DEFER_AFTER_S, `defer` tells Discord to wait.

    `tell` shows whoever waits for longer what there is to say meanwhile.
    """
    done, _ = await asyncio.wait({task}, timeout=DEFER_AFTER_S)
    if not done:
        await defer()
        if tell is not None:
            await tell_meanwhile(task, tell)
    return await task


async def tell_meanwhile(
    task: asyncio.Future[Any], tell: Callable[[str], Awaitable[object]]
) -> None:
    """Tell what there is to say while `task` is done, whenever that has changed."""
    told = None
    while not (await asyncio.wait({task}, timeout=TELL_EVERY_S))[0]:
        words = words_meanwhile()
        if words is None or words == told:
            continue
        told = words
        try:
            await tell(words)
        except Exception as error:
            # It is only told that an answer comes; the answer comes all the same.
            if is_trouble(error):
                log.info("somebody who waits could not be told so: %s", describe(error))
            else:
                log.exception("somebody who waits could not be told so")


async def run_press(interaction: discord.Interaction, work: Coroutine[Any, Any, None]) -> None:
    """Do the `work` that a press asks for, once, in the reader's language.

    What goes wrong is told in words; discord.py alone would log it, and the person see nothing.
    """
    if not await take_interaction(interaction):
        work.close()
        return
    try:
        await work
    except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
        await deliver_failure(interaction, error)


def explain(error: BaseException) -> discord.ui.LayoutView:
    """The view that tells the person why their request failed, in `failure_words`."""
    return notice(failure_words(error))


def failure_words(error: BaseException) -> str:
    """Why a request failed, in words for the person; what nobody foresaw is logged.

    Its code is the id of the request, which every log record of it carries.
    """
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    elif isinstance(error, app_commands.CheckFailure) and error.__cause__ is not None:
        error = error.__cause__
    note_error(error)
    words = words_of(error)
    if words is None:
        code = current_id() or "–"
        failures_log.error("unexpected failure, code %s", code, exc_info=error)
        words = say("failed.unexpected", code=code)
    elif isinstance(error, StoreError) and not isinstance(error, _EXPECTED):
        failures_log.error("the store: %s", error)
    return words


async def deliver_failure(interaction: discord.Interaction, error: Exception) -> None:
    """Tell the person what went wrong; where nothing can reach them any more, the log alone."""
    cause = getattr(error, "original", error)
    if is_trouble(cause) and not passes(cause):
        _log_undelivered(interaction, cause)
    else:
        await deliver(interaction, explain(error), private=True)


async def deliver(
    interaction: discord.Interaction, view: discord.ui.LayoutView, *, private: bool
) -> None:
    """Answer an interaction, once, whether or not it was answered or deferred before.

    Where Discord has a bad moment, or what is answered is gone, the log says so.
    """
    try:
        await _deliver(interaction, view, private=private)
    except Exception as error:
        if not is_trouble(error):
            raise
        _log_undelivered(interaction, error)


async def _deliver(
    interaction: discord.Interaction, view: discord.ui.LayoutView, *, private: bool
) -> None:
    # There is no second message to an interaction: Discord takes no nonce for one, so that it could
    # be shown twice. An edit is shown once, and is as public as the deferral was.
    if is_deferred(interaction):
        await edit_response(interaction, view=view)
    elif interaction.response.is_done():
        log.info("interaction %d was answered already", interaction.id)
    else:
        await _first_response(
            interaction,
            lambda: interaction.response.send_message(
                view=view, ephemeral=private, allowed_mentions=SILENT
            ),
        )


def is_deferred(interaction: discord.Interaction) -> bool:
    """Whether Discord was told to wait, and still does."""
    return bool(interaction.extras.get(DEFERRED))


async def defer_response(
    interaction: discord.Interaction, *, private: bool = True, thinking: bool = True
) -> None:
    """Tell Discord to wait for a message; without `thinking`, for an edit of the one pressed."""
    # Where it was acknowledged already, that was an attempt whose answer got lost.
    await _first_response(
        interaction, lambda: interaction.response.defer(ephemeral=private, thinking=thinking)
    )
    interaction.extras[DEFERRED] = True


async def edit_response(
    interaction: discord.Interaction,
    *,
    view: discord.ui.LayoutView = MISSING,
    files: Mapping[str, bytes] = MISSING,
) -> None:
    """Put `view`, or files by their names, in the place of the first response.

    If need be, that is minutes later, when Discord has got over a bad moment.
    """

    def edit() -> Awaitable[object]:
        # Files are made anew, for discord.py closes them.
        attachments = [discord.File(io.BytesIO(data), name) for name, data in (files or {}).items()]
        return interaction.edit_original_response(
            view=view, attachments=attachments or MISSING, allowed_mentions=SILENT
        )

    await outlast(edit, f"interaction {interaction.id}")
    interaction.extras[DEFERRED] = False


async def _first_response(
    interaction: discord.Interaction, send: Callable[[], Awaitable[object]]
) -> None:
    """Send the first response, again where the connection broke: Discord takes it only once."""
    for tries_left in reversed(range(FIRST_RESPONSE_TRIES)):
        try:
            await send()
        except discord.HTTPException as error:
            if error.code == ALREADY_ACKNOWLEDGED:
                log.info("interaction %d was answered already", interaction.id)
                return
            # discord.py has waited in between as Discord asked; the others it tried long enough.
            if error.status != 429 or not tries_left or retry_after(error) > WAITED_FOR_S:
                raise
            log.warning("%s for interaction %d; again", describe(error), interaction.id)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if not tries_left or not is_trouble(error):
                raise
            log.warning("%s for interaction %d; again", describe(error), interaction.id)
        else:
            return


async def amend_response(interaction: discord.Interaction, view: discord.ui.LayoutView) -> None:
    """Put another view into what an interaction was answered with, where Discord lets that be."""
    try:
        await interaction.edit_original_response(view=view, allowed_mentions=SILENT)
    except Exception as error:
        if not is_trouble(error):
            raise
        _log_undelivered(interaction, error)


def _log_undelivered(interaction: discord.Interaction, error: BaseException) -> None:
    note_error(error)
    command = interaction.command
    subject = f"/{command.qualified_name}" if command else interaction.type.name.replace("_", " ")
    log.warning(
        "the answer to %s, interaction %d in channel %s, was not delivered: %s",
        subject,
        interaction.id,
        interaction.channel_id,
        describe(error),
    )
