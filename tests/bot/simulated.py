"""The simulated Discord of these tests: simcord, whose clock is moved by the tests alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import discord
import pytest
import simcord

from tests.patience import PATIENCE_S

__all__ = ["Simulated"]


class Simulated(simcord.Env):
    """A simulated Discord where no time passes but by `advance_time`, however slow the machine is.

    Timers of simcord's own go off by the clock on the wall too, and it waits for all that are due
    before its patience ends: an answer that a busy machine takes a second for would be deferred,
    and a refusal that is shown for 30 seconds be waited for until it is gone.
    """

    def __init__(self, bot: discord.Client) -> None:
        super().__init__(bot, check_errors=False, settle_timeout=PATIENCE_S)

    def _schedule_timer(self, record: Any, callback: Any, args: Any, schedule_context: Any) -> None:
        """Leave a timer of the bot's to `advance_time`: it gets none of the event loop's beside."""

    async def _settle_internal(self, **settings: Any) -> None:
        """Wait as patiently where simcord sets a time of its own, as for a bot that starts."""
        if settings.get("timeout") is not None:
            settings["timeout"] = max(PATIENCE_S, settings["timeout"])
        await super()._settle_internal(**settings)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What people do within is done before the bot does anything about it."""

        async def go_on(**_: object) -> None:
            """In place of waiting for the bot after each action."""

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self, "_settle_internal", go_on)
            yield
