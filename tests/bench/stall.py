"""How long the event loop of `footnote run` stands still while it publishes a large library."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from tests.bench.lag_probe import lag_probe
from tests.bench.made import made_sentences
from tests.bench.wired import EVERY_S, PATIENT, Spread, bot_folder, shipped_questions, troubles
from tests.wire.crowd import Asked, ask_evenly
from tests.wire.interactions import DISCORDS_S
from tests.wire.logged_process import bot_process
from tests.wire.standin import StandIn

__all__ = ["stall"]

TABLE_WIDTH = 90
PUBLISHED_WITHIN_S = 890.0
"""Discord lets an interaction be answered for 15 minutes."""
WARM_UP_S = 10.0
MADE = """\
  - id: made
    title: Made sentences
    file: made.txt
    language: en
"""


@dataclass(frozen=True)
class Phase:
    """A stretch of time, from and to a moment of the monotonic clock, and what was asked in it."""

    name: str
    begins: float
    ends: float
    asked: Sequence[Asked]

    def lags(self, noted: NDArray[np.float64]) -> NDArray[np.float64]:
        """How late the loop woke in this phase, of all that was `noted`, shape (wakes, 2)."""
        # A stall that begins in a phase may end, and is noted, after it.
        began = noted[:, 0] - noted[:, 1]
        here: NDArray[np.float64] = noted[(began < self.ends) & (noted[:, 0] > self.begins), 1]
        return here


@click.command()
@click.option("--passages", type=click.IntRange(min=1), default=100_000, show_default=True)
@click.option("--people", type=click.IntRange(min=1), default=10, show_default=True)
@click.option(
    "--seconds", type=click.FloatRange(min=2), default=20.0, show_default=True,
    help="Of questions before the publication, and after it.",
)  # fmt: skip
@click.option("--seed", default=0, show_default=True)
@click.option(
    "--at-most", type=click.FloatRange(min=0), metavar="MS",
    help="Exit with status 1 where a stall during the publication is longer.",
)  # fmt: skip
def stall(passages: int, people: int, seconds: float, seed: int, at_most: float | None) -> None:
    """The longest stall of the event loop while a library of made sentences is published.

    A task in the bot's own loop sleeps a millisecond again and again, and notes how much longer it
    took. Meanwhile people ask, everybody a question every two seconds.
    """
    with bot_folder(None) as folder:
        noted = folder / "lags.npy"
        phases = asyncio.run(_publish(folder, noted, passages, people, seconds, seed))
        lags = {phase.name: phase.lags(np.load(noted)) for phase in phases}
        wrong = troubles([one for phase in phases for one in phase.asked], folder)
    console = Console(width=max(Console().width, TABLE_WIDTH))
    console.print(_table(phases, lags, passages))
    longest = 1000 * float(lags["during"].max())
    if at_most is not None and longest > at_most:
        wrong.append(f"a stall of {longest:.0f} ms; {at_most:g} ms are the most")
    if wrong:
        raise click.ClickException("\n".join(wrong))


async def _publish(
    folder: Path, noted: Path, passages: int, people: int, seconds: float, seed: int
) -> list[Phase]:
    questions = shipped_questions()
    async with (
        StandIn(people=people, deadline=DISCORDS_S) as standin,
        bot_process(standin, folder, lag_probe(noted), settings=PATIENT),
    ):
        await ask_evenly(standin, standin.people, questions, seconds=WARM_UP_S, every=EVERY_S)
        await asyncio.to_thread(_enlarge, folder / "data", passages, seed)
        moments = [time.monotonic()]
        before = await ask_evenly(
            standin, standin.people, questions, seconds=seconds, every=EVERY_S
        )
        moments.append(time.monotonic())
        refresh = await standin.slash("index refresh", user=standin.moderator, within=None)
        publishing = asyncio.create_task(refresh.wait(PUBLISHED_WITHIN_S))
        during = await ask_evenly(
            standin, standin.people, questions, until=publishing.done, every=EVERY_S
        )
        await publishing
        if "Revision 2" not in refresh.text:
            raise click.ClickException(f"the refresh was answered with: {refresh.text}")
        moments.append(time.monotonic())
        after = await ask_evenly(standin, standin.people, questions, seconds=seconds, every=EVERY_S)
        moments.append(time.monotonic())
    return [
        Phase(name, moments[at], moments[at + 1], asked)
        for at, (name, asked) in enumerate(
            [("before", before), ("during", during), ("after", after)]
        )
    ]


def _enlarge(data: Path, passages: int, seed: int) -> None:
    """Put a second document of made sentences into the folder."""
    sentences = "".join(f"{sentence}\n" for sentence in made_sentences(passages, seed))
    (data / "made.txt").write_text(sentences, encoding="utf-8")
    with (data / "corpus.yaml").open("a", encoding="utf-8") as corpus:
        corpus.write(MADE)


def _table(phases: Sequence[Phase], lags: dict[str, NDArray[np.float64]], passages: int) -> Table:
    table = Table("publication", title=f"{passages:,} passages are published; milliseconds")
    for heading in ("seconds", "questions", "answer p50", "p99", "lag p50", "p99", "longest stall"):
        table.add_column(heading, justify="right")
    for phase in phases:
        answer, lag = Spread.of(one.answer for one in phase.asked), Spread.of(lags[phase.name])
        table.add_row(
            phase.name,
            f"{phase.ends - phase.begins:.1f}",
            f"{len(phase.asked):,}",
            *(f"{one:.1f}" for one in (answer.p50, answer.p99, lag.p50, lag.p99, lag.longest)),
        )
    return table
