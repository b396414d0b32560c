"""A moderator hands in hostile files at once, to one server or more; the people of another ask."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import cycle
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from tests.bench.hostile import HOSTILE, hostile_uploads
from tests.bench.wired import (
    PATIENT,
    Sample,
    Spread,
    bot_folder,
    sampled,
    shipped_questions,
    spare_collections,
    troubles,
)
from tests.wire.crowd import Asked, ask_evenly
from tests.wire.interactions import DISCORDS_S
from tests.wire.logged_process import bot_process
from tests.wire.standin import StandIn
from tests.wire.uploads import hand_in

__all__ = ["uploads"]

WARM_UP_S = 10.0
ACKNOWLEDGED_WITHIN_MS = 1000.0
ANSWERED_P99_MS = 250.0
GROWTH_MB = 100.0


@dataclass(frozen=True)
class Attacked:
    """What became of the questions, what each file was answered with, and memory all the while."""

    asked: Sequence[Asked]
    told: Sequence[str]
    samples: Sequence[Sample]
    left: int

    @property
    def growth(self) -> float:
        """Megabytes by which the bot itself has grown at most."""
        return max(one.bot for one in self.samples) - self.samples[0].bot


@click.command()
@click.option("--servers", type=click.IntRange(min=1), default=1, show_default=True,
              help="How many the files go to; of two or more, two are read at once.")  # fmt: skip
@click.option("--files", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--questions", type=click.IntRange(min=1), default=200, show_default=True)
@click.option("--a-second", type=click.FloatRange(min=0.1), default=10.0, show_default=True)
@click.option("--meaning", is_flag=True, help="Ask what passages mean, too.")
def uploads(servers: int, files: int, questions: int, a_second: float, *, meaning: bool) -> None:
    """Hostile files at once to some servers, and questions in another one meanwhile.

    The exit status is 1 where a question is not acknowledged within a second or not answered,
    where 99 in 100 answers take more than 250 ms (without --meaning), where the bot itself grows by
    more than 100 MB, or where a process that reads is left.
    """
    load = os.getloadavg()[0]
    with bot_folder(None) as folder:
        settings = PATIENT | HOSTILE | {"FOOTNOTE_MEANING": "open" if meaning else "off"}
        done = asyncio.run(_attack(folder, settings, servers, files, questions, a_second))
        wrong = [*troubles(done.asked, folder), *_broken(done, meaning=meaning)]
    _print(done)
    click.echo(
        f"Load of this machine: {load:.1f} before, {os.getloadavg()[0]:.1f} after, "
        f"on {os.cpu_count()} cores."
    )
    if wrong:
        raise click.ClickException("\n".join(wrong))


async def _attack(
    folder: Path,
    settings: Mapping[str, str],
    servers: int,
    files: int,
    questions: int,
    a_second: float,
) -> Attacked:
    texts, people = shipped_questions(), 20
    every = people / a_second
    spare_collections()
    async with (
        StandIn(guilds=1 + servers, people=people, deadline=DISCORDS_S) as standin,
        bot_process(standin, folder, settings=settings) as process,
        asyncio.TaskGroup() as beside,
    ):
        await ask_evenly(standin, standin.people, texts, seconds=WARM_UP_S, every=every)
        enough = asyncio.Event()
        sampling = beside.create_task(sampled(process.pid, enough))
        handing_in = [
            beside.create_task(hand_in(standin, upload, guild))
            for upload, guild in zip(hostile_uploads(files), cycle(standin.guilds[1:]))
        ]
        asked = await ask_evenly(
            standin, standin.people, texts, seconds=questions / a_second, every=every
        )
        told = [(await one).text for one in handing_in]
        enough.set()
        samples = await sampling
        return Attacked(asked, told, samples, len(samples[-1].children))


def _broken(done: Attacked, *, meaning: bool) -> list[str]:
    """The promises that were not kept."""
    broken = []
    callbacks, answers = (
        Spread.of(one.callback for one in done.asked),
        Spread.of(one.answer for one in done.asked),
    )
    if callbacks.longest > ACKNOWLEDGED_WITHIN_MS:
        broken.append(f"an acknowledgement took {callbacks.longest:.0f} ms")
    if answers.p99 > ANSWERED_P99_MS and not meaning:
        broken.append(f"99 in 100 were answered within {answers.p99:.0f} ms only")
    if done.growth > GROWTH_MB:
        broken.append(f"the bot grew by {done.growth:.0f} MB")
    if done.left:
        broken.append(f"{done.left} processes are left")
    return broken


def _print(done: Attacked) -> None:
    table = Table(
        "milliseconds", title=f"{len(done.asked)} questions beside {len(done.told)} files"
    )
    for heading in ("p50", "p95", "p99", "longest"):
        table.add_column(heading, justify="right")
    for name, durations in (
        ("to the first response", [one.callback for one in done.asked]),
        ("to the answer", [one.answer for one in done.asked]),
    ):
        table.add_row(name, *(f"{one:.1f}" for one in astuple(Spread.of(durations))))
    console = Console()
    console.print(table)
    for text in done.told:
        console.print(f"- {text.splitlines()[-1][:110]}", markup=False, highlight=False)
    most = max(done.samples, key=lambda one: one.total)
    console.print(
        f"Memory: the bot {done.samples[0].bot:.0f} MB at first, {done.growth:+.0f} MB at most; "
        f"with {len(most.children)} processes that read, {most.total:.0f} MB at most."
    )
