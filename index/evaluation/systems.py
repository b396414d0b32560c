"""What is measured: Footnote itself, and whatever else ranks the passages of a corpus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from index.confidence import THRESHOLD
from index.corpus import Corpus
from index.evaluation.sets import Place
from index.library import IndexedLibrary
from index.rerank import WEIGHTS
from index.searcher import Searcher

__all__ = ["FOOTNOTE", "FootnoteRanker", "Ranked", "Ranker", "System", "footnote"]

FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Ranked:
    """The places of the best passages before abstaining, best first, and the confidence in them.

    `answered` tells whether the question gets an answer; None for a system that never decides.
    """

    places: tuple[Place, ...]
    confidence: float
    answered: bool | None = None


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
        return Ranked(places, answer.confidence, answer.answered)


def footnote(
    threshold: float = THRESHOLD,
    weights: Mapping[str, float] = WEIGHTS,
    name: str = FOOTNOTE,
) -> System:
    """Footnote itself with other thresholds or weights of the rerank than the shipped ones."""

    def build(corpus: Corpus) -> FootnoteRanker:
        library = IndexedLibrary.build(corpus)
        return FootnoteRanker(Searcher([library], threshold, weights))

    return System(name, build)
