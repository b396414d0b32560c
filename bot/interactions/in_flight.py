"""The answers that are being given: each once, and none cut short where a stop can wait."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

__all__ = ["InFlight"]

log = logging.getLogger("footnote.in_flight")

MOST_REMEMBERED = 5000
"""Events that the gateway delivers again come within a minute or two."""


class InFlight:
    """The tasks that answer people, and which events they have taken."""

    def __init__(self) -> None:
        self._event_ids: OrderedDict[int, None] = OrderedDict()
        self._tasks: set[asyncio.Task[object]] = set()

    def take(self, event_id: int) -> bool:
        """Count the current task among those that answer; False for an event taken before."""
        task = asyncio.current_task()
        if event_id in self._event_ids:
            log.info("event %d was delivered again, and is not answered again", event_id)
            return False
        self._event_ids[event_id] = None
        if len(self._event_ids) > MOST_REMEMBERED:
            self._event_ids.popitem(last=False)
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return True

    async def finish(self, within_s: float, goodbye_s: float) -> bool:
        """Wait for the answers; cancel those that take longer, who then may say goodbye.

        True where none was given up.
        """
        if not self._tasks:
            return True
        log.info("stopping after %d answers in flight", len(self._tasks))
        _, late_tasks = await asyncio.wait(self._tasks, timeout=within_s)
        if late_tasks:
            log.warning("%d answers take too long and are given up", len(late_tasks))
            for task in late_tasks:
                task.cancel()
            await asyncio.wait(late_tasks, timeout=goodbye_s)
        return not late_tasks
