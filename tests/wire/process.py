"""The real `footnote`, as a process pointed at the stand-in."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.patience import PATIENCE_S

from .standin import StandIn
from .waiting import Signal

QUESTION = {"question": "who ruled South Korea from 1961 to 1979?"}


def environment(standin: StandIn, folder: Path, **more: str) -> dict[str, str]:
    """The settings of a bot that keeps its state, and finds its documents, in `folder`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DISCORD_", "FOOTNOTE_"))}
    return kept | {
        "DISCORD_TOKEN": standin.token,
        "DISCORD_API_BASE": str(standin.api_base),
        "DISCORD_GATEWAY_URL": str(standin.gateway_url),
        "FOOTNOTE_STATE": str(folder / "state"),
        "FOOTNOTE_DATA": str(folder / "data"),
        **more,
    }


def free_port() -> int:
    """A port of this machine where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A running `footnote`; `log` is what it has printed so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._signal = Signal()
        self.log = ""
        assert process.stderr is not None
        self._reading = asyncio.create_task(self._read(process.stderr))

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._process.kill()

    async def said(
        self, words: str, times: int = 1, *, since: int = 0, within: float = PATIENCE_S
    ) -> None:
        """Wait until the log, from character `since` on, holds these words so many times."""
        await self._signal.until(
            lambda: self.log.count(words, since) >= times,
            within,
            lambda: f"{words!r} does not stand {times} times in:\n{self.log[since:]}",
        )

    async def ended(self, within: float = PATIENCE_S) -> int:
        """Wait until it has ended; its exit status."""
        async with asyncio.timeout(within):
            status = await self._process.wait()
            await self._reading
        return status

    async def _read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            self.log += line.decode()
            self._signal.notify()


async def start(
    env: dict[str, str], *arguments: str, program: Sequence[str] = ("-m", "bot")
) -> Process:
    """Start a command; `program` is what Python is told to run it."""
    return Process(
        await asyncio.create_subprocess_exec(
            sys.executable,
            *program,
            *arguments,
            env=env,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    )


async def footnote(env: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Run a command to its end; its exit status and all that it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        env=env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode is not None
    return process.returncode, (out + err).decode()


@asynccontextmanager
async def starting(
    env: dict[str, str], program: Sequence[str] = ("-m", "bot")
) -> AsyncIterator[Process]:
    """A `footnote run` that is killed at the end, if it has not ended by itself."""
    process = await start(env, "run", program=program)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.ended()


@asynccontextmanager
async def running(
    standin: StandIn, folder: Path, *, program: Sequence[str] = ("-m", "bot"), **more: str
) -> AsyncIterator[Process]:
    """A `footnote run` that has connected."""
    async with starting(environment(standin, folder, **more), program) as process:
        await standin.wait_ready()
        yield process
