"""Processes of the bot's own: each is ended, whatever becomes of who started it."""

from __future__ import annotations

from contextlib import suppress

import pytest

from bot.work.processes import Processes, ProcessesClosedError, ProcessNotStartedError

TELLING = "tests.bot.work.telling"


def test_it_takes_the_memory_of_one_thread_however_many_processors_there_are() -> None:
    with Processes(TELLING).started() as worker:
        _, environ = worker.connection.recv()
    assert environ["OPENBLAS_NUM_THREADS"] == "1"


def test_it_is_ended_however_it_is_left() -> None:
    with suppress(KeyError), Processes(TELLING).started() as worker:
        worker.connection.recv()
        raise KeyError
    assert worker.process.returncode is not None


def test_closing_ends_those_that_run_and_starts_no_more() -> None:
    processes = Processes(TELLING)
    with processes.started() as worker:
        worker.connection.recv()
        processes.close()
        assert worker.process.wait() != 0
    with pytest.raises(ProcessesClosedError), processes.started():
        pass


def test_the_reason_is_told_why_none_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("bot.work.processes.start_connected", fail)
    with (
        pytest.raises(ProcessNotStartedError, match="Resource temporarily unavailable"),
        Processes(TELLING).started(),
    ):
        pass
