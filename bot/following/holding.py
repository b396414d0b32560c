"""What is held for a moderator: a change so large that it may be a fault of the site's."""

from __future__ import annotations

from typing import Literal

from bot.settings.limits import Limits
from index.documents.differences import DocumentDifference

__all__ = ["HoldReason", "reason_to_hold"]

HoldReason = Literal["found", "gone", "numbers"]
"""Too little was found; too many passages are gone; a citation number has lost its passages."""


def reason_to_hold(difference: DocumentDifference, limits: Limits) -> HoldReason | None:
    """Why a moderator should look at a change before it is published; None where it is small."""
    added, removed, changed = difference.counts
    kept = changed + difference.unchanged
    before, after = kept + removed, kept + added
    if after * 100 < before * limits.hold_found_percent:
        return "found"
    if removed * 100 > before * limits.hold_gone_percent:
        return "gone"
    return "numbers" if difference.lost_numbers else None
