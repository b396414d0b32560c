"""Turns at something that only some can do at once: owners in rotation, however much each asks."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
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
        self._waiting: OrderedDict[Owner, deque[Ticket]] = OrderedDict()
        self._taken: Counter[Owner] = Counter()

    def join(self, owner: Owner) -> Ticket:
        """A ticket, whose turn comes when it is entered. Raises NoTurnLeftError."""
        waiting = self.waiting
        if waiting >= _or_any(self._most_waiting, waiting):
            raise NoTurnLeftError(waiting, of_one=False)
        of_one = len(self._waiting.get(owner, ()))
        if of_one >= _or_any(self._most_waiting_of_one, of_one):
            raise NoTurnLeftError(of_one, of_one=True)
        ticket = Ticket(self, owner)
        self._waiting.setdefault(owner, deque()).append(ticket)
        self._give()
        return ticket

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return sum(map(len, self._waiting.values()))

    def before(self, ticket: Ticket) -> int:
        """How many of those who wait come before a ticket that waits, too."""
        own = self._waiting.get(ticket.owner, ())
        if ticket not in own:
            return 0
        round_of = list(own).index(ticket)
        owners = list(self._waiting)
        earlier = set(owners[: owners.index(ticket.owner)])
        return (
            sum(
                min(len(tickets), round_of + (owner in earlier))
                for owner, tickets in self._waiting.items()
                if owner != ticket.owner
            )
            + round_of
        )

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
                return
            self._give_to(ready[0])

    def _give_to(self, owner: Owner) -> None:
        tickets = self._waiting[owner]
        ticket = tickets.popleft()
        if tickets:
            self._waiting.move_to_end(owner)
        else:
            del self._waiting[owner]
        self._taken[owner] += 1
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


def _or_any(most: int | None, number: int) -> int:
    """A bound, or one that so many are below of."""
    return number + 1 if most is None else most
