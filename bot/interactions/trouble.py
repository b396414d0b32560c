"""Discord's bad days: outlasted where they pass by themselves, and told in words."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import TypeVar

import aiohttp
import discord

from bot.errors import NotFetchedError

__all__ = [
    "OneLine",
    "describe",
    "failure_tracing",
    "fetch",
    "is_trouble",
    "outlast",
    "passes",
    "retry_after",
]

Result = TypeVar("Result")

log = logging.getLogger("footnote.trouble")

EDITABLE_S = 14 * 60.0
"""A little less than Discord lets the answer to an interaction be edited."""
NONCE_S = 3 * 60.0
"""So long a message may be sent again: Discord knows the nonces of "the past few minutes"."""
PAUSES_S = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0)
LONGEST_PAUSE_S = 30.0

_NETWORK = (aiohttp.ClientError, OSError, TimeoutError, json.JSONDecodeError)
_REASONS = {
    10003: "the channel is gone",
    10008: "the message is gone",
    10015: "it was asked too long ago",
    10062: "it was asked too long ago",
    40060: "it was answered already",
    50001: "the bot may not see the channel",
    50007: "they take no direct messages",
    50013: "the bot may not post in the channel",
    50027: "it was asked too long ago",
}


def passes(error: BaseException) -> bool:
    """Whether to try again later helps: the network, a failing Discord, or too many requests."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status in (408, 429)
    return isinstance(error, (*_NETWORK, discord.RateLimited, discord.GatewayNotFound))


def is_trouble(error: BaseException) -> bool:
    """Whether nothing is wrong with the bot: what passes, or what it answers is gone or barred."""
    return passes(error) or (isinstance(error, discord.HTTPException) and error.code in _REASONS)


def describe(error: BaseException) -> str:
    """The error in a few words, without the address, which may hold an interaction's token."""
    if isinstance(error, discord.HTTPException):
        reason = _REASONS.get(error.code) or error.text.partition("\n")[0][:100] or "no reason"
        code = f", code {error.code}" if error.code else ""
        return f"{reason} (HTTP {error.status}{code})"
    if isinstance(error, aiohttp.WSServerHandshakeError):
        return f"the gateway refuses (HTTP {error.status})"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"no connection to {error.host}:{error.port} ({error.os_error.strerror or error})"
    if isinstance(error, json.JSONDecodeError):
        return "an answer that cannot be read"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error) or type(error).__name__


async def outlast(
    send: Callable[[], Awaitable[Result]], what: str, within_s: float = EDITABLE_S
) -> Result:
    """Send, again and again where Discord has a bad moment, for at most so many seconds.

    Only for what is there once however often it is sent: an edit, a deletion, a message with a
    nonce. Raises what the last attempt raised; the log tells of the others, and of `what`.
    """
    end = time.monotonic() + within_s
    pauses_s = chain(PAUSES_S, repeat(LONGEST_PAUSE_S))
    while True:
        try:
            return await send()
        except Exception as error:
            if not passes(error):
                raise
            pause_s = max(next(pauses_s), retry_after(error))
            if time.monotonic() + pause_s > end:
                raise
            log.warning("%s for %s; again in %.0f s", describe(error), what, pause_s)
        await asyncio.sleep(pause_s)


async def fetch(file: discord.Attachment) -> bytes:
    """The bytes of a file that somebody sent. Raises NotFetchedError where Discord has none."""
    try:
        return await file.read()
    except (discord.HTTPException, *_NETWORK) as error:
        log.warning("a file that was sent could not be fetched: %s", describe(error))
        raise NotFetchedError from None


def retry_after(error: BaseException) -> float:
    """How many seconds Discord asks to wait at least; 0 where it does not."""
    if isinstance(error, discord.RateLimited):
        return error.retry_after
    if not isinstance(error, discord.HTTPException):
        return 0.0
    try:
        return float(error.response.headers.get("Retry-After", 0))
    except ValueError:  # a date, which Discord does not send
        return 0.0


def failure_tracing() -> aiohttp.TraceConfig:
    """What makes the log tell of each failure that discord.py tries again after, silently."""

    async def log_failure(_: object, __: object, end: aiohttp.TraceRequestEndParams) -> None:
        if end.response.status >= 500:
            # The rest of such a path lets anyone answer in the bot's name.
            route = re.sub(r"(/interactions|/webhooks)/.*", r"\1/…", end.url.path)
            log.warning("Discord answers %s %s with %d", end.method, route, end.response.status)

    tracing = aiohttp.TraceConfig()
    tracing.on_request_end.append(log_failure)
    return tracing


class OneLine(logging.Filter):
    """Leaves the traceback out of a log record where only Discord had a bad moment."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record; it is never dropped."""
        error = record.exc_info[1] if record.exc_info else None
        cause = getattr(error, "original", error)
        if cause is not None and is_trouble(cause):
            record.msg, record.args = f"{record.getMessage()}: {describe(cause)}", ()
            record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True
