"""A small web on this machine: a site that may be fetched from, others that may not, and names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from bot.fetching.addresses import IPAddress
from bot.fetching.fetcher import Fetched, Fetcher, Unchanged
from bot.fetching.gate import Endpoint
from bot.settings.settings import Settings

__all__ = ["CLOSED", "HOST", "OPEN", "Asked", "Site", "Web", "Writes", "answer", "small_web"]

HOST = "docs.example"
OPEN, CLOSED, CLOSED_TOO = "127.0.0.1", "127.0.0.2", "::1"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its path and its headers, their names in lower case."""

    path: str
    headers: Mapping[str, str]


Writes = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Answer = bytes | Writes


def answer(
    content: bytes | str = b"", status: int = 200, kind: str = "text/plain", **headers: str
) -> bytes:
    """An answer as it goes over the wire; `_` in the name of a header stands for `-`."""
    body = content.encode() if isinstance(content, str) else content
    told = {"Content-Type": kind, "Content-Length": str(len(body))}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode("latin-1") + body


class Site:
    """Answers each path as it is told, what it knows nothing of with 404, and keeps a log."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self.connections = 0
        self.at_once = self.most_at_once = 0

    @property
    def paths(self) -> list[str]:
        """What was asked for, robots.txt left out."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                lines = [line.partition(":") for line in head[1:] if line]
                headers = {name.lower(): value.strip() for name, _, value in lines}
                self.asked.append(Asked(head[0].split()[1], headers))
                page = self.pages.get(head[0].split()[1], answer(status=404))
                if isinstance(page, bytes):
                    writer.write(page)
                else:
                    await page(reader, writer)
                await writer.drain()
        finally:
            self.at_once -= 1
            writer.close()


@dataclass(slots=True)
class Web:
    """`site` may be fetched from; the closed ones may not, and listen at the same port."""

    site: Site
    closed: tuple[Site, ...]
    port: int
    other_port: int
    names: dict[str, list[Sequence[str]]] = field(default_factory=lambda: {HOST: [[OPEN]]})
    """What a name leads to at each look, the last from then on."""
    looked_up: list[str] = field(default_factory=list)
    ports: set[int] = field(default_factory=set)
    """Those of this machine that fetchers may connect to."""
    fetchers: list[Fetcher] = field(default_factory=list)

    def address(self, path: str = "/", host: str = HOST) -> str:
        return f"http://{host}:{self.port}{path}"

    async def lookup(self, name: str) -> list[IPAddress]:
        self.looked_up.append(name)
        looks = self.names.get(name)
        if looks is None:
            raise OSError("no such name")
        found = looks.pop(0) if len(looks) > 1 else looks[0]
        return [ip_address(one) for one in found]

    def endpoints(self) -> list[Endpoint]:
        """Where fetchers may connect to on this machine."""
        return [Endpoint(ip_address(OPEN), port) for port in self.ports | {self.port}]

    def fetcher(self, hosts: Sequence[str] = ("*",), **given: Any) -> Fetcher:
        settings = Settings(fetch_hosts=tuple(hosts), fetch_contact=given.pop("contact", None))
        self.ports |= {self.port, *given.pop("ports", ())}
        fetcher = Fetcher(settings, lookup=self.lookup, endpoints=self.endpoints(), **given)
        self.fetchers.append(fetcher)
        return fetcher

    async def fetched(self, path: str = "/", **given: Any) -> Fetched:
        """What a new fetcher gives for a path of the site."""
        found = await self.fetcher(**given).fetch(self.address(path))
        assert not isinstance(found, Unchanged)
        return found


@asynccontextmanager
async def small_web() -> AsyncIterator[Web]:
    """The web, until it is left; nothing but the open site was reached then."""
    async with AsyncExitStack() as stack:
        site, closed = Site(), (Site(), Site(), Site())
        server = await stack.enter_async_context(await asyncio.start_server(site.serve, OPEN, 0))
        port = server.sockets[0].getsockname()[1]
        for one, host in zip(closed, (CLOSED, CLOSED_TOO), strict=False):
            await stack.enter_async_context(await asyncio.start_server(one.serve, host, port))
        other = await asyncio.start_server(closed[2].serve, OPEN, 0)
        await stack.enter_async_context(other)
        web = Web(site, closed, port, other.sockets[0].getsockname()[1])
        yield web
        for fetcher in web.fetchers:
            fetcher.close()
        assert [one.connections for one in closed] == [0, 0, 0]
