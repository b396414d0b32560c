"""Many people ask one server at once whose large library has still to be indexed."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bot.libraries.indexes import INDEX_FOLDER
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.libraries.publisher import Publisher
from bot.store import Person, Store
from index.documents.corpus import Source
from index.documents.document import DocumentSpec
from tests.bench.made import made_questions, made_sentences
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
from tests.wire.payloads import Guild
from tests.wire.reply import Reply
from tests.wire.standin import StandIn

__all__ = ["cold"]

OTHERS = 5
EVERY_S = 1.0
WARM_UP_S = 5.0
ANSWERED_WITHIN_S = 300.0
OTHERS_WITHIN_MS = 250.0
PREPARING = "being made ready"
DEFERRED_AND_ANSWERED = 2


@dataclass(frozen=True)
class Asking:
    """Seconds to the answers of those who met the cold library, and what others asked meanwhile."""

    callbacks: Sequence[float]
    answers: Sequence[float]
    told: int
    others: Sequence[Asked]
    samples: Sequence[Sample]

    @property
    def builds(self) -> int:
        """How many processes were started."""
        return len({child for sample in self.samples for child in sample.children})


@click.command()
@click.option("--passages", type=click.IntRange(min=4001), default=20_000, show_default=True)
@click.option("--people", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--seed", default=0, show_default=True)
def cold(passages: int, people: int, seed: int) -> None:
    """Questions at once to a server whose library has no index yet, and to another meanwhile.

    The exit status is 1 where it is built more than once, where a question is not answered, or
    where one of the other server's takes more than 250 ms.
    """
    load = os.getloadavg()[0]
    with bot_folder(None) as folder:
        done = asyncio.run(_ask(folder, passages, people, seed))
        wrong = troubles(done.others, folder)
    _print(done)
    click.echo(
        f"Load of this machine: {load:.1f} before, {os.getloadavg()[0]:.1f} after, "
        f"on {os.cpu_count()} cores."
    )
    longest = Spread.of(one.answer for one in done.others).longest
    if longest > OTHERS_WITHIN_MS:
        wrong.append(f"a question to the other server took {longest:.0f} ms")
    if done.builds != 1:
        wrong.append(f"{done.builds} processes built it")
    if wrong:
        raise click.ClickException("\n".join(wrong))


async def _ask(folder: Path, passages: int, people: int, seed: int) -> Asking:
    texts = shipped_questions()
    async with StandIn(guilds=2, people=people, deadline=DISCORDS_S) as standin:
        large = standin.guilds[1]
        sentences = list(made_sentences(passages, seed))
        await _publish(folder, large, sentences)
        spare_collections()
        async with (
            bot_process(standin, folder, settings=PATIENT) as process,
            asyncio.TaskGroup() as beside,
        ):
            others = standin.people[:OTHERS]
            await ask_evenly(standin, others, texts, seconds=WARM_UP_S, every=EVERY_S)
            enough = asyncio.Event()
            sampling = beside.create_task(sampled(process.pid, enough))
            replies = [
                await standin.slash(
                    "ask", {"question": one.question}, user=person, guild=large, within=None
                )
                for person, one in zip(
                    standin.people, made_questions(sentences, people, seed), strict=True
                )
            ]
            waiting = beside.create_task(_wait(standin, replies))
            asked = await ask_evenly(standin, others, texts, until=waiting.done, every=EVERY_S)
            await waiting
            enough.set()
            return Asking(
                [reply.latency for reply in replies],
                [reply.responses[-1].at - reply.dispatched_at for reply in replies],
                sum(len(reply.responses) > DEFERRED_AND_ANSWERED for reply in replies),
                asked,
                await sampling,
            )


async def _publish(folder: Path, guild: Guild, sentences: Sequence[str]) -> None:
    """Publish the sentences as the server's own library, and leave no index of it."""
    spec = DocumentSpec(id="made", title="Made sentences", file="made.txt")
    source = Source(spec, "\n".join(sentences).encode(), spec.file)
    with Store.open(folder / "state") as store:
        librarian = Librarian(folder / "data", store)
        place, by = Place(guild.id), Person(1, "bench")
        await Publisher(librarian).publish(place, [source], by, "add")
        librarian.close()
    shutil.rmtree(folder / "state" / INDEX_FOLDER)


async def _wait(standin: StandIn, replies: Sequence[Reply]) -> None:
    """Wait until each has its answer, and not only word of what it waits for."""

    def is_answered(reply: Reply) -> bool:
        return reply.answered and PREPARING not in reply.text

    await standin.until(lambda: all(map(is_answered, replies)), ANSWERED_WITHIN_S)


def _print(done: Asking) -> None:
    table = Table("milliseconds", title=f"{len(done.answers)} questions to a library not ready")
    for heading in ("count", "p50", "p95", "p99", "longest"):
        table.add_column(heading, justify="right")
    for name, durations in (
        ("to the first response", done.callbacks),
        ("to the answer", done.answers),
        ("the other server, to the answer", [one.answer for one in done.others]),
    ):
        spread = astuple(Spread.of(durations))
        table.add_row(name, str(len(durations)), *(f"{one:.1f}" for one in spread))
    console = Console()
    console.print(table)
    most = max(one.total for one in done.samples)
    console.print(
        f"Built by {done.builds} process; {done.told} were told meanwhile how far it was. "
        f"Memory: the bot {done.samples[0].bot:.0f} MB at first, {done.samples[-1].bot:.0f} MB at "
        f"the end, {most:.0f} MB at most with the process that builds."
    )
