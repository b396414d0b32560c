"""What is measured: Footnote itself, plain rank-bm25 in its usual dresses, and what else ranks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.answering.confidence import BALANCED, Outcome, Thresholds
from index.answering.ranking import CANDIDATES
from index.answering.rerank import WEIGHTS
from index.answering.searcher import Searcher
from index.documents.corpus import Corpus
from index.evaluation.sets import Place
from index.library.library import IndexedLibrary
from index.meaning import Reader
from index.text.analysis import analyser_for

__all__ = [
    "BASELINES",
    "BY_WORDS",
    "FOOTNOTE",
    "FootnoteRanker",
    "OkapiRanker",
    "Ranked",
    "Ranker",
    "System",
    "best_places",
    "footnote",
]

FOOTNOTE = "footnote"
BY_WORDS = "footnote, by words"


@dataclass(frozen=True, slots=True)
class Ranked:
    """The places of the best passages before abstaining, best first, and the confidence in them.

    `outcome` tells what the question gets; None for a system that never decides.
    """

    places: tuple[Place, ...]
    confidence: float
    outcome: Outcome | None = None


class Ranker(Protocol):
    """A system over one corpus."""

    def rank(self, question: str) -> Ranked:
        """The best passages for `question`."""


@dataclass(frozen=True, slots=True)
class System:
    """A named way of making a ranker."""

    name: str
    build: Callable[[Corpus], Ranker]


class FootnoteRanker:
    """A searcher as a ranker."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def rank(self, question: str) -> Ranked:
        answer = self._searcher.answer(question)
        places = tuple((hit.passage.document, hit.passage.line) for hit in answer.ranked)
        return Ranked(places, answer.confidence, answer.outcome)


def footnote(
    thresholds: Thresholds = BALANCED,
    weights: Mapping[str, float] = WEIGHTS,
    name: str = FOOTNOTE,
    reader: Reader | None = None,
    *,
    always: bool = False,
) -> System:
    """Footnote itself with other thresholds or weights of the rerank than the shipped ones.

    `reader` tells what passages mean, where words leave a question open or `always`.
    """

    def build(corpus: Corpus) -> FootnoteRanker:
        library = IndexedLibrary.build(corpus)
        if reader is not None:
            reader.prepare_at_once(library)
        searcher = Searcher([library], thresholds, weights, reader, always=always)
        return FootnoteRanker(searcher)

    return System(name, build)


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
