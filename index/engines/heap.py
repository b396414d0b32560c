"""A heap of the best passages so far, the worst of them on top, compiled by numba.

Of equal scores the later passage is the worse. numba keeps what it compiled until the file of the
calling function changes: whoever changes this one touches compiled.py too.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from index.engines.postings import Floats, Ints

__all__ = ["compile_", "push"]


def compile_(function: Any) -> Any:
    """Compile with numba, kept on disk where there is a place to keep it."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder that can be written
        return njit(nogil=True)(function)


@compile_
def _is_worse(score: float, place: int, other: float, other_place: int) -> bool:
    return score < other or (score == other and place > other_place)


@compile_
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


@compile_
def push(scores: Floats, places: Ints, size: int, score: float, place: int) -> int:
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
