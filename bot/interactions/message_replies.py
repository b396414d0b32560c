"""Replies to messages: each once, never pinging, and by direct message where it may not post."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import cast

import discord

from bot.cards.markdown import escape
from bot.interactions.replies import SILENT
from bot.interactions.tracking import note_error, note_refused
from bot.interactions.trouble import NONCE_S, describe, is_trouble, outlast
from bot.locales import say

__all__ = ["amend", "reply"]

MOST_NONCE_CHARS = 25

log = logging.getLogger("footnote.chat")


async def reply(
    message: discord.Message, view: discord.ui.LayoutView, shown_s: float | None = None
) -> discord.Message | None:
    """Reply without a ping; None where that cannot be, and then the asker is told why."""
    what = f"message {message.id} in channel {message.channel.id}"
    try:
        return await outlast(
            lambda: _reply_once(message, view, shown_s), f"message {message.id}", NONCE_S
        )
    except discord.Forbidden:
        if shown_s is None:
            await _reply_privately(message, view)
    except Exception as error:
        note_error(error)
        if isinstance(error, discord.HTTPException) and "message_reference" in error.text:
            log.info("%s was gone before it was answered", what)
        elif is_trouble(error):
            log.warning("the answer to %s was not delivered: %s", what, describe(error))
        else:
            log.exception("the answer to %s could not be sent", what)
    return None


async def amend(
    answer: discord.Message,
    view: discord.ui.LayoutView,
    question_id: int,
    only_if: Callable[[], bool] = lambda: True,
) -> discord.Message | None:
    """Put another view into the answer to a message; None where that cannot be, as the log says.

    `only_if` is asked whenever it is tried, which may be later where Discord has a bad moment.
    """

    async def edit() -> discord.Message:
        return await answer.edit(view=view, allowed_mentions=SILENT) if only_if() else answer

    try:
        return await outlast(edit, f"the answer to message {question_id}")
    except Exception as error:
        note_error(error)
        if not is_trouble(error):
            raise
        log.warning(
            "the edited answer to message %d in channel %d was not delivered: %s",
            question_id,
            answer.channel.id,
            describe(error),
        )
    return None


async def _reply_once(
    message: discord.Message, view: discord.ui.LayoutView, shown_s: float | None
) -> discord.Message:
    """Send the reply; Discord takes one for a nonce, however often it is sent."""
    return await message.reply(
        view=view,
        mention_author=False,
        allowed_mentions=SILENT,
        delete_after=cast("float", shown_s),  # None is allowed, and not typed
        nonce=_nonce_of(message),
    )


def _nonce_of(message: discord.Message) -> str:
    """A nonce for what is said to a message as it now stands; an edited one may hear more."""
    if message.edited_at is None:
        return str(message.id)
    milliseconds = (message.edited_at - message.created_at) // timedelta(milliseconds=1)
    return f"{message.id:x}.{milliseconds:x}"[:MOST_NONCE_CHARS]


async def _reply_privately(message: discord.Message, view: discord.ui.LayoutView) -> None:
    """Where the bot may not post, tell the asker why, with the answer."""
    channel = message.channel
    log.warning("may not post in channel %d; grant Send Messages there", channel.id)
    if isinstance(channel, discord.DMChannel):
        note_refused("cannot_post")
        return
    place = escape(str(getattr(channel, "name", channel.id)))
    for item in list(view.children):
        if isinstance(item, discord.ui.ActionRow):
            view.remove_item(item)  # in a direct message they would look in another place
    view.add_item(discord.ui.TextDisplay(say("chat.cannot_post", channel=place)))
    nonce = _nonce_of(message)
    try:
        await outlast(
            lambda: message.author.send(view=view, allowed_mentions=SILENT, nonce=nonce),
            f"message {message.id}",
            NONCE_S,
        )
    except Exception as error:
        note_error(error)
        if not is_trouble(error):
            raise
        log.warning(
            "the answer was not delivered to user %d either: %s",
            message.author.id,
            describe(error),
        )
