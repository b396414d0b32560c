"""Health over a socket in the state folder: the running bot says whether it is connected."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ValidationError

from index.errors import SetupError
from index.system import connect_to, listen_at

__all__ = ["HealthServer", "State", "ask_health"]

log = logging.getLogger("footnote.health")

SOCKET_NAME = "health.sock"
TIMEOUT_S = 5.0


class State(BaseModel):
    """What the bot says of itself. `latency_s` is the gateway's heartbeat, None before it is up."""

    connected: bool
    latency_s: float | None
    revision: int
    passages: int


class HealthServer:
    """Tells everyone who connects to the socket the bot's state, as one line of JSON.

    Opened only once the library is loaded, so that whoever gets an answer may rely on that.
    """

    def __init__(self, state_folder: Path, state: Callable[[], State]) -> None:
        self._path = state_folder / SOCKET_NAME
        self._state = state
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Open the socket; where that cannot be done the bot runs on without, and says so."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._server = await asyncio.start_server(self._send_state, sock=listen_at(self._path))
        except OSError as error:
            log.warning("no health socket (%s): footnote healthcheck will fail", error)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the socket and remove it."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self._path.unlink(missing_ok=True)

    async def _send_state(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            writer.write(self._state().model_dump_json().encode() + b"\n")
            await writer.drain()
        writer.close()


async def ask_health(state_folder: Path) -> State:
    """Ask the running bot. Raises SetupError where none answers, or not within 5 s."""
    path = state_folder / SOCKET_NAME
    try:
        async with asyncio.timeout(TIMEOUT_S):
            reader, writer = await asyncio.open_connection(sock=connect_to(path))
            try:
                line = await reader.readline()
            finally:
                writer.close()
        return State.model_validate_json(line)
    except TimeoutError:
        raise SetupError(
            f"the bot at {path} does not answer within {TIMEOUT_S:.0f} s: it hangs; restart it"
        ) from None
    except (OSError, ValidationError):
        raise SetupError(
            f"no running bot answers at {path}; start it with: footnote run (and the same "
            "FOOTNOTE_STATE)"
        ) from None
