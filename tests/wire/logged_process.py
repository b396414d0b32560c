"""A bot as a process for long runs: its log goes into a file, for a pipe fills up unread."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.patience import PATIENCE_S

from .process import environment
from .standin import StandIn

__all__ = ["FOOTNOTE_RUN", "bot_process"]

FOOTNOTE_RUN = ("-m", "bot", "run")


@asynccontextmanager
async def bot_process(
    standin: StandIn,
    folder: Path,
    arguments: Sequence[str] = FOOTNOTE_RUN,
    *,
    settings: Mapping[str, str] | None = None,
    ready_within: float = PATIENCE_S,
) -> AsyncIterator[Process]:
    """Run Python with `arguments`, by default as `footnote run`, until the block ends.

    The state, the documents and `bot.log` lie in `folder`; `settings` are more variables. Raises
    RuntimeError with the log where the process ends before it is connected, and TimeoutError.
    """
    log = folder / "bot.log"
    with log.open("ab") as written:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            env=environment(standin, folder, **(settings or {})),
            stdout=DEVNULL,
            stderr=written,
        )
    try:
        if not await _ready(standin, process, ready_within):
            said = log.read_text(encoding="utf-8")[-2000:]
            raise RuntimeError(f"the bot ended with status {process.returncode}:\n{said}")
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), PATIENCE_S)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _ready(standin: StandIn, process: Process, within: float) -> bool:
    """Whether the bot is connected and has its commands; False where it ended before."""
    ended = asyncio.create_task(process.wait())
    ready = asyncio.create_task(_connected(standin, within))
    try:
        await asyncio.wait({ended, ready}, return_when=asyncio.FIRST_COMPLETED)
        if ready.done():
            ready.result()
        return ready.done()
    finally:
        ended.cancel()
        ready.cancel()


async def _connected(standin: StandIn, within: float) -> None:
    await standin.wait_ready(within)
    await standin.wait_synced(within)
