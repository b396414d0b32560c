"""The engine of large libraries: a search over postings that is cut off by MaxScore.

Lists are left out once all that they could add is less than the k-th best score so far (MaxScore:
Turtle & Flood, "Query evaluation: strategies and optimizations", 1995); what they add to the
passages that are still in reach is looked up. The scores of the best are summed in the order of the
question's terms, as rank-bm25 does: they equal the exact engine's to the last bit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from importlib import import_module
from importlib.util import find_spec
from threading import local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays.strings import as_memory
from index.engines.bm25 import K1, B, Candidate
from index.engines.postings import SLACK, Floats, Ints, Postings, Spans

__all__ = ["PostingsEngine", "warm_up"]

log = logging.getLogger(__name__)

MAX_AVERAGES = 64
"""Collections whose tables are kept: one a server that has a library beside the shared one."""


class PostingsEngine:
    """BM25 whose cost follows the postings it touches; `compiled` asks for numba or for NumPy."""

    def __init__(self, postings: Postings, *, compiled: bool | None = None) -> None:
        self.postings = postings
        self._compiled = _kernel() if compiled is not False else None
        if compiled and self._compiled is None:
            raise ImportError("the compiled search needs numba: install the extra fast")
        if self._compiled:
            self._compiled.warm_up(postings.codes.dtype)
        # A look-up by NumPy costs several times one in a memoryview.
        self._starts = as_memory(postings.starts, "q")
        self._number = postings.terms.find
        self._scratch = local()
        # The formula's fraction for every code, shape (pairs,), by average length.
        impacts = partial(_fraction, postings.counts, postings.lengths)
        self._table: Callable[[float], Floats] = lru_cache(MAX_AVERAGES)(impacts)

    @property
    def name(self) -> str:
        """What `footnote check` calls it."""
        return "postings, compiled" if self._compiled else "postings"

    @property
    def passages(self) -> int:
        return self.postings.passages

    @property
    def length(self) -> int:
        return self.postings.length

    @property
    def nbytes(self) -> int:
        """About the bytes of memory that it takes beside the postings, asked by one thread."""
        table = np.dtype(np.float64).itemsize * len(self.postings.counts)
        sums = 0 if self._compiled else np.dtype(np.float64).itemsize * self.passages
        return table + sums

    def frequency(self, term: str) -> int:
        number = self._number(term)
        return 0 if number is None else self._starts[number + 1] - self._starts[number]

    def candidates(
        self, weights: Mapping[str, float], k: int, average_length: float
    ) -> list[Candidate]:
        """The `k` best passages; terms whose weight is not positive count for nothing."""
        known = [
            (number, weight)
            for term, weight in weights.items()
            if weight > 0 and (number := self._number(term)) is not None
        ]
        k = min(k, self.passages)
        if k <= 0 or not known:
            return []
        spans = self._spans(known, average_length)
        table = self._table(average_length)
        if self._compiled:
            places, scores = self._compiled.search(self.postings, spans, table, k)
        else:
            places, scores = self._search(spans, table, k)
        best = zip(places.tolist(), scores.tolist(), strict=True)
        return [Candidate(position, score) for position, score in best]

    def _spans(self, known: Sequence[tuple[int, float]], average_length: float) -> Spans:
        numbers = np.array([number for number, _ in known])
        weights = np.array([weight for _, weight in known])
        postings = self.postings
        top = _fraction(postings.most[numbers], postings.shortest[numbers], average_length)
        starts, ends = postings.starts[numbers], postings.starts[numbers + 1]
        return Spans(starts, ends, weights, weights * top * SLACK)

    def _search(self, spans: Spans, table: Floats, k: int) -> tuple[Ints, Floats]:
        """The positions and scores of the `k` best, best first, by NumPy, a term at a time."""
        order = np.argsort(-spans.bounds, kind="stable").tolist()
        # What the terms from each on could add together, in that order.
        rests = [*np.cumsum(spans.bounds[order][::-1])[::-1].tolist(), 0.0]
        sums = self._sums()
        touched: list[NDArray[np.int32]] = []
        count, reached, used = 0, 0.0, 0
        try:
            for used, at in enumerate(order, 1):
                places, gained = self._list(spans, table, at)
                before = sums[places]
                touched.append(places if used == 1 else places[before == 0])
                sums[places] = before + gained
                count += len(touched[-1])
                following = order[used] if used < len(order) else None
                # The k-th best score is worth its cost where it may save a longer list.
                if following is None or spans.ends[following] - spans.starts[following] > count:
                    places = np.concatenate(touched)
                    touched = [places]
                    scores = sums[places]
                    reached = _kth(scores, k)
                    if rests[used] < reached:
                        break
        finally:
            for places in touched:
                sums[places] = 0
        for at, rest in zip(order[used:], rests[used:], strict=False):
            places, scores = _within(places, scores, reached - rest)
            scores = scores + self._looked_up(spans, table, at, places)
            reached = max(reached, _kth(scores, k))
        places, scores = _within(places, scores, reached)
        return self._ranked(spans, table, places, scores, k)

    def _ranked(
        self, spans: Spans, table: Floats, places: NDArray[np.int32], scores: Floats, k: int
    ) -> tuple[Ints, Floats]:
        """The `k` best by the exact sum of scores, equal ones in the passages' order."""
        if len(spans.weights) > 1:
            scores = np.zeros(len(places))
            for at in range(len(spans.weights)):
                scores += self._looked_up(spans, table, at, places)
        best = np.lexsort((places, -scores))[:k]
        return places[best].astype(np.int64), scores[best]

    def _list(
        self, spans: Spans, table: Floats, at: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The passages of a term, and what each gains from it."""
        start, end = spans.starts.item(at), spans.ends.item(at)
        gained = table[self.postings.codes[start:end]]
        gained *= spans.weights[at]
        return self.postings.positions[start:end], gained

    def _looked_up(self, spans: Spans, table: Floats, at: int, places: NDArray[np.int32]) -> Floats:
        """What each of `places` gains from a term, 0 where it does not hold it."""
        start, end = spans.starts.item(at), spans.ends.item(at)
        positions = self.postings.positions[start:end]
        nearest = np.searchsorted(positions, places)
        np.minimum(nearest, end - start - 1, out=nearest)
        gained = spans.weights[at] * table[self.postings.codes[start:end][nearest]]
        return np.where(positions[nearest] == places, gained, 0.0)

    def _sums(self) -> Floats:
        """The thread's own zeros, shape (passages,): too many to make for each question."""
        sums: Floats | None = getattr(self._scratch, "sums", None)
        if sums is None:
            sums = self._scratch.sums = np.zeros(self.passages)
        return sums


def warm_up() -> None:
    """Load or compile what is compiled, which holds all threads up for some tenths of a second."""
    kernel = _kernel()
    if kernel is not None:
        kernel.warm_up(np.dtype(np.uint16))


def _kernel() -> Any:
    """The module of the compiled search; None where numba is not there, or not usable."""
    if find_spec("numba") is None:
        return None
    try:
        return import_module("index.engines.compiled")
    except ImportError as error:
        log.warning("numba is installed and cannot be used, so NumPy searches: %s", error)
        return None


def _fraction(counts: NDArray[Any], lengths: NDArray[Any], average_length: float) -> Floats:
    """The formula without the weight, tf · (k1 + 1) / (tf + …), in rank-bm25's order."""
    fraction: Floats = counts * (K1 + 1) / (counts + K1 * (1 - B + B * lengths / average_length))
    return fraction


def _kth(scores: Floats, k: int) -> float:
    """The k-th highest score; 0 where there are fewer."""
    if len(scores) < k:
        return 0.0
    return float(np.partition(scores, len(scores) - k)[len(scores) - k])


def _within(
    places: NDArray[np.int32], scores: Floats, least: float
) -> tuple[NDArray[np.int32], Floats]:
    """The passages that have at least the score `least`, within rounding."""
    kept = scores * SLACK >= least
    return places[kept], scores[kept]
