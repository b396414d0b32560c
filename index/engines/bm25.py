"""BM25 engines: one formula behind one small protocol.

    score(q, d) = Σ weight(t) · tf · (k1 + 1) / (tf + k1 · (1 − b + b · |d| / average length))

with weight(t) = the term's weight in the question × Lucene's idf, ln(1 + (N − n + ½) / (n + ½)),
which is positive for every n (Robertson & Zaragoza, "The Probabilistic Relevance Framework", 2009;
the idf is that of Apache Lucene's BM25Similarity).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

__all__ = ["K1", "B", "Candidate", "Engine", "inverse_document_frequency"]

K1 = 0.6
B = 0.3
"""A sentence is short: how long it is says little."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that shares a term with the question: its position in the library, its score."""

    position: int
    score: float


class Engine(Protocol):
    """What a searcher asks of an engine over the passages of one library."""

    @property
    def name(self) -> str:
        """What people are told it is: exact, postings, or postings, compiled."""

    @property
    def passages(self) -> int:
        """How many passages there are."""

    @property
    def length(self) -> int:
        """How many terms all passages hold together."""

    @property
    def nbytes(self) -> int:
        """About the bytes of memory that it takes beside what it is made of."""

    def frequency(self, term: str) -> int:
        """In how many passages `term` occurs."""

    def candidates(
        self, weights: Mapping[str, float], k: int, average_length: float
    ) -> list[Candidate]:
        """The `k` best passages that share a term with `weights`, best first.

        `weights` gives each term's question weight × idf; equal scores keep the passages' order.
        """


def inverse_document_frequency(passages: int, frequency: int) -> float:
    """Lucene's idf of a term that `frequency` of `passages` hold; always positive."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))
