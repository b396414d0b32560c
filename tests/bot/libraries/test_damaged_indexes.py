"""What becomes of the saved index of a library that is served when its folder is damaged."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.libraries import indexes as indexes_module
from bot.libraries import publishing
from bot.libraries.indexes import Indexes
from bot.libraries.librarian import Librarian
from bot.libraries.publisher import Publisher
from bot.store import Store
from index.arrays.folder import FolderStamp, UnusableFolderError
from index.library.library import IndexedLibrary
from index.library.saving import load_library, save_library
from tests.bot.libraries.large import (
    LINES,
    MONA,
    SERVER,
    first,
    lines,
    names,
    stored,
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("everything_is_large")]

AT_SEVEN, AT_NOON = "The ferry leaves at seven.", "The ferry leaves at noon."
FERRY = "when does the ferry leave?"


def cut(index: Path) -> None:
    os.truncate(index / "arrays.bin", 1000)


def flip(index: Path) -> None:
    """Change every byte, in the file that is there."""
    content = (index / "arrays.bin").read_bytes()
    with (index / "arrays.bin").open("rb+") as file:
        file.write(bytes(byte ^ 0xFF for byte in content))


def flip_unnoticed(index: Path) -> None:
    """As a disk does that forgets: size and times stay."""
    before = (index / "arrays.bin").stat()
    flip(index)
    os.utime(index / "arrays.bin", ns=(before.st_atime_ns, before.st_mtime_ns))


def delete(index: Path) -> None:
    shutil.rmtree(index)


def lose_header(index: Path) -> None:
    (index / "header.json").unlink()


DAMAGE = pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut, "arrays.bin has 1,000 bytes, and "),
        (flip, "arrays.bin is not what was written"),
        (delete, "header.json is gone"),
        (lose_header, "header.json is gone"),
    ],
)


def is_whole(index: Path) -> bool:
    try:
        return len(load_library(index).library.passages) == LINES
    except UnusableFolderError:
        return False


def no_room(_: Path) -> Any:
    """What `shutil.disk_usage` says of a full disk."""
    return SimpleNamespace(total=1, used=1, free=0)


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Warnings, and all that is worse."""
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]


@DAMAGE
async def test_it_is_noticed_and_saved_anew_while_it_is_served(
    large: Path,
    store: Store,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[Path], None],
    said: str,
) -> None:
    librarian = Librarian(large, store, indexes=Indexes(folder))
    index = folder / librarian.shared().digest
    damage(index)
    assert await first(librarian, FERRY) == AT_SEVEN
    await librarian._mend()
    assert is_whole(index)
    await librarian._mend()
    (line,) = told(caplog)
    assert f"{index} cannot be used: {said}" in line
    assert "it was saved anew from what is served" in line
    assert await first(librarian, FERRY) == AT_SEVEN
    assert names(folder) == [index.name]


@DAMAGE
async def test_a_publication_first_mends_what_it_compares_with(
    data: Path,
    store: Store,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[Path], None],
    said: str,
) -> None:
    librarian = Librarian(data, store, indexes=Indexes(folder))
    publisher = Publisher(librarian)
    await publisher.publish(SERVER, [stored(lines())], MONA, "add")
    index = folder / names(folder)[0]
    damage(index)
    changed = [stored(lines(last=AT_NOON))]
    assert (await publisher.would_change(SERVER, changed)).counts == (0, 0, 1)
    assert is_whole(index)
    damage(index)
    publication = await publisher.publish(SERVER, changed, MONA, "add")
    assert publication.differences.counts == (0, 0, 1)
    assert is_whole(index)
    assert await first(librarian, FERRY) == AT_NOON
    assert len(told(caplog)) == 2
    assert all(said in line for line in told(caplog))


async def test_where_only_reading_tells_the_store_is_compared_with(
    large: Path, store: Store, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    librarian = Librarian(large, store, indexes=Indexes(folder))
    index = folder / librarian.shared().digest
    flip_unnoticed(index)
    (large / "tides.txt").write_text(lines(last=AT_NOON), encoding="utf-8")
    publication = await Publisher(librarian).refresh(MONA)
    assert publication.differences.counts == (0, 0, 1)
    assert await first(librarian, FERRY) == AT_NOON
    (line,) = told(caplog)
    assert f"{index} cannot be used: arrays.bin is not what was written" in line
    assert "compared with the documents in the store instead" in line


async def test_what_only_reading_tells_is_mended_afterwards(
    large: Path, store: Store, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    librarian = Librarian(large, store, indexes=Indexes(folder))
    index = folder / librarian.shared().digest
    flip_unnoticed(index)
    (large / "tides.txt").write_text(lines() + "\n", encoding="utf-8")
    assert (await Publisher(librarian).refresh(MONA)).differences.counts == (0, 0, 0)
    assert not is_whole(index)
    await librarian._mend()
    assert is_whole(index)
    assert [line.partition("; ")[2] for line in told(caplog)] == [
        "compared with the documents in the store instead",
        "it was saved anew from what is served",
    ]


async def test_the_same_bytes_brought_back_are_no_damage(
    large: Path, store: Store, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    librarian = Librarian(large, store, indexes=Indexes(folder))
    index = folder / librarian.shared().digest
    shutil.copytree(index, folder.with_name("kept"))
    delete(index)
    shutil.copytree(folder.with_name("kept"), index)
    before = (index / "arrays.bin").stat().st_ino
    await librarian._mend()
    assert (index / "arrays.bin").stat().st_ino == before
    assert told(caplog) == []


async def test_another_library_in_its_place_is_damage(
    large: Path, store: Store, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    librarian = Librarian(large, store, indexes=Indexes(folder))
    publisher = Publisher(librarian)
    await publisher.publish(SERVER, [stored(lines(last=AT_NOON))], MONA, "add")
    shared = folder / librarian.shared().digest
    (own,) = (folder / name for name in names(folder) if name != shared.name)
    shutil.rmtree(shared)
    shutil.copytree(own, shared)
    await librarian._mend()
    assert "it holds another library" in told(caplog)[0]
    assert load_library(shared).library.documents[0].passages[-1].text == AT_SEVEN


async def test_a_disk_that_takes_nothing_is_told_once_and_tried_again(
    large: Path,
    store: Store,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    librarian = Librarian(large, store, indexes=Indexes(folder))
    index = folder / librarian.shared().digest
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", no_room)
        cut(index)
        await librarian._mend()
        await librarian._mend()
    assert await first(librarian, FERRY) == AT_SEVEN
    (line,) = told(caplog)
    assert "it cannot be saved anew (No space left on device), but is served on" in line
    await librarian._mend()
    assert is_whole(index)


async def test_what_another_program_purged_is_not_brought_back(
    data: Path, store: Store, folder: Path
) -> None:
    librarian = Librarian(data, store, indexes=Indexes(folder))
    await Publisher(librarian).publish(SERVER, [stored(lines())], MONA, "add")
    assert await first(librarian, FERRY) == AT_SEVEN
    publishing.purge(store, 77, "tides", by=MONA, indexes=Indexes(folder))
    await librarian._mend()
    assert names(folder) == []


async def test_what_is_purged_while_it_is_saved_anew_goes_again(
    data: Path, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    librarian = Librarian(data, store, indexes=Indexes(folder))
    await Publisher(librarian).publish(SERVER, [stored(lines())], MONA, "add")

    def purge_and_save(index: Path, library: IndexedLibrary, warnings: Any) -> FolderStamp:
        publishing.purge(store, 77, "tides", by=MONA, indexes=Indexes(folder))
        return save_library(index, library, warnings)

    monkeypatch.setattr(indexes_module, "save_library", purge_and_save)
    index = folder / names(folder)[0]
    cut(index)
    await librarian._mend()
    assert names(folder) == []


async def test_without_room_for_a_copy_memory_serves_and_the_log_says_so(
    large: Path,
    store: Store,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    index = folder / Librarian(large, store, indexes=Indexes(folder)).shared().digest
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", no_room)
        librarian = Librarian(large, store, indexes=Indexes(folder))
    (line,) = told(caplog)
    assert f"{index} is kept in memory" in line
    assert "No space left on device" in line
    cut(index)
    assert await first(librarian, FERRY) == AT_SEVEN
