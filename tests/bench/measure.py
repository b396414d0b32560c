"""One engine measured in a process of its own: `python -m tests.bench.measure`."""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tests.bench.made import Asked
from tests.bench.subjects import FEW, SUBJECTS

__all__ = ["Figures", "Latency"]

WARM_UP = 5
WARM_UP_TEXTS = 5000


@dataclass(frozen=True)
class Latency:
    """Percentiles in milliseconds, medians of the runs."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True)
class Figures:
    """What was measured of one engine: seconds, megabytes beyond the texts, latencies."""

    engine: str
    passages: int
    build: float
    peak: float
    serving: float
    search: Latency
    ask: Latency


def _latency(ask: Callable[[Any], Any], asked: list[Any], runs: int) -> Latency:
    for one in asked[:WARM_UP]:
        ask(one)
    rows = []
    for _ in range(runs):
        times = []
        for one in asked:
            began = time.perf_counter()
            ask(one)
            times.append(1000 * (time.perf_counter() - began))
        rows.append(np.percentile(times, (50, 95, 99)).tolist())
    return Latency(*(median(column) for column in zip(*rows, strict=True)))


def _memory(field: str) -> float:
    """Megabytes of this process: VmRSS now, VmHWM at most; without /proc, the most for both."""
    status = Path("/proc/self/status")
    if not status.exists():
        unit = 1e6 if sys.platform == "darwin" else 1e3
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    lines = (line.split() for line in status.read_text(encoding="utf-8").splitlines())
    return next(int(line[1]) / 1e3 for line in lines if line[0] == f"{field}:")


def measure(name: str, sentences: Path, questions: Path, runs: int) -> Figures:
    """Build the engine over the sentences, and ask it."""
    texts = sentences.read_text(encoding="utf-8").splitlines()
    asked = [Asked(one["question"], one["words"]) for one in json.loads(questions.read_text())]
    asked = asked[: FEW.get(name)]
    SUBJECTS[name](texts[:WARM_UP_TEXTS])  # what is imported and compiled once
    before = _memory("VmRSS")
    began = time.perf_counter()
    subject = SUBJECTS[name](texts)
    built = time.perf_counter() - began
    subject.ask(asked[0].question)  # what is made at the first question
    peak = _memory("VmHWM") - before
    prepared = [subject.prepare(one.words) for one in asked]
    search = _latency(subject.search, prepared, runs)
    ask = _latency(subject.ask, [one.question for one in asked], runs)
    gc.collect()
    serving = _memory("VmRSS") - before
    return Figures(name, len(texts), built, peak, serving, search, ask)


if __name__ == "__main__":
    _, engine, corpus, listing, count = sys.argv
    figures = measure(engine, Path(corpus), Path(listing), int(count))
    print(json.dumps(asdict(figures)))  # noqa: T201 - what the parent process reads
