"""The order in which the stretches of a page are read: columns, and what stands across them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from statistics import median

from index.importers.pdf.lines import Stretch, rows_of

__all__ = ["columns_by_page"]

MOST_COLUMNS_DEEP = 2
"""Columns are cut in two so often: four columns at most."""
BINS = 200
"""A page's width is looked at in so many parts."""
GUTTERS = 6
"""So many places are tried."""
MIN_GUTTER = 5.0
"""The least width between columns, in points."""
MIN_COLUMN = 0.15
"""A column has so much of the width; the numbers of a list have less."""
MIN_INK = 0.6
"""The letters of a row of prose cover so much of the width of its column."""
MIN_FULL = 0.25
LEAST_ROWS = 4
"""So many rows of a column are filled, and so much of all; fewer in a table or a drawing."""
MIN_PAGES = 0.3
MAX_ACROSS = 0.3
MIN_CHARS = 500
MIN_SHARE = 0.25
"""A gutter has prose on both sides: so many signs, or so much of all."""


def columns_by_page(pages: Sequence[Sequence[Stretch]]) -> list[list[list[Stretch]]]:
    """Of each page its stretches in groups that are read from top to bottom, one after the other.

    A page that does not tell its columns, as it has much of tables, has those of most pages.
    """
    gutters = [_gutter(page) for page in pages]
    usual = _usual(gutters)
    columns = []
    for page, own in zip(pages, gutters, strict=True):
        gutter = own
        if own is None and usual is not None and _may_have(page, usual):
            gutter = usual
        columns.append([list(one) for one in _columns(page, gutter, MOST_COLUMNS_DEEP)])
    return columns


def _usual(gutters: Sequence[float | None]) -> float | None:
    """Where most pages with columns have their gutter; None where few pages have one."""
    found = [gutter for gutter in gutters if gutter is not None]
    if len(found) < max(2, MIN_PAGES * len(gutters)):
        return None
    middle = median(found)
    agree = sum(abs(gutter - middle) < MIN_GUTTER for gutter in found)
    return middle if agree > len(found) / 2 else None


def _may_have(page: Sequence[Stretch], gutter: float) -> bool:
    """Whether few lines of a page stand across a gutter."""
    across = sum(one.left < gutter - 1 and one.right > gutter + 1 for one in page)
    return across <= MAX_ACROSS * len(rows_of(page))


def _columns(found: Sequence[Stretch], gutter: float | None, depth: int) -> list[list[Stretch]]:
    if gutter is None or not depth:
        return [list(found)]
    columns: list[list[Stretch]] = []
    edges = _edges(found)
    for left, right, across in _bands(found, gutter):
        if across or not _is_prose(left, right, edges, gutter, both=False):
            together = [*left, *right, *across]
            if columns and isinstance(columns[-1], _Simple):
                columns[-1] += together
            else:
                columns.append(_Simple(together))
        else:
            for side in (left, right):
                columns += _columns(side, _gutter(side), depth - 1)
    return columns


class _Simple(list[Stretch]):
    """Stretches that stand across the columns, or in none."""


def _gutter(found: Sequence[Stretch]) -> float | None:
    """The middle between two columns, where most prose stands on both sides of one."""
    if len(found) < 4:
        return None
    chars = sum(len(one.text) for one in found)
    best, most = None, 0
    edges = _edges(found)
    for gutter in _empty_places(found):
        beside = 0
        for left, right, across in _bands(found, gutter):
            if not across and _is_prose(left, right, edges, gutter, both=True):
                beside += sum(len(one.text) for one in (*left, *right))
        if beside > most:
            best, most = gutter, beside
    return best if most >= min(MIN_CHARS, MIN_SHARE * chars) and most >= 0.15 * chars else None


def _empty_places(found: Sequence[Stretch]) -> list[float]:
    """Places that few stretches stand across, the emptiest first."""
    start, end = _edges(found)
    width = (end - start) / BINS
    if width <= 0:
        return []
    changes = [0] * (BINS + 2)
    for one in found:
        changes[int((one.left - start) / width)] += 1
        changes[min(BINS, int((one.right - start) / width)) + 1] -= 1
    covered = list(accumulate(changes))[1:BINS]
    limit = 0.6 * max(covered)
    places: list[tuple[float, float, float]] = []
    at = 0
    while at < len(covered):
        until = at
        while until < len(covered) and covered[until] == covered[at]:
            until += 1
        wide = (until - at) * width
        if covered[at] <= limit and wide >= MIN_GUTTER:
            middle = start + (1 + (at + until) / 2) * width
            if min(middle - start, end - middle) >= MIN_COLUMN * (end - start):
                places.append((covered[at], -wide, middle))
        at = until
    return [middle for _, _, middle in sorted(places)[:GUTTERS]]


def _bands(
    found: Iterable[Stretch], gutter: float
) -> list[tuple[list[Stretch], list[Stretch], list[Stretch]]]:
    """From the top: what stands left and right of a gutter, and, by itself, what is across it."""
    bands: list[tuple[list[Stretch], list[Stretch], list[Stretch]]] = []
    for one in sorted(found, key=lambda stretch: -stretch.base):
        across = one.left < gutter - 1 and one.right > gutter + 1
        if not bands or across != bool(bands[-1][2]):
            bands.append(([], [], []))
        side = 2 if across else 0 if one.right <= gutter + 1 else 1
        bands[-1][side].append(one)
    return bands


def _is_prose(
    left: Sequence[Stretch],
    right: Sequence[Stretch],
    edges: tuple[float, float],
    gutter: float,
    *,
    both: bool,
) -> bool:
    """Whether text fills the columns: on `both` sides of the gutter, or on one at least."""
    if not left or not right:
        return False
    start, end = edges
    full = [_full_rows(left, gutter - start), _full_rows(right, end - gutter)]
    if both:
        return all(rows >= LEAST_ROWS and rows >= MIN_FULL * of for rows, of in full)
    return any(rows >= MIN_FULL * of for rows, of in full)


def _full_rows(found: Sequence[Stretch], width: float) -> tuple[int, int]:
    """How many rows of a column its letters fill, of how many."""
    rows = rows_of(found)
    least = MIN_INK * max(width, 1.0)
    return sum(sum(one.ink for one in row) >= least for row in rows), len(rows)


def _edges(found: Sequence[Stretch]) -> tuple[float, float]:
    return min(one.left for one in found), max(one.right for one in found)
