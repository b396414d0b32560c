"""What the benches through Discord share: questions, a stand-in's folder, percentiles, memory."""

from __future__ import annotations

import asyncio
import gc
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from index.documents.corpus import load_corpus
from index.documents.shipped import shipped_data
from index.evaluation import read_set
from tests.wire.crowd import Asked

__all__ = [
    "EVERY_S",
    "PATIENT",
    "Sample",
    "Spread",
    "bot_folder",
    "children_of",
    "happened",
    "resident_mb",
    "sampled",
    "shipped_questions",
    "spare_collections",
    "troubles",
]

SAMPLED_EVERY_S = 0.2
EVERY_S = 2.0
"""So many seconds after a question each person asks the next one."""
PATIENT = {"FOOTNOTE_COOLDOWN_QUESTIONS": "20", "FOOTNOTE_COOLDOWN_SECONDS": "20"}
"""Settings under which a question every two seconds is not too fast."""

# discord.py warns that it cannot keep up where an acknowledgement overtakes its own note of the
# heartbeat, as on a loopback it may.
_TROUBLE = re.compile(r"ERROR|CRITICAL|Traceback|WARNING.*footnote")
_COLOURS = re.compile(r"\x1b\[[\d;]*m")


@dataclass(frozen=True, slots=True)
class Spread:
    """Percentiles and the largest of some durations, in milliseconds; NaN where there are none."""

    p50: float
    p95: float
    p99: float
    longest: float

    @classmethod
    def of(cls, seconds: Iterable[float | None]) -> Spread:
        """The spread of durations in seconds, less those that are None."""
        known = [1000 * one for one in seconds if one is not None]
        if not known:
            return cls(*[float("nan")] * 4)
        return cls(*(round(float(one), 2) for one in np.percentile(known, (50, 95, 99, 100))))


def shipped_questions() -> list[str]:
    """The questions of data/questions.yaml, answerable or not."""
    folder = shipped_data()
    asked = read_set(folder / "questions.yaml", load_corpus(folder)).questions
    return [question.text for question in asked]


def spare_collections() -> None:
    """Keep full collections of this process's own garbage out of what it measures of the bot."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True, slots=True)
class Sample:
    """Megabytes that lie in memory: of the bot, and of each process that it has started."""

    bot: float
    children: Mapping[int, float]

    @property
    def total(self) -> float:
        return self.bot + sum(self.children.values())


@contextmanager
def bot_folder(data: Path | None) -> Iterator[Path]:
    """A folder for one bot: a copy of `data`, or of the shipped library, and room for its state."""
    with TemporaryDirectory(prefix="footnote-bench-") as made:
        shutil.copytree(data or shipped_data(), Path(made, "data"))
        yield Path(made)


def resident_mb(pid: int) -> float:
    """Megabytes of a process that lie in memory now; raises OSError where there is no /proc."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1e3
    raise OSError(f"process {pid} has ended")


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that run now."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # a thread that has ended meanwhile
            found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


async def sampled(pid: int, until: asyncio.Event) -> list[Sample]:
    """The memory of a process and of its children, five times a second."""
    samples = [_sample(pid)]
    while not await happened(until, SAMPLED_EVERY_S):
        samples.append(_sample(pid))
    return [*samples, _sample(pid)]


def _sample(pid: int) -> Sample:
    children = {}
    for child in children_of(pid):
        with suppress(OSError):
            children[child] = resident_mb(child)
    return Sample(resident_mb(pid), children)


async def happened(event: asyncio.Event, within: float) -> bool:
    """Whether the event comes within so many seconds; returns at once when it does."""
    try:
        await asyncio.wait_for(event.wait(), within)
    except TimeoutError:
        return False
    return True


def troubles(asked: Sequence[Asked], folder: Path) -> list[str]:
    """What went wrong: questions without an answer, refusals, errors in the log."""
    found = []
    if unacknowledged := sum(one.callback is None for one in asked):
        found.append(f"{unacknowledged} questions were not acknowledged in time")
    if unanswered := sum(one.answer is None for one in asked):
        found.append(f"{unanswered} questions were not answered")
    refusals = [one.refusal for one in asked if one.refusal is not None]
    if refusals:
        found.append(f"{len(refusals)} questions were refused, the first with: {refusals[0]}")
    log = _COLOURS.sub("", (folder / "bot.log").read_text(encoding="utf-8"))
    found += [f"the log says: {line}" for line in log.splitlines() if _TROUBLE.search(line)]
    return found
