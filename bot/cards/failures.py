"""What went wrong, in words for the person whose request it was."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from bot.cards.markdown import escape, one_line
from bot.errors import (
    BusyError,
    GoneError,
    LimitReachedError,
    NotAllowedError,
    NotFetchedError,
    NoTurnLeftError,
    SharedDocumentError,
    TooFastError,
    TooManyPublicationsError,
    TooManyUploadsError,
)
from bot.fetching.errors import FetchError
from bot.locales import say
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

__all__ = ["problem_lines", "words_of"]

SHOWN_PROBLEMS = 10
PROBLEM_CHARS = 300


def problem_lines(
    problems: Sequence[Problem], most: int = SHOWN_PROBLEMS, chars: int = PROBLEM_CHARS
) -> str:
    """The first problems, a line of at most `chars` each, and how many more there are."""
    lines = [f"- {escape(one_line(str(problem), chars))}" for problem in problems[:most]]
    if more := len(problems) - len(lines):
        lines.append(say("status.more", count=more))
    return "\n".join(lines)


@singledispatch
def words_of(_: BaseException) -> str | None:
    """Words for each error of the trees, registered below; None for what nobody foresaw."""
    return None


@words_of.register
def _(error: FootnoteError) -> str:
    return escape(str(error))


@words_of.register
def _(error: NotAllowedError) -> str:
    if not error.in_server:
        return say("refused.direct_message")
    if error.role_id is None:
        return say("refused.not_moderator")
    return say("refused.not_moderator_or_role", role=f"<@&{error.role_id}>")


@words_of.register
def _(error: LimitReachedError) -> str:
    fields = {name: _field_text(value) for name, value in error.fields.items()}
    return say(f"refused.{error.key}", **fields)


@words_of.register
def _(error: TooManyPublicationsError) -> str:
    return say("refused.too_many_publications", limit=error.limit)


@words_of.register
def _(error: TooFastError) -> str:
    return say("refused.too_fast", count=error.seconds, limit=error.limit)


@words_of.register
def _(error: TooManyUploadsError) -> str:
    return say("refused.too_many_uploads", count=error.seconds, limit=error.limit)


@words_of.register
def _(error: NoTurnLeftError) -> str:
    return say(
        "refused.no_turn_of_server" if error.of_one else "refused.no_turn", count=error.waiting
    )


@words_of.register
def _(_: BusyError) -> str:
    return say("refused.busy")


@words_of.register
def _(_: RevisionConflictError) -> str:
    return say("refused.changed_meanwhile")


@words_of.register
def _(error: CorpusError) -> str:
    return f"{say('refresh.failed')}\n{problem_lines(error.problems)}"


@words_of.register
def _(error: UnknownCitationError) -> str:
    number = escape(one_line(error.number, 60))
    if not error.nearest:
        return say("failed.citation", number=number)
    nearest = escape(", ".join(error.nearest))
    return say("failed.citation_nearest", number=number, nearest=nearest)


@words_of.register
def _(error: UnknownDocumentError) -> str:
    name = escape(one_line(error.document, 100))
    if not error.known:
        return say("failed.no_document", document=name)
    ids = escape(one_line(", ".join(error.known), 1000))
    return say("failed.document", document=name, known=ids)


@words_of.register
def _(error: SharedDocumentError) -> str:
    name = escape(one_line(error.document, 100))
    if error.seen is None:
        return say("failed.shared_document", document=name)
    return say("failed.shared_document_too", document=name, seen=escape(error.seen))


@words_of.register
def _(error: UnknownRevisionError) -> str:
    numbers = ", ".join(map(str, error.known)) or "–"
    return say("failed.revision", revision=error.number, known=numbers)


@words_of.register
def _(_: NotFetchedError) -> str:
    return say("failed.not_fetched")


@words_of.register
def _(error: FetchError) -> str:
    fields = {name: _field_text(value) for name, value in error.fields.items()}
    return say(f"fetch.{error.key}", **fields)


@words_of.register
def _(_: GoneError) -> str:
    return say("control.gone")


@words_of.register
def _(_: StoreBusyError) -> str:
    return say("failed.store_busy")


@words_of.register
def _(error: StoreError) -> str:
    return say("failed.store_full" if isinstance(error, StoreFullError) else "failed.store")


def _field_text(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else escape(one_line(value, 100))
