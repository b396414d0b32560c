"""No request ever reaches an address that is not allowed: the servers' logs are the proof.

The fixture `web` looks at them after each test, and at every connection that was begun.
"""

from __future__ import annotations

import ast
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.cards.failures import words_of
from bot.fetching.client import only_to
from bot.fetching.errors import (
    FetchError,
    HostNotAllowedError,
    MalformedAddressError,
    RefusedAddressError,
)
from bot.fetching.gate import Endpoint
from bot.settings.settings import Settings
from tests.bot.fetching.web import CLOSED, HOST, OPEN, Web, answer

METADATA = "169.254.169.254"
SPELLINGS = [
    "127.0.0.2", "[::1]", "[::ffff:127.0.0.2]", "[::ffff:7f00:2]", "[0:0:0:0:0:ffff:7f00:2]",
    "2130706434", "0x7f000002", "0x7f.0.0.2", "0177.0.0.2", "017700000002", "127.2", "127.0.2",
    "127.0.0.02", "①②⑦.0.0.2", "127。0。0。2", "[64:ff9b::7f00:2]", "[2002:7f00:2::]",
    "[::127.0.0.2]", "localhost", "localhost.", METADATA, "[::ffff:169.254.169.254]", "[::]",
    "[fd00:ec2::254]",
    "0.0.0.0",  # noqa: S104 - it is not bound to
    "[fe80::1]", "[fe80::1%25lo]", "100.100.100.200", "168.63.129.16", "10.0.0.1",
    "intranet", "127.0.0.2.",
]  # fmt: skip


async def refused(web: Web, address: str, **given: Any) -> FetchError:
    with pytest.raises(FetchError) as refusal:
        await web.fetcher(**given).fetch(address)
    return refusal.value


@pytest.mark.parametrize("host", SPELLINGS)
async def test_an_address_that_is_not_public_is_refused_however_it_is_written(
    web: Web, host: str
) -> None:
    web.names["localhost"] = [[CLOSED, "::1"]]

    assert isinstance(await refused(web, web.address("/", host)), RefusedAddressError)


@pytest.mark.parametrize("host", SPELLINGS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_what_is_not_public_is_refused(
    web: Web, host: str, status: int
) -> None:
    web.names["localhost"] = [[CLOSED, "::1"]]
    web.site.pages["/"] = answer(
        status=status, Location=web.address("/", host).encode().decode("latin-1")
    )

    error = await refused(web, web.address())

    assert isinstance(error, RefusedAddressError)
    assert error.address == web.address()
    assert web.site.paths == ["/"]


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://docs.example/",
        "gopher://docs.example/",
        "http://u@docs.example/",
    ],
)
async def test_a_redirect_to_what_is_no_page_of_the_web_is_refused(web: Web, target: str) -> None:
    web.site.pages["/"] = answer(status=302, Location=target)

    assert isinstance(await refused(web, web.address()), RefusedAddressError)


async def test_a_redirect_to_another_port_of_the_same_server_is_refused(web: Web) -> None:
    target = f"http://{HOST}:{web.other_port}/"
    web.site.pages["/"] = answer(status=302, Location=target)

    assert isinstance(await refused(web, web.address()), RefusedAddressError)


@pytest.mark.parametrize(
    "found", [[CLOSED], ["::1"], [OPEN, CLOSED], [CLOSED, OPEN], [OPEN, "::1"], [OPEN, METADATA]]
)
async def test_a_name_of_which_one_address_is_not_public_is_refused(
    web: Web, found: list[str]
) -> None:
    web.names[HOST] = [found]
    web.site.pages["/"] = answer("The lamp is lit.")

    assert isinstance(await refused(web, web.address()), RefusedAddressError)
    assert web.site.connections == 0


async def test_a_name_that_leads_elsewhere_the_second_time_is_looked_up_once(web: Web) -> None:
    """One look for robots.txt, one for the page; what a third would say does not count."""
    web.names[HOST] = [[OPEN], [OPEN], [CLOSED]]
    web.site.pages["/"] = answer("The lamp is lit.")

    assert (await web.fetched()).content == b"The lamp is lit."
    assert web.looked_up == [HOST, HOST]


async def test_a_name_that_leads_elsewhere_after_robots_txt_is_refused(web: Web) -> None:
    web.names[HOST] = [[OPEN], [CLOSED]]

    assert isinstance(await refused(web, web.address()), RefusedAddressError)
    assert web.site.paths == []


async def test_each_redirect_is_looked_up_anew(web: Web) -> None:
    web.names[HOST] = [[OPEN], [OPEN], [CLOSED]]
    web.site.pages["/"] = answer(status=302, Location="/next")

    assert isinstance(await refused(web, web.address()), RefusedAddressError)
    assert web.site.paths == ["/"]


async def test_a_robots_txt_that_leads_to_what_is_not_public_is_not_followed(web: Web) -> None:
    web.site.pages["/robots.txt"] = answer(status=302, Location=web.address("/", CLOSED))
    web.site.pages["/"] = answer("The lamp is lit.")

    assert (await web.fetched()).content == b"The lamp is lit."


async def test_what_stands_behind_a_refused_address_is_not_told(web: Web) -> None:
    """A name that is not there, and one that leads inside, are told in the same words."""
    web.names["inside.example"] = [["10.0.0.1"]]
    web.names["mixed.example"] = [[OPEN, "192.168.0.7"]]
    told = {
        str(await refused(web, web.address("/", host))).replace(host, "HOST")
        for host in ("inside.example", "mixed.example", "no.example", "10.0.0.1", METADATA)
    }
    (said,) = told
    assert "10.0.0" not in said
    assert "192.168" not in said


async def test_where_a_page_leads_that_is_refused_is_not_told(web: Web) -> None:
    told = set()
    for target in (METADATA, CLOSED, "[::1]", "no.example"):
        web.site.pages["/"] = answer("secret", status=302, Location=web.address("/", target))
        error = await refused(web, web.address())
        told.add((str(error), words_of(error)))
    ((said, words),) = told
    for text in (said, words or ""):
        assert all(one not in text for one in ("302", "secret", METADATA, CLOSED, "no.example"))


@pytest.mark.parametrize(
    ("hosts", "host", "allowed"),
    [
        ((), HOST, False),
        (("other.example",), HOST, False),
        (("*.docs.example",), HOST, False),
        (("ocs.example",), HOST, False),
        ((HOST,), HOST, True),
        ((HOST,), "DOCS.example.", True),
        (("*.example",), HOST, True),
        (("*",), HOST, True),
    ],
)
async def test_only_hosts_that_the_operator_allows(
    web: Web, hosts: tuple[str, ...], host: str, allowed: bool
) -> None:
    web.site.pages["/"] = answer("The lamp is lit.")
    fetcher = web.fetcher(hosts)
    if allowed:
        await fetcher.fetch(web.address("/", host))
        assert web.site.paths == ["/"]
    else:
        with pytest.raises(HostNotAllowedError):
            await fetcher.fetch(web.address("/", host))
        assert web.site.connections == 0
        assert web.looked_up == []


async def test_a_redirect_to_a_host_that_is_not_allowed_is_refused(web: Web) -> None:
    web.names["other.example"] = [[OPEN]]
    web.site.pages["/"] = answer(status=302, Location=web.address("/", "other.example"))

    error = await refused(web, web.address(), hosts=(HOST,))

    assert isinstance(error, HostNotAllowedError)
    assert error.host == "other.example"
    assert web.site.paths == ["/"]


@pytest.mark.parametrize("port", [1, 22, 8080, 65535])
async def test_another_port_is_refused(web: Web, port: int) -> None:
    error = await refused(web, f"http://{HOST}:{port}/")
    assert isinstance(error, MalformedAddressError)


@pytest.mark.parametrize("address", [(CLOSED, 80), (OPEN, 81), ("::1", 80, 0, 0)])
def test_a_connector_gets_no_socket_to_what_was_not_looked_at(address: tuple[object, ...]) -> None:
    made = only_to((Endpoint(ip_address(OPEN), 80),))
    with pytest.raises(PermissionError):
        made((2, 1, 6, "", address))


async def test_proxies_of_the_environment_are_not_used(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{CLOSED}:{web.port}")
    web.site.pages["/"] = answer("The lamp is lit.")

    assert (await web.fetched()).content == b"The lamp is lit."


def test_no_setting_and_nothing_of_the_bot_opens_another_endpoint() -> None:
    assert not any("endpoint" in name for name in Settings.model_fields)
    for path in Path(bot.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Fetcher":
                assert not {"lookup", "endpoints"} & {one.arg for one in node.keywords}, path
