"""What stands around a passage, and what its numbers stand for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

import discord

from bot.cards.answer import numbers_of
from bot.cards.controls import context_rows
from bot.cards.layout import MAX_TEXT, card
from bot.cards.markdown import (
    escape,
    first_lines,
    headings,
    link,
    number_label,
    one_line,
    place_link,
    row_in_words,
    stands_at_line,
)
from bot.libraries.pointers import Found, Pointers
from bot.locales import say
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from index.documents.reading.markers import citation_keys

__all__ = ["context_card", "references_card"]

AROUND = 2
"""Passages before and after the one in the middle of a page."""
PAGE = 2 * AROUND + 1
PASSAGE_CHARS = 600
MAX_BLOCK = 700
SHOWN_NUMBERS = 25
MAX_MORE = 60
"""Characters kept free to count what did not fit."""
MAX_UNKNOWN = 150
"""Characters of the numbers of a document of which it is not known what they stand for."""
REFERENCES = "#References"
"""Where an article of Wikipedia lists them; any other page opens at its top."""


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
    if document.spec.contiguous and not stands_at_line(page[0], document.spec):
        kind = "placed"
    title = escape(one_line(document.title, 100))
    heading = say(f"context.{kind}", document=title, first=page[0].line, last=page[-1].line)
    room = MAX_TEXT - len(heading)
    text = _lines(page, document, middle - first, linked=True)
    if len(text) > room:
        text = _lines(page, document, middle - first, linked=False)
    labels = [_label(passage) for passage, _ in passages]
    rows = context_rows(
        pointers, labels, position, shift, earlier=first > 0, later=last < len(document.passages)
    )
    return card([heading, first_lines(text, room)], rows)


def references_card(passages: Sequence[Found]) -> discord.ui.LayoutView:
    """What each number of the passages stands for, as far as the documents' lists tell."""
    documents = {id(document): document for _, document in passages}
    numbers = dict.fromkeys(
        (one, id(document))
        for passage, document in passages
        for number in passage.citations
        for one in _known_of(number, document)
    )
    if not numbers:
        return card([say("references.none")])
    titles = ", ".join(escape(one_line(document.title, 60)) for document in documents.values())
    heading, where = say("references.heading"), say("references.where", documents=titles)
    lines = [heading]
    room = MAX_TEXT - len(heading) - len(where) - MAX_MORE
    shown = 0
    for line, count in _references(list(numbers), documents):
        if len(line) >= room:
            break
        room -= len(line) + 1
        shown += count
        lines.append(line)
    if more := len(numbers) - shown:
        lines.append(say("status.more", count=more))
    lines.append(where)
    return card(["\n".join(lines)])


def _known_of(number: str, document: Document) -> Sequence[str]:
    """A number, or those inside a range of which it is known what they stand for."""
    if document.reference(number) is None:
        known = [key for key in citation_keys(number) if document.reference(key) is not None]
        return known or [number]
    return [number]


def _references(
    numbers: Sequence[tuple[str, int]], documents: Mapping[int, Document]
) -> Iterator[tuple[str, int]]:
    """A line of each known number, then one of each document's others, with how many it tells."""
    unknown: dict[int, list[str]] = {}
    known = 0
    for number, key in numbers:
        reference = documents[key].reference(number)
        if reference is None:
            unknown.setdefault(key, []).append(number_label(number))
        elif known < SHOWN_NUMBERS:
            known += 1
            title = link(escape(one_line(reference.title, 200)), reference.url)
            label = number_label(number)
            yield say("references.known", number=label, title=title), 1
    for key, labels in unknown.items():
        yield _unknown(labels, documents[key].spec)


def _unknown(labels: Sequence[str], spec: DocumentSpec) -> tuple[str, int]:
    """The unknown numbers of a document, with how many fit, and where its source lists them."""
    numbers, shown = labels[0], 1
    for label in labels[1:]:
        if len(numbers) + len(label) >= MAX_UNKNOWN:
            break
        numbers = f"{numbers} {label}"
        shown += 1
    if spec.source_url is None:
        return say("references.unknown", numbers=numbers), shown
    address = spec.source_url.partition("#")[0] + REFERENCES
    listed = link(say("references.list"), address)
    return say("references.unknown_listed", numbers=numbers, list=listed), shown


def _position(document: Document, passage: Passage) -> int:
    """Where a passage stands among those of its document, whose lines ascend."""
    passages = document.passages
    position = bisect_left(passages, passage.line, key=attrgetter("line"))
    while passages[position] != passage:
        position += 1
    return position


def _lines(page: Sequence[Passage], document: Document, middle: int, *, linked: bool) -> str:
    """The passages of a page, each under its headings where they are others than before."""
    lines = []
    section: tuple[str, ...] = ()
    for at, passage in enumerate(page):
        line = _line(passage, document, middle=at == middle, linked=linked)
        if passage.section and passage.section != section:
            line = f"-# {escape(headings(passage.section))}\n{line}"
        section = passage.section
        lines.append(line)
    return "\n\n".join(lines)


def _line(passage: Passage, document: Document, *, middle: bool, linked: bool) -> str:
    words, _ = row_in_words(passage)
    text = escape(one_line(words, PASSAGE_CHARS if middle else PASSAGE_CHARS // 2))
    if len(text) > MAX_BLOCK:  # escapes may double it
        text = escape(one_line(words, MAX_BLOCK // 4))
    numbers = numbers_of(passage, document)
    if len(numbers) > MAX_BLOCK // 2:
        numbers = ""
    place = f"-# {place_link(passage, document.spec, linked=linked)} {numbers}".rstrip()
    return f"> {f'**{text}**' if middle else text}\n{place}"


def _label(passage: Passage) -> str:
    numbers = "".join(f"[{number}]" for number in passage.citations[:3])
    text, _ = row_in_words(passage)
    return one_line(f"{numbers} {text}".strip(), 100)
