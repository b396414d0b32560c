"""The lines of all pages to blocks, and what the numbers in them stand for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain

from index.importers.blocks import Block, Entry, Part
from index.importers.papers import front_matter_told, letters_told
from index.importers.pdf.continuing import joined
from index.importers.pdf.furniture import Row
from index.importers.pdf.kinds import Told, body_size, told_apart
from index.importers.pdf.lines import Line
from index.importers.pdf.paragraphs import BULLET, Paragraph, leadings, paragraphs_of
from index.importers.pdf.raised import Numbers, parts_of
from index.importers.pdf.tables import tables_in
from index.importers.pdf.words import Words

__all__ = ["compose"]

_MARKER = re.compile(r"\[\d{1,3}(?:\s?[,;\u2013-]\s?\d{1,3})*\]")
MIN_MARKERS = 3
"""A document with so many numbers in brackets cites by them, and by no raised ones."""


def compose(
    pages: Sequence[Sequence[Sequence[Line]]], furniture: Sequence[Sequence[Row]]
) -> tuple[list[Block], dict[str, Entry]]:
    """The blocks of pages, each in columns of lines, with the rows that pages have in common."""
    lines = [line for columns in pages for column in columns for line in column]
    words = Words(line.text for line in lines)
    body = body_size(lines)
    told = joined(told_apart(_paragraphs(pages, body, leadings(lines)), body, words))
    numbers = _numbers(told)
    references: dict[str, Entry] = {}
    for one in told:
        if one.number and one.entry:
            page = one.lines[0].page
            named = numbers.named(one.number, page) if one.is_note else one.number
            references.setdefault(named or one.number, one.entry)
    blocks = letters_told((_block(one, words, numbers) for one in told), references)
    common = [
        Block("furniture", ("\t".join(stretch.text for stretch in row),), place=f"page {number}")
        for number, rows in enumerate(furniture, 1)
        for row in rows
    ]
    counted = enumerate(chain(front_matter_told(blocks), common), 1)
    return [_with_line(block, number) for number, block in counted], references


def _paragraphs(
    pages: Sequence[Sequence[Sequence[Line]]], body: float, usual: dict[float, float]
) -> list[Paragraph]:
    found: list[Paragraph] = []
    for number, column in enumerate(chain.from_iterable(pages)):
        at = 0
        for table in tables_in(column, body):
            found += paragraphs_of(column[at : table.start], number, usual)
            found.append(Paragraph(list(column[table.start : table.stop]), number, is_table=True))
            at = table.stop
        found += paragraphs_of(column[at:], number, usual)
    return found


def _numbers(told: Sequence[Told]) -> Numbers:
    """What raised numbers may stand for."""
    references = {one.number for one in told if one.number and not one.is_note}
    markers = 0
    notes: dict[int, set[str]] = {}
    for one in told:
        if one.is_note and one.number:
            notes.setdefault(one.lines[0].page, set()).add(one.number)
        elif one.kind in ("paragraph", "item"):
            markers += sum(len(_MARKER.findall(line.text)) for line in one.lines)
    often = Counter(number for numbers in notes.values() for number in numbers)
    again = any(times > 1 for times in often.values())
    return Numbers(
        frozenset() if markers >= MIN_MARKERS else references,
        {page: frozenset(numbers) for page, numbers in notes.items()},
        any=not (references or notes or markers),
        prefix="page {page} note " if again else "note " if references else "",
    )


def _block(one: Told, words: Words, numbers: Numbers) -> Block:
    parts: tuple[Part, ...]
    parts = ("\t".join(one.cells),) if one.cells else parts_of(one.lines, words, numbers)
    if one.kind == "item" and isinstance(parts[0], str):
        parts = (BULLET.sub("", parts[0].lstrip(), count=1), *parts[1:])
    place = f"page {one.lines[0].page}"
    return Block(
        one.kind, parts, place=place, level=one.level, steps=one.steps, columns=one.columns
    )


def _with_line(block: Block, number: int) -> Block:
    return Block(
        block.kind, block.parts, number, block.place, block.level, block.steps, block.columns
    )
