"""What the benches through Discord count as a broken promise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.bench.memory import Kept, broken_promise
from tests.bench.soak import Refreshed, Soaked, broken_promises
from tests.bench.stall import Phase
from tests.bench.wired import Spread, troubles
from tests.wire.crowd import Asked

FINE = Asked(sent=0.0, callback=0.01, answer=0.01, refusal=None)
REFRESHED = Refreshed(callback=0.01, seconds=0.1, refusal=None)
LEVEL = [(float(second), 100.0) for second in range(600)]


def growing(by: float) -> list[tuple[float, float]]:
    return [(at, mb * (1 + by * at / 600)) for at, mb in LEVEL]


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (Soaked([FINE] * 500, [REFRESHED], LEVEL), []),
        (Soaked([FINE] * 500, [REFRESHED], growing(0.04)), []),
        (Soaked([FINE] * 500, [REFRESHED], growing(0.2)), ["memory grew by 15."]),
        (
            Soaked([*[FINE] * 500, Asked(0.0, 3.5, 3.5, None)], [REFRESHED], LEVEL),
            ["an acknowledgement took 3500 ms"],
        ),
        (
            Soaked([FINE, Asked(0.0, 0.9, 0.9, None)], [REFRESHED], LEVEL),
            ["99 in 100 were acknowledged within 88"],
        ),
        (
            Soaked([FINE] * 500, [Refreshed(None, 0.1, None)], LEVEL),
            ["a refresh was not acknowledged in time"],
        ),
        (
            Soaked([FINE] * 500, [Refreshed(0.01, 0.1, "too often")], LEVEL),
            ["a refresh failed: too often"],
        ),
    ],
)
def test_promises_of_the_soak(done: Soaked, said: list[str]) -> None:
    broken = broken_promises(done)
    assert len(broken) == len(said)
    assert all(one.startswith(start) for one, start in zip(broken, said, strict=True))


def test_memory_may_grow_to_its_bound_and_what_is_allowed_beyond() -> None:
    kept = Kept(before=100.0, peak=460.0, after=300.0, bound=256.0, libraries=1000)
    assert kept.allowed == 100.0 + 1.25 * 256.0 + 40.0
    assert broken_promise(kept) is None
    assert (
        broken_promise(replace(kept, peak=461.0)) == "memory grew to 461 MB, and 460 MB are allowed"
    )


def test_memory_counts_from_the_first_quarter_of_a_short_run() -> None:
    done = Soaked([FINE], [REFRESHED], [(float(at), 50.0 + 50 * (at > 4)) for at in range(41)])
    assert done.levels == (100.0, 100.0)


def test_troubles_are_questions_without_answers_refusals_and_errors_in_the_log(
    tmp_path: Path,
) -> None:
    log = tmp_path / "bot.log"
    log.write_text("INFO all is well\nWARNING discord.gateway Can't keep up\n")
    assert troubles([FINE], tmp_path) == []
    log.write_text(
        "\x1b[33mWARNING \x1b[0m \x1b[35mfootnote.librarian\x1b[0m they cannot be read\n"
    )
    lost, refused = Asked(0.0, None, None, None), Asked(0.0, 0.01, 0.01, "too fast")
    assert troubles([FINE, lost, refused], tmp_path) == [
        "1 questions were not acknowledged in time",
        "1 questions were not answered",
        "1 questions were refused, the first with: too fast",
        "the log says: WARNING  footnote.librarian they cannot be read",
    ]


def test_a_spread_leaves_out_what_never_came() -> None:
    assert Spread.of([0.001, None, 0.003]).longest == 3.0
    assert np.isnan(Spread.of([None]).p99)


def test_a_stall_belongs_to_the_phases_that_it_lies_in() -> None:
    noted = np.array([[1.0, 0.1], [2.5, 0.6], [3.0, 0.2], [9.0, 0.3]])
    assert Phase("during", 2.0, 4.0, []).lags(noted).tolist() == [0.6, 0.2]
    assert Phase("before", 0.5, 2.0, []).lags(noted).tolist() == [0.1, 0.6]
