"""Waiting for something to become true, without polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Signal:
    """Wakes all who wait whenever the world changed; each then looks whether it is content."""

    def __init__(self) -> None:
        self._change = asyncio.Event()

    def notify(self) -> None:
        """Say that something changed."""
        self._change.set()
        self._change = asyncio.Event()

    async def until(
        self,
        condition: Callable[[], object],
        within: float,
        explain: Callable[[], str],
    ) -> None:
        """Return once the condition holds; after so many seconds say what was seen instead."""
        try:
            async with asyncio.timeout(within):
                while not condition():
                    await self._change.wait()
        except TimeoutError:
            raise TimeoutError(f"waited {within:g} s: {explain()}") from None
