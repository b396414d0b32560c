"""The REST API: the routes a bot like ours needs, and an honest 404 for every other."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from . import commands
from .gateway import Gateway
from .interactions import Answer, Interactions
from .limits import DiscordError
from .payloads import EPHEMERAL, TOKEN, Json, User, application_json
from .recording import Cut, Faults, Request, read
from .reply import Kind
from .world import World

PREFIX = "/api/v10"

Handler = Callable[..., Awaitable[Answer]]

# Paths whose secret stands in the path, so that no bot token goes with them.
_OPEN_PATHS = re.compile(r"/interactions/|/webhooks/|/gateway$")


class Rest:
    """Routes requests, records every one of them, and gives the planned faults."""

    def __init__(self, world: World, gateway: Gateway, deadline: float) -> None:
        self.world = world
        self.gateway = gateway
        self.interactions = Interactions(world, gateway, deadline)
        self.requests: list[Request] = []
        self.unknown: list[Request] = []
        self.crashes: list[Exception] = []
        self.faults = Faults()
        self.uploads_open = asyncio.Event()
        self.uploads_open.set()
        self.uploads_asked = 0
        self._nonces: dict[str, Json] = {}
        token = r"([^/]+)"
        routes: list[tuple[str, str, Handler]] = [
            ("GET", r"/users/@me", self._me),
            ("POST", r"/users/@me/channels", self._open_dm),
            ("GET", r"/oauth2/applications/@me", self._application),
            ("GET", r"/gateway(?:/bot)?", self._gateway),
            ("GET", r"/applications/\d+(?:/guilds/(\d+))?/commands", self._commands),
            ("PUT", r"/applications/\d+(?:/guilds/(\d+))?/commands", self._sync),
            ("POST", rf"/interactions/(\d+)/{token}/callback", self.interactions.callback),
            ("POST", rf"/webhooks/(\d+)/{token}", self.interactions.follow_up),
            ("GET", rf"/webhooks/(\d+)/{token}/messages/{token}", self.interactions.get),
            ("PATCH", rf"/webhooks/(\d+)/{token}/messages/{token}", self.interactions.edit),
            ("DELETE", rf"/webhooks/(\d+)/{token}/messages/{token}", self.interactions.delete),
            ("GET", r"/channels/(\d+)", self._channel),
            ("POST", r"/channels/(\d+)/typing", self._typing),
            ("POST", r"/channels/(\d+)/messages", self._post),
            ("GET", r"/channels/(\d+)/messages/(\d+)", self._message),
            ("PATCH", r"/channels/(\d+)/messages/(\d+)", self._edit),
            ("DELETE", r"/channels/(\d+)/messages/(\d+)", self._delete),
        ]
        self._routes = [(method, re.compile(path), handler) for method, path, handler in routes]

    async def handle(self, http: web.Request) -> web.StreamResponse:
        """Serve one request."""
        request = await read(http, PREFIX, time.monotonic())
        self.requests.append(request)
        headers: dict[str, str] = {}
        fault = self.faults.take(request)
        if fault is None or fault.arrives or fault.status is None:
            request.status, body = await self._answer(request)
        if fault is not None:
            headers.update(fault.headers)
            if fault.status is not None:
                request.status, body = fault.status, fault.body
        self.world.signal.notify()
        if fault is not None:
            await asyncio.sleep(fault.delay_s)
            if fault.cut is not None:
                return await _broken(http, request.status, body, fault.cut)
        if body is None:
            return web.Response(status=request.status, headers=headers)
        if isinstance(body, str):
            return web.Response(status=request.status, headers=headers, text=body)
        # Discord sends no charset, and discord.py reads only exactly this type as JSON.
        headers.setdefault("Content-Type", "application/json")
        encoded = json.dumps(body).encode()
        return web.Response(status=request.status, headers=headers, body=encoded)

    def matching(self, method: str, path_regex: str) -> list[Request]:
        """The requests so far whose whole path matches."""
        path = re.compile(path_regex)
        return [r for r in self.requests if r.method == method and path.fullmatch(r.path)]

    async def upload(self, http: web.Request) -> web.Response:
        """Serve the bytes of an attachment, as Discord's CDN does without a token."""
        self.uploads_asked += 1
        self.world.signal.notify()
        await self.uploads_open.wait()
        found = self.world.uploads.get(int(http.match_info["id"]))
        if found is None:
            return web.Response(status=404)
        return web.Response(body=found.data, headers={"Content-Type": found.content_type})

    async def _answer(self, request: Request) -> Answer:
        try:
            for method, path, handler in self._routes:
                match = path.fullmatch(request.path)
                if match and method == request.method:
                    self._authorise(request)
                    return await handler(request, *match.groups())
            self.unknown.append(request)
            raise DiscordError(404, 0, "404: Not Found")
        except DiscordError as error:
            return error.status, error.body
        except Exception as error:  # noqa: BLE001 - kept, and raised when the stand-in stops
            # A mistake of the stand-in, or a body no client should send.
            self.crashes.append(error)
            return 500, {"message": f"the stand-in failed: {error!r}", "code": 0}

    def _authorise(self, request: Request) -> None:
        given = request.headers.get("Authorization")
        if given != f"Bot {TOKEN}" and not _OPEN_PATHS.match(request.path):
            raise DiscordError(401, 0, "401: Unauthorized")

    async def _me(self, _request: Request) -> Answer:
        return 200, self.world.bot.json() | {"verified": True, "mfa_enabled": True, "flags": 0}

    async def _application(self, _request: Request) -> Answer:
        return 200, application_json(self.world.bot, owner=User("operator"))

    async def _gateway(self, _request: Request) -> Answer:
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
        return 200, {"url": self.gateway.url, "shards": 1, "session_start_limit": limit}

    async def _commands(self, _request: Request, guild_id: str | None) -> Answer:
        return 200, self.world.commands.get(self._scope(guild_id), [])

    async def _sync(self, request: Request, guild_id: str | None) -> Answer:
        scope = self._scope(guild_id)
        old = self.world.commands.get(scope, [])
        stored = commands.overwrite(old, request.json, self.world.bot.id, scope)
        self.world.commands[scope] = stored
        return 200, stored

    def _scope(self, guild_id: str | None) -> int | None:
        if guild_id is not None and all(g.id != int(guild_id) for g in self.world.guilds):
            raise DiscordError(403, 50001, "Missing Access")
        return None if guild_id is None else int(guild_id)

    async def _open_dm(self, request: Request) -> Answer:
        wanted = int(request.form["recipient_id"])
        for user in self.world.users():
            if user.id == wanted and not user.bot:
                return 200, self.world.dm(user).json()
        raise DiscordError(400, 50033, "Invalid Recipient(s)")

    async def _channel(self, _request: Request, channel_id: str) -> Answer:
        channel, guild = self.world.place(channel_id)
        return 200, channel.json(**({} if guild is None else {"guild_id": str(guild.id)}))

    async def _typing(self, _request: Request, channel_id: str) -> Answer:
        channel, _ = self.world.place(channel_id)
        for reply in self.world.chats:
            if reply.scene.channel == channel and not reply.responses:
                reply.typing = True
        return 204, None

    async def _post(self, request: Request, channel_id: str) -> Answer:
        channel, guild = self.world.place(channel_id)
        asked = request.form.get("message_reference")
        more: Json = {}
        if asked is not None:
            # discord.py sends the ids as numbers; Discord gives them back as strings.
            reference = {key: str(v) for key, v in asked.items() if key.endswith("_id")}
            quoted = self.world.messages.get(reference["message_id"])
            if quoted is None and asked.get("fail_if_not_exists", True):
                raise DiscordError(400, 50035, "Unknown message_reference")
            more = {"type": 19, "message_reference": reference, "referenced_message": quoted}
        nonce = str(request.form["nonce"]) if request.form.get("enforce_nonce") else None
        if nonce in self._nonces:
            return 200, self._nonces[nonce]
        message = self.world.create(channel, guild, request.form, request.files, **more)
        if nonce is not None:
            self._nonces[nonce] = message
        self.world.posts.append(message)
        self._note("post", request, message)
        await self.gateway.dispatch("MESSAGE_CREATE", message)
        return 200, message

    async def _message(self, _request: Request, channel_id: str, message_id: str) -> Answer:
        return 200, self._find(channel_id, message_id)

    async def _edit(self, request: Request, channel_id: str, message_id: str) -> Answer:
        message = self._find(channel_id, message_id, own=True)
        self.world.edit(message, request.form, request.files)
        self._note("edit", request, message)
        await self.gateway.dispatch("MESSAGE_UPDATE", message)
        return 200, message

    async def _delete(self, request: Request, channel_id: str, message_id: str) -> Answer:
        message = self._find(channel_id, message_id, own=True)
        gone = self.world.delete(message)
        self._note("delete", request, message)
        await self.gateway.dispatch("MESSAGE_DELETE", gone)
        return 204, None

    def _find(self, channel_id: str, message_id: str, *, own: bool = False) -> Json:
        message = self.world.message(message_id)
        if message["channel_id"] != channel_id or message["flags"] & EPHEMERAL:
            raise DiscordError(404, 10008, "Unknown Message")
        if own and message["author"]["id"] != str(self.world.bot.id):
            raise DiscordError(403, 50005, "Cannot edit a message authored by another user")
        return message

    def _note(self, kind: Kind, request: Request, message: Json) -> None:
        owner = self.world.owner_of(message) if kind == "post" else None
        self.world.note(
            owner or self.world.shown_by(message["id"]),
            kind,
            message,
            payload=request.form,
            files=request.files,
            at=request.received,
        )


async def _broken(http: web.Request, status: int, body: object, cut: Cut) -> web.StreamResponse:
    """Break the connection where it was to answer."""
    answer = web.StreamResponse(status=status)
    if cut == "halfway":
        encoded = json.dumps(body).encode()
        answer.headers["Content-Type"] = "application/json"
        answer.content_length = len(encoded) + 1
        await answer.prepare(http)
        await answer.write(encoded[: len(encoded) // 2])
    if http.transport is not None:
        http.transport.close() if cut == "halfway" else http.transport.abort()
    return answer
