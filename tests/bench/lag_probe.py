"""`footnote run` with a task beside it that notes how late the event loop wakes it.

`python -m tests.bench.lag_probe FILE` writes, at its end, an array of shape (wakes, 2) to FILE in
NumPy's format: the moment of the monotonic clock, and how late that was, both in seconds.
"""

from __future__ import annotations

import asyncio
import sys
import time
from array import array
from pathlib import Path

import numpy as np

from bot.gateway.service import run_bot
from bot.monitoring.logs import set_up_logging
from bot.settings.settings import load_settings
from index.documents.shipped import shipped_data

__all__ = ["lag_probe"]

STEP_S = 0.001


def lag_probe(file: Path) -> list[str]:
    """The arguments with which Python runs this module."""
    return ["-m", "tests.bench.lag_probe", str(file)]


async def _note_lags(into: array[float]) -> None:
    while True:
        before = time.monotonic()
        await asyncio.sleep(STEP_S)
        woken = time.monotonic()
        into.extend((woken, woken - before - STEP_S))


async def _run(file: Path) -> None:
    settings = load_settings()
    set_up_logging(settings)
    lags = array("d")
    probe = asyncio.create_task(_note_lags(lags))
    try:
        await run_bot(settings, settings.data or shipped_data())
    finally:
        probe.cancel()
        np.save(file, np.asarray(lags).reshape(-1, 2))


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1])))
