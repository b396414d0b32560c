"""A stand-in of Discord on 127.0.0.1, for bots that run unmodified in another process."""

from __future__ import annotations

import math
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.patience import PATIENCE_S

from .actions import Actions
from .gateway import IDENTIFY, RESUME, Gateway
from .payloads import TOKEN, Guild, Json, User, make_guild
from .recording import ERRORS, Cut, Fault, Request
from .reply import Reply
from .rest import PREFIX, Rest
from .world import World


class StandIn(Actions):
    """Discord's REST API and gateway with a bot account, a few users and one or more servers.

    Its member is an ordinary one and its moderator has Manage Server; both are in every server,
    and so are its `people`, more ordinary members.
    """

    token = TOKEN

    def __init__(
        self, *, guilds: int = 1, people: int = 0, port: int = 0, deadline: float = PATIENCE_S
    ) -> None:
        """Listens at `port`, or at any free one; `people` are members beside its own two.

        A first response that takes longer than `deadline` seconds is refused. With Discord's own
        three a bot on a busy machine would fail the tests, and it would be nobody's mistake: that
        it keeps to those is measured by the benches.
        """
        self.bot = User("footnote", bot=True)
        self.member = User("alice")
        self.moderator = User("minju")
        self.people = [User(f"person {number}") for number in range(1, people + 1)]
        made = [
            make_guild(
                f"Server {number}",
                bot=self.bot,
                member=self.member,
                moderator=self.moderator,
                people=self.people,
            )
            for number in range(1, guilds + 1)
        ]
        self.world = World(bot=self.bot, guilds=made)
        self.gateway = Gateway(self.world)
        self.rest = Rest(self.world, self.gateway, deadline)
        self.api_base = ""
        self.gateway_url = ""
        self._runner: web.AppRunner | None = None
        self._port = port

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_get("/attachments/{id}/{name}", self.rest.upload)
        app.router.add_route("*", "/{path:.*}", self.rest.handle)
        # With cancellation a client that leaves while it is held is seen to leave.
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=1.0, handler_cancellation=True
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.world.base_url = f"http://{host}:{port}"
        self.api_base = self.world.base_url + PREFIX
        self.gateway.url = self.gateway_url = f"ws://{host}:{port}/gateway"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.gateway.release()
        self.release_uploads()
        await self.gateway.drop(1001)
        if self._runner is not None:
            await self._runner.cleanup()
        if self.rest.crashes and error is None:
            raise ExceptionGroup("the stand-in failed while it answered", self.rest.crashes)

    @property
    def guilds(self) -> list[Guild]:
        """The servers the bot is in."""
        return list(self.world.guilds)

    @property
    def guild(self) -> Guild:
        """The first server."""
        return self.guilds[0]

    @property
    def mention(self) -> str:
        """What a user types to mention the bot."""
        return f"<@{self.bot.id}>"

    @property
    def commands(self) -> list[Json]:
        """The global commands as synced."""
        return self.world.commands.get(None, [])

    @property
    def posts(self) -> list[Json]:
        """The messages the bot posted into channels by itself, outside of interactions."""
        return self.world.posts

    @property
    def requests(self) -> list[Request]:
        """Every REST request, in the order in which it came."""
        return self.rest.requests

    @property
    def unknown_requests(self) -> list[Request]:
        """The requests that no route of the stand-in serves: a test should end with none."""
        return self.rest.unknown

    @property
    def identifies(self) -> int:
        """How often a client identified afresh."""
        return self.gateway.count(IDENTIFY)

    @property
    def resumes(self) -> int:
        """How often a client asked to resume."""
        return self.gateway.count(RESUME)

    def argv(self, module: str, *arguments: str) -> list[str]:
        """The command that runs `python -m module arguments` with discord.py pointed here."""
        redirect = str(Path(__file__).with_name("redirect.py"))
        return [sys.executable, redirect, self.api_base, self.gateway_url, module, *arguments]

    def requests_to(self, method: str, path_regex: str) -> list[Request]:
        """The requests so far to one route; the whole path after /api/v10 must match."""
        return self.rest.matching(method, path_regex)

    async def until(self, condition: Callable[[], object], within: float = PATIENCE_S) -> None:
        """Wait for anything the stand-in can see, such as a number of requests."""
        await self.world.signal.until(condition, within, self._explain)

    async def wait_ready(self, within: float = PATIENCE_S) -> None:
        """Wait until a bot is connected and has read READY and its servers.

        discord.py's own on_ready comes up to 2 s later (the client's guild_ready_timeout).
        """
        await self.until(lambda: self.gateway.ready, within)

    async def wait_synced(self, within: float = PATIENCE_S) -> None:
        """Wait until a bot has synced global commands, now or in an earlier run."""
        await self.until(lambda: None in self.world.commands, within)

    async def wait_read(self, within: float = PATIENCE_S) -> None:
        """Wait until every bot has read every event, so that what it ignores it has ignored."""
        await self.gateway.ask_heartbeat()
        await self.until(lambda: self.gateway.caught_up, within)

    async def wait_gone(self, within: float = PATIENCE_S) -> None:
        """Wait until no bot is connected."""
        await self.until(lambda: not self.gateway.connected, within)

    async def drop_gateway(self, code: int | None = None, *, hold: bool = False) -> None:
        """Close the gateway with a code, or without one cut the TCP connection.

        With `hold` a returning client gets no HELLO until `release_gateway`, so that what
        happens meanwhile is surely missed.
        """
        await self.gateway.drop(code, hold=hold)

    def hold_uploads(self) -> None:
        """Give nobody the bytes of an attachment until `release_uploads`."""
        self.rest.uploads_open.clear()

    def release_uploads(self) -> None:
        """Give the bytes to all who wait for them."""
        self.rest.uploads_open.set()

    def release_gateway(self) -> None:
        """Let held clients in again."""
        self.gateway.release()

    def fail_next(
        self,
        method: str,
        path_regex: str,
        status: int,
        headers: Mapping[str, str] | None = None,
        body: Json | str | None = None,
        times: int = 1,
        *,
        arrives: bool = False,
    ) -> Fault:
        """Answer the next requests that match with this instead; its `times` counts down.

        Without headers and body it is what Discord sends with that status; text is sent as it is.
        A request that `arrives` is done nevertheless.
        """
        faults = self.rest.faults
        return faults.add_answer(method, path_regex, status, headers, body, times, arrives=arrives)

    @contextmanager
    def bad_times(
        self, status: int, *, share: float = 1.0, arrives: bool = False, retry_after: float = 0.3
    ) -> Iterator[None]:
        """Answer every request so within the block, or a `share` of them, which is drawn by lot.

        Requests that `arrive` are done nevertheless. A 429 asks for `retry_after` seconds, as
        Discord does: exact in its body, and in whole seconds in its header.
        """
        body: Json = {"message": f"{status}: bad times", "code": 0}
        headers: Mapping[str, str] | None = None
        if status == 429:
            body |= {"retry_after": retry_after, "global": False}
            whole = str(math.ceil(retry_after))
            headers = {"Via": "1.1 google", "Retry-After": whole, "X-RateLimit-Scope": "shared"}
        fault = self.fail_next("", "", status, headers, body, sys.maxsize, arrives=arrives)
        draw = random.Random(f"{status} {share}").random
        fault.lot = lambda: draw() < share
        try:
            yield
        finally:
            fault.times = 0

    def refuse_next(self, method: str, path_regex: str, code: int, times: int = 1) -> Fault:
        """Answer the next requests that match with an error code of Discord's, such as 10062."""
        status, message = ERRORS[code]
        body = {"message": message, "code": code}
        return self.fail_next(method, path_regex, status, body=body, times=times)

    def delay_next(self, method: str, path_regex: str, seconds: float) -> Fault:
        """Do what the next request asks for at once, and answer it so much later."""
        return self.rest.faults.add(Fault(method, re.compile(path_regex), 1, delay_s=seconds))

    def cut_next(
        self, method: str, path_regex: str, where: Cut, *, arrives: bool = True, times: int = 1
    ) -> Fault:
        """Do what the next requests ask for, or not, and break the connection while answering."""
        status = None if arrives else 200
        fault = Fault(method, re.compile(path_regex), times, status, cut=where)
        return self.rest.faults.add(fault)

    async def also_listen(self, port: int) -> None:
        """Serve at one more port."""
        assert self._runner is not None
        await web.TCPSite(self._runner, "127.0.0.1", port).start()

    def forget(self, reply: Reply) -> None:
        """Let go of an interaction and its answer, where there are too many to keep them all."""
        token = str(reply.event["token"])
        self.world.forget(reply)
        self.rest.requests[:] = [one for one in self.rest.requests if token not in one.path]
        for session in self.gateway.sessions.values():
            session.forget_read()

    def _explain(self) -> str:
        last = self.requests[-1] if self.requests else None
        seen = f"; the last was {last.method} {last.path} -> {last.status}" if last else ""
        seen += "".join(f"; the stand-in failed: {crash!r}" for crash in self.rest.crashes)
        state = "ready" if self.gateway.ready else "not ready"
        return (
            f"{len(self.requests)} requests{seen}; {self.identifies} identified,"
            f" {self.resumes} resumed; the gateway is {state}"
        )
