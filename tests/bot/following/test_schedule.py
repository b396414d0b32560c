"""When an address is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.following.schedule import MAX_HOURS, SLOWEST, next_check

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def hours(every: int, failures: int = 0, chance: float = 0.0) -> float:
    return (next_check(NOW, every, failures, chance) - NOW) / timedelta(hours=1)


def test_each_failure_makes_it_twice_as_late_up_to_a_week() -> None:
    assert [hours(1, failures) for failures in (0, 1, 2, 3)] == [1, 2, 4, 8]
    assert hours(1, 100) == 7 * 24
    assert hours(24 * 30, 5) == 24 * 30


def test_chance_makes_it_later_only() -> None:
    assert hours(10, chance=0.5) == 10.5
    assert hours(1, failures=1, chance=1.0) == 2.2


@given(st.integers(-5, MAX_HOURS), st.integers(0, 10**6), st.floats(0, 1))
def test_it_is_an_hour_at_least_and_ends(every: int, failures: int, chance: float) -> None:
    wait = next_check(NOW, every, failures, chance) - NOW
    assert timedelta(hours=max(1, every)) <= wait
    assert wait <= max(SLOWEST, timedelta(hours=every)) * 1.1 + timedelta(seconds=1)
