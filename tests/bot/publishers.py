"""A process that publishes through the real Librarian, one revision after another, until killed."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.libraries.publisher import Publisher
from bot.settings.limits import Limits
from bot.store import SHARED, Person, Store, lock_state_folder
from index.documents.corpus import Source
from index.documents.document import DocumentSpec
from tests.bot.store import processes

__all__ = [
    "LIMITS",
    "MONA",
    "SERVER",
    "SOURCE",
    "document",
    "publish_next",
    "publish_until_killed",
    "text_of_revision",
    "write_shared",
]

processes.context.set_forkserver_preload([processes.__name__, __name__])

SERVER = Place(77)
MONA = Person(1001, "mona")
LIMITS = Limits(max_publications_an_hour=100_000)
SOURCE = "japan-south-korea-relations.txt"
LINES = 150
WORDS = ("gate", "moat", "quay", "ferry", "toll", "bell", "barge", "lock")


def text_of_revision(name: str, number: int) -> bytes:
    """The document of that revision; its first line holds the SHA-256 of all the others."""
    words = random.Random(f"{name} {number}")
    lines = []
    for line in range(LINES):
        said = " ".join(words.choices(WORDS, k=8))
        lines.append(f"[{line}] {said} of {name} {number}.\n")
    body = "".join(lines).encode()
    return f"{name} {number} {hashlib.sha256(body).hexdigest()}\n".encode() + body


def document(name: str, number: int) -> Source:
    spec = DocumentSpec(id=name, title=name.title(), file=f"{name}.txt")
    return Source(spec, text_of_revision(name, number), spec.file)


def write_shared(data: Path, number: int) -> None:
    """Replace the shared document at once, as an editor does."""
    aside = data / "aside"
    aside.write_bytes(text_of_revision("shared", number))
    os.replace(aside, data / SOURCE)  # noqa: PTH105


async def publish_next(librarian: Librarian, data: Path, owner: int) -> int:
    """Publish the next revision of the shared or of the server's own library."""
    publisher = Publisher(librarian)
    if owner == SHARED:
        number = librarian.shared().number + 1
        write_shared(data, number)
        report = await publisher.refresh(MONA)
    else:
        own = await librarian.own(SERVER)
        number = own.number + 1 if own else 1
        documents = [document("kept", 0), document("own", number)]
        report = await publisher.publish(SERVER, documents, MONA, "add")
    assert report.revision.number == number
    return number


def publish_until_killed(data: Path, state: Path, owner: int, pipe: Connection[Any, Any]) -> None:
    """Say each number before it is published, and again once it is."""

    async def publish(librarian: Librarian) -> None:
        current = librarian.shared() if owner == SHARED else await librarian.own(SERVER)
        number = current.number if current else 0
        while True:
            number += 1
            pipe.send(("begins", number))
            await publish_next(librarian, data, owner)
            pipe.send(("ended", number))

    with lock_state_folder(state), Store.open(state) as store:
        asyncio.run(publish(Librarian(data, store, LIMITS)))
