"""When an address is looked at again: pure, so that time passes in tests as they say."""

from __future__ import annotations

from datetime import datetime, timedelta

__all__ = ["DEFAULT_HOURS", "MAX_HOURS", "next_check"]

DEFAULT_HOURS = 24
MAX_HOURS = 24 * 30
JITTER = 0.1
"""Of the time between two checks, at most; it keeps those of one hour from coming together."""
SLOWEST = timedelta(days=7)
"""An address that fails is still looked at so often, or as often as one that does not."""


def next_check(now: datetime, every_hours: int, failures: int, chance: float) -> datetime:
    """When to look again, after so many failures in a row; `chance` is between 0 and 1.

    That is never sooner than the hours say, an hour at least, and twice as late for each failure.
    """
    interval = timedelta(hours=max(1, every_hours))
    if failures:
        interval = min(interval * 2 ** min(failures, 10), max(interval, SLOWEST))
    return now + interval * (1 + JITTER * chance)
