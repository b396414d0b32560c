"""Gaps, grouped by likeness and counted, without names; and what moderators taught of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import discord

from bot.cards.answer import numbers_of
from bot.cards.layout import MAX_TEXT, card, notice
from bot.cards.markdown import escape, first_lines, one_line, place_link, quotation, row_in_words
from bot.locales import say
from bot.store import Gap, Hints
from index.documents.document import Document
from index.documents.passages import Passage
from index.text.likeness import AlikeQuestions

__all__ = [
    "GROUPS_A_PAGE",
    "gap_line",
    "gaps_heading",
    "no_gaps_card",
    "passage_line",
    "words_card",
    "would_answer_text",
]

GROUPS_A_PAGE = 5
"""Each has three buttons, and a message has forty components."""
QUESTION_CHARS = 120
PASSAGE_CHARS = 300
TITLE_CHARS = 60
NUMBERS_CHARS = 100
SHOWN_QUESTIONS = 10


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


def words_card(
    hints: Hints, titles: Mapping[tuple[int, str], str], note: str = ""
) -> discord.ui.LayoutView:
    """The hints of a server; `titles` are those of documents, by owner and id."""
    if hints.none:
        return notice(f"{note}\n{say('words.none')}".strip())
    blocks = []
    if hints.words:
        rows = [f"- {escape(one_line(' = '.join(forms), 500))}" for forms in hints.rows]
        blocks.append("\n".join([say("words.heading", count=len(rows)), *rows]))
    if hints.pointed:
        lines = []
        for one in hints.pointed:
            title = titles.get((one.target.owner, one.target.document), one.target.document)
            question = escape(one_line(one.question, QUESTION_CHARS))
            lines.append(f"- {question} → {escape(one_line(title, TITLE_CHARS))}")
        heading = say("words.pointed", count=len(lines))
        blocks.append("\n".join([heading, *reversed(lines)]))
    room = (MAX_TEXT - len(note)) // len(blocks) - 100
    return card([*([note] if note else []), *(first_lines(block, room) for block in blocks)])


def would_answer_text(forms: str, questions: Sequence[str], count: int) -> str:
    """What forms would answer, of so many questions that got no answer of late."""
    lines = [say("words.question", forms=escape(one_line(forms, 600)))]
    lines.append(say("words.would_answer", count=len(questions), total=count))
    lines += [
        f"- {escape(one_line(question, QUESTION_CHARS))}"
        for question in questions[:SHOWN_QUESTIONS]
    ]
    if len(questions) > SHOWN_QUESTIONS:
        lines.append(say("status.more", count=len(questions) - SHOWN_QUESTIONS))
    return "\n".join(lines)
