"""One GET after another: each through the gate, to the address that was looked at, and bounded."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from bot.fetching.addresses import IPAddress
from bot.fetching.bodies import ENCODINGS, Bounds, read_body
from bot.fetching.errors import (
    FetchError,
    HostNotAllowedError,
    RefusedAddressError,
    ServerError,
    TooLargeError,
    TooSlowError,
    UnreadableError,
)
from bot.fetching.gate import Endpoint, Gate
from index.files.inflating import CutError, OverBoundError

__all__ = ["MOST_REDIRECTS", "Client", "Head", "Page", "TimeLeft"]

MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BAD_ANSWERS = (aiohttp.ClientError, HttpProcessingError, OSError, ValueError, EOFError)


@dataclass(frozen=True, slots=True)
class Head:
    """What an answer says before its body."""

    url: URL
    status: int
    headers: Mapping[str, str]
    media_type: str
    charset: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """An answer that is no redirect, with its body where that was asked for."""

    head: Head
    content: bytes


class TimeLeft:
    """So many seconds in all, of which waiting for another's turn takes none."""

    def __init__(self, seconds: float) -> None:
        self._seconds = self._left = seconds

    @asynccontextmanager
    async def running(self, url: URL) -> AsyncIterator[None]:
        """Count what is done within. Raises TooSlowError when nothing is left."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self._left) as limit:
                yield
        except TimeoutError:
            if limit.expired():
                raise TooSlowError(str(url), self._seconds) from None
            raise
        finally:
            self._left -= loop.time() - began


class _Pinned(AbstractResolver):
    """Knows one host, by the endpoints that were looked at."""

    def __init__(self, endpoints: tuple[Endpoint, ...]) -> None:
        self._endpoints = endpoints

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=_family(address),
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address, _ in self._endpoints
            if family in (socket.AF_UNSPEC, _family(address))
        ]

    async def close(self) -> None:
        """Nothing is open."""


def _family(address: IPAddress) -> socket.AddressFamily:
    return socket.AF_INET if address.version == 4 else socket.AF_INET6


class Client:
    """Gets pages; of one host one at a time. It keeps nothing of them, cookies included."""

    def __init__(self, gate: Gate, user_agent: str) -> None:
        self._gate = gate
        self._user_agent = user_agent
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def get(
        self,
        address: str,
        left: TimeLeft,
        bounds: Callable[[Head], Bounds | None],
        *,
        headers: Mapping[str, Mapping[str, str]] | None = None,
        before: Callable[[URL], Awaitable[None]] | None = None,
    ) -> Page:
        """The answer of `address`, or of what it leads to by five steps at most.

        `bounds` tells of an answer how much of its body is read, None being nothing; `headers` are
        sent to the addresses that they are given for alone; `before` may refuse each step. Raises
        FetchError.
        """
        url, led = self._gate.parsed(address), False
        for _ in range(MOST_REDIRECTS + 1):
            try:
                if before is not None:
                    await before(url)
                page = await self._page(url, left, bounds, (headers or {}).get(str(url), {}))
                if not isinstance(page, URL):
                    return page
                led = True
                url = self._gate.parsed(str(page))
            except HostNotAllowedError as error:
                raise HostNotAllowedError(address, error.host) from None
            except RefusedAddressError:
                raise RefusedAddressError(address, led=led) from None
        reason = f"leads from one address to the next, more than {MOST_REDIRECTS} times"
        raise ServerError(address, reason)

    async def _page(
        self,
        url: URL,
        left: TimeLeft,
        bounds: Callable[[Head], Bounds | None],
        headers: Mapping[str, str],
    ) -> Page | URL:
        """The answer of one server, or where it points to."""
        turn = self._turns.setdefault(url.raw_host or "", asyncio.Lock())
        async with turn, left.running(url):
            endpoints = await self._gate.endpoints_of(url)
            try:
                async with self._session(endpoints) as session:
                    answer = session.get(url, headers=headers, allow_redirects=False)
                    async with answer as response:
                        return await _read(url, response, bounds)
            except FetchError:
                raise
            except _BAD_ANSWERS as error:
                reason = f"its server does not answer as it should ({type(error).__name__})"
                raise ServerError(str(url), reason) from None

    def _session(self, endpoints: tuple[Endpoint, ...]) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=_Pinned(endpoints),
            use_dns_cache=False,
            force_close=True,
            socket_factory=only_to(endpoints),
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            headers={
                "User-Agent": self._user_agent,
                "Accept": "text/html, text/markdown, text/plain, application/pdf, */*;q=0.5",
                "Accept-Encoding": "gzip, deflate",
            },
        )


def only_to(endpoints: tuple[Endpoint, ...]) -> Callable[[Any], socket.socket]:
    """Makes the sockets of a connector, which connects to these and, whatever it thinks, no other.

    It is asked before every single connection, by name or not.
    """
    known = {(str(endpoint.address), endpoint.port) for endpoint in endpoints}

    def made(target: Any) -> socket.socket:
        family, kind, protocol, _, address = target
        if tuple(address[:2]) not in known:
            raise PermissionError("not an address that was looked at")
        return socket.socket(family=family, type=kind, proto=protocol)

    return made


async def _read(
    url: URL, response: aiohttp.ClientResponse, bounds: Callable[[Head], Bounds | None]
) -> Page | URL:
    """What is wanted of an answer, or where it points to. Raises FetchError."""
    if response.status in _REDIRECTS:
        target = response.headers.get("Location", "")
        if not target or not target.isprintable():
            raise ServerError(str(url), "its server points nowhere", response.status)
        return url.join(URL(target))
    charset = response.charset.lower() if response.charset else None
    head = Head(url, response.status, response.headers, response.content_type, charset)
    wanted = bounds(head)
    if wanted is None:
        return Page(head, b"")
    encoding = ", ".join(response.headers.getall("Content-Encoding", ())).strip().lower()
    if encoding not in ENCODINGS:
        raise UnreadableError(str(url), encoding[:100])
    if (response.content_length or 0) > wanted.sent:
        raise TooLargeError(str(url), wanted.sent)
    try:
        content = await read_body(response.content.iter_any(), encoding, wanted)
    except OverBoundError as error:
        raise TooLargeError(str(url), error.limit) from None
    except CutError as error:
        raise ServerError(str(url), f"its server sends what does not unpack ({error})") from None
    return Page(head, content)
