"""Paragraphs to what they are: headings, captions, rows, items, notes and entries of a list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from index.importers.blocks import Entry, Kind
from index.importers.entries import address_in, is_references_heading, printed_entry
from index.importers.papers import is_caption
from index.importers.pdf.lines import Line
from index.importers.pdf.paragraphs import BULLET, Paragraph, ends_sentence, is_note
from index.importers.pdf.raised import text_of
from index.importers.pdf.tables import cells_of
from index.importers.pdf.words import Words

__all__ = ["Told", "body_size", "told_apart"]

MAX_HEADING_CHARS = 220
MAX_HEADING_LINES = 5
MUCH = 0.4
LARGER = 1.08
SMALLER = 0.95
MAX_LABEL_CHARS = 60
_LABEL = re.compile(r"[\[(]?(\d{1,4})[\].)]{1,2}(?=\s|[^\W\d])|(\d{1,4})(?=\s)")
_NOTE = re.compile(r"\s*(?:[\[(]?(\d{1,3})[\].)]{0,2}|[*\u2020\u2021\u00a7])\s*(?=\S)")


@dataclass(slots=True)
class Told:
    """Lines and what they are; `number` and `entry` are those of a note or a reference.

    `first` is how much of the text is an item's sign, `cells` are a row's.
    """

    lines: list[Line]
    kind: Kind
    column: int
    level: int = 0
    steps: int = 0
    first: int = 0
    cells: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    number: str = ""
    entry: Entry | None = None
    is_note: bool = field(default=False)


def body_size(lines: Iterable[Line]) -> float:
    """The size of the letters of the text: the largest of those that much is printed in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text) * (not line.bold)
    most = max(sizes.values(), default=0)
    return max((size for size, count in sizes.items() if count >= MUCH * most), default=0.0)


def told_apart(paragraphs: Sequence[Paragraph], body: float, words: Words) -> list[Told]:
    """What each paragraph is."""
    notes = _notes(paragraphs, body)
    levels = _levels(paragraphs, body)
    told: list[Told] = []
    listing: list[Paragraph] = []
    high = 0.0
    for at, paragraph in enumerate(paragraphs):
        if paragraph.is_table and not high:
            told += _rows(paragraph)
            continue
        heading = _is_heading(paragraph, body) or _is_plain_references_heading(paragraph)
        if heading and is_references_heading(paragraph.text):
            told += _entries(listing, words)
            listing, high = [], paragraph.size + paragraph.bold
        elif heading and high and paragraph.size + paragraph.bold >= high - 0.3:
            told += _entries(listing, words)
            listing, high = [], 0.0
        elif high and not (is_caption(paragraph.text) and paragraph.bold):
            listing.append(paragraph)
            continue
        if heading:
            level = levels.get((paragraph.size, paragraph.bold), len(levels) or 1)
            told.append(Told(paragraph.lines, "heading", paragraph.column, min(level, 6)))
        elif at in notes:
            told.append(_note(paragraph, words))
        else:
            told.append(_text(paragraph, body))
            if told[-1].kind == "paragraph" and _is_of_caption(paragraph, told[:-1], body):
                told[-1].kind = "caption"
    return _with_steps(told + _entries(listing, words))


def _levels(paragraphs: Iterable[Paragraph], body: float) -> dict[tuple[float, bool], int]:
    """The level of a heading by how it is printed."""
    prints = {(one.size, one.bold) for one in paragraphs if _is_heading(one, body)}
    return {told: level for level, told in enumerate(sorted(prints, reverse=True), 1)}


def _is_heading(paragraph: Paragraph, body: float) -> bool:
    text = paragraph.text
    if (
        paragraph.is_table
        or len(text) > MAX_HEADING_CHARS
        or len(paragraph.lines) > MAX_HEADING_LINES
        or not any(map(str.isalpha, text))
        or is_caption(text)
    ):
        return False
    size = paragraph.size
    if size < SMALLER * body or (text.endswith((".", ",", ";")) and len(text) > MAX_LABEL_CHARS):
        return False
    if size > LARGER * body:
        return True
    if paragraph.bold:
        return True
    letters = [sign for sign in text if sign.isalpha()]
    capitals = all(map(str.isupper, letters)) and len(letters) > 5
    one = len(paragraph.lines) == 1 and not ends_sentence(text)
    return one and (capitals or (paragraph.italic and len(text) < 100))


def _is_plain_references_heading(paragraph: Paragraph) -> bool:
    """`References` alone on a line, though it is printed as the text is."""
    return len(paragraph.lines) == 1 and is_references_heading(paragraph.text)


def _notes(paragraphs: Sequence[Paragraph], body: float) -> set[int]:
    """Which paragraphs are notes: small ones at the foot of a column that begin with a number."""
    found: set[int] = set()
    for _, column in groupby(range(len(paragraphs)), key=lambda at: paragraphs[at].column):
        foot: list[int] = []
        for at in reversed(list(column)):
            if paragraphs[at].size >= SMALLER * body or is_caption(paragraphs[at].text):
                break
            foot.append(at)
        begun = False
        for at in reversed(foot):
            lines = paragraphs[at].lines
            begun = begun or is_note(lines[0]) or bool(_LABEL.match(lines[0].text))
            if begun:
                found.add(at)
    return found


def _note(paragraph: Paragraph, words: Words) -> Told:
    text = text_of(paragraph.lines, words)
    label = _NOTE.match(text)
    said = text[label.end() :] if label else text
    number = (label[1] or "") if label else ""
    told = Told(paragraph.lines, "reference", paragraph.column, is_note=True)
    told.number, told.entry = number, Entry(said, address_in(said))
    return told


def _rows(table: Paragraph) -> list[Told]:
    """A table's rows under the names of its columns, where all have as many cells; else no text."""
    cells = cells_of(table.lines)
    if cells is None or len(cells) < 2:
        return [Told(table.lines, "caption", table.column)]
    names, *rows = cells
    return [
        Told([line], "row", table.column, cells=row, columns=names)
        for line, row in zip(table.lines[1:], rows, strict=True)
    ]


def _is_of_caption(paragraph: Paragraph, told: Sequence[Told], body: float) -> bool:
    """Whether a paragraph in smaller letters than the text goes on with the caption before it."""
    last = told[-1] if told else None
    return (
        last is not None
        and last.kind == "caption"
        and paragraph.size < body - 0.3
        and abs(paragraph.size - last.lines[-1].size) < 0.3
    )


def _text(paragraph: Paragraph, body: float) -> Told:
    """A paragraph that is no heading, note or entry."""
    text = paragraph.text
    told = Told(paragraph.lines, "paragraph", paragraph.column)
    if is_caption(text):
        told.kind = "caption"
    elif sign := BULLET.match(text):
        told.kind, told.first = "item", sign.end()
    elif not _is_prose(text, small=paragraph.size < SMALLER * body):
        told.kind = "caption"
    return told


def _is_prose(text: str, *, small: bool) -> bool:
    """Whether a text is more than a formula or the words of a drawing."""
    letters = sum(map(str.isalpha, text))
    if letters < 0.5 * len(text.replace(" ", "")):
        return False
    return ends_sentence(text) or len(text) > (80 if small else 20)


def _with_steps(told: Sequence[Told]) -> list[Told]:
    """Items whose signs count from one are steps of a list."""
    lists = 0
    last = 0
    for one in told:
        if one.kind != "item":
            last = last if one.kind in ("caption", "row", "reference") else 0
            continue
        sign = BULLET.match(one.lines[0].text)
        step = int(sign["step"]) if sign and (sign["step"] or "").isdecimal() else 0
        if step == 1:
            lists += 1
        one.steps = lists if step and step == (last + 1 if step > 1 else 1) else 0
        last = step if one.steps else 0
    return list(told)


def _entries(paragraphs: Sequence[Paragraph], words: Words) -> list[Told]:
    """The entries of a list of references: by their numbers, else by paragraphs."""
    begins = _numbered([line for one in paragraphs for line in one.lines])
    made: list[Told] = []
    for paragraph in paragraphs:
        told: Told | None = made[-1] if made and begins else None
        for line in paragraph.lines:
            number = begins.get(id(line), "")
            if told is None or number:
                told = Told([], "reference", paragraph.column, number=number)
                made.append(told)
            told.lines.append(line)
    for told in made:
        text = text_of(told.lines, words)
        label = _LABEL.match(text)
        if told.number and label:
            said = text[label.end() :].strip()
            told.entry = Entry(said, address_in(said))
        elif (found := printed_entry(text)) and found[0]:
            told.number, told.entry = found
    return made


def _numbered(lines: Sequence[Line]) -> dict[int, str]:
    """By its identity, the number of each line that begins an entry; none where few count on."""
    begins: dict[int, str] = {}
    last = 0
    for line in lines:
        label = _LABEL.match(line.text)
        if label is None:
            continue
        number = int(label[1] or label[2])
        if number == last + 1 or (not last and label[1] and number < 1000):
            begins[id(line)] = str(number)
            last = number
    return begins if len(begins) > 1 or len(lines) < 8 else {}
