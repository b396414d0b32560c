"""The statements of a text, each with the numbers of the passages that support or touch it."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.cards.answer import numbers_of
from bot.cards.layout import MAX_TEXT, card, notice
from bot.cards.markdown import escape, one_line, place_link
from bot.locales import say
from index.answering.answer import Hit
from index.statements.statements import Statement, Statements
from index.statements.support import Kind

__all__ = ["sources_card"]

MAX_HEADING = 400
"""Characters kept free for the heading and for what the marks mean."""
MAX_STATEMENT = 240
MIN_STATEMENT = 60


def sources_card(statements: Statements) -> discord.ui.LayoutView:
    """Each statement, short, with its mark and its passages; or why there is none."""
    if not statements.statements:
        return notice(say("sources.no_statements"))
    count = len(statements.statements)
    supported, touched = statements.count(Kind.SUPPORTED), statements.count(Kind.TOUCHED)
    heading = say("sources.heading", found=supported, count=count)
    if touched:
        heading += "\n" + say("sources.also_touched", count=touched)
    marks = say("sources.marks")
    if statements.left_over:
        marks = f"{say('sources.left_over', count=statements.left_over, looked_at=count)}\n{marks}"
    room = MAX_TEXT - MAX_HEADING
    entries = []
    for position, statement in enumerate(statements.statements):
        entry = _entry(statement, room // (count - position) - 1)
        entries.append(entry)
        room -= len(entry) + 1
    return card([heading, "\n".join(entries), marks])


def _entry(statement: Statement, room: int) -> str:
    """A statement and its passages in at most `room` characters."""
    mark = say(f"sources.mark.{statement.kind}")
    lines_below = ""
    for detail in _DETAILS:
        lines_below = _lines_below(statement, detail)
        if len(mark) + len(lines_below) + MIN_STATEMENT <= room:
            break
    free = room - len(mark) - len(lines_below) - 1
    length = min(MAX_STATEMENT, free)
    text = escape(one_line(statement.text, length))
    while len(text) > free:
        length -= 1
        text = escape(one_line(statement.text, length))
    return f"{mark} {text}{lines_below}"


@dataclass(frozen=True, slots=True)
class _Detail:
    """How much is shown of what was found, in passages and in characters, links included."""

    hits: int
    title: int
    numbers: int
    lacking: int
    linked: bool = False


_DETAILS = (
    _Detail(3, 60, 400, 90, linked=True),
    _Detail(1, 60, 400, 90, linked=True),
    _Detail(3, 60, 90, 90),
    _Detail(1, 60, 60, 60),
    _Detail(1, 30, 40, 30),
    _Detail(1, 8, 16, 8),
)


def _lines_below(statement: Statement, detail: _Detail) -> str:
    """The places, a line each, and what the passage lacks where it only touches the statement."""
    lines = [_place(hit, detail) for hit in statement.hits[: detail.hits]]
    if statement.kind is Kind.TOUCHED and statement.lacking:
        lacking = escape(one_line(", ".join(statement.lacking), detail.lacking))
        lines.append(say("sources.lacking", lacking=lacking))
    elif statement.kind is Kind.TOUCHED:
        lines.append(say("sources.otherwise"))
    return "".join(f"\n\u2003{line}" for line in lines)


def _place(hit: Hit, detail: _Detail) -> str:
    """`[28] [33]` · document, place; a passage without numbers has the place alone."""
    title = escape(one_line(hit.document.title, detail.title))
    where = place_link(hit.passage, hit.document.spec, linked=detail.linked)
    place = say("place.within", document=title, place=where)
    numbers = numbers_of(hit.passage, hit.document, detail.numbers, linked=detail.linked)
    return say("sources.place", numbers=numbers, place=place) if numbers else place
