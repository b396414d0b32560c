"""Revisions of the shared library outlive the process, and broken documents."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import update

from bot.libraries.indexes import INDEX_FOLDER, KEPT_UNUSED_S
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.libraries.publisher import Publisher
from bot.store import SHARED, Person, Store
from bot.store.database.tables import RevisionDocumentRow
from bot.store.errors import RevisionConflictError
from index.documents.corpus import Source
from index.documents.document import DocumentSpec
from index.errors import CorpusError
from tests.bot.conftest import ask_at
from tests.bot.libraries.large import SERVER, names, stored

EVERYWHERE = Place(None)
MONA = Person(1, "mona")
SOURCE = "japan-south-korea-relations.txt"


async def test_a_restart_serves_the_same_revision(data: Path, state: Path) -> None:
    with Store.open(state) as store:
        librarian = Librarian(data, store)
        publisher = Publisher(librarian)
        (data / SOURCE).write_text("[7] Whales are in no treaty.\n")
        await publisher.refresh(MONA)
    with Store.open(state) as store:
        revision = Librarian(data, store).shared()
        assert (revision.number, revision.stored.by, revision.stored.action) == (2, MONA, "refresh")
        assert [kept.number for kept in store.libraries.history(SHARED)] == [2, 1]


def test_documents_changed_while_it_was_stopped_are_a_new_revision(data: Path, state: Path) -> None:
    for text, number in (("One thing.\n", 1), ("Another thing.\n", 2), ("Another thing.\n", 2)):
        (data / SOURCE).write_text(text)
        with Store.open(state) as store:
            revision = Librarian(data, store).shared()
        assert revision.number == number
        assert revision.library.passages[0].text == text.strip()


async def test_documents_broken_while_it_was_stopped_leave_the_stored_revision(
    data: Path, state: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Store.open(state) as store:
        Librarian(data, store)
    (data / SOURCE).write_bytes(b"\x00")
    with Store.open(state) as store:
        librarian = Librarian(data, store)
        answer = await ask_at(librarian, EVERYWHERE, "who ruled South Korea from 1961 to 1979?")
    assert answer.hits[0].passage.line == 4
    assert f"{SOURCE}:1: holds a NUL byte" in caplog.text


def test_broken_documents_and_nothing_stored_is_an_error(data: Path, state: Path) -> None:
    (data / SOURCE).write_bytes(b"\x00")
    with Store.open(state) as store, pytest.raises(CorpusError):
        Librarian(data, store)


RULES = b"""# Rules

## Who may moor at night?
Boats with a lamp may.[^1]

[^1]: [Council](https://example.org/council), 1921.
"""


@pytest.mark.parametrize("bytes_", [len(RULES), 400_000])
async def test_what_was_read_of_a_document_is_kept(
    data: Path, state: Path, monkeypatch: pytest.MonkeyPatch, bytes_: int
) -> None:
    """A newer importer leaves it as it is; a large one is read by a process of its own."""
    spec = DocumentSpec(id="rules", title="Rules", file="rules.md", format="markdown", importer=1)
    content = RULES + b"\nMore is said of lamps here.\n" * ((bytes_ - len(RULES)) // 29)
    with Store.open(state) as store:
        publisher = Publisher(Librarian(data, store))
        await publisher.publish(SERVER, [Source(spec, content, "rules.md")], MONA, "add")

    def fail(*_: object) -> NoReturn:
        raise AssertionError("it was read already")

    monkeypatch.setattr("index.documents.importing.import_file", fail)
    shutil.rmtree(state / INDEX_FOLDER, ignore_errors=True)
    with Store.open(state) as store:
        librarian = Librarian(data, store)
        own = await librarian.own(SERVER)
        assert own is not None
        (document,) = own.library.documents
        assert document.passages[0].text.startswith("Boats with a lamp may.")
        assert document.reference("1") is not None
        (kept,) = await Publisher(librarian).documents(SERVER)
        assert kept.content == content


async def test_what_another_writer_published_first_is_not_overwritten(
    data: Path, state: Path
) -> None:
    with Store.open(state) as store:
        librarian, other = Librarian(data, store), Librarian(data, store)
        publisher = Publisher(librarian)
        (data / SOURCE).write_text("One thing.\n")
        await Publisher(other).refresh(MONA)
        (data / SOURCE).write_text("Another thing.\n")
        with pytest.raises(RevisionConflictError):
            await publisher.refresh(MONA)
        assert librarian.shared().number == 1
        current = store.libraries.current(SHARED)
        assert current is not None
        assert current.number == 2


async def test_what_is_stored_of_another_server_keeps_nothing_from_being_removed(
    data: Path, store: Store, folder: Path
) -> None:
    publisher = Publisher(Librarian(data, store))
    await publisher.publish(Place(78), [stored("A moat.\n")], MONA, "add")
    with store.database.write() as connection:
        connection.execute(update(RevisionDocumentRow).values(spec="{}"))
    used = await publisher.publish(SERVER, [stored("A gate.\n")], MONA, "add")
    long_ago = time.time() - KEPT_UNUSED_S - 1
    for name in ("unused", used.revision.digest):
        (folder / name).mkdir(parents=True)
        os.utime(folder / name, (long_ago, long_ago))
    await publisher.forget_texts()
    assert names(folder) == [used.revision.digest]
    await publisher.purge(SERVER, "tides", MONA)
    assert names(folder) == []
