"""The small web for each test, and a look at where connections go."""

from __future__ import annotations

import asyncio
import asyncio.selector_events
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.bot.fetching.web import OPEN, Web, small_web


@pytest.fixture
async def web(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Web]:
    """The web of this machine. However a test ends, only the open site was connected to."""
    connected: list[tuple[Any, ...]] = []
    connect = asyncio.selector_events.BaseSelectorEventLoop.sock_connect

    async def noted(self: Any, sock: socket.socket, address: tuple[Any, ...]) -> None:
        connected.append(address)
        await connect(self, sock, address)

    monkeypatch.setattr(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect", noted)
    async with small_web() as web:
        yield web
        assert set(connected) <= {(OPEN, port) for port in web.ports}


@pytest.fixture
async def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Has the loop believe that so many seconds have passed: what waits for less is over."""
    loop = asyncio.get_running_loop()
    time, passed = loop.time, 0.0

    def pass_time(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(loop, "time", lambda: time() + passed)
    return pass_time
