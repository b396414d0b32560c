"""Many people and a moderator for a long time: nobody left without an answer, memory level."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.bench.hostile import HOSTILE, hand_in_until, purge_until
from tests.bench.wired import (
    EVERY_S,
    PATIENT,
    Spread,
    bot_folder,
    happened,
    resident_mb,
    shipped_questions,
    spare_collections,
    troubles,
)
from tests.wire.crowd import Asked, acknowledged, ask_evenly
from tests.wire.interactions import DISCORDS_S
from tests.wire.logged_process import bot_process
from tests.wire.standin import StandIn

__all__ = ["Refreshed", "Soaked", "broken_promises", "soak", "soaked"]

SETTINGS = PATIENT | HOSTILE
SOURCE = "japan-south-korea-relations.txt"
TABLE_WIDTH = 100
SAMPLED_EVERY_S = 1.0
SETTLED_S = 60.0
"""Memory is level from here on; in a shorter run, from its first quarter."""
ACKNOWLEDGED_WITHIN_S = 3.0
ACKNOWLEDGED_P99_MS = 250.0
GROWTH = 0.05
REFRESHED_WITHIN_S = 60.0

_PUBLISHED = re.compile(r"Revision \d+")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Seconds to the first response to a refresh and to its end, None where there was none in time.

    `refusal` is what the bot said in place of the new revision's number.
    """

    callback: float | None
    seconds: float | None
    refusal: str | None


@dataclass(frozen=True)
class Soaked:
    """What came of it; `memory` are (seconds since the first question, MB of the bot).

    `handed_in` are hostile files, `purge_troubles` what went wrong with purges.
    """

    asked: Sequence[Asked]
    refreshes: Sequence[Refreshed]
    memory: Sequence[tuple[float, float]]
    handed_in: int = 0
    purge_troubles: Sequence[str] = ()

    @property
    def callbacks(self) -> Spread:
        """Milliseconds to the first response to every interaction."""
        return Spread.of(
            [*(one.callback for one in self.asked), *(one.callback for one in self.refreshes)]
        )

    @property
    def levels(self) -> tuple[float, float]:
        """Megabytes once memory has settled and at the end: medians of a tenth of the run."""
        end = self.memory[-1][0]
        settled, stretch = min(SETTLED_S, end / 4), end / 10
        early = [mb for at, mb in self.memory if settled <= at <= settled + stretch]
        late = [mb for at, mb in self.memory if at >= end - stretch]
        return median(early), median(late)

    @property
    def growth(self) -> float:
        """By what share of its settled level memory has grown."""
        settled, late = self.levels
        return late / settled - 1


@click.command()
@click.option("--minutes", type=click.FloatRange(min=0.2), default=10.0, show_default=True)
@click.option("--people", type=click.IntRange(min=1), default=100, show_default=True)
@click.option(
    "--refresh-every", type=click.FloatRange(min=0.5), default=5.0, show_default=True,
    metavar="SECONDS",
)  # fmt: skip
@click.option(
    "--uploaders", type=click.IntRange(min=0), default=0, show_default=True,
    help="Servers whose moderators hand in hostile files all the while, three at a time.",
)  # fmt: skip
@click.option(
    "--purge-every", type=click.FloatRange(min=1), metavar="SECONDS",
    help="Have the moderator of one more server publish a document and purge it.",
)  # fmt: skip
def soak(
    minutes: float, people: int, refresh_every: float, uploaders: int, purge_every: float | None
) -> None:
    """Everybody asks a question every two seconds, while a moderator refreshes again and again.

    The exit status is 1 where an interaction is not acknowledged within 3 s, 99 in 100 not within
    250 ms, where a question fails, or where memory ends more than 5 % above its level after the
    first minute.
    """
    seconds = 60 * minutes
    load = os.getloadavg()[0]
    with Progress(console=Console(stderr=True)) as progress, bot_folder(None) as folder:
        task = progress.add_task("soaking", total=seconds)
        done = asyncio.run(
            soaked(
                folder,
                people,
                seconds,
                refresh_every,
                lambda: progress.advance(task),
                uploaders=uploaders,
                purge_every=purge_every,
            )
        )
        broken = [*troubles(done.asked, folder), *broken_promises(done)]
    console = Console(width=max(Console().width, TABLE_WIDTH))
    console.print(_table(done, people, minutes))
    console.print(
        f"Load of this machine: {load:.1f} before, {os.getloadavg()[0]:.1f} after, "
        f"on {os.cpu_count()} cores."
    )
    if broken:
        raise click.ClickException("\n".join(broken))


async def soaked(
    folder: Path,
    people: int,
    seconds: float,
    refresh_every: float,
    tick: Callable[[], None] = lambda: None,
    *,
    deadline: float = DISCORDS_S,
    uploaders: int = 0,
    purge_every: float | None = None,
) -> Soaked:
    """Run it on a bot in `folder`; `tick` is called every second.

    What is first answered after `deadline` seconds counts as not answered.
    """
    enough = asyncio.Event()
    questions = shipped_questions()
    spare_collections()
    async with (
        StandIn(guilds=2 + uploaders, people=people, deadline=deadline) as standin,
        bot_process(standin, folder, settings=SETTINGS) as process,
        asyncio.TaskGroup() as beside,
    ):
        refreshing = beside.create_task(_refresh(standin, folder, refresh_every, enough))
        sampling = beside.create_task(_sample(process.pid, enough, tick))
        purged, *attacked = standin.guilds[1:]
        attacks = [beside.create_task(hand_in_until(standin, guild, enough)) for guild in attacked]
        purging = beside.create_task(purge_until(standin, purged, enough, purge_every or seconds))
        asked = await ask_evenly(standin, standin.people, questions, seconds=seconds, every=EVERY_S)
        enough.set()
        handed_in = sum([await one for one in attacks])
        return Soaked(asked, await refreshing, await sampling, handed_in, await purging)


async def _refresh(
    standin: StandIn, folder: Path, every: float, enough: asyncio.Event
) -> list[Refreshed]:
    """Change a line of the documents and publish that, `every` so many seconds, until `enough`."""
    refreshes: list[Refreshed] = []
    source = folder / "data" / SOURCE
    text = source.read_text(encoding="utf-8")
    while not await happened(enough, every):
        year = 1000 + len(refreshes)
        source.write_text(f"{text}[99] Pier 4 was dredged in {year}.\n", encoding="utf-8")
        reply = await standin.slash("index refresh", user=standin.moderator, within=None)
        try:
            await reply.wait(REFRESHED_WITHIN_S)
        except TimeoutError as error:
            refreshes.append(Refreshed(acknowledged(reply), None, str(error)))
        else:
            refusal = None if _PUBLISHED.search(reply.text) else reply.text
            seconds = reply.responses[-1].at - reply.dispatched_at
            refreshes.append(Refreshed(acknowledged(reply), seconds, refusal))
        standin.forget(reply)
    return refreshes


async def _sample(
    pid: int, enough: asyncio.Event, tick: Callable[[], None]
) -> list[tuple[float, float]]:
    """The memory of a process, every second until `enough`."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    samples = [(0.0, resident_mb(pid))]
    while not await happened(enough, SAMPLED_EVERY_S):
        samples.append((loop.time() - began, resident_mb(pid)))
        tick()
    return samples


def broken_promises(done: Soaked) -> list[str]:
    """The promises that were not kept."""
    broken = [f"a refresh failed: {one.refusal}" for one in done.refreshes if one.refusal]
    broken += done.purge_troubles
    broken += [
        "a refresh was not acknowledged in time" for one in done.refreshes if one.callback is None
    ]
    if done.callbacks.longest > 1000 * ACKNOWLEDGED_WITHIN_S:
        broken.append(f"an acknowledgement took {done.callbacks.longest:.0f} ms")
    if done.callbacks.p99 > ACKNOWLEDGED_P99_MS:
        broken.append(f"99 in 100 were acknowledged within {done.callbacks.p99:.0f} ms only")
    if done.growth > GROWTH:
        broken.append(f"memory grew by {100 * done.growth:.1f} %")
    return broken


def _table(done: Soaked, people: int, minutes: float) -> Table:
    table = Table(
        "interactions",
        title=f"{people} people, {minutes:g} minutes; milliseconds to the first response",
    )
    for heading in ("count", "p50", "p95", "p99", "longest"):
        table.add_column(heading, justify="right")
    for name, durations in (
        ("questions", [one.callback for one in done.asked]),
        ("refreshes", [one.callback for one in done.refreshes]),
        ("refreshes, to their end", [one.seconds for one in done.refreshes]),
    ):
        spread = astuple(Spread.of(durations))
        table.add_row(name, f"{len(durations):,}", *(f"{one:.1f}" for one in spread))
    settled, late = done.levels
    table.caption = (
        f"Memory of the bot: {done.memory[0][1]:.1f} MB at first, {settled:.1f} MB settled, "
        f"{late:.1f} MB at the end ({100 * done.growth:+.1f} %); {done.handed_in:,} hostile files"
    )
    return table
