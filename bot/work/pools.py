"""Threads for each kind of work, so that none waits for another, and in which owners take turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import ParamSpec, TypeVar

from bot.work.turns import Owner, Ticket, Turns

__all__ = ["Pool", "Pools"]

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Pool:
    """Some threads. Of one owner only some work at once, and in the order of their asking."""

    def __init__(
        self, name: str, threads: int, *, of_one: int = 1, most_waiting: int | None = None
    ) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=f"footnote.{name}")
        self._turns = Turns(threads, of_one=of_one, most_waiting=most_waiting)

    def join(self, owner: Owner) -> Ticket:
        """A ticket for `in_turn`. Raises NoTurnLeftError."""
        return self._turns.join(owner)

    async def idle(self) -> None:
        """Wait until somebody could work at once."""
        await self._turns.idle()

    async def run(
        self,
        owner: Owner,
        work: Callable[Given, Result],
        /,
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result:
        """What `work` gives in a thread, in its owner's turn and in the caller's context."""
        return await self.in_turn(self._turns.join(owner), partial(work, *args, **kwargs))

    async def in_turn(self, ticket: Ticket, work: Callable[[], Result]) -> Result:
        """The same with a ticket, which is left when the thread is done, waited for or not."""
        await ticket.wait()
        loop = asyncio.get_running_loop()

        def leave(_: Future[Result]) -> None:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(ticket.leave)

        done = self._threads.submit(copy_context().run, work)
        done.add_done_callback(leave)
        return await asyncio.wrap_future(done)

    def close(self) -> None:
        """Begin nothing more; what is under way ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Pools:
    """Questions never wait for builds, and neither for what is written down."""

    questions: Pool = field(default_factory=lambda: Pool("questions", 4, of_one=2))
    """Answers from large libraries, and what has to be loaded for an answer."""
    builds: Pool = field(default_factory=lambda: Pool("builds", 2))
    """What has a process of its own beside the thread, and may take minutes."""
    store: Pool = field(default_factory=lambda: Pool("store", 4))
    """Reading and writing for moderators, small libraries among it, and notes of answers."""

    def close(self) -> None:
        """Begin nothing more."""
        for pool in (self.questions, self.builds, self.store):
            pool.close()
