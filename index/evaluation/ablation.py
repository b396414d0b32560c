"""What each feature of the rerank is worth: the change when its weight is set to 0."""

from __future__ import annotations

from collections.abc import Mapping

from index.evaluation.report import Change
from index.evaluation.scoring import Track, measure, untold
from index.evaluation.sets import QuestionSet
from index.evaluation.systems import FootnoteRanker
from index.library import IndexedLibrary
from index.rerank import WEIGHTS
from index.searcher import Searcher

__all__ = ["ablate"]


def ablate(
    question_set: QuestionSet,
    weights: Mapping[str, float] = WEIGHTS,
    track: Track = untold,
) -> dict[str, Change]:
    """S@1 and MRR@10 without each feature, minus those with all of `weights`."""
    library = IndexedLibrary.build(question_set.corpus)
    asked = question_set.answerable

    def means(feature: str | None) -> tuple[float, float]:
        kept = {**weights, feature: 0.0} if feature else weights
        ranker = FootnoteRanker(Searcher([library], weights=kept))
        label = f"without {feature}" if feature else "with every feature"
        rankings = [ranker.rank(question.text) for question in track(asked, label)]
        row = measure(question_set, asked, rankings).mean(axis=0)
        return float(row[0]), float(row[2])

    success, reciprocal_rank = means(None)
    changes = {}
    for feature in weights:
        one = means(feature)
        changes[feature] = Change(one[0] - success, one[1] - reciprocal_rank)
    return changes
