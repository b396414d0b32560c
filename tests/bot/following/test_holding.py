"""Which changes wait for a moderator."""

from __future__ import annotations

import pytest

from bot.following.holding import HoldReason, reason_to_hold
from bot.settings.limits import Limits
from index.documents.differences import DocumentDifference
from index.documents.passages import Passage

ONE = Passage("a", 1, "A sentence.", ())


def difference(
    added: int = 0, removed: int = 0, changed: int = 0, unchanged: int = 0, lost: str = ""
) -> DocumentDifference:
    pairs = ((ONE, ONE),) * changed
    return DocumentDifference(
        (ONE,) * added, (ONE,) * removed, pairs, unchanged, tuple(lost), same=False
    )


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (difference(unchanged=80, removed=20), None),
        (difference(unchanged=79, removed=21), "gone"),
        (difference(unchanged=79, removed=21, added=500), "gone"),
        (difference(changed=100), None),
        (difference(unchanged=50, removed=50), "gone"),
        (difference(unchanged=49, removed=51), "found"),
        (difference(unchanged=100, added=900), None),
        (difference(unchanged=99, changed=1, lost="7"), "numbers"),
    ],
)
def test_a_fifth_gone_half_found_or_a_number_lost(
    found: DocumentDifference, reason: HoldReason | None
) -> None:
    assert reason_to_hold(found, Limits()) == reason


def test_the_operator_sets_both_shares() -> None:
    lax = Limits(hold_gone_percent=100, hold_found_percent=10)
    assert reason_to_hold(difference(unchanged=10, removed=90), lax) is None
    assert reason_to_hold(difference(unchanged=9, removed=91), lax) == "found"
    strict = Limits(hold_gone_percent=0)
    assert reason_to_hold(difference(unchanged=999, removed=1), strict) == "gone"
