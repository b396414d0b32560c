"""Large libraries: built by a process of their own, saved, mapped, and never trusted blindly."""

import asyncio
import io
import logging
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from pathlib import Path
from random import Random
from typing import NoReturn

import pytest
from rich.console import Console

from bot.gateway import service
from bot.libraries import publishing
from bot.libraries.indexes import KEPT_UNUSED_S, Indexes, IndexingStoppedError, Old, Tell
from bot.libraries.indexing_child import MAX_WARNINGS, Job, Stage
from bot.libraries.librarian import Librarian
from bot.libraries.progress import shown_progress
from bot.libraries.publisher import Publisher
from bot.settings.settings import Settings
from bot.store import SHARED, Store
from bot.store.errors import StoreError
from bot.work.processes import Processes
from index.documents.corpus import Source, read_corpus
from index.documents.differences import compare
from index.documents.document import DocumentSpec
from index.errors import CorpusError, Problem, first_problems
from index.library.library import IndexedLibrary
from tests.bot.libraries.large import (
    LINES,
    MONA,
    SERVER,
    first,
    holds,
    lines,
    names,
    put_a_file_in_place_of,
    sources,
    stored,
)
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("everything_is_large")]


def no_building(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read to passages from here on, and no process is started."""

    def fail(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the documents were read again")

    for name in ("bot.libraries.indexes.read_corpus", "subprocess.Popen"):
        monkeypatch.setattr(name, fail)


async def test_an_unchanged_folder_is_mapped_at_the_next_start(
    large: Path, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = Librarian(large, store, indexes=Indexes(folder)).shared()
    assert names(folder) == [revision.digest]
    assert revision.stored.counts.added == LINES
    no_building(monkeypatch)
    again = Librarian(large, store, indexes=Indexes(folder))
    assert again.shared().number == 1
    assert again.shared().library.engine.name.startswith("postings")
    assert await first(again, "when does the ferry leave?") == "The ferry leaves at seven."
    assert (await Publisher(again).refresh(MONA)).differences.none


async def test_a_refresh_tells_what_changed_and_serves_it(
    large: Path, store: Store, folder: Path
) -> None:
    librarian = Librarian(large, store, indexes=Indexes(folder))
    publisher = Publisher(librarian)
    (large / "tides.txt").write_text(lines(last="The ferry leaves at noon."), encoding="utf-8")
    report = await publisher.refresh(MONA)
    assert report.differences.counts == (0, 0, 1)
    assert [after.text for _, after in report.differences.changed] == ["The ferry leaves at noon."]
    assert await first(librarian, "when does the ferry leave?") == "The ferry leaves at noon."
    (large / "tides.txt").write_text("\n" + lines(last="The ferry leaves at noon."), "utf-8")
    assert (await publisher.refresh(MONA)).differences.counts == (0, 0, 0)


async def test_a_server_with_a_large_library(data: Path, store: Store, folder: Path) -> None:
    librarian = Librarian(data, store, indexes=Indexes(folder))
    publisher = Publisher(librarian)
    await publisher.publish(SERVER, [stored(lines())], MONA, "add")
    assert await first(librarian, "when does the ferry leave?") == "The ferry leaves at seven."
    few = [stored("Whales sing.\n")]
    assert (await publisher.would_change(SERVER, few)).counts == (1, LINES, 0)
    report = await publisher.publish(SERVER, few, MONA, "add")
    assert report.differences.counts == (1, LINES, 0)
    assert len(report.differences.removed) < LINES
    assert await first(librarian, "do whales sing?") == "Whales sing."
    back = await publisher.documents(SERVER, 1)
    await publisher.publish(SERVER, back, MONA, "rollback")
    assert await first(librarian, "when does the ferry leave?") == "The ferry leaves at seven."


async def test_buttons_find_passages_of_earlier_large_revisions(
    data: Path, store: Store, folder: Path
) -> None:
    librarian = Librarian(data, store, indexes=Indexes(folder))
    publisher = Publisher(librarian)
    await publisher.publish(SERVER, [stored(lines())], MONA, "add")
    served = await librarian.served(SERVER)
    hits = (await librarian.answer(served, "when does the ferry leave?")).hits
    found = [(hit.passage, hit.document) for hit in hits]
    pointers = served.pointers(1, hits)
    assert await librarian.find(SERVER, pointers) == found
    await publisher.publish(SERVER, [stored("The ferry stays.\n")], MONA, "add")
    assert await librarian.find(SERVER, pointers) == found


@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
async def test_a_damaged_index_is_built_anew_and_the_log_says_so(
    large: Path, store: Store, folder: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    digest = Librarian(large, store, indexes=Indexes(folder)).shared().digest
    path = folder / digest / "arrays.bin"
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        middle = len(content) // 2
        changed = bytes([content[middle] ^ 1])
        rest = content[middle + 1 :] if damage == "changed" else b""
        path.write_bytes(content[:middle] + changed + rest)
    again = Librarian(large, store, indexes=Indexes(folder))
    assert again.shared().number == 1
    assert await first(again, "when does the ferry leave?") == "The ferry leaves at seven."
    assert "it is built anew" in caplog.text
    assert path.read_bytes() == content


async def test_the_old_revision_serves_on_where_the_process_is_killed(
    large: Path, store: Store, folder: Path
) -> None:
    indexes = Indexes(folder)
    librarian = Librarian(large, store, indexes=indexes)
    publisher = Publisher(librarian)
    (large / "tides.txt").write_text(lines(last="The ferry leaves at noon."), encoding="utf-8")

    @contextmanager
    def killing() -> Iterator[Tell]:
        def tell(stage: Stage, done: int, total: int) -> None:
            if stage == "saving":
                (process,) = indexes._processes._running
                (folder / f"new.{process.pid}-ab.part").mkdir()
                process.send_signal(signal.SIGKILL)

        yield tell

    indexes._shown = killing
    with pytest.raises(IndexingStoppedError, match="status -9"):
        await publisher.refresh(MONA)
    assert librarian.shared().number == 1
    assert [name for name in names(folder) if name.endswith(".part")] == []
    assert await first(librarian, "when does the ferry leave?") == "The ferry leaves at seven."


async def test_a_folder_that_cannot_be_written_stops_a_publication_and_no_start(
    large: Path, store: Store, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Librarian(large, store, indexes=Indexes(folder))
    put_a_file_in_place_of(folder)
    librarian = Librarian(large, store, indexes=Indexes(folder))
    publisher = Publisher(librarian)
    assert "in memory" in caplog.text
    assert await first(librarian, "when does the ferry leave?") == "The ferry leaves at seven."
    (large / "tides.txt").write_text(lines(last="The ferry leaves at noon."), encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be saved"):
        await publisher.refresh(MONA)
    assert await first(librarian, "when does the ferry leave?") == "The ferry leaves at seven."


async def test_what_is_wrong_with_a_large_document_is_told_as_of_a_small_one(
    large: Path, store: Store, folder: Path
) -> None:
    librarian = Librarian(large, store, indexes=Indexes(folder))
    publisher = Publisher(librarian)
    broken = lines() + "A bell\u202e rings.\n"
    (large / "tides.txt").write_text(broken, encoding="utf-8")
    with pytest.raises(CorpusError) as told:
        await publisher.refresh(MONA)
    with pytest.raises(CorpusError) as expected:
        read_corpus(sources(broken))
    assert told.value.problems == expected.value.problems
    assert librarian.shared().number == 1


def test_both_roads_make_the_same(folder: Path) -> None:
    before, after = lines(), lines(LINES + 9, last="[7][8] The ferry leaves at noon.")
    indexes = Indexes(folder)
    old = Old(IndexedLibrary.build(read_corpus(sources(before))), "none", lambda: sources(before))
    aside = indexes.make("aside", sources(after), old)
    here = indexes.make("here", sources(after), old, read_corpus(sources(after)))
    assert here.library.documents == aside.library.documents
    assert here.library.words == aside.library.words
    assert here.differences == aside.differences
    assert here.differences.counts == compare(old.library.passages, here.library.passages).counts
    assert names(folder) == ["aside", "here"]


def test_closing_ends_what_is_being_built(folder: Path) -> None:
    indexes = Indexes(folder)
    seen: list[subprocess.Popen[bytes]] = []

    @contextmanager
    def closing() -> Iterator[Tell]:
        def tell(stage: Stage, done: int, total: int) -> None:
            if stage == "indexing":
                seen.extend(indexes._processes._running)
                indexes.close()

        yield tell

    indexes._shown = closing
    with pytest.raises(IndexingStoppedError, match="is being stopped"):
        indexes.load("digest", lambda: sources(lines()))
    assert [process.returncode for process in seen] == [-signal.SIGKILL]
    assert names(folder) == []
    with pytest.raises(IndexingStoppedError):
        indexes.load("digest", lambda: sources(lines()))


def test_ctrl_c_ends_what_is_being_built(folder: Path) -> None:
    indexes = Indexes(folder)
    seen: list[subprocess.Popen[bytes]] = []

    @contextmanager
    def interrupted() -> Iterator[Tell]:
        def tell(stage: Stage, done: int, total: int) -> None:
            seen.extend(indexes._processes._running)
            raise KeyboardInterrupt

        yield tell

    indexes._shown = interrupted
    with pytest.raises(KeyboardInterrupt):
        indexes.load("digest", lambda: sources(lines()))
    assert [process.returncode for process in seen] == [-signal.SIGKILL]


async def test_a_bot_that_is_told_to_stop_while_it_reads_ends(
    large: Path, store: Store, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()

    @contextmanager
    def stopped() -> Iterator[Tell]:
        def tell(stage: Stage, done: int, total: int) -> None:
            loop.call_soon_threadsafe(stopping.set)

        yield tell

    monkeypatch.setattr(service, "shown_progress", stopped)
    settings = Settings(state=state)
    assert await service._librarian(settings, large, store, stopping) is None
    assert store.libraries.current(SHARED) is None
    assert names(state / "index") == []


def test_the_process_ends_when_nobody_waits_for_it(folder: Path) -> None:
    with Processes("bot.libraries.indexing_child").started() as worker:
        Job(sources(lines()), None, folder / "digest", compares=False).send(worker.connection)
        worker.connection.close()
        assert worker.process.wait(timeout=PATIENCE_S) == 1
    assert names(folder) == []


async def test_a_purge_leaves_no_index_of_the_text(data: Path, store: Store, folder: Path) -> None:
    librarian = Librarian(data, store, indexes=Indexes(folder))
    publisher = Publisher(librarian)
    secret = lines(last="The password of the lock is xylophone.")
    other = Source(DocumentSpec(id="moats", title="Moats", file="m.txt"), b"A moat.\n", "m")
    await publisher.publish(SERVER, [stored(secret), other], MONA, "add")
    assert holds(folder, b"xylophone")
    report = await publisher.purge(SERVER, "tides", MONA)
    assert report.differences.counts == (0, LINES, 0)
    assert (len(report.differences.removed), report.differences.unchanged) == (20, 1)
    assert names(folder) == []


async def test_a_purge_leaves_what_another_server_is_about_to_publish(
    data: Path, store: Store, folder: Path
) -> None:
    librarian = Librarian(data, store, indexes=Indexes(folder))
    publisher = Publisher(librarian)
    other = Source(DocumentSpec(id="moats", title="Moats", file="m.txt"), b"A moat.\n", "m")
    await publisher.publish(SERVER, [stored(lines()), other], MONA, "add")
    (own,) = names(folder)
    made = await asyncio.to_thread(
        librarian.indexes.make, "of-another", sources(lines(last="It is not published yet.")), None
    )
    assert made is not None
    await publisher.purge(SERVER, "tides", MONA)
    assert own not in names(folder)
    assert names(folder) == ["of-another"]


async def test_indexes_of_earlier_revisions_go_after_a_while(
    large: Path, store: Store, folder: Path
) -> None:
    librarian = Librarian(large, store, indexes=Indexes(folder))
    publisher = Publisher(librarian)
    before = librarian.shared().digest
    (large / "tides.txt").write_text(lines(last="The ferry leaves at noon."), encoding="utf-8")
    now = (await publisher.refresh(MONA)).revision.digest
    assert names(folder) == sorted([before, now])
    long_ago = time.time() - KEPT_UNUSED_S - 1
    for path in (folder / before, folder / now):
        os.utime(path, (long_ago, long_ago))
    Librarian(large, store, indexes=Indexes(folder))
    assert names(folder) == [now]


def test_a_large_library_added_from_the_command_line_is_only_mapped_by_the_bot(
    large: Path, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = read_corpus(sources(lines()))
    document = stored(lines())
    published = publishing.publish(
        store, 77, [document], old=None, by=MONA, action="add", corpus=corpus,
        indexes=Indexes(folder),
    )  # fmt: skip
    no_building(monkeypatch)
    revision = publishing.load_revision(store, 77, Indexes(folder))
    assert revision is not None
    assert revision.library.documents == published.revision.library.documents


def test_long_builds_tell_how_far_they_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.libraries.progress.LOG_EVERY_S", 0.0)
    with caplog.at_level(logging.INFO):
        Indexes(folder).load("digest", lambda: sources(lines()))
    assert f"indexing: {LINES:,} of {LINES:,} passages" in caplog.text
    assert "saving" in caplog.text


@pytest.mark.parametrize("old", [None, Path("/old"), (), sources("Tides turn.\n")])
def test_a_job_comes_out_as_it_went_in(old: Path | tuple[Source, ...] | None) -> None:
    job = Job((*sources(""), stored("It is\u2028so.\n")), old, Path("/new"), compares=False)
    here, there = Pipe()
    with here, there:
        job.send(here)
        assert Job.receive(there) == job


def test_nothing_where_the_bot_was_started_is_taken_for_a_part_of_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("index", "json", "multiprocessing", "pickle"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert Indexes(folder).compare(sources(lines()), None).counts == (LINES, 0, 0)


def test_what_else_the_process_prints_is_no_answer(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    indexes = Indexes(folder)
    command = indexes._processes._command
    command[-1] = "print('printed', flush=True); " + command[-1]
    assert indexes.compare(sources(lines()), None).counts == (LINES, 0, 0)
    assert capfd.readouterr() == ("", "printed\n")


def test_of_very_many_warnings_the_first_are_kept() -> None:
    rng = Random(0)
    warnings = [Problem("f", rng.randint(1, 99), f"odd {n}") for n in range(MAX_WARNINGS + 5)]
    kept = first_problems(warnings, MAX_WARNINGS)
    assert (len(kept), kept[:-1]) == (MAX_WARNINGS, tuple(warnings[: MAX_WARNINGS - 1]))
    assert "6 more" in kept[-1].reason
    assert first_problems(warnings[:3], MAX_WARNINGS) == tuple(warnings[:3])


def test_a_terminal_is_shown_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    terminal = Console(file=screen, force_terminal=True, width=100)
    monkeypatch.setattr("bot.libraries.progress.Console", lambda **_: terminal)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with shown_progress() as tell:
        tell("reading", 0, 7)
        tell("indexing", 5000, 9000)
    assert "indexing passages" in screen.getvalue()
    assert "5000/9000" in screen.getvalue()
