"""The search over postings compiled by numba, a window of passages at a time.

Within a window the lists that matter are summed up in the order of the question's terms; passages
that can still be among the best are completed from the lists left out (MaxScore, with the windows
of Apache Lucene's MaxScoreBulkScorer). A window's sums stay in the processor's cache, and no array
is as long as the library. The best passages so far are a heap with the worst of them on top; of
equal scores the later passage is the worse.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from index.engines.postings import SLACK, Floats, Ints, Postings, Spans

__all__ = ["WINDOW", "search", "warm_up"]

WINDOW = 8192
"""Passages a window."""
MOST_SAMPLED = 4096
"""Lists up to this long are looked through beforehand for a first k-th best score."""
STREAMED = 12
"""A list is read through where it has fewer postings a passage in reach than a look-up costs."""


def _compiled(function: Any) -> Any:
    """Compile with numba, kept on disk where there is a place to keep it."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder that can be written
        return njit(nogil=True)(function)


class _Lists(NamedTuple):
    """The lists of a question's terms: slices of the postings, weights and bounds, shape (terms,).

    `table` has the formula's fraction of every code.
    """

    positions: NDArray[np.int32]
    codes: NDArray[Any]
    table: Floats
    starts: Ints
    ends: Ints
    weights: Floats
    bounds: Floats


class _Window(NamedTuple):
    """Where the window lies in each list, and the sums of its passages.

    Its postings are [opened, cursors); lists `left_out` bring up no passages. `touched` are the
    offsets of the passages with a sum, `alive` of those still in reach.
    """

    opened: Ints
    cursors: Ints
    left_out: NDArray[np.bool_]
    sums: Floats
    touched: NDArray[np.int32]
    alive: NDArray[np.int32]


@_compiled
def _is_worse(score: float, place: int, other: float, other_place: int) -> bool:
    return score < other or (score == other and place > other_place)


@_compiled
def _sift_down(scores: Floats, places: Ints, size: int) -> None:
    """Restore the heap, the worst on top, after its top was replaced."""
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            return
        right = child + 1
        if right < size and _is_worse(scores[right], places[right], scores[child], places[child]):
            child = right
        if not _is_worse(scores[child], places[child], scores[at], places[at]):
            return
        scores[at], scores[child] = scores[child], scores[at]
        places[at], places[child] = places[child], places[at]
        at = child


@_compiled
def _push(scores: Floats, places: Ints, size: int, score: float, place: int) -> int:
    """Take a passage into the heap if it is among the best; its size thereafter."""
    if size == len(scores):
        if _is_worse(scores[0], places[0], score, place):
            scores[0], places[0] = score, place
            _sift_down(scores, places, size)
        return size
    at = size
    scores[at], places[at] = score, place
    while at > 0:
        parent = (at - 1) // 2
        if not _is_worse(scores[at], places[at], scores[parent], places[parent]):
            break
        scores[at], scores[parent] = scores[parent], scores[at]
        places[at], places[parent] = places[parent], places[at]
        at = parent
    return size + 1


@_compiled
def _lower_bound(positions: NDArray[np.int32], start: int, end: int, place: int) -> int:
    """The first of positions[start:end] that is not below `place`; `end` where there is none."""
    while start < end:
        middle = (start + end) >> 1
        if positions[middle] < place:
            start = middle + 1
        else:
            end = middle
    return start


@_compiled
def _first_kth(lists: _Lists, k: int) -> float:
    """The highest k-th best score of any one list that is not long."""
    reached = 0.0
    scores, places = np.empty(k), np.empty(k, dtype=np.int64)
    for term in range(len(lists.starts)):
        start, end, weight = lists.starts[term], lists.ends[term], lists.weights[term]
        if not k <= end - start <= MOST_SAMPLED:
            continue
        size = 0
        for at in range(start, end):
            score = weight * lists.table[lists.codes[at]]
            if size < k or score > scores[0]:
                size = _push(scores, places, size, score, at)
        reached = max(reached, scores[0])
    return reached


@_compiled
def _next_place(lists: _Lists, window: _Window) -> int:
    """The first passage ahead in a list that matters; -1 at the end of all."""
    place = -1
    for term in range(len(lists.ends)):
        at = window.cursors[term]
        if not window.left_out[term] and at < lists.ends[term]:
            ahead = lists.positions[at]
            if place < 0 or ahead < place:
                place = ahead
    return place


@_compiled
def _fill(lists: _Lists, window: _Window, first: int) -> int:
    """Sum a window up from the lists that matter; how many of its passages they touch."""
    positions, codes, table = lists.positions, lists.codes, lists.table
    sums, touched = window.sums, window.touched
    count = 0
    last = first + len(sums)
    for term in range(len(lists.ends)):
        if window.left_out[term]:
            continue
        at, end, weight = window.cursors[term], lists.ends[term], lists.weights[term]
        window.opened[term] = at
        while at < end and positions[at] < last:
            offset = positions[at] - first
            before = sums[offset]
            if before == 0.0:
                touched[count] = offset
                count += 1
            sums[offset] = before + weight * table[codes[at]]
            at += 1
        window.cursors[term] = at
    return count


@_compiled
def _add(lists: _Lists, window: _Window, term: int, first: int, count: int) -> None:
    """Add a list that was left out to the sums of the passages that are still in reach."""
    positions, codes, table = lists.positions, lists.codes, lists.table
    sums, weight = window.sums, lists.weights[term]
    start = _lower_bound(positions, window.cursors[term], lists.ends[term], first)
    furthest = min(lists.ends[term], start + len(sums))
    end = _lower_bound(positions, start, furthest, first + len(sums))
    window.opened[term], window.cursors[term] = start, end
    if end - start < STREAMED * count:
        for at in range(start, end):
            offset = positions[at] - first
            if sums[offset] > 0.0:
                sums[offset] += weight * table[codes[at]]
        return
    for one in range(count):
        offset = window.alive[one]
        at = _lower_bound(positions, start, end, first + offset)
        if at < end and positions[at] == first + offset:
            sums[offset] += weight * table[codes[at]]


@_compiled
def _keep(window: _Window, count: int, least: float) -> int:
    """Keep those of alive[:count] that have at least a score; how many."""
    sums, alive = window.sums, window.alive
    kept = 0
    for one in range(count):
        offset = alive[one]
        alive[kept] = offset
        if sums[offset] >= least:
            kept += 1
    return kept


@_compiled
def _complete(
    lists: _Lists, window: _Window, out: Ints, first: int, count: int, reached: float
) -> int:
    """Add the lists `out`, the strongest first; how many passages stay in reach."""
    ahead = lists.bounds[out].sum()
    count = _keep(window, count, reached / SLACK - ahead)
    for term in out[::-1]:
        if count == 0:
            break
        _add(lists, window, term, first, count)
        ahead = max(0.0, ahead - lists.bounds[term])
        count = _keep(window, count, reached / SLACK - ahead)
    return count


@_compiled
def _score(lists: _Lists, window: _Window, place: int) -> float:
    """The score of a passage of the window, summed in the order of the question's terms."""
    score = 0.0
    for term in range(len(lists.weights)):
        end = window.cursors[term]
        at = _lower_bound(lists.positions, window.opened[term], end, place)
        if at < end and lists.positions[at] == place:
            score += lists.weights[term] * lists.table[lists.codes[at]]
    return score


@_compiled
def _leave_out(lists: _Lists, window: _Window, order: Ints, out: int, reached: float) -> int:
    """Leave out the weakest lists that together cannot reach a score; how many are out."""
    rest = lists.bounds[order[:out]].sum()
    while out < len(order) and rest + lists.bounds[order[out]] < reached:
        rest += lists.bounds[order[out]]
        window.left_out[order[out]] = True
        out += 1
    return out


@_compiled
def _best(lists: _Lists, k: int, size_of_window: int) -> tuple[Ints, Floats]:
    """The `k` best passages in the order of a heap."""
    order = np.argsort(lists.bounds)
    window = _Window(
        lists.starts.copy(),
        lists.starts.copy(),
        np.zeros(len(order), dtype=np.bool_),
        np.zeros(size_of_window),
        np.empty(size_of_window, dtype=np.int32),
        np.empty(size_of_window, dtype=np.int32),
    )
    scores, places = np.empty(k), np.empty(k, dtype=np.int64)
    size, out = 0, 0
    reached = _first_kth(lists, k)
    while True:
        out = _leave_out(lists, window, order, out, reached)
        first = _next_place(lists, window)
        if first < 0:
            break
        touching = _fill(lists, window, first)
        window.alive[:touching] = window.touched[:touching]
        count = _complete(lists, window, order[:out], first, touching, reached)
        for one in range(count):
            place, score = first + window.alive[one], window.sums[window.alive[one]]
            if score * SLACK < reached:
                continue
            if out:
                score = _score(lists, window, place)
            size = _push(scores, places, size, score, place)
            if size == k:
                reached = max(reached, scores[0])
        window.sums[window.touched[:touching]] = 0.0
    return places[:size], scores[:size]


def search(postings: Postings, spans: Spans, table: Floats, k: int) -> tuple[Ints, Floats]:
    """The positions and scores of the `k` best, best first, equal ones in the passages' order."""
    lists = _Lists(
        postings.positions,
        postings.codes,
        table,
        spans.starts,
        spans.ends,
        spans.weights,
        spans.bounds,
    )
    places, scores = _best(lists, k, WINDOW)
    best = np.lexsort((places, -scores))
    return places[best], scores[best]


@cache
def warm_up(codes: np.dtype[Any]) -> None:
    """Compile for such codes, so that no question waits for it."""
    one = np.ones(1)
    none = np.zeros(1, dtype=np.int64)
    positions, few = np.zeros(1, np.int32), np.zeros(1, codes)
    positions.flags.writeable = few.flags.writeable = False  # as those of postings are
    _best(_Lists(positions, few, one, none, none + 1, one, one), 1, 1)
