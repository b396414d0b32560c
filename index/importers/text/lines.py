"""The lines of a text, each with its number and the page that it stands on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["LINE_ENDS", "Layout", "Line", "layout_of", "lines_of"]

TAB_COLUMNS = 4
WRAP_COLUMN = 120
"""A longer line is a paragraph, no line of a wrapped one."""
MIN_WRAP_COLUMN = 30
MIN_WRAPPED = 3
"""So few lines that another follows do not tell where lines are broken."""
SHARE_AT_MARGIN = 0.01
MIN_BODY_CHARS = 30
"""A shorter line does not tell how far text is indented."""

LINE_ENDS = "\n\r\f\x85\u2028\u2029"
"""The signs that end a line; the two of `\\r\\n` end one."""

_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space around it; `indent` counts the columns before it."""

    number: int
    text: str
    indent: int = 0
    page: int = 0

    @property
    def width(self) -> int:
        """The column that it ends at."""
        return self.indent + len(self.text)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text is set: the column that its lines are broken at, and its indentation.

    The column is 0 where none is known; `is_unbroken` where each line is a paragraph. `margin` is
    the least indentation, `indent` that of most lines.
    """

    column: int = 0
    is_unbroken: bool = False
    margin: int = 0
    indent: int = 0

    @property
    def is_set_in(self) -> bool:
        """Whether sentences stand deeper than headings do."""
        return self.indent > self.margin + 1


def lines_of(text: str) -> list[Line]:
    """The lines of a text; a form feed ends a page, and pages count from 1 where there are some."""
    lines: list[Line] = []
    page = int("\f" in text)
    for number, source in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), start=1):
        for at, part in enumerate(source.split("\f")):
            page += bool(at)
            stripped = part.strip()
            before = part[: len(part) - len(part.lstrip())]
            lines.append(Line(number, stripped, len(before.expandtabs(TAB_COLUMNS)), page))
    return lines


def layout_of(lines: Sequence[Line]) -> Layout:
    """How most of a text's lines are set."""
    wrapped = sorted(
        line.width
        for line, following in pairwise(lines)
        if line.text and following.text and line.page == following.page
    )
    column = wrapped[len(wrapped) * 9 // 10] if len(wrapped) >= MIN_WRAPPED else 0
    indents = Counter(line.indent for line in lines if len(line.text) >= MIN_BODY_CHARS)
    return Layout(
        column if MIN_WRAP_COLUMN <= column <= WRAP_COLUMN else 0,
        column > WRAP_COLUMN,
        _margin(lines),
        indents.most_common(1)[0][0] if indents else 0,
    )


def _margin(lines: Sequence[Line]) -> int:
    """The least indentation that some lines share; tabs tell none."""
    indents = Counter(line.indent for line in lines if line.text and "\t" not in line.text)
    least = max(1, indents.total() * SHARE_AT_MARGIN)
    return min((indent for indent, count in indents.items() if count >= least), default=0)
