"""What people got, in shares."""

from __future__ import annotations

import pytest

from index.answering.confidence import Outcome
from index.evaluation.outcomes import OUTCOMES, outcomes
from index.evaluation.sets import JudgedQuestion
from index.evaluation.silence import Judgement, answered_at


def judgement(outcome: Outcome | None, *, answerable: bool, right: bool = False) -> Judgement:
    question = JudgedQuestion("q", "what?", {"s": 1} if answerable else {})
    return Judgement(question, 0.5, outcome, right)


def test_shares_are_of_the_answerable_and_of_the_unanswerable() -> None:
    found = outcomes(
        [
            judgement(Outcome.SURE, answerable=True, right=True),
            judgement(Outcome.SURE, answerable=True),
            judgement(Outcome.CLOSEST, answerable=True, right=True),
            judgement(Outcome.SILENT, answerable=True, right=True),
            judgement(Outcome.SURE, answerable=False),
            judgement(Outcome.CLOSEST, answerable=False),
            judgement(Outcome.CLOSEST, answerable=False),
            judgement(Outcome.SILENT, answerable=False),
            judgement(Outcome.SILENT, answerable=False),
        ],
        seed=0,
    )
    assert {name: figure.value for name, figure in found.items()} == {
        "right_shown": 0.5,
        "right_sure": 0.25,
        "wrong_sure": 0.25,
        "unanswerable_sure": 0.2,
        "unanswerable_closest": 0.4,
    }
    assert list(found) == list(OUTCOMES)
    assert all(figure.low <= figure.value <= figure.high for figure in found.values())


def test_what_was_not_asked_or_decided_has_no_share() -> None:
    assert outcomes([judgement(None, answerable=True)], seed=0) == {}
    found = outcomes([judgement(Outcome.SURE, answerable=True, right=True)], seed=0)
    assert list(found) == ["right_shown", "right_sure", "wrong_sure"]


@pytest.mark.parametrize(("share", "answered"), [(0.0, 0.25), (0.25, 0.5), (0.5, 0.75)])
def test_the_share_answered_where_so_many_wrong_ones_are(share: float, answered: float) -> None:
    assert answered_at([0.9, 0.7, 0.5, 0.1], [0.8, 0.6, 0.2, 0.1], share) == answered
