"""What the pages of a document repeat: running heads and feet, and their numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from index.importers.pdf.lines import Stretch, rows_of

__all__ = ["parted"]

OUTER_ROWS = 3
"""So many rows at the head and at the foot of a page may be repeated ones."""
LEAST_PAGES = 3
MAX_CHARS = 200
WIDE = 1.4
SMALL = 0.93
_FIGURES = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|p\.)?\s*(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|von)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)

Row = list[Stretch]


def parted(pages: Sequence[Sequence[Stretch]]) -> list[tuple[list[Stretch], list[Row]]]:
    """Of each page what is its own, and the rows that it has in common with others."""
    rows = [rows_of(page) for page in pages]
    repeated = _repeated(rows)
    return [_of_page(page, repeated, many=len(pages) > 1) for page in rows]


def _repeated(pages: Iterable[Sequence[Row]]) -> set[tuple[str, int]]:
    """Texts, figures aside, that stand in the same place of several pages."""
    seen: Counter[tuple[str, int]] = Counter()
    count = 0
    for rows in pages:
        count += 1
        seen.update(
            {key for row in (*rows[:OUTER_ROWS], *rows[-OUTER_ROWS:]) for key in _keys(row)}
        )
    least = LEAST_PAGES if count > LEAST_PAGES else 2
    return {key for key, times in seen.items() if times >= least}


def _keys(row: Row) -> list[tuple[str, int]]:
    """A row's text and place; places that differ by little share one of their two keys."""
    text = " ".join(stretch.text for stretch in row)
    if len(text) > MAX_CHARS:
        return []
    pattern = "".join(_FIGURES.sub("#", text).casefold().split())
    place = round(row[0].base / 4)
    return [(pattern, place), (pattern, place + 1)]


def _of_page(
    rows: Sequence[Row], repeated: set[tuple[str, int]], *, many: bool
) -> tuple[list[Stretch], list[Row]]:
    gaps = [one[0].base - two[0].base for one, two in pairwise(rows)]
    usual = median(gaps) if gaps else 0.0
    size = median(stretch.size for row in rows for stretch in row) if rows else 0.0
    common = set()
    for outer in (range(min(OUTER_ROWS, len(rows))), range(len(rows) - 1, -1, -1)[:OUTER_ROWS]):
        for at in outer:
            if any(key in repeated for key in _keys(rows[at])):
                common.add(at)
        first = next((at for at in outer if at not in common), None)
        if first is None or not gaps:
            continue
        gap = gaps[min(first, len(gaps) - 1) if outer[0] == 0 else max(first - 1, 0)]
        if gap > WIDE * usual and _is_apart(rows[first], size, is_head=outer[0] == 0, many=many):
            common.add(first)
    own = [stretch for at, row in enumerate(rows) if at not in common for stretch in row]
    return own, [rows[at] for at in sorted(common)]


def _is_apart(row: Row, size: float, *, is_head: bool, many: bool) -> bool:
    """Whether the outermost row of a page, which stands apart, is no text of it."""
    text = " ".join(stretch.text for stretch in row)
    if _PAGE_NUMBER.fullmatch(text):
        return many or max(stretch.size for stretch in row) < size
    return is_head and len(text) < MAX_CHARS and max(stretch.size for stretch in row) < SMALL * size
