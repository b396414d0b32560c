"""Chunks at first look: what each is by itself, before its neighbours are asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.importers.entries import printed_entry
from index.importers.text.contents import is_contents
from index.importers.text.forms import (
    Heading,
    asks,
    is_cited,
    is_lead_in,
    is_short,
    is_terminated,
    item_of,
    marked_heading,
    numbered_heading,
    opens_dialogue,
)
from index.importers.text.joining import Vocabulary, joined
from index.importers.text.lines import Layout, Line
from index.importers.text.notices import is_caption, is_navigation, is_notice, without_edit
from index.importers.text.paragraphs import Chunk
from index.importers.text.tables import is_table

__all__ = ["Form", "Piece", "pieces_of"]

Form = Literal[
    "heading", "row", "table", "contents", "caret", "caption", "notice", "code", "item", "short",
    "prose",
]  # fmt: skip

MIN_SURE_CHARS = 80
MAX_QUESTION_CHARS = 120
SIGNS = 8
SIGNS_SET_IN = 20
"""Of code, one of so many signs is one that prose has few of."""

_SIGNS = re.compile(r"[=<>{}\[\]|\\*#@$%^&_+~`;]")
_FIELD = re.compile(r"[^\W_][^:\uff1a]{0,40}[:\uff1a]\s?\S")
_DEFINITION = re.compile(r"[A-Za-z][\w-]* =/? \S")
"""A rule of a grammar, a formula or a setting."""
_INNER_END = re.compile(r"[.!?]\s")


@dataclass(slots=True)
class Piece:
    """A chunk, its text, and what it looks like; `short` is one that may be a heading."""

    chunk: Chunk
    text: str
    form: Form
    level: int = 0
    number: str = ""
    begin: int = 0

    @property
    def body(self) -> str:
        """The text of an item less its sign or number."""
        return self.text[self.begin :]

    @property
    def line(self) -> int:
        return self.chunk.first.number

    @property
    def is_prose(self) -> bool:
        """Whether it is of sentences for sure."""
        return self.form == "prose" and (
            is_cited(self.text) or (is_terminated(self.text) and len(self.text) >= MIN_SURE_CHARS)
        )


def pieces_of(chunks: Sequence[Chunk], layout: Layout, vocabulary: Vocabulary) -> list[Piece]:
    """Each chunk with its text and the form that it has by itself."""
    return [_piece(chunk, layout, vocabulary) for chunk in chunks]


def _piece(chunk: Chunk, layout: Layout, vocabulary: Vocabulary) -> Piece:
    lines = chunk.lines
    if chunk.fenced:
        return Piece(chunk, "\n".join(line.text for line in lines[1:-1]), "code")
    if chunk.underline:
        return Piece(chunk, lines[0].text, "heading", 1 if chunk.underline in "=*" else 2)
    if "\t" in lines[0].text:
        return Piece(chunk, lines[0].text, "row")
    if is_contents(lines):
        return Piece(chunk, chunk.plain, "contents")
    if is_table(lines):
        return Piece(chunk, chunk.plain, "table")
    if len(lines) == 1 and (heading := _heading(lines[0].text)):
        return Piece(chunk, heading.text, "heading", heading.level)
    text = joined(lines, vocabulary)
    plain = " ".join(text.split())
    form = _form(plain, lines)
    if form in ("short", "prose") and _is_code(chunk, plain, layout):
        form = "code"
    number = ""
    level = 0
    if form in ("short", "item") and (numbered := numbered_heading(plain)):
        number, level = numbered
        form = "short"
    if form == "item" and (item := item_of(text)):
        return Piece(chunk, text, form, level, item[1], item[0])
    return Piece(chunk, text, form, level, number)


def _heading(text: str) -> Heading | None:
    if marked := marked_heading(text):
        return Heading(without_edit(marked.text), marked.level)
    title = without_edit(text)
    return Heading(title, 0) if title and title != text else None


def _form(text: str, lines: Sequence[Line]) -> Form:
    if (text[0] in "^\u2191" or text.startswith("1 2 ")) and printed_entry(text):
        return "caret"
    if is_caption(text):
        return "caption"
    if is_notice(text) or is_navigation(text):
        return "notice"
    if item_of(text):
        return "item"
    if (is_short(text) and not _is_record(lines)) or (len(lines) < 3 and _is_brief_question(text)):
        return "short"
    return "prose"


def _is_record(lines: Sequence[Line]) -> bool:
    """Whether lines say one thing each: `Mail: …`, `Open: …`."""
    return len(lines) > 1 and all(_FIELD.match(line.text) for line in lines)


def _is_brief_question(text: str) -> bool:
    return (
        len(text) <= MAX_QUESTION_CHARS
        and asks(text)
        and not _INNER_END.search(text)
        and not opens_dialogue(text)
        and not is_cited(text)
        and not text[0].islower()
    )


def _is_code(chunk: Chunk, text: str, layout: Layout) -> bool:
    """Whether a text is of signs rather than of words; fewer are enough where it is set in."""
    is_set_in = chunk.first.indent > layout.indent + 1
    if is_set_in and _DEFINITION.match(text):
        return True
    if is_terminated(text) or is_lead_in(text) or is_cited(text):
        return False
    if is_set_in:
        return (len(_SIGNS.findall(text)) + text.count('"')) * SIGNS_SET_IN > len(text)
    return len(_SIGNS.findall(text)) * SIGNS > len(text)
