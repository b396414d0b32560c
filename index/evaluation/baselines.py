"""Plain rank-bm25 in its two usual dresses, to stand beside Footnote in the same run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.analysis import analyser_for
from index.corpus import Corpus
from index.evaluation.sets import Place
from index.evaluation.systems import Ranked, System
from index.searcher import CANDIDATES

__all__ = ["BASELINES", "OkapiRanker", "best_places"]

MAX_REMEMBERED = 4_000_000
"""Scores of terms that are remembered: 32 MB, enough for the words of most questions."""


class OkapiRanker:
    """Ranks all passages of a corpus by rank-bm25's Okapi, k1 1.5 and b .75, as it comes."""

    def __init__(self, corpus: Corpus, *, stems: bool) -> None:
        self._languages: Sequence[str] = ()
        if stems:
            codes = (document.spec.language for document in corpus.documents)
            self._languages = tuple(dict.fromkeys(codes))
        self._places = [(passage.document, passage.line) for passage in corpus.passages]
        terms = [
            self._terms(passage.text, [document.spec.language] if stems else ())
            for document in corpus.documents
            for passage in document.passages
        ]
        # rank-bm25 divides by the number of terms.
        self._bm25: Any = BM25Okapi(terms) if any(terms) else None
        remembered = MAX_REMEMBERED // max(1, len(terms))
        self._term_scores = lru_cache(remembered)(self._score_term)

    def rank(self, question: str) -> Ranked:
        """The best passages; the confidence is the first one's raw score."""
        terms = self._terms(question, self._languages)
        if self._bm25 is None or not terms:
            return Ranked((), 0.0)
        # rank-bm25 adds the terms' scores up in this order too: the sums are the same.
        scores = np.sum([self._term_scores(term) for term in terms], axis=0)
        return best_places(scores, self._places)

    def _score_term(self, term: str) -> NDArray[np.float64]:
        """The score of every passage for one term, shape (passages,)."""
        scores: NDArray[np.float64] = self._bm25.get_scores([term])
        return scores

    @staticmethod
    def _terms(text: str, languages: Iterable[str]) -> list[str]:
        readings = [analyser_for(code).terms(text) for code in languages]
        if not readings:
            return text.lower().split()
        # A word that two languages stem alike counts once.
        terms = list(readings[0])
        for reading in readings[1:]:
            terms += [term for term in reading if term not in terms]
        return terms


def best_places(scores: NDArray[np.float64], places: Sequence[Place]) -> Ranked:
    """The places of the highest of `scores`, shape (passages,); ties keep the corpus's order."""
    best = np.argsort(-scores, kind="stable")[:CANDIDATES]
    return Ranked(tuple(places[position] for position in best), float(scores[best[0]]))


def _split(corpus: Corpus) -> OkapiRanker:
    return OkapiRanker(corpus, stems=False)


def _stems(corpus: Corpus) -> OkapiRanker:
    return OkapiRanker(corpus, stems=True)


BASELINES = (System("rank-bm25, split", _split), System("rank-bm25, stems", _stems))
