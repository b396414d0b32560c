"""Uploads are read in a process of their own, which ends past what it may take."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bot.uploads.reader import UploadReader
from bot.uploads.reading_child import Reading, ReadUpload, answer_to
from index.errors import CorpusError, FootnoteError
from index.system import start_connected
from tests.patience import PATIENCE_S

needs_limits = pytest.mark.skipif(os.name != "posix", reason="only POSIX limits a process")


@pytest.fixture
def reader() -> Iterator[UploadReader]:
    reader = UploadReader()
    yield reader
    reader.close()


def gates(count: int) -> bytes:
    """A text of so many lines."""
    return b"".join(b"[%d] Gate %d.\n" % (n, n) for n in range(count))


async def read(reader: UploadReader, name: str, content: bytes) -> ReadUpload:
    async with reader.join(1):
        return await reader.read(1, name, content, max_bytes=len(content))


async def refusal(reader: UploadReader, content: bytes) -> str:
    with pytest.raises(CorpusError) as refused:
        await read(reader, "folder/rules.txt", content)
    return str(refused.value.problems[0])


async def test_it_tells_what_a_file_holds(reader: UploadReader) -> None:
    lines = "".join(f"[{n}] Boats of class {n} moor at the quay.\n" for n in range(1, 6))
    upload = await read(reader, "Harbour rules.txt", lines.encode())
    assert (upload.spec.id, upload.file_name) == ("harbour-rules", "Harbour rules.txt")
    assert (len(upload.passages), upload.cited, upload.numbers) == (5, 5, 5)
    assert [passage.citations for passage in upload.passages] == [(str(n),) for n in range(1, 6)]
    assert upload.guessed["markers"] == "leading"


async def test_the_bot_itself_reads_nothing(
    reader: UploadReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("bot.uploads.reading_child.read_upload")
    assert (await read(reader, "a.txt", b"Boats moor at the quay.\n")).cited == 0


async def test_what_is_wrong_is_told_by_line(reader: UploadReader) -> None:
    assert await refusal(reader, b"Good.\n\x00\n") == (
        "rules.txt:2: holds a NUL byte and so looks like a binary file, or like UTF-16 without its "
        "mark; save the file as UTF-8"
    )


@needs_limits
async def test_a_file_that_takes_too_much_memory_is_refused() -> None:
    reader = UploadReader(memory_bytes=150_000_000)
    said = await refusal(reader, gates(700_000))
    assert said == "rules.txt:1: takes more than 150 MB of memory to read; split it, or simplify it"
    assert (await read(reader, "a.txt", b"Boats moor.\n")).cited == 0


@needs_limits
async def test_a_file_that_takes_too_long_is_refused() -> None:
    reader = UploadReader(memory_bytes=4_000_000_000, cpu_s=1)
    said = await refusal(reader, gates(500_000))
    assert said == (
        "rules.txt:1: takes more than 1 s of computing to read; split it, or simplify it"
    )


async def test_an_answer_past_its_bound_is_refused(
    reader: UploadReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.uploads.reader.MAX_ANSWER_BYTES", 10)
    assert "says more than" in await refusal(reader, b"Boats moor at the quay.\n")


async def test_a_file_of_very_many_faults_is_told_in_short() -> None:
    reading = Reading("a.yaml", {}, 0, 0)
    content = b"title: T\npassages:\n" + b"- {text: 7}\n" * 5000
    assert len(answer_to(reading, content)) < 100_000


async def test_nothing_is_read_where_no_process_can_be_had(
    reader: UploadReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("bot.work.processes.start_connected", fail)
    with pytest.raises(FootnoteError, match="no process can be started"):
        await read(reader, "a.txt", b"Boats moor at the quay.\n")


async def test_a_stop_ends_what_is_being_read(
    reader: UploadReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = threading.Event()

    def start(*given: Any) -> Any:
        try:
            return start_connected(*given)
        finally:
            started.set()

    monkeypatch.setattr("bot.work.processes.start_connected", start)
    reading = asyncio.create_task(read(reader, "a.txt", gates(500_000)))
    assert await asyncio.to_thread(started.wait, PATIENCE_S)
    await asyncio.to_thread(reader.close)
    with pytest.raises(FootnoteError, match="being stopped"):
        await reading


@needs_limits
async def test_so_many_short_sentences_in_one_paragraph_are_refused_in_words(
    reader: UploadReader,
) -> None:
    with pytest.raises(CorpusError) as refused:
        await read(reader, "rules.md", b"Rules\n" + (b"a.b.c? " * 14_000 + b"\n") * 20)
    assert str(refused.value.problems[0]) == (
        "rules.md:3: holds 280,000 passages; 20,000 are the most, so split it"
    )


class PanicException(BaseException):
    """What a library in Rust raises."""


@pytest.mark.parametrize("raised", [MemoryError, PanicException])
def test_a_library_that_gets_no_memory_is_told_as_that(
    monkeypatch: pytest.MonkeyPatch, raised: type[BaseException]
) -> None:
    def read_nothing(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr("bot.uploads.reading_child.read_upload", read_nothing)
    assert answer_to(Reading("rules.txt", {}, 1, 1), b"Boats.") == b'"out of memory"'


def test_a_mistake_of_ours_is_not_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.uploads.reading_child.read_upload", None)
    with pytest.raises(TypeError):
        answer_to(Reading("rules.txt", {}, 1, 1), b"Boats.")
