"""Names are looked up as this machine does, in threads of their own."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from bot.fetching.errors import RefusedAddressError
from bot.fetching.fetcher import Fetcher
from bot.fetching.gate import system_lookup
from bot.settings.settings import Settings
from bot.work.pools import Pool


async def test_the_addresses_of_this_machine_are_looked_up() -> None:
    pool = Pool("fetching", 1)
    assert ip_address("127.0.0.1") in await system_lookup(pool)("localhost")
    pool.close()


@pytest.mark.parametrize("address", ["http://docs.example/", "https://docs.example/"])
@pytest.mark.parametrize(
    "found",
    [
        [(socket.AF_INET, 0, 0, "", ("127.0.0.1", 0))],
        [(socket.AF_INET6, 0, 0, "", ("fe80::1%lo", 0, 0, 1))],
        [],
        socket.gaierror("no such name"),
        UnicodeError("label too long"),
    ],
)
async def test_without_arguments_this_machine_is_not_fetched_from(
    monkeypatch: pytest.MonkeyPatch, address: str, found: Any
) -> None:
    def looked_up(*_: Any, **__: Any) -> Any:
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr("bot.fetching.gate.socket.getaddrinfo", looked_up)
    fetcher = Fetcher(Settings(fetch_hosts=("*",)))
    with pytest.raises(RefusedAddressError):
        await fetcher.fetch(address)
    fetcher.close()
