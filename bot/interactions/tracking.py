"""What is being handled: an id that every log record of it carries, and how its question ended.

A context variable, like the language spoken: whoever begins to handle something says `begin`, and
the same task, the tasks that it starts and `asyncio.to_thread` all know the request.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal

import discord

from bot.store.errors import StoreError
from index.errors import FootnoteError, SetupError

__all__ = [
    "QuestionOutcome",
    "Request",
    "RequestKind",
    "asking",
    "begin",
    "begin_event",
    "current_guild_id",
    "current_id",
    "do_afterwards",
    "guild_id_of",
    "note_answered",
    "note_closest",
    "note_error",
    "note_refused",
    "note_silent",
    "telling",
    "words_meanwhile",
]

log = logging.getLogger("footnote.questions")

RequestKind = Literal[
    "slash", "menu", "autocomplete", "button", "form", "mention", "reply", "dm", "delete"
]
QuestionOutcome = Literal["answered", "closest", "silent", "refused", "failed"]

_KINDS: Mapping[discord.InteractionType, RequestKind] = {
    discord.InteractionType.application_command: "slash",
    discord.InteractionType.autocomplete: "autocomplete",
    discord.InteractionType.component: "button",
    discord.InteractionType.modal_submit: "form",
}
Words = Callable[[], str | None]

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(slots=True)
class Request:
    """One thing that a person did; `seconds` and what follows tell how its question ended.

    `revisions` are the numbers answered from, by library: `shared`, `own`. `meanwhile` gives what
    to tell whoever waits, `afterwards` is what remains to be done for a question that is answered.
    """

    kind: RequestKind
    guild_id: int | None
    channel_id: int | None
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    start: float = field(default_factory=time.perf_counter)
    outcome: QuestionOutcome | None = None
    reason: str | None = None
    revisions: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    meanwhile: Words | None = None
    afterwards: list[Callable[[], Awaitable[object]]] = field(default_factory=list)


_current: ContextVar[Request] = ContextVar("request")


def begin(source: discord.Interaction | discord.Message) -> Request:
    """Handle an interaction or a message from here on, within this task."""
    channel_id = source.channel.id if source.channel is not None else None
    if isinstance(source, discord.Message):
        kind: RequestKind = "reply" if source.reference else "mention"
        guild_id = guild_id_of(source)
        return begin_event("dm" if guild_id is None else kind, guild_id, channel_id)
    kind = _KINDS.get(source.type, "slash")
    data: Any = source.data or {}
    if kind == "slash" and data.get("type", 1) != discord.AppCommandType.chat_input.value:
        kind = "menu"
    return begin_event(kind, source.guild_id, channel_id)


def guild_id_of(message: discord.Message) -> int | None:
    """The server where a message stands; its `guild` is None before Discord has told of that."""
    if message.guild is not None:
        return message.guild.id
    return getattr(message.channel, "guild_id", None)


def begin_event(kind: RequestKind, guild_id: int | None, channel_id: int | None) -> Request:
    """Handle anything else that happens at a place from here on, within this task."""
    request = Request(kind, guild_id, channel_id)
    _current.set(request)
    return request


def current_id() -> str | None:
    """The id of what is being handled; None where nothing is."""
    request = _current.get(None)
    return request.id if request else None


def current_guild_id() -> int | None:
    """The server where something is being handled; None in direct messages."""
    request = _current.get(None)
    return request.guild_id if request else None


@contextmanager
def telling(words: Words) -> Iterator[None]:
    """Have `words`, asked now and then, told to whoever waits while this is done."""
    request = _current.get(None)
    if request is None:
        yield
        return
    before, request.meanwhile = request.meanwhile, words
    try:
        yield
    finally:
        request.meanwhile = before


def words_meanwhile() -> str | None:
    """What to tell whoever waits for the request that is being handled."""
    request = _current.get(None)
    return request.meanwhile() if request and request.meanwhile else None


def do_afterwards(work: Callable[[], Awaitable[object]]) -> None:
    """Do something for the question that is asked, once it has its answer."""
    _current.get().afterwards.append(work)


@asynccontextmanager
async def asking(on_end: Callable[[Request], object]) -> AsyncIterator[None]:
    """Take what happens within for one question of the request that was begun.

    At its end one line is logged and `on_end` is called with the request; neither tells who
    asked, or what. Where nothing was noted, as for a mere greeting, no question was asked. What
    was left for afterwards is done last, unless the question ended in an error.
    """
    request = _current.get()
    try:
        yield
    except BaseException as error:
        note_error(error)
        raise
    finally:
        if request.outcome is not None:
            request.seconds = time.perf_counter() - request.start
            _log(request)
            on_end(request)
    for work in request.afterwards:
        await work()


def note_answered(revisions: Mapping[str, int]) -> None:
    """The question got hits, from these revisions."""
    _note("answered", None, revisions)


def note_closest(reason: str, revisions: Mapping[str, int]) -> None:
    """The question got the closest passage, which may not answer it."""
    _note("closest", reason, revisions)


def note_silent(reason: str, revisions: Mapping[str, int]) -> None:
    """The question got no passage."""
    _note("silent", reason, revisions)


def note_refused(reason: str) -> None:
    """The question was not looked at."""
    _note("refused", reason)


def note_error(error: BaseException) -> None:
    """The question ended in an error: a refusal where a person can act on it, else a failure."""
    expected = isinstance(error, FootnoteError) and not isinstance(error, StoreError | SetupError)
    name = type(error).__name__.removesuffix("Error")
    _note("refused" if expected else "failed", _WORD.sub("_", name).lower())


def _note(
    outcome: QuestionOutcome, reason: str | None, revisions: Mapping[str, int] | None = None
) -> None:
    request = _current.get(None)
    if request is not None:
        request.outcome, request.reason = outcome, reason
        request.revisions = request.revisions if revisions is None else revisions


def _log(request: Request) -> None:
    milliseconds = round(request.seconds * 1000, 1)
    place = f"server {request.guild_id}" if request.guild_id else "a direct message"
    reason = f" ({request.reason})" if request.reason else ""
    revisions = ", ".join(f"{library} revision {n}" for library, n in request.revisions.items())
    log.info(
        "question by %s in %s, channel %s: %s%s in %s ms%s",
        request.kind,
        place,
        request.channel_id,
        request.outcome,
        reason,
        milliseconds,
        f" from {revisions}" if revisions else "",
        extra={
            "kind": request.kind,
            "guild": request.guild_id,
            "channel": request.channel_id,
            "outcome": request.outcome,
            "reason": request.reason,
            "milliseconds": milliseconds,
            "revisions": dict(request.revisions),
        },
    )
