"""What the health socket tells, and how asking it fails.

Both ends are in one process, so that there can be any state, any answer and any obstacle. The
command that asks a running bot is in tests/wire/test_healthcheck.py.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.monitoring.health import HealthServer, State, ask_health
from index.errors import SetupError
from tests.bot.conftest import World
from tests.patience import PATIENCE_S

UP = State(connected=True, latency_s=0.1, revision=3, passages=30)


@pytest.fixture
def made_state(state: Path) -> Path:
    state.mkdir()
    return state


async def test_it_tells_the_state_and_ends_with_the_bot(state: Path) -> None:
    async with HealthServer(state, lambda: UP):
        assert await ask_health(state) == UP
        assert (state / "health.sock").stat().st_mode & 0o777 == 0o600
    with pytest.raises(SetupError, match="no running bot answers"):
        await ask_health(state)


async def test_a_stale_socket_is_nobodys_and_the_next_bot_takes_its_place(made_state: Path) -> None:
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(made_state / "health.sock"))
        killed.listen()
    assert (made_state / "health.sock").exists()
    with pytest.raises(SetupError, match="no running bot answers"):
        await ask_health(made_state)
    async with HealthServer(made_state, lambda: UP):
        assert await ask_health(made_state) == UP


async def test_an_event_loop_that_is_held_up_is_told_as_hanging(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadPoolExecutor() as threads:
        async with HealthServer(state, lambda: UP):
            with monkeypatch.context() as patch:
                patch.setattr("bot.monitoring.health.TIMEOUT_S", 0.2)
                hold_up = threads.submit(asyncio.run, ask_health(state)).exception
                # The event loop waits for that.
                assert "it hangs; restart it" in str(hold_up(PATIENCE_S))
            assert await ask_health(state) == UP


@pytest.mark.parametrize("told", [b"", b"\n", b"not JSON\n", b'{"connected": true}\n'])
async def test_what_is_no_state_is_no_bot(made_state: Path, told: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(made_state / "health.sock"))
        other.listen()

        def answer() -> None:
            connection, _ = other.accept()
            connection.sendall(told)
            connection.close()

        answering = threading.Thread(target=answer)
        answering.start()
        with pytest.raises(SetupError, match="no running bot answers"):
            await ask_health(made_state)
        answering.join(PATIENCE_S)


async def test_the_bot_is_healthy_only_while_the_gateway_is_up(world: World) -> None:
    assert world.bot.health() == State(
        connected=True, latency_s=world.bot.latency, revision=1, passages=30
    )
    for event, connected in (("disconnect", False), ("resumed", True)):
        world.bot.dispatch(event)
        await world.env.settle()
        assert world.bot.is_ready()
        assert world.bot.health().connected is connected
    await world.bot.close()
    assert not world.bot.health().connected


async def test_a_bot_that_can_open_no_socket_runs_on_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    async with HealthServer(tmp_path / "state", lambda: UP):
        assert "footnote healthcheck will fail" in caplog.text
        with pytest.raises(SetupError, match="no running bot answers"):
            await ask_health(tmp_path / "state")
    assert (tmp_path / "state").is_file()
