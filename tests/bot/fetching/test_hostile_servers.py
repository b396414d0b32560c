"""Servers that send too much, too slowly, without end, or nonsense: each ends in words."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import zlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.fetching.addresses import IPAddress
from bot.fetching.client import MOST_REDIRECTS, TimeLeft
from bot.fetching.errors import (
    FetchError,
    ServerError,
    TooLargeError,
    TooSlowError,
    UnreadableError,
)
from bot.fetching.fetcher import Fetched
from tests.bot.fetching.web import HOST, OPEN, Web, Writes, answer, small_web

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PIECE = bytes(65_536)


Pass = Callable[[float], None]
LONG = 3600.0


def endless(head: bytes, piece: bytes) -> Writes:
    async def writes(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()

    return writes


def silent(said: asyncio.Event, *pieces: bytes) -> Writes:
    """Sends these, and then nothing until it is hung up on."""

    async def writes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        said.set()
        await reader.read()

    return writes


async def test_a_body_without_end_is_cut_at_the_bound(web: Web) -> None:
    """Of a page less may be sent than it may have unpacked."""
    web.site.pages["/"] = endless(HEAD.replace(b"plain", b"html") + b"\r\n", PIECE)
    with pytest.raises(TooLargeError) as refusal:
        await web.fetched()
    assert refusal.value.fields["limit"] == 2_000_000


async def test_chunks_without_end_are_cut_at_the_bound(web: Web) -> None:
    web.site.pages["/"] = endless(CHUNKED, b"10000\r\n" + PIECE + b"\r\n")
    with pytest.raises(TooLargeError):
        await web.fetched()


async def test_a_body_that_is_told_to_be_too_large_is_not_read(web: Web) -> None:
    web.site.pages["/"] = HEAD + b"Content-Length: 2000001\r\n\r\n"
    with pytest.raises(TooLargeError):
        await web.fetched()


@pytest.mark.parametrize(
    ("kind", "most"),
    [("text/plain", 2_000_000), ("text/html", 2_000_000), ("application/pdf", 10_000_000)],
)
async def test_formats_that_hold_more_than_text_may_be_larger(
    web: Web, kind: str, most: int
) -> None:
    web.site.pages["/"] = answer(b"a" * most, kind=kind)
    assert len((await web.fetched()).content) == most
    web.site.pages["/"] = answer(b"a" * (most + 1), kind=kind)
    with pytest.raises(TooLargeError):
        await web.fetched()


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize(("kind", "most"), [("text/plain", 2_000_000), ("text/html", 10_000_000)])
async def test_a_bomb_is_cut_while_it_is_unpacked(
    web: Web, encoding: str, kind: str, most: int
) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    web.site.pages["/"] = answer(pack(bytes(200_000_000)), kind=kind, Content_Encoding=encoding)
    with pytest.raises(TooLargeError) as refusal:
        await web.fetched()
    assert refusal.value.fields["limit"] == most


async def test_a_bomb_of_many_members_is_cut(web: Web) -> None:
    bomb = gzip.compress(bytes(1_000_000)) * 100
    web.site.pages["/"] = answer(bomb, Content_Encoding="gzip")
    with pytest.raises(TooLargeError):
        await web.fetched()


@pytest.mark.parametrize(
    "encoding", ["br", "zstd", "gzip, gzip", "compress", "../../x", "gzip;q=1"]
)
async def test_other_ways_of_packing_are_not_read(web: Web, encoding: str) -> None:
    web.site.pages["/"] = answer("Lit.", Content_Encoding=encoding)
    with pytest.raises(UnreadableError):
        await web.fetched()


@pytest.mark.parametrize(
    "content",
    [gzip.compress(b"The lamp is lit.", mtime=0)[:-9], b"The lamp is lit.", b"\x1f\x8b\x08"],
)
async def test_what_does_not_unpack_is_the_servers_error(web: Web, content: bytes) -> None:
    web.site.pages["/"] = answer(content, Content_Encoding="gzip")
    with pytest.raises(ServerError):
        await web.fetched()


@pytest.mark.parametrize(
    "pieces",
    [(), (b"HTTP/1.1 200",), (HEAD,), (HEAD + b"Content-Length: 9\r\n\r\n", b"Lit"), (CHUNKED,)],
)
@pytest.mark.parametrize("path", ["/", "/robots.txt"])
async def test_a_server_that_stops_halfway_takes_no_longer_than_it_may(
    web: Web, pass_time: Pass, pieces: tuple[bytes, ...], path: str
) -> None:
    said = asyncio.Event()
    web.site.pages[path] = silent(said, *pieces)
    fetching = asyncio.create_task(web.fetched())
    await said.wait()
    pass_time(LONG)
    with pytest.raises(TooSlowError):
        await fetching


async def test_a_server_that_sends_a_byte_at_a_time_takes_no_longer_than_it_may(
    web: Web, pass_time: Pass
) -> None:
    async def drips(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"\r\n")
        while True:
            writer.write(b"a")
            pass_time(0.1)
            await writer.drain()
            await asyncio.sleep(0)

    web.site.pages["/"] = drips
    with pytest.raises(TooSlowError):
        await web.fetched()


async def test_a_name_that_is_looked_up_for_ever_takes_no_longer_than_it_may(
    web: Web, pass_time: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def never(_: str) -> list[IPAddress]:
        asked.set()
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(Web, "lookup", lambda _, name: never(name))
    fetching = asyncio.create_task(web.fetched())
    await asked.wait()
    pass_time(LONG)
    with pytest.raises(TooSlowError):
        await fetching


async def test_the_time_is_for_all_steps_together(pass_time: Pass) -> None:
    left = TimeLeft(60)
    async with left.running(URL("http://docs.example/")):
        pass_time(59)
    async with left.running(URL("http://docs.example/")):
        pass_time(2)
    with pytest.raises(TooSlowError):
        async with left.running(URL("http://docs.example/")):
            await asyncio.Event().wait()


async def test_who_waits_for_a_slow_fetch_of_the_same_host_loses_no_time(
    web: Web, pass_time: Pass
) -> None:
    said = asyncio.Event()
    web.site.pages["/slow"] = silent(said)
    web.site.pages["/"] = answer("Lit.")
    fetcher = web.fetcher()
    slow = asyncio.create_task(fetcher.fetch(web.address("/slow")))
    await said.wait()
    waits = asyncio.create_task(fetcher.fetch(web.address()))
    await asyncio.sleep(0)
    pass_time(LONG)

    assert isinstance(await waits, Fetched)
    with pytest.raises(TooSlowError):
        await slow


async def test_five_redirects_are_followed_and_no_sixth(web: Web) -> None:
    for step in range(MOST_REDIRECTS):
        web.site.pages[f"/{step}"] = answer(status=302, Location=f"/{step + 1}")
    web.site.pages[f"/{MOST_REDIRECTS}"] = answer("Lit.")
    assert (await web.fetched("/0")).address == web.address("/5")

    web.site.pages["/first"] = answer(status=302, Location="/0")
    with pytest.raises(ServerError):
        await web.fetched("/first")


async def test_a_circle_of_redirects_ends(web: Web) -> None:
    web.site.pages["/"] = answer(status=301, Location="/next")
    web.site.pages["/next"] = answer(status=301, Location="/")
    with pytest.raises(ServerError):
        await web.fetched()
    assert web.site.paths == ["/", "/next"] * 3


@pytest.mark.parametrize(
    "location", [{}, {"Location": ""}, {"Location": "http://[::1"}, {"Location": "\x80\xff"}]
)
async def test_a_redirect_to_nowhere_is_the_servers_error(
    web: Web, location: dict[str, str]
) -> None:
    web.site.pages["/"] = answer(status=302, **location)
    with pytest.raises(ServerError):
        await web.fetched()


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 100_000 + b"\r\n\r\nLit.",
        b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 10_000 + b"\r\nLit.",
        b"HTTP/1.1 200 " + b"a" * 100_000 + b"\r\n\r\nLit.",
    ],
)
async def test_huge_headers_are_refused(web: Web, head: bytes) -> None:
    async def writes(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)

    web.site.pages["/"] = writes
    with pytest.raises(ServerError):
        await web.fetched()


@pytest.mark.parametrize("piece", [b"X: a\r\n", b"a" * 1000, b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_headers_without_end_are_refused(web: Web, piece: bytes) -> None:
    web.site.pages["/"] = endless(b"HTTP/1.1 100 Continue\r\n", piece)
    with pytest.raises((ServerError, TooSlowError)):
        await web.fetched(seconds=2)


@pytest.mark.parametrize(
    "said",
    [
        b"", b"\r\n\r\n", b"hello", b"HTTP/9.9 200 OK\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nLit.",
        CHUNKED + b"zz\r\nLit.\r\n", CHUNKED + b"ffffffffffffffffffff\r\n", CHUNKED + b"4\r\nLit.",
        HEAD + b"Content-Length: 100\r\n\r\nLit.", b"\x15\x03\x01\x00\x02\x02F",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
    ],
)  # fmt: skip
async def test_nonsense_is_the_servers_error(web: Web, said: bytes) -> None:
    web.site.pages["/"] = said
    with pytest.raises(ServerError):
        await web.fetched()


@settings(suppress_health_check=list(HealthCheck), max_examples=60)
@given(said=st.binary(max_size=200), cut=st.integers(0, 200))
def test_whatever_is_said_is_fetched_or_told(said: bytes, cut: int) -> None:
    """Bytes in the place of an answer, and within one."""
    whole = answer("The lamp is lit.", Content_Encoding="gzip", ETag='"a"')

    async def fetches() -> None:
        async with small_web() as web:
            for page in (said, whole[:cut] + said + whole[cut:], HEAD + said):
                web.site.pages["/"] = web.site.pages["/robots.txt"] = page
                try:
                    assert isinstance(await web.fetcher().fetch(web.address()), Fetched)
                except FetchError as error:
                    assert str(error)  # noqa: PT017

    asyncio.run(fetches())


async def test_a_server_that_is_not_there_is_told(web: Web) -> None:
    web.site.pages["/robots.txt"] = web.site.pages["/"] = b""
    with pytest.raises(ServerError) as refusal:
        await web.fetched()
    assert refusal.value.status is None


# TLS


async def test_a_server_is_told_by_name_whom_it_is_asked_for_and_has_to_prove_it(web: Web) -> None:
    """SNI is the name, not the address; without a certificate for it nothing is asked."""
    named: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda _, name, __: named.append(name)
    server = await asyncio.start_server(web.site.serve, OPEN, 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with server:
        fetcher = web.fetcher(ports=(port,))
        with pytest.raises(ServerError):
            await fetcher.fetch(f"https://{HOST}:{port}/")
    assert named == [HOST]
    assert web.site.asked == []
