"""What was read and waits for a moderator to publish it: bounded, whatever one server hands in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

__all__ = ["HeldUpload", "HeldUploads"]

MOST_OF_ONE = 5
"""Uploads of one server."""
MOST_BYTES = 50_000_000
"""Of all uploads together."""


@dataclass(frozen=True, eq=False, slots=True)
class HeldUpload:
    """An upload of a server that holds so many bytes; `on_gone` tells that it waits no longer."""

    owner: int
    size: int
    on_gone: Callable[[], Awaitable[None]]


class HeldUploads:
    """Knows what waits. Past a bound the oldest goes: its own server's, or that of the largest."""

    def __init__(self, most_of_one: int = MOST_OF_ONE, most_bytes: int = MOST_BYTES) -> None:
        self._most_of_one, self._most_bytes = most_of_one, most_bytes
        self._held: dict[HeldUpload, None] = {}  # in their order

    @property
    def size(self) -> int:
        """Bytes of all that waits."""
        return sum(one.size for one in self._held)

    async def hold(self, held: HeldUpload) -> None:
        """Hold an upload, and tell those that had to go for it."""
        self._held[held] = None
        while (oldest := self._too_many(held)) is not None:
            self.release(oldest)
            await oldest.on_gone()

    def release(self, held: HeldUpload) -> None:
        """Hold it no longer, as it is published, cancelled or forgotten. Once is enough."""
        self._held.pop(held, None)

    def _too_many(self, newest: HeldUpload) -> HeldUpload | None:
        """What has to go, if anything; never the newest, which one person at least waits for."""
        counts = Counter(one.owner for one in self._held)
        if counts[newest.owner] > self._most_of_one:
            return self._oldest_of(newest.owner, newest)
        if self.size <= self._most_bytes:
            return None
        sizes: Counter[int] = Counter()
        for one in self._held:
            if one is not newest:
                sizes[one.owner] += one.size
        return self._oldest_of(sizes.most_common(1)[0][0], newest) if sizes else None

    def _oldest_of(self, owner: int, but: HeldUpload) -> HeldUpload | None:
        return next((one for one in self._held if one.owner == owner and one is not but), None)
