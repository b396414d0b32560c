"""Gaps, grouped by likeness and counted, without names; and what came of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import discord

from bot.cards.answer import numbers_of
from bot.cards.layout import notice
from bot.cards.markdown import escape, one_line, place_link, quotation, row_in_words
from bot.locales import say
from bot.store import Gap
from index.documents.document import Document
from index.documents.passages import Passage
from index.text.likeness import AlikeQuestions

__all__ = ["GROUPS_A_PAGE", "gap_line", "gaps_heading", "no_gaps_card", "passage_line"]

GROUPS_A_PAGE = 5
"""Each has three buttons, and a message has forty components."""
QUESTION_CHARS = 120
PASSAGE_CHARS = 300
TITLE_CHARS = 60
NUMBERS_CHARS = 100


def no_gaps_card(note: str = "", *, keeping: bool) -> discord.ui.LayoutView:
    """There is no gap, since none came up or since none are kept; `note` goes before."""
    return notice(f"{note}\n{say('gaps.none' if keeping else 'gaps.not_kept')}".strip())


def gaps_heading(gaps: Sequence[Gap], groups: Sequence[AlikeQuestions], note: str = "") -> str:
    """How many questions there are in how many groups; `note` goes before."""
    heading = say("gaps.heading", count=len(gaps), groups=len(groups))
    return f"{note}\n{heading}".strip()


def gap_line(gaps: Sequence[Gap], group: AlikeQuestions) -> str:
    """A group with its counts; it holds positions in `gaps`."""
    kinds = Counter(gaps[position].kind for position in group.positions)
    times = say("gaps.times", count=len(group.positions))
    if kinds["thumbs_down"]:
        times += say("gaps.of_these_down", count=kinds["thumbs_down"])
    question = escape(one_line(group.question, QUESTION_CHARS))
    return say("gaps.line", times=times, question=question)


def passage_line(passage: Passage, document: Document) -> str:
    """A passage, short, with its numbers, its document and its place."""
    text, _ = row_in_words(passage)
    numbers = numbers_of(passage, document, NUMBERS_CHARS, linked=False)
    title = escape(one_line(document.title, TITLE_CHARS))
    place = place_link(passage, document.spec, linked=False)
    told = " · ".join(filter(None, (numbers, title, place)))
    return f"{quotation(one_line(text, PASSAGE_CHARS))}\n-# {told}"
