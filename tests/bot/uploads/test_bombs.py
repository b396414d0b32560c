"""Files made to take very much are refused in words, and the process that reads them ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from subprocess import Popen
from typing import Any

import pytest

from bot.uploads.reader import UploadReader
from index.errors import CorpusError
from index.system import start_connected
from tests.index.importers.made_bombs import BOMBS, HEAVY

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="only POSIX limits a process"),
]
MAX_BYTES = 2_000_000
REFUSED = "line.txt", "deep.html", "entities.xml", "ratio.docx", "deep.epub", "same_pages.pdf"


@pytest.fixture
def reader() -> Iterator[UploadReader]:
    reader = UploadReader()
    yield reader
    reader.close()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Popen[bytes]]:
    """The processes that were started."""
    found: list[Popen[bytes]] = []

    def start(*given: Any) -> Any:
        process, connection = start_connected(*given)
        found.append(process)
        return process, connection

    monkeypatch.setattr("bot.work.processes.start_connected", start)
    return found


async def said_of(reader: UploadReader, name: str, content: bytes) -> str:
    """What is wrong with a file; empty where it was read."""
    async with reader.join(1):
        try:
            await reader.read(1, name, content, max_bytes=MAX_BYTES)
        except CorpusError as error:
            return str(error)
    return ""


@pytest.mark.parametrize("name", [*BOMBS, *HEAVY])
async def test_its_process_ends_and_says_nothing_but_words(
    name: str, reader: UploadReader, started: list[Popen[bytes]], capfd: pytest.CaptureFixture[str]
) -> None:
    said = await said_of(reader, name, {**BOMBS, **HEAVY}[name]())

    (process,) = started
    assert process.returncode is not None
    assert not said or said.startswith(f"{name}:")
    assert "reading it failed" not in said
    assert bool(said) or name not in REFUSED
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", HEAVY)
async def test_what_takes_too_much_is_told_by_what_it_takes(
    name: str, reader: UploadReader
) -> None:
    said = await said_of(reader, name, HEAVY[name]())

    assert said == f"{name}:1: takes more than 512 MB of memory to read; split it, or simplify it"
    assert await said_of(reader, "a.txt", b"Boats moor at the quay.\n") == ""
