"""Questions are answered by what passages mean, on one thread beside the event loop.

Servers take turns. Nobody waits long for a turn: who would is answered by words alone. Between
questions the thread reads the passages of the libraries that are served, a few at a time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator
from contextvars import Context
from dataclasses import dataclass
from typing import Literal, Self

from bot.errors import NoTurnLeftError
from bot.work.pools import Pool
from index.answering.answer import Answer
from index.library.library import IndexedLibrary
from index.meaning import (
    MeaningNotInstalledError,
    MeaningUnavailableError,
    Model,
    Reader,
    Remembering,
)
from index.meaning.model import knows

__all__ = ["Choice", "ReadingRoom", "State"]

log = logging.getLogger("footnote.meaning")

Choice = Literal["open", "all", "off"]
"""Whether meaning is asked where words leave a question open, always, or never."""
State = Literal["serves", "off", "not_installed", "damaged", "other_language"]

MOST_WAITING = 64
"""Questions of all servers together."""
WAIT_S = 0.15
"""How long a question waits for its turn."""


@dataclass(frozen=True, eq=False, slots=True)
class _Preparation:
    library: IndexedLibrary
    steps: Iterator[int]


class ReadingRoom:
    """One reader for all servers, or none; `state` says why."""

    def __init__(
        self,
        reader: Reader | None = None,
        state: State = "off",
        *,
        always: bool = False,
        wait_s: float = WAIT_S,
    ) -> None:
        self.reader = reader
        self.state = state
        self.always = always
        self._wait_s = wait_s
        self._thread = Pool("meaning", 1, most_waiting=MOST_WAITING)
        self._preparing: dict[int, _Preparation] = {}
        self._reading_task: asyncio.Task[None] | None = None
        self.answered = 0
        self.late = 0
        """Questions that were answered by words alone, since others were before them."""

    @classmethod
    def open(cls, choice: Choice, *, remembering: bool = False) -> Self:
        """A room with the shipped model, as far as it can be run here.

        `remembering` is for many libraries of the same passages.
        """
        if choice == "off":
            return cls()
        try:
            model = Model()
            reader = Reader(Remembering(model) if remembering else model)
            return cls(reader, "serves", always=choice == "all")
        except MeaningNotInstalledError:
            return cls(state="not_installed")
        except MeaningUnavailableError as error:
            log.warning("%s", error)
            return cls(state="damaged")

    def state_for(self, languages: Collection[str]) -> State:
        """Whether meaning is asked of documents in these languages; if not, why."""
        if self.state == "serves" and not knows(languages):
            return "other_language"
        return self.state

    async def answer(self, owner: int | None, work: Callable[[], Answer]) -> Answer | None:
        """What `work` answers in its turn; None where that would be late, or went wrong.

        `owner` is whom the question counts for among those who take turns.
        """
        try:
            turn = self._thread.join(owner)
            async with asyncio.timeout(self._wait_s):
                await turn.wait()
        except (NoTurnLeftError, TimeoutError):
            self.late += 1
            return None
        try:
            answer = await self._thread.in_turn(turn, work)
        except Exception:
            log.exception("a question cannot be answered by meaning; words answer it")
            return None
        self.answered += 1
        return answer

    def prepare(self, owner: int, library: IndexedLibrary) -> None:
        """Read the passages of a library that is served, when there is nothing else to do.

        What was to be read of an earlier revision of the same owner's is not any more.
        """
        if self.reader is None or not self.reader.is_to_prepare(library):
            return
        if owner not in self._preparing or self._preparing[owner].library is not library:
            self._preparing[owner] = _Preparation(library, self.reader.prepare(library))
            if self._reading_task is None or self._reading_task.done():
                self._reading_task = asyncio.create_task(self._read(), context=Context())

    def bytes_for(self, library: IndexedLibrary) -> int:
        """The bytes of memory that a library takes here, once it is read."""
        return self.reader.bytes_for(library) if self.reader is not None else 0

    def forget(self, owner: int) -> None:
        """Read no more for an owner whose library is gone."""
        self._preparing.pop(owner, None)

    def close(self) -> None:
        """End after what is being read."""
        self._preparing.clear()
        if self._reading_task is not None:
            self._reading_task.cancel()
        self._thread.close()

    async def _read(self) -> None:
        """Read some passages of one library after another, when nobody waits for an answer."""
        await self._thread.idle()
        while self._preparing:
            owner, preparation = next(iter(self._preparing.items()))
            try:
                done = await self._thread.run(None, next, preparation.steps, None)
            except Exception:
                log.exception("the passages of library %d cannot be read for their meaning", owner)
                done = None
            if self._preparing.get(owner) is preparation:
                del self._preparing[owner]
                if done is not None:
                    self._preparing[owner] = preparation
