"""What people got: how often the right passage is shown, and how often a wrong one is sure."""

from __future__ import annotations

from collections.abc import Sequence

from index.answering.confidence import Outcome
from index.evaluation.measures import Figure, share_of
from index.evaluation.silence import Judgement

__all__ = ["OUTCOMES", "outcomes"]

OUTCOMES = {
    "right_shown": "right passage shown",
    "right_sure": "right and sure",
    "wrong_sure": "wrong and sure",
    "unanswerable_sure": "unanswerable: sure",
    "unanswerable_closest": "unanswerable: closest",
}
"""The shares, and what they are called: the first three are of the answerable questions."""


def outcomes(judgements: Sequence[Judgement], seed: int) -> dict[str, Figure]:
    """OUTCOMES with their 95 % intervals; nothing for a system that never decides.

    A passage is shown where it is sure or the closest. Those of the unanswerable are left out
    where there are none.
    """
    decided = [one for one in judgements if one.outcome is not None]
    yes = [one for one in decided if one.question.answerable]
    no = [one for one in decided if not one.question.answerable]
    rows = {
        "right_shown": [one.right and one.outcome is not Outcome.SILENT for one in yes],
        "right_sure": [one.right and one.outcome is Outcome.SURE for one in yes],
        "wrong_sure": [not one.right and one.outcome is Outcome.SURE for one in yes],
        "unanswerable_sure": [one.outcome is Outcome.SURE for one in no],
        "unanswerable_closest": [one.outcome is Outcome.CLOSEST for one in no],
    }
    return {name: share_of(row, seed) for name, row in rows.items() if row}
