"""The reading room: turns by server, nobody waits for long, and passages are read in between."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.libraries.librarian import Librarian
from bot.libraries.meaning import MOST_WAITING, ReadingRoom
from bot.libraries.places import Place
from bot.store import Store
from index.answering.answer import Answer
from index.meaning import MeaningNotInstalledError, MeaningUnavailableError, Reader
from index.meaning.reader import STEP
from tests.concepts import ConceptModel
from tests.index.conftest import FILLER, make_library
from tests.patience import PATIENCE_S

A_WHILE_S = 30.0
"""Longer than any test: nobody is late."""


class Desk:
    """Work that goes on until it is let go, and the order in which it was done."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.has_begun = threading.Event()
        self.done: list[str] = []

    def work(self, name: str) -> Callable[[], Answer]:
        def answer() -> Answer:
            self.has_begun.set()
            assert self.may_end.wait(PATIENCE_S)
            self.done.append(name)
            return Answer(name)

        return answer

    async def begun(self) -> None:
        assert await asyncio.to_thread(self.has_begun.wait, PATIENCE_S)


def room(wait_s: float = A_WHILE_S) -> ReadingRoom:
    return ReadingRoom(Reader(ConceptModel()), "serves", wait_s=wait_s)


async def test_servers_take_turns() -> None:
    desk, reading = Desk(), room()
    names = [(1, "a1"), (1, "a2"), (1, "a3"), (2, "b1"), (3, "c1"), (2, "b2")]
    tasks = [asyncio.create_task(reading.answer(owner, desk.work(name))) for owner, name in names]
    await desk.begun()
    desk.may_end.set()
    answers = await asyncio.gather(*tasks)
    assert [answer.question for answer in answers if answer] == [name for _, name in names]
    assert desk.done == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert (reading.answered, reading.late) == (6, 0)
    reading.close()


async def test_who_would_wait_long_is_told_so() -> None:
    desk, reading = Desk(), room(wait_s=0.01)
    first = asyncio.create_task(reading.answer(1, desk.work("first")))
    await desk.begun()
    assert await reading.answer(2, desk.work("second")) is None
    desk.may_end.set()
    assert await first is not None
    assert desk.done == ["first"]
    assert (reading.answered, reading.late) == (1, 1)
    reading.close()


async def test_the_queue_is_bounded() -> None:
    desk, reading = Desk(), room()
    tasks = [asyncio.create_task(reading.answer(1, desk.work("first")))]
    await desk.begun()
    tasks += [
        asyncio.create_task(reading.answer(1, desk.work(str(number))))
        for number in range(MOST_WAITING)
    ]
    await asyncio.sleep(0)
    assert await reading.answer(2, desk.work("too many")) is None
    desk.may_end.set()
    assert None not in await asyncio.gather(*tasks)
    reading.close()


async def test_one_who_gives_up_waiting_takes_no_turn() -> None:
    desk, reading = Desk(), room()
    first = asyncio.create_task(reading.answer(1, desk.work("first")))
    await desk.begun()
    second = asyncio.create_task(reading.answer(1, desk.work("second")))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    desk.may_end.set()
    await first
    assert desk.done == ["first"]
    reading.close()


async def test_what_goes_wrong_is_logged_and_answered_by_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    reading = room()

    def fail() -> Answer:
        raise ValueError("the model is out of sorts")

    assert await reading.answer(1, fail) is None
    assert "the model is out of sorts" in caplog.text
    assert await reading.answer(1, lambda: Answer("fine")) is not None
    assert (reading.answered, reading.late) == (1, 0)
    reading.close()


async def test_when_the_room_closes_the_one_who_is_answered_is_and_who_waits_is_by_words() -> None:
    desk, reading = Desk(), room()
    begun = asyncio.create_task(reading.answer(1, desk.work("begun")))
    await desk.begun()
    waits = asyncio.create_task(reading.answer(2, desk.work("waits")))
    await asyncio.sleep(0)
    reading.close()
    desk.may_end.set()
    assert await begun is not None
    assert await waits is None
    assert desk.done == ["begun"]


async def test_a_library_that_is_being_read_is_not_begun_anew() -> None:
    model = ConceptModel()
    reading = ReadingRoom(Reader(model), "serves", wait_s=A_WHILE_S)
    texts = [f"Passage {number}." for number in range(5 * STEP)]
    library = make_library(*texts)
    for _ in range(3):
        reading.prepare(0, library)
        await asyncio.to_thread(lambda: None)
    assert reading._reading_task is not None
    await reading._reading_task
    assert model.read == [f"A document. {text}" for text in texts]
    reading.close()


async def test_a_large_library_does_not_keep_a_small_one_waiting() -> None:
    reading, large, small = room(), make_library(*map(str, range(9 * STEP))), make_library("One.")
    assert reading.reader is not None
    reading.prepare(1, large)
    reading.prepare(2, small)
    async with asyncio.timeout(PATIENCE_S):
        while 2 in reading._preparing:
            await reading.answer(3, lambda: Answer("meanwhile"))
    assert reading.reader.has_prepared(small)
    assert not reading.reader.has_prepared(large)
    reading.close()


async def test_libraries_are_read_when_nobody_asks() -> None:
    reading, library = room(), make_library(*FILLER)
    assert reading.reader is not None
    reading.prepare(1, library)
    async with asyncio.timeout(PATIENCE_S):
        while not reading.reader.has_prepared(library):
            await reading.answer(2, lambda: Answer("meanwhile"))
    reading.close()


async def test_a_newer_revision_is_read_instead() -> None:
    desk, reading = Desk(), room()
    old, new = make_library(*FILLER), make_library("A new one.", *FILLER)
    asking = asyncio.create_task(reading.answer(1, desk.work("first")))
    await desk.begun()
    reading.prepare(1, old)
    reading.prepare(1, new)
    reading.prepare(2, make_library("Of another.", *FILLER))
    reading.forget(2)
    desk.may_end.set()
    await asking
    assert reading.reader is not None
    async with asyncio.timeout(PATIENCE_S):
        while not reading.reader.has_prepared(new):
            await reading.answer(2, lambda: Answer("meanwhile"))
    assert not reading.reader.has_prepared(old)
    await reading.answer(2, lambda: Answer("what was read last is through"))
    assert reading._preparing == {}
    reading.close()


def test_the_room_says_why_it_is_closed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert ReadingRoom.open("off").state == "off"

    def fail_with(error: Exception) -> None:
        def model() -> None:
            raise error

        monkeypatch.setattr("bot.libraries.meaning.Model", model)

    fail_with(MeaningNotInstalledError("there is no onnxruntime"))
    assert ReadingRoom.open("open").state == "not_installed"
    assert caplog.text == ""
    fail_with(MeaningUnavailableError("model.onnx is not as it was shipped"))
    closed = ReadingRoom.open("all")
    assert (closed.state, closed.reader) == ("damaged", None)
    assert "model.onnx is not as it was shipped" in caplog.text


def test_meaning_is_known_of_english_alone() -> None:
    assert room().state_for(["en"]) == "serves"
    assert room().state_for(["en", "de"]) == room().state_for(["ko"]) == "other_language"
    assert ReadingRoom().state_for(["en"]) == "off"


async def test_a_librarian_answers_by_words_where_the_turn_would_come_late(
    data: Path, state: Path
) -> None:
    (data / "japan-south-korea-relations.txt").write_text("The physician lives by the mill.\n")
    desk, reading = Desk(), room(wait_s=0.01)
    with Store.open(state) as store:
        librarian = Librarian(data, store, reading_room=reading)
        served = await librarian.served(Place(None))
        assert reading._reading_task is not None
        async with asyncio.timeout(PATIENCE_S):
            await reading._reading_task
        busy = asyncio.create_task(reading.answer(99, desk.work("busy")))
        await desk.begun()
        late = await librarian.answer(served, "where is the doctor?", place=Place(7))
        desk.may_end.set()
        await busy
        in_time = await librarian.answer(served, "where is the doctor?", place=Place(7))
        librarian.close()
    assert late.ranked == ()
    assert [hit.passage.line for hit in in_time.ranked] == [1]
    assert (reading.answered, reading.late) == (2, 1)
