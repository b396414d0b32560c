"""Promises are held on a quiet machine, and on no other."""

from __future__ import annotations

import os
import time
from itertools import count

import pytest

from tests import patience
from tests.patience import promised, quiet_machine


def test_a_broken_promise_counts_on_a_quiet_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "quiet_machine", lambda: True)
    with pytest.raises(AssertionError, match="not 0 s"), promised(0):
        pass
    with promised(patience.PATIENCE_S):
        pass


@pytest.mark.parametrize("quiet", [(False,), (True, False)])
def test_it_does_not_where_anything_else_ran(
    monkeypatch: pytest.MonkeyPatch, quiet: tuple[bool, ...]
) -> None:
    looks = iter(quiet)
    monkeypatch.setattr(patience, "quiet_machine", lambda: next(looks))
    with promised(0):
        pass


def test_what_is_broken_within_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "quiet_machine", lambda: True)
    with pytest.raises(KeyError), promised(0):
        raise KeyError


@pytest.mark.parametrize(
    ("load", "worked", "quiet"), [(0.0, 1.0, True), (0.0, 0.5, False), (100.0, 1.0, False)]
)
def test_a_machine_with_much_to_do_is_not_quiet(
    monkeypatch: pytest.MonkeyPatch, load: float, worked: float, quiet: bool
) -> None:
    """`worked` is the share of the time by the clock that the processor gave."""
    clock, processor = count(0.0, 1.0), count(0.0, worked)
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    with monkeypatch.context() as patch:
        patch.setattr(time, "perf_counter", lambda: next(clock))
        patch.setattr(time, "thread_time", lambda: next(processor))
        found = quiet_machine()
    assert found is quiet
