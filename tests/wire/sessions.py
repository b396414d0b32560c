"""What the gateway remembers of each client, connected or not, and what each may see."""

from __future__ import annotations

import asyncio
import math
import uuid
from dataclasses import dataclass, field

from aiohttp import ClientConnectionResetError, web

from .payloads import DM_CHANNEL, Json

GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
MESSAGE_CONTENT = 1 << 15
PRIVILEGED = 1 << 1 | 1 << 8 | MESSAGE_CONTENT

DISPATCH = 0


@dataclass(eq=False)
class Connection:
    """One websocket, which serves a session once it has identified."""

    ws: web.WebSocketResponse
    transport: asyncio.Transport | None
    session: Session | None = None
    muted: bool = False

    async def send(self, frame: Json) -> bool:
        """Send a frame; say whether it left, for the other side may be gone without a word."""
        if self.muted:
            return True
        try:
            await self.ws.send_json(frame)
        except (ClientConnectionResetError, ConnectionError):
            return False
        return True


@dataclass(eq=False)
class Session:
    """One client: what it asked to see, every event sent to it, and how far it has read."""

    intents: int
    shard: tuple[int, int]
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    history: list[Json] = field(default_factory=list, repr=False)
    connection: Connection | None = None
    seen: int = 0
    forgotten: int = 0
    ready_at: float = math.inf
    # Keeps the events in order: nothing new is sent while missed ones are replayed.
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def ready(self) -> bool:
        """Whether the client is connected and has read READY and all its servers."""
        return self.connection is not None and self.seen >= self.ready_at

    @property
    def caught_up(self) -> bool:
        """Whether the client is connected and has read every event."""
        return self.connection is not None and self.seen >= len(self.history)

    async def event(self, name: str, data: Json) -> None:
        """Write an event into the history and send it if the client is there; needs the lock."""
        frame = {"op": DISPATCH, "s": len(self.history) + 1, "t": name, "d": data}
        self.history.append(frame)
        if self.connection is not None:
            await self.connection.send(frame)

    def forget_read(self) -> None:
        """Let go of what is in the events that the client has read and so never asks for again."""
        for frame in self.history[self.forgotten : self.seen]:
            frame["d"] = None
        self.forgotten = max(self.forgotten, self.seen)

    def view(self, name: str, data: Json, bot_id: str) -> Json | None:
        """The event as this client's shard and intents let it see it, or None."""
        guild_id = data["id"] if name == "GUILD_CREATE" else data.get("guild_id")
        if (int(guild_id or 0) >> 22) % self.shard[1] != self.shard[0]:
            return None
        if name == "GUILD_CREATE":
            return data if self.intents & GUILDS else None
        if name.startswith("MESSAGE_"):
            if not self.intents & (GUILD_MESSAGES if guild_id else DIRECT_MESSAGES):
                return None
            if "author" in data and not self.intents & MESSAGE_CONTENT:
                return _censored(data, bot_id)
        return data


def _censored(message: Json, bot_id: str) -> Json:
    """The message without what only the privileged Message Content intent shows."""
    shown = dict(message)
    if message.get("referenced_message"):
        shown["referenced_message"] = _censored(message["referenced_message"], bot_id)
    own = message["author"]["id"] == bot_id
    mentioned = any(user["id"] == bot_id for user in message["mentions"])
    if own or mentioned or message["channel_type"] == DM_CHANNEL:
        return shown
    return shown | {"content": "", "embeds": [], "attachments": [], "components": []}
