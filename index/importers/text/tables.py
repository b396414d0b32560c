"""Tables in plain text: drawn with signs, or set in columns of spaces, or of tabs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.importers.text.lines import Line

__all__ = ["Table", "header_of", "is_table", "table_of"]

MIN_ROWS = 3
MAX_HEADER_CHARS = 60
MAX_COLUMNS = 40
MAX_ROW_CHARS = 400

_RULE = re.compile(r"[-+=|:\s\u2500-\u257f_]{3,}")
_BARS = re.compile(r"\s*[|\u2502\u2503]\s*")
_FIGURES = re.compile(
    r"[\s\d.,:%\u2030+\-\u2212\u2013\u00b1<>=\u2264\u2265~*()/$\u20ac\u00a3\u00a5]+"
)
_SENTENCE_GAP = re.compile(r"(?<=[.?!:;)\"'\u201d])\s{2}(?=\S)")
_GAP = re.compile(r"\S\s{2,}(?=\S)")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, each with its line, and the names of their columns, as many or none."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    columns: tuple[str, ...] = ()


def is_table(lines: Sequence[Line]) -> bool:
    """Whether lines are drawn as a table, or have gaps at the same columns."""
    return _is_drawn(lines) or bool(_gutters(lines))


def table_of(lines: Sequence[Line]) -> Table | None:
    """The rows of a table; None where cells cannot be told for sure."""
    drawn = _is_drawn(lines)
    gutters = () if drawn else _gutters(lines)
    rows: list[tuple[int, tuple[str, ...]]] = []
    ruled = 0
    for line in lines:
        if _RULE.fullmatch(line.text):
            ruled = ruled or len(rows)
            continue
        cells = _barred(line.text) if drawn else _cut(line, gutters)
        rows.append((line.number, cells))
    lengths = {len(cells) for _, cells in rows}
    if len(lengths) != 1 or len(rows) < 2 or not all(cells[0] for _, cells in rows):
        return None
    columns = header_of([cells for _, cells in rows], certain=ruled == 1)
    return Table(tuple(rows[bool(columns) :]), columns)


def header_of(rows: Sequence[Sequence[str]], *, certain: bool = False) -> tuple[str, ...]:
    """The first row, where it names the columns of those below; else none.

    That is where it is `certain`, or holds no figures where all others of a column hold some.
    """
    if len(rows) < 2:
        return ()
    first = tuple(rows[0])
    named = (
        all(first) and len(set(first)) == len(first) and max(map(len, first)) <= MAX_HEADER_CHARS
    )
    if not named or any(len(row) != len(first) for row in rows):
        return ()
    if certain:
        return first
    words = not any(map(_FIGURES.fullmatch, first[1:]))
    figures = any(
        all(_FIGURES.fullmatch(row[at]) for row in rows[1:]) for at in range(1, len(first))
    )
    return first if words and figures else ()


def _is_drawn(lines: Sequence[Line]) -> bool:
    barred = sum(line.text[0] in "|\u2502\u2503+" for line in lines)
    cells = sum(len(_BARS.findall(line.text)) > 1 for line in lines)
    return len(lines) >= MIN_ROWS and barred == len(lines) and cells > 1


def _barred(text: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in _BARS.split(text.strip("|\u2502\u2503 "))[:MAX_COLUMNS])


def _gutters(lines: Sequence[Line]) -> tuple[int, ...]:
    """The columns at which each line has a gap of two or more spaces; none of few lines."""
    text = [line for line in lines if not _RULE.fullmatch(line.text)]
    if (
        len(text) < MIN_ROWS
        or any(len(line.text) > MAX_ROW_CHARS for line in text)
        or not all(map(_has_gap, text))
    ):
        return ()
    free = _free_columns(text[0])
    for line in text[1:]:
        free &= _free_columns(line)
    begins = sorted(at for at in free if at + 1 not in free and at - 1 in free)
    least = min(line.indent for line in text)
    return tuple(at + 1 for at in begins if at > least)


def _has_gap(line: Line) -> bool:
    return bool(_GAP.search(_SENTENCE_GAP.sub(" ", line.text)))


def _free_columns(line: Line) -> set[int]:
    """The columns of a line where nothing is printed, up to its end."""
    free = set(range(line.indent))
    free.update(line.indent + at for at, sign in enumerate(line.text) if sign == " ")
    return free


def _cut(line: Line, gutters: Iterable[int]) -> tuple[str, ...]:
    cells: list[str] = []
    begin = 0
    for gutter in gutters:
        cells.append(line.text[begin : max(0, gutter - line.indent)].strip())
        begin = max(0, gutter - line.indent)
    return (*cells, line.text[begin:].strip())
