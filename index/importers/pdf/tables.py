"""Lines that are rows of a table: gaps that stand one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.importers.pdf.lines import Line, Stretch

__all__ = ["cells_of", "tables_in"]

MIN_LINES = 2
MAX_WRAPPED = 4
"""So many lines between two rows may be the rest of a cell."""
WIDE_GAP = 2.5
"""A gap of so many times the size of the letters is no space between words of an even line."""


def tables_in(lines: Sequence[Line], body: float) -> list[range]:
    """Where in a column tables stand; `body` is the size of the letters of its prose."""
    found: list[range] = []
    at = 0
    while at + 1 < len(lines):
        end = _end_of_table(lines, at)
        if end - at < MIN_LINES:
            at += 1
            continue
        begin = at
        least = found[-1].stop if found else 0
        while begin > least and _belongs(lines[begin - 1], lines[at], body):
            begin -= 1
        while end < len(lines) and _belongs(lines[end], lines[at], body):
            end += 1
        found.append(range(begin, end))
        at = end
    return found


def cells_of(lines: Sequence[Line]) -> list[tuple[str, ...]] | None:
    """The rows of a table, where all have as many cells and each cell stands below its like."""
    count = len(lines[0].stretches)
    if count < 2 or any(len(line.stretches) != count for line in lines):
        return None
    for one, two in pairwise(lines):
        if not all(map(_overlap, one.stretches, two.stretches)):
            return None
    return [line.cells for line in lines]


def _overlap(one: Stretch, two: Stretch) -> bool:
    return min(one.right, two.right) > max(one.left, two.left) - 1


def _end_of_table(lines: Sequence[Line], begin: int) -> int:
    """Behind the last row of a table that begins at a line; the line itself where none does."""
    last = begin
    at = begin + 1
    while at < len(lines) and at - last <= MAX_WRAPPED:
        if _are_rows(lines[last], lines[at]):
            last = at
        elif lines[at].size != lines[begin].size or _is_even(lines[at]):
            break
        at += 1
    return last + 1 if last > begin else begin


def _are_rows(one: Line, two: Line) -> bool:
    """Whether a gap of a line stands above one of another, and both are no lines of prose."""
    if len(one.stretches) < 2 or len(two.stretches) < 2 or _is_even(one) or _is_even(two):
        return False
    gaps = [_gaps(line) for line in (one, two)]
    return any(
        min(above[1], below[1]) - max(above[0], below[0]) > 0.5 * one.size
        for above in gaps[0]
        for below in gaps[1]
    )


def _gaps(line: Line) -> list[tuple[float, float]]:
    return [(left.right, right.left) for left, right in pairwise(line.stretches)]


def _is_even(line: Line) -> bool:
    """Whether a line is one of prose: its words fill the column, or its spaces are all as wide."""
    width = max(line.edges[1] - line.edges[0], 1.0)
    ink = sum(stretch.ink for stretch in line.stretches) / width
    gaps = [right - left for left, right in _gaps(line)]
    if not gaps:
        return ink > 0.6
    return (
        ink > 0.6 and max(gaps) < WIDE_GAP * line.size and max(gaps) - min(gaps) < 0.4 * line.size
    )


def _belongs(line: Line, row: Line, body: float) -> bool:
    """Whether a line beside a table is of it: as small as its rows, and no prose."""
    return (
        line.size == row.size
        and abs(line.size - body) > 0.3
        and not _is_even(line)
        and (len(line.stretches) > 1 or len(line.text) < 40)
    )
