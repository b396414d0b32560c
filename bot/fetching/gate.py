"""The gate that every request goes through: which hosts, and which of their addresses."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from ipaddress import ip_address
from typing import NamedTuple

from yarl import URL

from bot.fetching.addresses import PORTS, IPAddress, is_public, literal_of, parsed_address
from bot.fetching.errors import HostNotAllowedError, RefusedAddressError
from bot.settings.hosts import names_host
from bot.work.pools import Pool

__all__ = ["Endpoint", "Gate", "Lookup", "system_lookup"]

Lookup = Callable[[str], Awaitable[Sequence[IPAddress]]]
"""The addresses of a name; none, or an OSError, where there are none."""


class Endpoint(NamedTuple):
    """Where a connection goes to."""

    address: IPAddress
    port: int


class Gate:
    """Lets through what is a public server's, of a host that the operator allows.

    `endpoints` are let through besides; they are for tests, whose servers are on this machine, and
    no setting leads here.
    """

    def __init__(
        self, hosts: Sequence[str], lookup: Lookup, endpoints: Collection[Endpoint] = ()
    ) -> None:
        self._hosts = tuple(hosts)
        self._lookup = lookup
        self._endpoints = frozenset(endpoints)
        self._ports = PORTS | {endpoint.port for endpoint in endpoints}

    def parsed(self, address: str) -> URL:
        """What is asked for. Raises MalformedAddressError, HostNotAllowedError."""
        url = parsed_address(address, self._ports)
        host = url.raw_host or ""
        if not names_host(self._hosts, host):
            raise HostNotAllowedError(address, host)
        return url

    async def endpoints_of(self, url: URL) -> tuple[Endpoint, ...]:
        """Where a server of the host is, by one look; nothing else may be connected to.

        Raises RefusedAddressError where there is none, or any of them is not public.
        """
        host, port = url.raw_host or "", url.port or 0
        literal = literal_of(host)
        try:
            found = [literal] if literal is not None else await self._lookup(host)
        except OSError:
            found = []
        endpoints = tuple(Endpoint(address, port) for address in dict.fromkeys(found))
        if not endpoints or not all(map(self._is_open, endpoints)):
            raise RefusedAddressError(str(url))
        return endpoints

    def _is_open(self, endpoint: Endpoint) -> bool:
        public = endpoint.port in PORTS and is_public(endpoint.address)
        return public or endpoint in self._endpoints


def system_lookup(pool: Pool) -> Lookup:
    """Looks names up as this machine does, in the threads of a pool."""

    async def lookup(host: str) -> list[IPAddress]:
        found = await pool.run(None, _looked_up, host)
        return [ip_address(address) for address in found]

    return lookup


def _looked_up(host: str) -> list[str]:
    """The addresses as text; one within a scope keeps it, and is no public one."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError:  # of a label that is too long for the codec
        return []
    return [str(sockaddr[0]) for *_, sockaddr in found]
