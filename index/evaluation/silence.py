"""How well a system tells the questions that its corpus answers from those it cannot answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from index.answering.confidence import Outcome
from index.documents.corpus import Corpus
from index.evaluation.measures import CurvePoint, auroc, best_f1, curve
from index.evaluation.sets import JudgedQuestion, Place, QuestionSet, has_title

__all__ = [
    "BLOCK",
    "DROP_SEEDS",
    "Judgement",
    "Silence",
    "answered_at",
    "drop_half",
    "silence",
    "threshold_curve",
]

DROP_SEEDS = range(5)
BLOCK = 150
"""How many consecutive sentences stand for a document where there is no title."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of a question, and whether its first passage is right."""

    question: JudgedQuestion
    confidence: float
    outcome: Outcome | None
    right: bool

    @property
    def answered(self) -> bool | None:
        return None if self.outcome is None else self.outcome is Outcome.SURE


@dataclass(frozen=True, slots=True)
class Silence:
    """AUROC, best F1, and the shares answered at the shipped threshold (None: there is none).

    `un5` and `un10` are the shares of the answerable that would be answered where 5 or 10 % of the
    unanswerable are.
    """

    auroc: float
    best_f1: float
    un5: float
    un10: float
    answered_unanswerable: float | None
    answered_answerable: float | None

    @staticmethod
    def mean(silences: Sequence[Silence]) -> Silence:
        """The mean of each figure, over seeds or sets; there must be one at least."""
        return Silence(
            float(np.mean([one.auroc for one in silences])),
            float(np.mean([one.best_f1 for one in silences])),
            float(np.mean([one.un5 for one in silences])),
            float(np.mean([one.un10 for one in silences])),
            _mean_share([one.answered_unanswerable for one in silences]),
            _mean_share([one.answered_answerable for one in silences]),
        )


def _mean_share(shares: Sequence[float | None]) -> float | None:
    decided = [share for share in shares if share is not None]
    return float(np.mean(decided)) if decided and len(decided) == len(shares) else None


def silence(judgements: Sequence[Judgement]) -> Silence | None:
    """The figures, or None where there is no answerable or no unanswerable question."""
    yes = [one for one in judgements if one.question.answerable]
    no = [one for one in judgements if not one.question.answerable]
    if not yes or not no:
        return None
    positive, negative = [one.confidence for one in yes], [one.confidence for one in no]
    return Silence(
        auroc(positive, negative),
        best_f1(positive, negative),
        answered_at(positive, negative, 0.05),
        answered_at(positive, negative, 0.10),
        _share(no),
        _share(yes),
    )


def answered_at(positive: ArrayLike, negative: ArrayLike, share: float) -> float:
    """The share of `positive` above the confidence that at most `share` of `negative` exceed."""
    below = np.sort(np.asarray(negative, dtype=float))
    least = below[len(below) - 1 - int(share * len(below))]
    return float(np.mean(np.asarray(positive, dtype=float) > least))


def _share(judgements: Sequence[Judgement]) -> float | None:
    return _mean_share([None if one.answered is None else one.answered for one in judgements])


def threshold_curve(judgements: Sequence[Judgement]) -> tuple[CurvePoint, ...]:
    """Answered share against precision of the first hit; an unanswerable one is never right."""
    return curve([one.confidence for one in judgements], [one.right for one in judgements])


def drop_half(question_set: QuestionSet, seed: int) -> QuestionSet | None:
    """The judged questions over half of the documents; None where there is only one to drop.

    Documents are those of one title; blocks of 150 consecutive sentences where there is none. A
    question that keeps a relevant sentence stays answerable, the others become unanswerable.
    """
    units: dict[tuple[str, int], list[Place]] = {}
    untitled = 0
    for document in question_set.corpus.documents:
        for passage in document.passages:
            unit = (document.title, 0)
            if not has_title(document):
                unit = ("", untitled // BLOCK)
                untitled += 1
            units.setdefault(unit, []).append((passage.document, passage.line))
    if len(units) < 2:
        return None
    order = np.random.default_rng(seed).permutation(len(units))
    listed = list(units.values())
    dropped = {place for position in order[: len(units) // 2] for place in listed[position]}
    documents = []
    for document in question_set.corpus.documents:
        passages = tuple(
            passage
            for passage in document.passages
            if (passage.document, passage.line) not in dropped
        )
        if passages:
            documents.append(replace(document, passages=passages))
    ids = {place: name for place, name in question_set.ids.items() if place not in dropped}
    kept_ids = frozenset(ids.values())
    questions = tuple(
        replace(question, grades={one: g for one, g in question.grades.items() if one in kept_ids})
        for question in question_set.judged
    )
    return replace(question_set, corpus=Corpus(tuple(documents)), questions=questions, ids=ids)
