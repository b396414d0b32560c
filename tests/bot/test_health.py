"""The socket of `footnote healthcheck`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.health import HealthServer, State, ask_health
from index.errors import SetupError

STATE = State(connected=True, latency_s=0.1, revision=2, passages=30)


async def test_the_running_bot_tells_its_state_until_it_ends(tmp_path: Path) -> None:
    async with HealthServer(tmp_path, lambda: STATE):
        assert await ask_health(tmp_path) == STATE
    with pytest.raises(SetupError, match="no running bot answers"):
        await ask_health(tmp_path)


async def test_a_bot_that_can_open_no_socket_runs_on_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    async with HealthServer(tmp_path / "state", lambda: STATE):
        assert "footnote healthcheck will fail" in caplog.text
        with pytest.raises(SetupError, match="no running bot answers"):
            await ask_health(tmp_path / "state")
    assert (tmp_path / "state").is_file()
