"""An Answer, or the passages of a citation number, as a card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import discord

from bot.cards.layout import MAX_TEXT, card, notice
from bot.cards.markdown import escape, one_line, quotation
from bot.locales import say
from index.confidence import Reason
from index.corpus import Document
from index.passages import Passage
from index.searcher import MAX_QUESTION_CHARS, Answer

__all__ = ["HELPED_BY_EXAMPLE", "answer_card", "citation_card"]

HELPED_BY_EXAMPLE = frozenset({Reason.EMPTY_QUESTION, Reason.NO_CONTENT_WORDS, Reason.SMALL_TALK})
"""Reasons for silence that a first question to try helps with."""
MAX_ATTRIBUTION = 700
"""Characters kept free for the attributions and for what did not fit."""


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A passage to be shown, with the spans of it that are bold."""

    passage: Passage
    document: Document
    bold: tuple[tuple[int, int], ...] = ()


def answer_card(answer: Answer, example: str | None = None) -> discord.ui.LayoutView:
    """The hits of an answer as quotations, or the reason why there is none.

    `example` is a first question to try, for people who asked none.
    """
    if not answer.answered:
        return notice(_silence(answer, example))
    heading = say("answer.question", question=escape(one_line(answer.question)))
    if answer.corrected:
        corrected = escape(one_line(answer.corrected))
        heading += "\n" + say("answer.corrected", corrected=corrected)
    quoted = [_Quoted(hit.passage, hit.document, hit.matches) for hit in answer.hits]
    return card(_blocks(heading, quoted))


def citation_card(
    number: str, passages: Iterable[tuple[Passage, Document]]
) -> discord.ui.LayoutView:
    """All passages that carry a citation number, each with its document."""
    quoted = [_Quoted(passage, document) for passage, document in passages]
    return card(_blocks(say("cite.heading", number=escape(one_line(number, 60))), quoted))


def _silence(answer: Answer, example: str | None) -> str:
    """The question in small print, the reason, and what may help."""
    lines = [say(f"silence.{answer.reason}", limit=MAX_QUESTION_CHARS)]
    if answer.question:
        question = escape(one_line(answer.question))
        lines.insert(0, say("silence.question", question=question))
    if answer.corrected:
        lines.append(say("silence.suggestion", corrected=escape(one_line(answer.corrected))))
    if example and answer.reason in HELPED_BY_EXAMPLE:
        lines.append(say("silence.example", example=escape(example)))
    return "\n".join(lines)


def _blocks(heading: str, quoted: Sequence[_Quoted]) -> list[str]:
    """The heading, as many passages as fit (the first one at least), and the attributions."""
    blocks = [heading]
    left = MAX_TEXT - len(heading) - MAX_ATTRIBUTION
    shown: list[_Quoted] = []
    for one in quoted:
        block = _passage_block(one, left)
        if shown and len(block) > left:
            break
        blocks.append(block)
        shown.append(one)
        left -= len(block)
    closing = _attributions(one.document for one in shown)
    if len(shown) < len(quoted):
        closing = f"{say('answer.left_out', count=len(quoted) - len(shown))}\n{closing}".strip()
    if closing:
        blocks.append(closing)
    return blocks


def _passage_block(one: _Quoted, limit: int) -> str:
    """The quotation and its place; a passage too long for any message is cut, and says so."""
    passage = one.passage
    place = _place(passage, one.document)
    block = f"{quotation(passage.text, one.bold)}\n{place}"
    if len(block) <= limit or limit < MAX_TEXT // 2:
        return block
    note = say("answer.shortened", place=f"{escape(passage.document)}, {passage.line}")
    length = len(passage.text)
    while len(block) > limit:
        length = length * 9 // 10
        bold = [(start, end) for start, end in one.bold if end <= length]
        block = f"{quotation(passage.text[:length] + '…', bold)}\n{place}\n{note}"
    return block


def _place(passage: Passage, document: Document) -> str:
    title = escape(one_line(document.title, 100))
    if not passage.citations:
        return say("answer.place_without_numbers", document=title, line=passage.line)
    numbers = " ".join(_number(number, document) for number in passage.citations)
    return say("answer.place", numbers=numbers, document=title, line=passage.line)


def _number(number: str, document: Document) -> str:
    """`[28]` as text, or as a link where it is known what it stands for."""
    label = f"\\[{escape(number)}\\]"
    reference = document.reference(number)
    if reference is None or reference.url is None:
        return label
    return f"[{label}]({reference.url.replace('(', '%28').replace(')', '%29')})"


def _attributions(documents: Iterable[Document]) -> str:
    """Who wrote the documents and under which licence, one line a document."""
    lines = []
    for document in documents:
        spec = document.spec
        source = escape(one_line(spec.attribution or spec.title, 200))
        if spec.source_url:
            source = f"[{source}]({spec.source_url})"
        licence = escape(one_line(spec.licence, 60)) if spec.licence else ""
        if licence and spec.licence_url:
            licence = f"[{licence}]({spec.licence_url})"
        lines.append("-# " + " · ".join(filter(None, (source, licence))))
    kept = ""
    for line in dict.fromkeys(lines):
        if len(kept) + len(line) < MAX_ATTRIBUTION - 100:
            kept += line + "\n"
    return kept.strip()
