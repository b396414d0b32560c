"""How long tests wait, and when it is fair to ask how long something took.

Whoever waits for an event waits PATIENCE_S for it: a test that works never waits so long, and on a
machine with much else to do a short wait fails where nothing is wrong. TEST_PATIENCE_S in the
environment is another such time. Promises in seconds are measured by `python -m tests.bench`; a
test holds one to its word only on a quiet machine, with `promised`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["PATIENCE_S", "promised", "quiet_machine"]

PATIENCE_S = float(os.environ.get("TEST_PATIENCE_S", "60"))

SPINS, TURNS = 5, 100_000
MOST_HELD_UP = 1.5


@contextmanager
def promised(seconds: float) -> Iterator[None]:
    """What is done within takes no longer, where the machine is quiet before and after it."""
    quiet = quiet_machine()
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    assert took < seconds or not (quiet and quiet_machine()), f"{took:.1f} s, not {seconds:g} s"


def quiet_machine() -> bool:
    """Whether nothing else wants the processors now: their load is low, and work runs unbroken."""
    load, _, _ = os.getloadavg()
    return load < (os.cpu_count() or 1) and all(_spins_unbroken() for _ in range(SPINS))


def _spins_unbroken() -> bool:
    """Whether a little work takes hardly longer by the clock than on the processor."""
    began, worked = time.perf_counter(), time.thread_time()
    for _ in range(TURNS):
        pass
    worked = time.thread_time() - worked
    return time.perf_counter() - began <= MOST_HELD_UP * worked
