"""The gateway: websockets that identify, receive events and resume where they left off."""

from __future__ import annotations

import asyncio

from aiohttp import WSMsgType, web

from .payloads import TOKEN, Json
from .sessions import PRIVILEGED, Connection, Session
from .world import World

HEARTBEAT, IDENTIFY, RESUME, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 1, 2, 6, 9, 10, 11

# Close codes after which Discord does not let a client resume; the client's own goodbyes, too.
_FINAL_CLOSES = {4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014}
_GOODBYES = {1000, 1001}
_CUT_OFF = 1006


class Gateway:
    """Every websocket of the stand-in and the sessions behind them.

    What goes wrong: `refused_with` is the HTTP status that websockets are refused with;
    `close_next` are the codes that close the next identifying or resuming clients; a resuming
    client is sent `replay_again` events that it has read already; `resume_url` is where clients
    are told to resume, instead of here; with `late_guilds` an identifying client is told of its
    servers by READY alone, until `tell_guilds`.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.received: list[Json] = []
        self.client_closes: list[int] = []
        self.granted_intents = 0
        self.heartbeat_interval = 41.25
        self.replayed: list[Json] = []
        self.refused_with: int | None = None
        self.close_next: list[int] = []
        self.replay_again = 0
        self.resume_url: str | None = None
        self.late_guilds = False
        self.opened = 0
        self._connections: set[Connection] = set()
        self._open = asyncio.Event()
        self._open.set()

    @property
    def ready(self) -> bool:
        """Whether a client is connected and has read READY and its servers."""
        return any(session.ready for session in self.sessions.values())

    @property
    def connected(self) -> bool:
        """Whether any websocket is open, identified or not."""
        return bool(self._connections)

    @property
    def caught_up(self) -> bool:
        """Whether every client has read every event."""
        return all(session.caught_up for session in self.sessions.values())

    def count(self, op: int) -> int:
        """How many frames of this kind clients have sent."""
        return sum(frame["op"] == op for frame in self.received)

    async def dispatch(self, name: str, data: Json) -> None:
        """Send an event to every client that may see it; an absent one gets it on its return."""
        for session in list(self.sessions.values()):
            seen = session.view(name, data, str(self.world.bot.id))
            if seen is not None:
                async with session.lock:
                    await session.event(name, seen)

    async def tell_guilds(self) -> None:
        """Send GUILD_CREATE for every server."""
        for guild in self.world.guilds:
            await self.dispatch("GUILD_CREATE", guild.json())

    def swap_last(self) -> None:
        """Let absent clients get the last two events the other way round."""
        for session in self.sessions.values():
            assert session.connection is None
            one, other = session.history[-2:]
            one["s"], other["s"] = other["s"], one["s"]
            session.history[-2:] = other, one

    async def send(self, op: int, data: object = None) -> None:
        """Send any other frame to every connected client, such as 7 to ask for a reconnect."""
        for connection in list(self._connections):
            if connection.session is not None:
                await connection.send({"op": op, "d": data, "s": None, "t": None})

    async def drop(self, code: int | None = None, *, hold: bool = False) -> None:
        """Close every websocket with a code, or cut it off; `hold` keeps clients from returning."""
        if hold:
            self._open.clear()
        for connection in list(self._connections):
            session = self._detach(connection)
            if session is not None and code in _FINAL_CLOSES:
                self.sessions.pop(session.id, None)
            if code is not None:
                await connection.ws.close(code=code)
            elif connection.transport is not None:
                connection.transport.abort()

    def release(self) -> None:
        """Let in the clients that were kept from returning."""
        self._open.set()

    def deafen(self) -> None:
        """Read nothing more on the open websockets, not even that a client leaves."""
        for connection in self._connections:
            if connection.transport is not None:
                connection.transport.pause_reading()

    def mute(self) -> None:
        """Say nothing more on the open websockets, as where a connection died unnoticed."""
        for connection in self._connections:
            connection.muted = True

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket from HELLO to its end."""
        self.opened += 1
        self.world.signal.notify()
        if self.refused_with is not None:
            return web.Response(status=self.refused_with)
        # The timeout is for the goodbye of a client that is gone, which nobody waits to see.
        ws = web.WebSocketResponse(compress=False, timeout=1.0)
        await ws.prepare(request)
        connection = Connection(ws, request.transport)
        self._connections.add(connection)
        try:
            await self._open.wait()
            interval = int(self.heartbeat_interval * 1000)
            await connection.send({"op": HELLO, "d": {"heartbeat_interval": interval}})
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    await self._read(connection, message.json())
        finally:
            self._connections.discard(connection)
            # A connection without a session was dropped from this side, or never identified.
            session = self._detach(connection)
            if session is not None:
                self.client_closes.append(int(ws.close_code or _CUT_OFF))
                if ws.close_code in _GOODBYES:
                    self.sessions.pop(session.id, None)
            self.world.signal.notify()
        return ws

    async def _read(self, connection: Connection, frame: Json) -> None:
        self.received.append(frame)
        op, data = frame["op"], frame.get("d")
        if op == HEARTBEAT:
            if connection.session is not None:
                connection.session.seen = int(data or 0)
            await connection.send({"op": HEARTBEAT_ACK})
        elif connection.session is not None:
            if op in (IDENTIFY, RESUME):
                await connection.ws.close(code=4005, message=b"Already authenticated.")
        elif op not in (IDENTIFY, RESUME):
            await connection.ws.close(code=4003, message=b"Not authenticated.")
        elif self.close_next:
            await connection.ws.close(code=self.close_next.pop(0))
        elif frame["d"]["token"] != TOKEN:
            await connection.ws.close(code=4004, message=b"Authentication failed.")
        elif op == IDENTIFY:
            await self._identify(connection, frame["d"])
        else:
            await self._resume(connection, frame["d"])
        self.world.signal.notify()

    async def _identify(self, connection: Connection, data: Json) -> None:
        if data["intents"] & PRIVILEGED & ~self.granted_intents:
            await connection.ws.close(code=4014, message=b"Disallowed intent(s).")
            return
        shard, shards = data.get("shard") or (0, 1)
        # Who identifies anew will not come back for what it left behind.
        for old in [s for s in self.sessions.values() if s.shard == (shard, shards)]:
            if old.connection is None:
                del self.sessions[old.id]
        session = Session(data["intents"], (shard, shards))
        self.sessions[session.id] = session
        connection.session, session.connection = session, connection
        async with session.lock:
            await session.event("READY", self._ready_json(session, [shard, shards]))
            for guild in () if self.late_guilds else self.world.guilds:
                seen = session.view("GUILD_CREATE", guild.json(), str(self.world.bot.id))
                if seen is not None:
                    await session.event("GUILD_CREATE", seen)
            session.ready_at = len(session.history)
        await self.ask_heartbeat()

    async def _resume(self, connection: Connection, data: Json) -> None:
        session, seq = self.sessions.get(data["session_id"]), int(data["seq"] or 0)
        if session is None or seq > len(session.history):
            await connection.send({"op": INVALID_SESSION, "d": False})
            return
        async with session.lock:
            for frame in session.history[max(seq - self.replay_again, 0) :]:
                self.replayed.append(frame)
                await connection.send(frame)
            connection.session, session.connection = session, connection
            await session.event("RESUMED", {"_trace": []})
        await self.ask_heartbeat()

    async def ask_heartbeat(self) -> None:
        """Ask for a heartbeat now: the number in it tells what the client has read so far."""
        await self.send(HEARTBEAT)

    def _ready_json(self, session: Session, shard: list[int]) -> Json:
        return {
            "v": 10,
            "user": self.world.bot.json() | {"verified": True, "mfa_enabled": True, "flags": 0},
            "guilds": [{"id": str(g.id), "unavailable": True} for g in self.world.guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.resume_url or self.url,
            "private_channels": [],
            "shard": shard,
            "application": {"id": str(self.world.bot.id), "flags": 0},
        }

    def _detach(self, connection: Connection) -> Session | None:
        session, connection.session = connection.session, None
        if session is not None and session.connection is connection:
            session.connection = None
        return session
