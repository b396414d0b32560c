"""Turns at something that only some can do at once: owners in rotation, however much each asks."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from bot.errors import NoTurnLeftError

__all__ = ["Ticket", "Turns"]

Owner = int | None
"""Whom a turn counts for: a server, a person, or None for all who have no name of their own."""


class Turns:
    """Gives turns to those who wait, one owner after another; of one owner in their order."""

    def __init__(
        self,
        at_once: int,
        *,
        of_one: int = 1,
        most_waiting: int | None = None,
        most_waiting_of_one: int | None = None,
    ) -> None:
        """`at_once` turns are taken together, `of_one` of an owner; None: any number may wait."""
        self._at_once, self._of_one = at_once, of_one
        self._most_waiting, self._most_waiting_of_one = most_waiting, most_waiting_of_one
        self._waiting: dict[Owner, deque[Ticket]] = {}
        self._taken: Counter[Owner] = Counter()
        self._served: dict[Owner, int] = {}
        self._serial = 0
        """Counts the turns that were given; `_served` has that of each owner's last one."""
        self._idle = asyncio.Event()
        self._idle.set()

    def join(self, owner: Owner) -> Ticket:
        """A ticket, whose turn comes when it is entered. Raises NoTurnLeftError."""
        waiting, of_one = self.waiting, len(self._waiting.get(owner, ()))
        if self._most_waiting is not None and waiting >= self._most_waiting:
            raise NoTurnLeftError(waiting, of_one=False)
        if self._most_waiting_of_one is not None and of_one >= self._most_waiting_of_one:
            raise NoTurnLeftError(of_one, of_one=True)
        ticket = Ticket(self, owner)
        self._waiting.setdefault(owner, deque()).append(ticket)
        self._idle.clear()
        self._give()
        return ticket

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return sum(map(len, self._waiting.values()))

    async def idle(self) -> None:
        """Wait until a turn is free, and nobody else waits for it."""
        await self._idle.wait()

    def before(self, ticket: Ticket) -> int:
        """How many of those who wait come before a ticket that waits, too."""
        served, left = dict(self._served), {one: list(own) for one, own in self._waiting.items()}
        for before in range(self.waiting):
            owner = min((one for one, own in left.items() if own), key=_by(served))
            if left[owner].pop(0) is ticket:
                return before
            served[owner] = self._serial + before + 1
        return 0

    def leave(self, ticket: Ticket) -> None:
        """Wait no longer, or end the turn that was given."""
        if ticket.given.is_set():
            self._taken[ticket.owner] -= 1
            self._taken += Counter()  # forgets those who have none
        else:
            own = self._waiting[ticket.owner]
            own.remove(ticket)
            if not own:
                del self._waiting[ticket.owner]
        self._give()

    def _give(self) -> None:
        while self._taken.total() < self._at_once:
            ready = [owner for owner in self._waiting if self._taken[owner] < self._of_one]
            if not ready:
                break
            self._give_to(min(ready, key=_by(self._served)))
        if not self._waiting and self._taken.total() < self._at_once:
            self._idle.set()
        if not self._waiting and not self._taken:
            self._served.clear()

    def _give_to(self, owner: Owner) -> None:
        tickets = self._waiting[owner]
        ticket = tickets.popleft()
        if not tickets:
            del self._waiting[owner]
        self._taken[owner] += 1
        self._serial += 1
        self._served[owner] = self._serial
        ticket.given.set()


class Ticket:
    """A place among those who wait; its turn lasts as long as it is entered."""

    def __init__(self, turns: Turns, owner: Owner) -> None:
        self._turns = turns
        self.owner = owner
        self.given = asyncio.Event()
        self._left = False

    @property
    def before(self) -> int:
        """How many come before it; 0 also when its turn has come."""
        return self._turns.before(self)

    async def wait(self) -> None:
        """Wait for the turn; whoever is cancelled meanwhile has left."""
        try:
            await self.given.wait()
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """End the turn, or the waiting for it. Once is enough."""
        if not self._left:
            self._left = True
            self._turns.leave(self)

    async def __aenter__(self) -> Self:
        await self.wait()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()


def _by(served: Mapping[Owner, int]) -> Callable[[Owner], int]:
    """Who had no turn yet comes first, then whose last one is longest ago."""
    return lambda owner: served.get(owner, 0)
