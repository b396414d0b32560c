"""The measures of ranking and of silence, and how sure one can be of them.

Written out here because the usual library for them, ir-measures, needs a compiled extension that
is not built for Linux on ARM; a test holds the two together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "DEPTH",
    "MEASURES",
    "CurvePoint",
    "Estimate",
    "Figure",
    "auroc",
    "best_f1",
    "curve",
    "estimate",
    "ndcg",
    "rank_measures",
    "reciprocal_rank",
    "share_of",
    "success",
]

DEPTH = 10
"""How many ranks the measures look at."""
RESAMPLES = 1000
MEASURES = ("S@1", "S@5", "MRR@10", "nDCG@10")

Values = NDArray[np.float64]


def success(gains: Sequence[int], k: int) -> float:
    """S@k: 1 if one of the first `k` is relevant, else 0."""
    return float(any(gain > 0 for gain in gains[:k]))


def reciprocal_rank(gains: Sequence[int], k: int) -> float:
    """1 / rank of the first relevant one among the first `k`, else 0 (Voorhees, TREC-8, 1999)."""
    return next((1 / rank for rank, gain in enumerate(gains[:k], 1) if gain > 0), 0.0)


def ndcg(gains: Sequence[int], grades: Sequence[int], k: int) -> float:
    """DCG@k, Σ gain / log2(rank + 1), over that of the best order of `grades`.

    Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002, with the gain
    and the discount of trec_eval. 0 where no grade is above 0.
    """
    best = _dcg(sorted(grades, reverse=True)[:k])
    return _dcg(gains[:k]) / best if best else 0.0


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1) if gain > 0)


def rank_measures(ranked: Sequence[str], grades: Mapping[str, int]) -> tuple[float, ...]:
    """The MEASURES of one question, from 0 to 1, for ids ranked best first."""
    gains = [grades.get(sentence, 0) for sentence in ranked]
    return (
        success(gains, 1),
        success(gains, 5),
        reciprocal_rank(gains, DEPTH),
        ndcg(gains, list(grades.values()), DEPTH),
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean from 0 to 1 (a difference: from -1) with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The means of MEASURES over questions, shape (4,), and over resamples of them, (1000, 4)."""

    means: Values
    resampled: Values

    def figures(self) -> dict[str, Figure]:
        low, high = np.percentile(self.resampled, (2.5, 97.5), axis=0)
        return {
            name: Figure(float(self.means[column]), float(low[column]), float(high[column]))
            for column, name in enumerate(MEASURES)
        }

    def minus(self, other: Estimate) -> Estimate:
        """The paired difference: both must be of the same questions and the same seed."""
        return Estimate(self.means - other.means, self.resampled - other.resampled)

    @staticmethod
    def mean(estimates: Sequence[Estimate]) -> Estimate:
        """The mean over sets, each of the same weight."""
        means = np.mean([one.means for one in estimates], axis=0)
        return Estimate(means, np.mean([one.resampled for one in estimates], axis=0))


def estimate(values: Values, seed: int) -> Estimate:
    """Means of `values`, shape (questions, 4), with a percentile bootstrap over the questions.

    Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13. The same seed and
    number of questions give the same resamples, so that differences are paired.
    """
    generator = np.random.default_rng(seed)
    count = len(values)
    resampled = [
        values[generator.integers(count, size=count)].mean(axis=0) for _ in range(RESAMPLES)
    ]
    return Estimate(values.mean(axis=0), np.array(resampled))


def share_of(values: Sequence[bool], seed: int) -> Figure:
    """The share of `values` that hold, at least one, with the interval of `estimate`."""
    held = np.asarray(values, dtype=float)
    resampled = np.random.default_rng(seed).choice(held, (RESAMPLES, len(held))).mean(axis=1)
    low, high = np.percentile(resampled, (2.5, 97.5))
    return Figure(float(held.mean()), float(low), float(high))


def auroc(positive: ArrayLike, negative: ArrayLike) -> float:
    """P(positive > negative) + ½ P(positive = negative); both must hold a value.

    The Mann-Whitney U over the number of pairs (Hanley & McNeil, Radiology 143, 1982).
    """
    above, below = np.asarray(positive, dtype=float), np.sort(np.asarray(negative, dtype=float))
    wins = np.searchsorted(below, above, "left") + np.searchsorted(below, above, "right")
    return float(wins.mean() / 2 / len(below))


def best_f1(positive: ArrayLike, negative: ArrayLike) -> float:
    """The highest F1 of answering (positive: answerable) over all thresholds of confidence.

    F1 = 2 · answered answerable / (answered + answerable), van Rijsbergen, 1979.
    """
    above, below = np.sort(np.asarray(positive, float)), np.sort(np.asarray(negative, float))
    thresholds = np.unique(above)
    right = len(above) - np.searchsorted(above, thresholds, "left")
    wrong = len(below) - np.searchsorted(below, thresholds, "left")
    return float(np.max(2 * right / (right + wrong + len(above))))


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a threshold does: the share of all questions answered, and of those answered right."""

    threshold: float
    answered: float
    precision: float


def curve(
    confidences: Sequence[float], right: Sequence[bool], points: int = 100
) -> tuple[CurvePoint, ...]:
    """Answered share and precision of the first hit over the thresholds, the strictest first.

    At most `points` of them, evenly spaced; the same confidence is answered together.
    """
    if not confidences:
        return ()
    order = np.argsort(-np.asarray(confidences), kind="stable")
    ordered = np.asarray(confidences)[order]
    hits = np.cumsum(np.asarray(right)[order])
    ends = [at for at, (one, two) in enumerate(pairwise(ordered)) if one != two]
    ends.append(len(ordered) - 1)
    chosen = np.unique(np.linspace(0, len(ends) - 1, min(points, len(ends))).round().astype(int))
    return tuple(
        CurvePoint(
            float(ordered[end]), float((end + 1) / len(ordered)), float(hits[end] / (end + 1))
        )
        for end in (ends[position] for position in chosen)
    )
