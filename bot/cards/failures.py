"""What went wrong, in words for the person whose request it was."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import singledispatch

import discord
from discord import app_commands

from bot.cards.layout import notice
from bot.cards.markdown import escape, one_line
from bot.errors import (
    BusyError,
    GoneError,
    LimitReachedError,
    NotAllowed,
    TooFastError,
    TooManyPublicationsError,
)
from bot.locales import say
from bot.requests import current_id, note_error
from bot.store.errors import (
    RevisionConflictError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    UnknownRevisionError,
)
from index.errors import (
    CorpusError,
    FootnoteError,
    Problem,
    UnknownCitationError,
    UnknownDocumentError,
)

__all__ = ["explain", "problem_lines"]

log = logging.getLogger("footnote.failures")

SHOWN_PROBLEMS = 10
PROBLEM_CHARS = 300


def explain(error: BaseException) -> discord.ui.LayoutView:
    """Words for the person whose request failed; what nobody foresaw is logged.

    Its code is the id of the request, which every log record of it carries.
    """
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    note_error(error)
    return notice(_words(error))


def problem_lines(
    problems: Sequence[Problem], most: int = SHOWN_PROBLEMS, chars: int = PROBLEM_CHARS
) -> str:
    """The first problems, a line of at most `chars` each, and how many more there are."""
    lines = [f"- {escape(one_line(str(problem), chars))}" for problem in problems[:most]]
    if more := len(problems) - len(lines):
        lines.append(say("status.more", count=more))
    return "\n".join(lines)


@singledispatch
def _words(error: BaseException) -> str:
    """What nobody foresaw; each error of the tree has words of its own below."""
    code = current_id() or "–"
    log.error("unexpected failure, code %s", code, exc_info=error)
    return say("failed.unexpected", code=code)


@_words.register
def _(error: FootnoteError) -> str:
    return escape(str(error))


@_words.register
def _(error: NotAllowed) -> str:
    if not error.in_server:
        return say("refused.direct_message")
    if error.role_id is None:
        return say("refused.not_moderator")
    return say("refused.not_moderator_or_role", role=f"<@&{error.role_id}>")


@_words.register
def _(error: LimitReachedError) -> str:
    fields = {name: _shown(value) for name, value in error.fields.items()}
    return say(f"refused.{error.key}", **fields)


@_words.register
def _(error: TooManyPublicationsError) -> str:
    return say("refused.too_many_publications", limit=error.limit)


@_words.register
def _(error: TooFastError) -> str:
    return say("refused.too_fast", count=error.seconds, limit=error.limit)


@_words.register
def _(_: BusyError) -> str:
    return say("refused.busy")


@_words.register
def _(_: RevisionConflictError) -> str:
    return say("refused.changed_meanwhile")


@_words.register
def _(error: CorpusError) -> str:
    return f"{say('refresh.failed')}\n{problem_lines(error.problems)}"


@_words.register
def _(error: UnknownCitationError) -> str:
    number = escape(one_line(error.number, 60))
    if not error.nearest:
        return say("failed.citation", number=number)
    nearest = escape(", ".join(error.nearest))
    return say("failed.citation_nearest", number=number, nearest=nearest)


@_words.register
def _(error: UnknownDocumentError) -> str:
    name = escape(one_line(error.document, 100))
    if not error.known:
        return say("failed.no_document", document=name)
    known = escape(one_line(", ".join(error.known), 1000))
    return say("failed.document", document=name, known=known)


@_words.register
def _(error: UnknownRevisionError) -> str:
    known = ", ".join(map(str, error.known)) or "–"
    return say("failed.revision", revision=error.number, known=known)


@_words.register
def _(_: GoneError) -> str:
    return say("control.gone")


@_words.register
def _(_: StoreBusyError) -> str:
    return say("failed.store_busy")


@_words.register
def _(error: StoreError) -> str:
    log.error("the store: %s", error)
    return say("failed.store_full" if isinstance(error, StoreFullError) else "failed.store")


def _shown(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else escape(one_line(value, 100))
