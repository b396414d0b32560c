"""How long the bot's event loop waits while a large library is published beside it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.indexes import INDEX_FOLDER, Indexes
from bot.librarian import Librarian
from bot.places import Place
from bot.store import Person, Store, StoredDocument
from index.corpus import DocumentSpec
from index.engines.postings import warm_up
from index.shipped import shipped_data
from tests.bench.made import made_sentences

__all__ = ["stall"]

TICK_S = 0.001
SERVER = Place(77)
SOMEBODY = Person(1, "somebody")


@click.command()
@click.option("--passages", type=click.IntRange(min=1), default=100_000, show_default=True)
@click.option("--seed", default=0, show_default=True)
def stall(passages: int, seed: int) -> None:
    """The longest stalls of the event loop while a server's library is published twice."""
    texts = list(made_sentences(passages, seed))
    warm_up()  # as a bot does at its start
    with TemporaryDirectory() as made, Store.open(Path(made)) as store:
        librarian = Librarian(shipped_data(), store, indexes=Indexes(Path(made, INDEX_FOLDER)))
        for title, lines in (("first", texts), ("with a sentence more", [*texts, "One more."])):
            spec = DocumentSpec(id="made", title="Made", file="made.txt")
            document = StoredDocument(spec, "\n".join(lines).encode(), spec.file)
            seconds, waits = asyncio.run(_published(librarian, document))
            longest = ", ".join(f"{1000 * wait:.0f}" for wait in sorted(waits)[:-6:-1])
            click.echo(
                f"{passages:,} passages published ({title}) in {seconds:.1f} s; "
                f"the event loop's longest stalls: {longest} ms"
            )


async def _published(librarian: Librarian, document: StoredDocument) -> tuple[float, list[float]]:
    """Seconds that a publication takes, and by how much each short sleep meanwhile was late."""
    waits: list[float] = []
    began = time.perf_counter()
    publishing = asyncio.create_task(librarian.publish(SERVER, [document], SOMEBODY, "add"))
    while not publishing.done():
        before = time.perf_counter()
        await asyncio.sleep(TICK_S)
        waits.append(time.perf_counter() - before - TICK_S)
    await publishing
    return time.perf_counter() - began, waits
