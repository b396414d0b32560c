"""A large library, and what lies of it on the disk."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.store import Person
from index.documents.corpus import Source
from index.documents.document import DocumentSpec
from index.library.library import EXACT_UP_TO
from tests.bot.conftest import ask_at

MONA = Person(1001, "mona")
SERVER = Place(77)
LINES = EXACT_UP_TO + 100
SPEC = DocumentSpec(id="tides", title="Tides", file="tides.txt")


def lines(count: int = LINES, *, last: str = "The ferry leaves at seven.") -> str:
    said = (f"[{n % 90}] Gate {n} opens with the tide of day {n % 31}.\n" for n in range(count - 1))
    return "".join(said) + last + "\n"


def stored(text: str) -> Source:
    return Source(SPEC, text.encode(), SPEC.file)


def sources(text: str) -> tuple[Source, ...]:
    return (stored(text),)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def put_a_file_in_place_of(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("no folder", encoding="utf-8")


def holds(folder: Path, text: bytes) -> bool:
    return any(text in path.read_bytes() for path in folder.glob("*/*"))


async def first(librarian: Librarian, question: str, place: Place = SERVER) -> str:
    return (await ask_at(librarian, place, question)).hits[0].passage.text
