"""Several processes write, or are killed while they do: each publication is whole or is not."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from bot.store import Store
from tests.bot.store.helpers import GUILD, check_history, documents_of, number_of, publish
from tests.bot.store.processes import (
    context,
    everything_sent,
    next_sent,
    process,
    publish_for_ever,
    publish_often,
)

LONGEST_WAIT_S = 0.03


def test_two_writers_at_once_land_or_are_refused(state: Path) -> None:
    Store.open(state).close()
    barrier = context.Barrier(2)
    times = 30
    with (
        process(publish_often, state, "one", times, barrier) as (_, one),
        process(publish_often, state, "two", times, barrier) as (_, two),
    ):
        landed = {}
        for name, pipe in (("one", one), ("two", two)):
            ((numbers, refused),) = everything_sent(pipe)
            assert len(numbers) + refused == times
            landed.update(dict.fromkeys(numbers, name))
    with Store.open(state) as store:
        check_history(store)
        assert sorted(landed) == list(range(1, number_of(store) + 1))
        for revision in store.libraries.history(GUILD):
            assert revision.by.name == landed[revision.number]


def kill_while_publishing(state: Path, times: int) -> tuple[int, int]:
    """Kill at random moments, check after each; how often the old and the new revision was there.

    Every tenth kill waits for nothing but the process, so that the opening is hit too.
    """
    moments = random.Random(times)
    old = new = 0
    for attempt in range(times):
        with Store.open(state) as store:
            before = number_of(store)
        with process(publish_for_ever, state) as (writer, pipe):
            said = [] if attempt % 10 == 9 else [next_sent(pipe)]
            time.sleep(moments.uniform(0, LONGEST_WAIT_S))  # any moment: that is the subject
            writer.kill()
            said += everything_sent(pipe)
        last = max(said, default=before)
        with Store.open(state) as store:
            assert number_of(store) in {last, last + 1}
            old, new = old + (number_of(store) == last), new + (number_of(store) > last)
            check_history(store)
            after = number_of(store) + 1
            assert publish(store, documents_of(after)) == after
            check_history(store)
    return old, new


def test_killed_while_publishing(state: Path) -> None:
    kill_while_publishing(state, 10)


@pytest.mark.slow
def test_killed_while_publishing_often(state: Path) -> None:
    old, new = kill_while_publishing(state, 150)
    assert old >= 100
    assert old + new == 150
