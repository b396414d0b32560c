"""Footnote and its peers over the same sentences and questions, each in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.bench.made import made_questions, made_sentences
from tests.bench.measure import Figures, Latency
from tests.bench.subjects import SUBJECTS

__all__ = ["speed"]

TABLE_WIDTH = 220
ONE_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OMP", "MKL", "OPENBLAS", "NUMBA", "RAYON")
}


@click.command()
@click.option(
    "--passages", "sizes", multiple=True, type=click.IntRange(min=100), default=(100_000,),
    show_default=True, help="How many sentences; may be given several times.",
)  # fmt: skip
@click.option(
    "--corpus", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A sentence a line, instead of made ones.",
)  # fmt: skip
@click.option("--questions", type=click.IntRange(min=10), default=300, show_default=True)
@click.option("--runs", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option(
    "--engine", "engines", multiple=True, type=click.Choice(list(SUBJECTS)),
    help="Only these; may be given several times.",
)  # fmt: skip
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--plot", "plot_file", type=click.Path(dir_okay=False, path_type=Path))
def speed(
    sizes: Sequence[int],
    corpus: Path | None,
    questions: int,
    runs: int,
    seed: int,
    engines: Sequence[str],
    json_file: Path | None,
    plot_file: Path | None,
) -> None:  # fmt: skip
    """Build time, memory and latency beside the peers that are installed, one thread each."""
    console = Console(width=max(Console().width, TABLE_WIDTH))
    measured: list[Figures] = []
    names = engines or list(SUBJECTS)
    with Progress(console=Console(stderr=True)) as progress, TemporaryDirectory() as made:
        task = progress.add_task("", total=len(sizes) * (len(names) + 1))
        for size in sizes:
            progress.update(task, description=f"{size:,} sentences")
            sentences, listing = Path(made, "sentences.txt"), Path(made, "questions.json")
            _write(sentences, listing, size, corpus, questions, seed)
            progress.advance(task)
            for name in names:
                progress.update(task, description=f"{name}, {size:,} sentences")
                measured.append(_measured(name, sentences, listing, runs))
                progress.advance(task)
    for size in dict.fromkeys(one.passages for one in measured):
        console.print(_table([one for one in measured if one.passages == size]))
    if json_file is not None:
        rows = [asdict(one) for one in measured]
        json_file.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    if plot_file is not None:
        from tests.bench.speed_plot import plot

        plot(measured, plot_file)


def _write(
    sentences: Path, listing: Path, size: int, corpus: Path | None, questions: int, seed: int
) -> None:
    """Write the sentences and the questions that all engines get."""
    if corpus is None:
        texts = list(made_sentences(size, seed))
    else:
        with corpus.open(encoding="utf-8") as lines:
            texts = [line.strip() for line in islice(lines, size)]
    sentences.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    asked = made_questions(texts, questions, seed)
    listing.write_text(json.dumps([asdict(one) for one in asked]), encoding="utf-8")


def _measured(name: str, sentences: Path, listing: Path, runs: int) -> Figures:
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "tests.bench.measure",
        "build",
        name,
        sentences,
        listing,
        str(runs),
    ]
    done = subprocess.run(
        command, env=os.environ | ONE_THREAD, check=True, stdout=subprocess.PIPE, text=True
    )
    row = json.loads(done.stdout.splitlines()[-1])
    row["search"], row["ask"] = Latency(**row["search"]), Latency(**row["ask"])
    return Figures(**row)


def _table(rows: Sequence[Figures]) -> Table:
    """The figures, and behind each what they are of the first row's."""
    own = rows[0]
    title = f"{own.passages:,} sentences; behind ×: so many times {own.engine}"
    table = Table("engine", title=title)
    for heading in (
        "build s",
        "peak MB",
        "save s",
        "load s",
        "disk MB",
        "serving MB",
        "anonymous MB",
        "engine p50 ms",
        "p95",
        "p99",
        "ask p50 ms",
        "p95",
        "p99",
    ):
        table.add_column(heading, justify="right")
    for one in rows:
        figures = [
            (one.build, own.build),
            (one.peak, own.peak),
            (one.save, own.save),
            (one.load, own.load),
            (one.disk, own.disk),
            (one.serving, own.serving),
            (one.anonymous, own.anonymous),
            *zip(asdict(one.search).values(), asdict(own.search).values(), strict=True),
            *zip(asdict(one.ask).values(), asdict(own.ask).values(), strict=True),
        ]
        table.add_row(one.engine, *(_cell(mine, base) for mine, base in figures))
    return table


def _cell(mine: float | None, base: float | None) -> str:
    if mine is None:
        return "–"
    return f"{mine:.3g}" if base is None else f"{mine:.3g} ×{mine / max(base, 1e-9):.2g}"
