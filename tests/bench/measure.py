"""One engine measured in a process of its own: `python -m tests.bench.measure`."""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tests.bench.made import Asked
from tests.bench.subjects import FEW, SUBJECTS, Saved, Subject

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
    """What was measured of one engine: seconds, megabytes beyond the texts, latencies.

    Those that are saved are measured as a fresh process serves them from the disk; `save`, `load`
    and `disk` are None of the others. `serving` counts pages of mapped files, `anonymous` does not.
    """

    engine: str
    passages: int
    build: float
    peak: float
    save: float | None
    load: float | None
    disk: float | None
    serving: float
    anonymous: float | None
    search: Latency
    ask: Latency


@dataclass(frozen=True)
class _Serving:
    """The part of the figures that the process which serves finds out."""

    load: float | None
    serving: float
    anonymous: float | None
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


def _anonymous() -> float | None:
    """Megabytes of this process that are its own; None where /proc does not tell."""
    return _memory("RssAnon") if Path("/proc/self/status").exists() else None


def measure(name: str, sentences: Path, questions: Path, runs: int) -> Figures:
    """Build the engine over the sentences, and ask it."""
    texts = sentences.read_text(encoding="utf-8").splitlines()
    asked = _asked(name, questions)
    SUBJECTS[name](texts[:WARM_UP_TEXTS])  # what is imported and compiled once
    before, own = _memory("VmRSS"), _anonymous()
    began = time.perf_counter()
    subject = SUBJECTS[name](texts)
    built = time.perf_counter() - began
    subject.ask(asked[0].question)  # what is made at the first question
    peak = _memory("VmHWM") - before
    saved = disk = None
    if isinstance(subject, Saved) and subject.is_saved():
        with TemporaryDirectory() as aside:
            folder = Path(aside, "saved")
            began = time.perf_counter()
            subject.save(folder)
            saved = time.perf_counter() - began
            disk = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
            serving = _in_a_fresh_process(name, folder, questions, runs)
    else:
        serving = _serving(subject, asked, runs, before, own)
    return Figures(
        name, len(texts), built, peak, saved, serving.load, disk, serving.serving,
        serving.anonymous, serving.search, serving.ask,
    )  # fmt: skip


def serve(name: str, folder: Path, questions: Path, runs: int) -> _Serving:
    """Serve what was saved in `folder`."""
    asked = _asked(name, questions)
    words = [" ".join(one.words) for one in asked]
    subject = SUBJECTS[name](words * (WARM_UP_TEXTS // len(words) + 1))
    assert isinstance(subject, Saved)
    before, own = _memory("VmRSS"), _anonymous()
    began = time.perf_counter()
    subject.load(folder)
    loaded = time.perf_counter() - began
    return replace(_serving(subject, asked, runs, before, own), load=loaded)


def _serving(
    subject: Subject, asked: list[Asked], runs: int, before: float, own: float | None
) -> _Serving:
    prepared = [subject.prepare(one.words) for one in asked]
    search = _latency(subject.search, prepared, runs)
    ask = _latency(subject.ask, [one.question for one in asked], runs)
    gc.collect()
    now = _anonymous()
    anonymous = None if now is None or own is None else now - own
    return _Serving(None, _memory("VmRSS") - before, anonymous, search, ask)


def _in_a_fresh_process(name: str, folder: Path, questions: Path, runs: int) -> _Serving:
    command = [sys.executable, "-m", "tests.bench.measure", "serve"]
    command += [name, str(folder), str(questions), str(runs)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    row = json.loads(done.stdout.splitlines()[-1])
    row["search"], row["ask"] = Latency(**row["search"]), Latency(**row["ask"])
    return _Serving(**row)


def _asked(name: str, questions: Path) -> list[Asked]:
    asked = [Asked(one["question"], one["words"]) for one in json.loads(questions.read_text())]
    return asked[: FEW.get(name)]


if __name__ == "__main__":
    _, what, engine, texts_or_folder, listing, count = sys.argv
    figures: Figures | _Serving
    if what == "build":
        figures = measure(engine, Path(texts_or_folder), Path(listing), int(count))
    else:
        figures = serve(engine, Path(texts_or_folder), Path(listing), int(count))
    print(json.dumps(asdict(figures)))  # noqa: T201 - what the parent process reads
