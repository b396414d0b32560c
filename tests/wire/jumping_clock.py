"""`footnote run` on a machine whose clock is set: at SIGUSR1 an hour ahead, at SIGUSR2 back.

The monotonic clock, which timers go by, is left alone, as where an operator sets a machine's clock.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time

import time_machine

from bot.gateway.service import run_bot
from bot.monitoring.logs import set_up_logging
from bot.settings.settings import load_settings
from index.documents.shipped import shipped_data

__all__ = ["AHEAD", "BACK", "JUMPED", "PROGRAM"]

PROGRAM = ("-m", "tests.wire.jumping_clock")
AHEAD, BACK = signal.SIGUSR1, signal.SIGUSR2
JUMPED = "the clock has been set"
HOUR_S = 3600

log = logging.getLogger("footnote.clock")


async def _run(clock: time_machine.Traveller) -> None:
    def jump(seconds: int) -> None:
        clock.shift(seconds)
        log.info(JUMPED)

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(AHEAD, jump, HOUR_S)
    loop.add_signal_handler(BACK, jump, -HOUR_S)
    settings = load_settings()
    set_up_logging(settings)
    await run_bot(settings, settings.data or shipped_data())


if __name__ == "__main__":
    with time_machine.travel(time.time(), tick=True) as traveller:
        asyncio.run(_run(traveller))
