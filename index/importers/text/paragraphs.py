"""Lines to chunks: what blank lines, pages, and the beginnings of lines set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.importers.entries import printed_entry
from index.importers.text.contents import is_contents
from index.importers.text.forms import (
    asks,
    is_lead_in,
    is_short,
    is_terminated,
    item_of,
    marked_heading,
    opens_dialogue,
)
from index.importers.text.lines import WRAP_COLUMN, Layout, Line
from index.importers.text.notices import is_notice, without_edit
from index.importers.text.tables import is_table

__all__ = ["Chunk", "chunks_of"]

MAX_HEADING_CHARS = 80
MIN_PROSE_CHARS = 50
MAX_LIST_CHARS = 60
DEEPER = 2

_UNDERLINE = re.compile(r"(=|-|~|\^|\*)\1{2,}")


@dataclass(slots=True)
class Chunk:
    """Lines that belong together."""

    lines: list[Line]
    fenced: bool = False

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def plain(self) -> str:
        """Its text on one line, hyphens as they stand."""
        return " ".join(line.text for line in self.lines)

    @property
    def underline(self) -> str:
        """The sign of the line under its first one; empty where none is drawn."""
        if len(self.lines) == 2 and _is_underlined(*self.lines):
            return self.lines[1].text[0]
        return ""


def chunks_of(lines: Sequence[Line], layout: Layout) -> list[Chunk]:
    """The chunks of a text; what a page's end parts is joined again."""
    chunks: list[Chunk] = []
    begin = 0
    for fence in _fences(lines):
        chunks += _chunks(lines[begin : fence.start], layout)
        chunks.append(
            Chunk([line for line in lines[fence.start : fence.stop] if line.text], fenced=True)
        )
        begin = fence.stop
    return chunks + _chunks(lines[begin:], layout)


def _fences(lines: Sequence[Line]) -> Iterator[range]:
    """Code between two fences."""
    opened: tuple[int, str] | None = None
    for at, line in enumerate(lines):
        if not line.text.startswith(("```", "~~~")):
            continue
        if opened is None:
            opened = at, line.text[:3]
        elif line.text.rstrip(line.text[0]) == "" and line.text[:3] == opened[1]:
            yield range(opened[0], at + 1)
            opened = None


def _chunks(lines: Sequence[Line], layout: Layout) -> list[Chunk]:
    chunks: list[Chunk] = []
    for is_text, group in groupby(lines, key=lambda line: line.page if line.text else -1):
        if is_text < 0:
            continue
        for part in _parts(list(group), layout):
            if chunks and _goes_on(chunks[-1], part, layout):
                chunks[-1].lines.extend(part)
            else:
                chunks.append(Chunk(part))
    return chunks


def _goes_on(before: Chunk, part: Sequence[Line], layout: Layout) -> bool:
    """Whether a chunk that ends a page goes on with the first lines of the next one."""
    last, first = before.lines[-1], part[0]
    if last.page == first.page or is_terminated(last.text) or item_of(first.text):
        return False
    if (
        marked_heading(before.first.text)
        or marked_heading(first.text)
        or "\t" in last.text + first.text
    ):
        return False
    if first.text[0].islower():
        return True
    body = len(before.lines) > 1 or last.width > layout.column * 3 // 4
    return body and first.indent == last.indent and not is_lead_in(last.text) and len(part) > 1


def _parts(group: list[Line], layout: Layout) -> Iterator[list[Line]]:
    """A group of lines without blank ones, parted where a new text begins."""
    if is_contents(group) or is_table(group):
        yield group
        return
    each = _is_list(group, layout)
    part: list[Line] = []
    number = ""
    for at, line in enumerate(group):
        following = group[at + 1] if at + 1 < len(group) else None
        item = item_of(line.text)
        if part and (each or _begins(part, line, following, number, layout)):
            yield part
            part = []
        if not part:
            number = item[1] if item else ""
        part.append(line)
    yield part


def _is_list(group: Sequence[Line], layout: Layout) -> bool:
    """Whether each line stands for itself: short ones, none of them filled, none a sentence."""
    return (
        len(group) > 2
        and all(
            len(line.text) <= MAX_LIST_CHARS
            and not line.text[0].islower()
            and not is_terminated(line.text)
            and line.text[-1] not in ",;"
            for line in group
        )
        and (not layout.column or max(line.width for line in group) < layout.column - 20)
    )


def _is_underlined(line: Line, under: Line) -> bool:
    return (
        bool(_UNDERLINE.fullmatch(under.text))
        and len(under.text) * 2 > len(line.text)
        and len(line.text) <= WRAP_COLUMN
        and not _UNDERLINE.fullmatch(line.text)
    )


def _begins(
    part: Sequence[Line], line: Line, following: Line | None, number: str, layout: Layout
) -> bool:
    """Whether a line begins a new text, behind those of a part."""
    first, before = part[0], part[-1]
    if len(part) == 2 and _is_underlined(*part):
        return True
    if following and _is_underlined(line, following):
        return True
    if _stands_alone(before.text) or _stands_alone(line.text):
        return True
    if "\t" in line.text or "\t" in before.text:
        return True
    return (
        _begins_item(part, line, number)
        or _begins_entry(first, line)
        or _begins_paragraph(part, line, layout)
    )


def _stands_alone(text: str) -> bool:
    """Whether a line is no part of a paragraph, whatever its neighbours."""
    return marked_heading(text) is not None or without_edit(text) != text or is_notice(text)


def _begins_item(part: Sequence[Line], line: Line, number: str) -> bool:
    item = item_of(line.text)
    if item is None:
        return False
    ended = is_terminated(part[-1].text) or part[-1].text.endswith((":", ";", ","))
    if item[1] in ("", "-"):
        return ended or item_of(part[0].text) is not None
    if number:
        return _counts_on(number, item[1])
    return item[1] in ("1", "a", "i") and (ended or line.indent > part[-1].indent)


def _counts_on(one: str, two: str) -> bool:
    """Whether an item's number may follow another's: 2 behind 1, b behind a, any of i, ii, iv."""
    if one.isdecimal() or two.isdecimal():
        return one.isdecimal() and two.isdecimal() and int(two) == int(one) + 1
    return len(one) + len(two) > 2 or ord(two) == ord(one) + 1


def _begins_entry(first: Line, line: Line) -> bool:
    if line.text[0] not in "[^\u2191" or first.text[0] != line.text[0]:
        return False
    return printed_entry(line.text) is not None and printed_entry(first.text) is not None


def _begins_paragraph(part: Sequence[Line], line: Line, layout: Layout) -> bool:
    before = part[-1]
    ends = is_terminated(before.text)
    if layout.is_unbroken:
        return ends or not line.text[0].islower()
    if before.width > WRAP_COLUMN and ends:
        return True
    if len(part) > 1:
        return line.indent >= before.indent + DEEPER and ends
    is_deeper = line.indent >= before.indent + DEEPER
    if opens_dialogue(before.text) or (len(line.text) < MIN_PROSE_CHARS and not is_deeper):
        return False
    size = len(before.text)
    if layout.column:
        fits = before.width + len(line.text.split(maxsplit=1)[0]) < layout.column * 3 // 4
    else:
        fits = size < len(line.text) * 3 // 4 and (is_deeper or not line.text[0].islower())
    if asks(before.text):
        return fits and size <= WRAP_COLUMN
    return (
        size <= MAX_HEADING_CHARS
        and is_short(before.text)
        and not item_of(before.text)
        and printed_entry(before.text) is None
        and fits
    )
