"""Rankers over question sets to figures: each step by itself, for evaluations and for tuning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from index.answering.rerank import WEIGHTS
from index.answering.searcher import Searcher
from index.evaluation.measures import MEASURES, Values, rank_measures
from index.evaluation.report import Change
from index.evaluation.sets import JudgedQuestion, QuestionSet
from index.evaluation.silence import DROP_SEEDS, Judgement, Silence, drop_half, silence
from index.evaluation.systems import FootnoteRanker, Ranked, Ranker, System
from index.evaluation.typos import TYPO_SEEDS, with_typo
from index.library.library import IndexedLibrary

__all__ = [
    "Track",
    "ablate",
    "drop_half_silence",
    "figures",
    "judge",
    "measure",
    "typo_figures",
    "untold",
]

Track = Callable[[Sequence[JudgedQuestion], str], Iterable[JudgedQuestion]]
"""Passes questions on, and tells a person under the given label how far it is."""


def untold(questions: Sequence[JudgedQuestion], _: str) -> Iterable[JudgedQuestion]:
    """Pass questions on and tell nobody."""
    return questions


def measure(
    question_set: QuestionSet, questions: Sequence[JudgedQuestion], rankings: Sequence[Ranked]
) -> Values:
    """MEASURES of each answerable one of `questions`, shape (answerable, 4), from 0 to 1."""
    rows = [
        rank_measures(question_set.ranked_ids(ranked.places), question.grades)
        for question, ranked in zip(questions, rankings, strict=True)
        if question.answerable
    ]
    return np.array(rows, dtype=float).reshape(-1, len(MEASURES))


def figures(question_set: QuestionSet, ranker: Ranker) -> dict[str, float]:
    """MEASURES of one ranker on one set, from 0 to 1, without intervals: quick, for tuning."""
    questions = question_set.answerable
    rankings = [ranker.rank(question.text) for question in questions]
    means = measure(question_set, questions, rankings).mean(axis=0)
    return dict(zip(MEASURES, map(float, means), strict=True))


def typo_figures(question_set: QuestionSet, ranker: Ranker, track: Track = untold) -> float:
    """MRR@10 of the answerable questions with one typo each, the mean of five seeds."""
    questions = question_set.answerable
    language = question_set.corpus.documents[0].spec.language
    rankings = {
        seed: [
            ranker.rank(with_typo(question.text, seed, language))
            for question in track(questions, f"typos {seed + 1} of {len(TYPO_SEEDS)}")
        ]
        for seed in TYPO_SEEDS
    }
    column = MEASURES.index("MRR@10")
    values = [measure(question_set, questions, ranked)[:, column] for ranked in rankings.values()]
    return float(np.mean(values))


def judge(
    question_set: QuestionSet, questions: Sequence[JudgedQuestion], rankings: Sequence[Ranked]
) -> list[Judgement]:
    """What came of each question: its confidence, its outcome, whether the first is right."""
    judgements = []
    for question, ranked in zip(questions, rankings, strict=True):
        first = question_set.ranked_ids(ranked.places[:1])
        right = bool(first) and first[0] in question.grades
        judgements.append(Judgement(question, ranked.confidence, ranked.outcome, right))
    return judgements


def drop_half_silence(
    question_set: QuestionSet, system: System, track: Track = untold
) -> tuple[Silence | None, list[Judgement]]:
    """Silence with half of the documents dropped, the mean of five seeds, and all judgements.

    None where the set has a single document, or where no seed leaves both kinds of question.
    """
    silences: list[Silence] = []
    pooled: list[Judgement] = []
    for seed in DROP_SEEDS:
        half = drop_half(question_set, seed)
        if half is None:
            break
        ranker = system.build(half.corpus)
        label = f"drop half {seed + 1} of {len(DROP_SEEDS)}"
        questions = half.questions
        rankings = [ranker.rank(question.text) for question in track(questions, label)]
        judgements = judge(half, questions, rankings)
        pooled += judgements
        one = silence(judgements)
        if one is not None:
            silences.append(one)
    return Silence.mean(silences) if silences else None, pooled


def ablate(
    question_set: QuestionSet,
    weights: Mapping[str, float] = WEIGHTS,
    track: Track = untold,
) -> dict[str, Change]:
    """S@1 and MRR@10 without each feature, minus those with all of `weights`."""
    library = IndexedLibrary.build(question_set.corpus)
    questions = question_set.answerable

    def means(feature: str | None) -> tuple[float, float]:
        feature_weights = {**weights, feature: 0.0} if feature else weights
        ranker = FootnoteRanker(Searcher([library], weights=feature_weights))
        label = f"without {feature}" if feature else "with every feature"
        rankings = [ranker.rank(question.text) for question in track(questions, label)]
        row = measure(question_set, questions, rankings).mean(axis=0)
        return float(row[0]), float(row[2])

    success, reciprocal_rank = means(None)
    changes = {}
    for feature in weights:
        one = means(feature)
        changes[feature] = Change(one[0] - success, one[1] - reciprocal_rank)
    return changes
