"""The default engine: rank-bm25's Okapi with Lucene's idf, and the oracle of the others."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from itertools import accumulate, chain, count
from sys import getsizeof

import numpy as np
from rank_bm25 import BM25Okapi

from index.engines.bm25 import K1, B, Candidate, inverse_document_frequency

__all__ = ["ExactEngine"]


class _LuceneBM25(BM25Okapi):  # type: ignore[misc]  # rank-bm25 has no types
    """BM25Okapi whose idf is always positive, and which stands an empty corpus."""

    def _initialize(self, corpus: Iterable[Sequence[str]]) -> dict[str, int]:
        terms = list(corpus)
        if not terms:  # rank-bm25 would divide by the number of documents
            return {}
        frequencies: dict[str, int] = super()._initialize(terms)
        return frequencies

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.idf = {
            term: inverse_document_frequency(self.corpus_size, frequency)
            for term, frequency in nd.items()
        }


class ExactEngine:
    """Scores every passage that shares a term with the question, one by one, in Python."""

    def __init__(self, terms: Iterable[Sequence[str]]) -> None:
        self._bm25 = _LuceneBM25(terms, k1=K1, b=B)
        self._length = sum(self._bm25.doc_len)
        # rank-bm25 makes an array of it at each question, which is cheap from an array.
        self._bm25.doc_len = np.array(self._bm25.doc_len, dtype=np.int64)
        self._bm25.idf = {}  # each question brings its own
        by_term: dict[str, list[int]] = {}
        for position, frequencies in enumerate(self._bm25.doc_freqs):
            for term in frequencies:
                by_term.setdefault(term, []).append(position)
        # In a row: an array for each term would take more than all else.
        self._numbers = dict(zip(by_term, count()))
        self._starts = array("i", accumulate(map(len, by_term.values()), initial=0))
        self._positions = array("i", chain.from_iterable(by_term.values()))

    @property
    def name(self) -> str:
        return "exact"

    @property
    def passages(self) -> int:
        return int(self._bm25.corpus_size)

    @property
    def length(self) -> int:
        return self._length

    @property
    def nbytes(self) -> int:
        """About the bytes of memory that it takes beside what it is made of."""
        parts = (self._numbers, self._starts, self._positions, self._bm25.doc_len)
        pieces = chain(parts, self._numbers, self._bm25.doc_freqs)
        return sum(map(getsizeof, pieces))

    def frequency(self, term: str) -> int:
        number = self._numbers.get(term)
        return 0 if number is None else self._starts[number + 1] - self._starts[number]

    def _positions_of(self, term: str) -> array[int]:
        number = self._numbers.get(term)
        if number is None:
            return array("i")
        return self._positions[self._starts[number] : self._starts[number + 1]]

    def candidates(
        self, weights: Mapping[str, float], k: int, average_length: float
    ) -> list[Candidate]:
        """Score all passages that share a term, and keep the `k` best."""
        known = [term for term in weights if term in self._numbers]
        if k <= 0 or not known:
            return []
        positions = sorted(set().union(*map(self._positions_of, known)))
        # A view, so that questions on other threads keep their own weights.
        view = copy(self._bm25)
        view.idf = dict(weights)
        view.avgdl = average_length
        scores = view.get_batch_scores(known, positions)
        ranked = sorted(zip(scores, positions, strict=True), key=lambda pair: (-pair[0], pair[1]))
        return [Candidate(position, score) for score, position in ranked[:k] if score > 0]
