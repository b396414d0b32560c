"""What stands around a passage, and what its numbers stand for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

import discord

from bot.cards.answer import numbers_of
from bot.cards.controls import context_rows
from bot.cards.layout import MAX_TEXT, card
from bot.cards.markdown import escape, first_lines, headings, link, one_line
from bot.libraries.pointers import Found, Pointers
from bot.locales import say
from index.documents.document import Document
from index.documents.passages import Passage

__all__ = ["context_card", "references_card"]

AROUND = 2
"""Passages before and after the one in the middle of a page."""
PAGE = 2 * AROUND + 1
PASSAGE_CHARS = 600
MAX_BLOCK = 700
SHOWN_NUMBERS = 25


def context_card(
    pointers: Pointers, passages: Sequence[Found], position: int = 0, shift: int = 0
) -> discord.ui.LayoutView:
    """The passages around the one at `position`, `shift` pages later (negative: earlier)."""
    passage, document = passages[position]
    middle = _position(document, passage)
    first = middle - AROUND + shift * PAGE
    last = max(0, min(first + PAGE, len(document.passages)))
    first = max(first, 0)
    page = document.passages[first:last]
    if not page:  # paged past an end by an old button
        return context_card(pointers, passages, position)
    kind = "contiguous" if document.spec.contiguous else "excerpts"
    title = escape(one_line(document.title, 100))
    heading = say(f"context.{kind}", document=title, first=page[0].line, last=page[-1].line)
    lines = []
    section: tuple[str, ...] = ()
    for at, one in enumerate(page, first):
        line = _line(one, document, middle=at == middle)
        if one.section and one.section != section:
            line = f"-# {escape(headings(one.section))}\n{line}"
        section = one.section
        lines.append(line)
    labels = [_label(passage) for passage, _ in passages]
    rows = context_rows(
        pointers, labels, position, shift, earlier=first > 0, later=last < len(document.passages)
    )
    return card([heading, first_lines("\n\n".join(lines), MAX_TEXT - len(heading))], rows)


def references_card(passages: Sequence[Found]) -> discord.ui.LayoutView:
    """What each number of the passages stands for, as far as the documents' lists tell."""
    documents = {id(document): document for _, document in passages}
    numbers = dict.fromkeys(
        (number, id(document)) for passage, document in passages for number in passage.citations
    )
    if not numbers:
        return card([say("references.none")])
    lines = [say("references.heading")]
    room = MAX_TEXT - 500
    for number, key in list(numbers)[:SHOWN_NUMBERS]:
        line = _reference(number, documents[key])
        if len(line) > room:
            break
        room -= len(line) + 1
        lines.append(line)
    if more := len(numbers) - len(lines) + 1:
        lines.append(say("status.more", count=more))
    titles = ", ".join(escape(one_line(document.title, 60)) for document in documents.values())
    lines.append(say("references.where", documents=titles))
    return card(["\n".join(lines)])


def _position(document: Document, passage: Passage) -> int:
    """Where a passage stands among those of its document, whose lines ascend."""
    passages = document.passages
    position = bisect_left(passages, passage.line, key=attrgetter("line"))
    while passages[position] != passage:
        position += 1
    return position


def _line(passage: Passage, document: Document, *, middle: bool) -> str:
    text = escape(one_line(passage.text, PASSAGE_CHARS if middle else PASSAGE_CHARS // 2))
    if len(text) > MAX_BLOCK:  # escapes may double it
        text = escape(one_line(passage.text, MAX_BLOCK // 4))
    numbers = numbers_of(passage, document)
    if len(numbers) > MAX_BLOCK // 2:
        numbers = ""
    place = say("context.passage", line=passage.line, numbers=numbers).rstrip()
    return f"> {f'**{text}**' if middle else text}\n{place}"


def _label(passage: Passage) -> str:
    numbers = "".join(f"[{number}]" for number in passage.citations[:3])
    return one_line(f"{numbers} {passage.text}".strip(), 100)


def _reference(number: str, document: Document) -> str:
    label = f"\\[{escape(number)}\\]"
    reference = document.reference(number)
    if reference is None:
        return say("references.unknown", number=label)
    title = escape(one_line(reference.title, 200))
    return say("references.known", number=label, title=link(title, reference.url))
