"""What POSIX has, and what serves elsewhere, each doing the same."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index import system
from tests.patience import PATIENCE_S


@pytest.fixture(params=[True, False], ids=["posix", "elsewhere"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(system, "IS_POSIX", request.param)
    return bool(request.param)


@pytest.mark.usefixtures("either")
def test_what_is_said_at_a_path_is_heard_there(tmp_path: Path) -> None:
    path = tmp_path / "health.sock"
    path.write_text("left by a process that was killed")
    with system.listen_at(path) as listener, system.connect_to(path) as asking:
        answering, _ = listener.accept()
        with answering:
            answering.sendall(b"well")
        assert asking.recv(9) == b"well"


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("left", [None, "", "no port"])
def test_where_nobody_listens_that_is_an_error_of_the_system(
    tmp_path: Path, left: str | None
) -> None:
    path = tmp_path / "health.sock"
    if left is not None:
        path.write_text(left)
    with pytest.raises((FileNotFoundError, ConnectionError)):
        system.connect_to(path)


@pytest.mark.usefixtures("either")
def test_folders_are_flushed(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    system.flush_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


class PlainLoop:
    """An event loop without signal handlers, as Windows has; it calls at once."""

    def add_signal_handler(self, sig: int, callback: Callable[[], object]) -> None:
        raise NotImplementedError

    def remove_signal_handler(self, sig: int) -> bool:
        raise NotImplementedError

    def call_soon_threadsafe(self, callback: Callable[[], object]) -> object:
        return callback()


def test_signals_are_heard_by_a_loop_that_has_no_handlers_until_one_was() -> None:
    before = {number: signal.getsignal(number) for number in system.STOP_SIGNALS}
    stops: list[int] = []
    try:
        system.hear_stops(PlainLoop(), lambda: stops.append(1))
        signal.raise_signal(signal.SIGTERM)
        assert len(stops) == 1
        system.hear_no_more_stops(PlainLoop())
        signal.raise_signal(signal.SIGTERM)
        assert len(stops) == 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_system_without_niceness_is_none_the_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "nice")
    system.give_way()


def test_memory_that_was_freed_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[tuple[str, tuple[int, ...]]] = []

    class Libc:
        def mallopt(self, *given: int) -> None:
            called.append(("mallopt", given))

        def malloc_trim(self, *given: int) -> None:
            called.append(("malloc_trim", given))

    monkeypatch.setattr("index.system.ctypes.CDLL", lambda _: Libc())
    system.keep_memory_level()
    system.give_memory_back()
    own_mapping, arenas = (system.M_MMAP_THRESHOLD, 262144), (system.M_ARENA_MAX, 2)
    wanted = [("mallopt", own_mapping), ("mallopt", arenas), ("malloc_trim", (0,))]
    assert called == (wanted if system.IS_POSIX else [])


@pytest.mark.usefixtures("either")
def test_a_system_without_glibc_is_none_the_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.system.ctypes.CDLL", lambda _: object())
    system.keep_memory_level()
    system.give_memory_back()


@pytest.mark.usefixtures("either")
def test_a_process_and_whoever_started_it_are_connected() -> None:
    said = "from index.system import connection_of_parent as made; c = made(); c.send(c.recv() * 2)"
    process, connection = system.start_connected([sys.executable, "-c", said], os.environ)
    with process, connection:
        connection.send("ha")
        assert connection.recv() == "haha"
        assert process.wait(PATIENCE_S) == 0
