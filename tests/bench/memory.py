"""What many servers' own libraries take: memory before, at most and after, beside its bound."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import click

from bot.libraries.indexes import INDEX_FOLDER, Indexes
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.libraries.publishing import publish
from bot.settings.limits import Limits
from bot.store import Person, Store
from index.documents.corpus import Source
from index.documents.document import DocumentSpec
from tests.bench.made import made_questions, made_sentences
from tests.bench.wired import bot_folder, resident_mb

__all__ = ["Kept", "broken_promise", "memory"]

ALLOWANCE = 0.25
"""By what share of the bound memory may grow beyond it: what the allocator and estimates lose."""
ALLOWANCE_MB = 40
"""And by so much whatever the bound: words that were met, the store's pages, what is being read."""
EVERY = 25
"""After so many questions memory is looked at."""
BENCH = Person(None, "bench")


@dataclass(frozen=True)
class Kept:
    """Megabytes of the process before the first question, at most and at the end, and the bound."""

    before: float
    peak: float
    after: float
    bound: float
    libraries: int

    @property
    def allowed(self) -> float:
        """As high as memory may get."""
        return self.before + self.bound * (1 + ALLOWANCE) + ALLOWANCE_MB


def broken_promise(kept: Kept) -> str | None:
    """What memory did that it should not."""
    if kept.peak <= kept.allowed:
        return None
    return f"memory grew to {kept.peak:.0f} MB, and {kept.allowed:.0f} MB are allowed"


@click.command()
@click.option("--servers", type=click.IntRange(min=1), default=2500, show_default=True)
@click.option("--passages", type=click.IntRange(min=2), default=30, show_default=True)
@click.option("--megabytes", type=click.IntRange(min=1), default=None,
              help="The bound; by default that of the settings.")  # fmt: skip
@click.option("--rounds", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--seed", default=0, show_default=True)
def memory(servers: int, passages: int, megabytes: int | None, rounds: int, seed: int) -> None:
    """Servers with documents of their own are asked a question each, in turn.

    The exit status is 1 where memory grew past the bound, a quarter of it and 40 MB.
    """
    limits = Limits() if megabytes is None else Limits(kept_megabytes=megabytes)
    texts = list(made_sentences(servers * passages, seed))
    with bot_folder(None) as folder, Store.open(folder / "state") as store:
        _publish(store, folder, texts, passages)
        librarian = Librarian(folder / "data", store, limits)
        kept, times = asyncio.run(_ask(librarian, texts, passages, rounds, seed))
        librarian.close()
    click.echo(
        f"{servers:,} servers with {passages} passages each, asked {rounds} times in turn: "
        f"{kept.before:.0f} MB before, {kept.peak:.0f} MB at most, {kept.after:.0f} MB after"
    )
    click.echo(
        f"the bound is {kept.bound:.0f} MB, with the allowance {kept.allowed:.0f} MB; "
        f"{kept.libraries:,} libraries are kept"
    )
    click.echo(f"a question, loading included: {median(times):.1f} ms (median), "
               f"{quantiles(times, n=20)[-1]:.1f} ms (95th percentile)")  # fmt: skip
    if broken := broken_promise(kept):
        click.echo(broken)
        sys.exit(1)


def _publish(store: Store, folder: Path, texts: Sequence[str], passages: int) -> None:
    """Give each server a library of its own, which nobody serves yet."""
    indexes = Indexes(folder / "state" / INDEX_FOLDER)
    for server, start in enumerate(range(0, len(texts), passages), start=1):
        content = "\n".join(texts[start : start + passages]).encode()
        spec = DocumentSpec(id="rules", title=f"Rules of server {server}", file="rules.txt")
        publish(
            store, server, [Source(spec, content, spec.file)], old=None, by=BENCH, action="add",
            indexes=indexes,
        )  # fmt: skip


async def _ask(
    librarian: Librarian, texts: Sequence[str], passages: int, rounds: int, seed: int
) -> tuple[Kept, list[float]]:
    """Ask each server a question; memory, and milliseconds of questions."""
    gc.collect()
    before = peak = resident_mb(os.getpid())
    times: list[float] = []
    servers = range(1, len(texts) // passages + 1)
    for turn in range(rounds):
        for server in servers:
            own = texts[(server - 1) * passages : server * passages]
            question = made_questions(own, 1, seed + turn)[0].question
            place = Place(server)
            began = time.perf_counter()
            await librarian.answer(await librarian.served(place), question, place=place)
            times.append(1000 * (time.perf_counter() - began))
            if server % EVERY == 0:
                peak = max(peak, resident_mb(os.getpid()))
    gc.collect()
    after = resident_mb(os.getpid())
    libraries = len(librarian.own_revisions)
    bound = float(librarian.limits.kept_megabytes)
    return Kept(before, max(peak, after), after, bound, libraries), times
