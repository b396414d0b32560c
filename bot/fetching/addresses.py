"""Which addresses may be fetched: how they are written, and where on the net they lead."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from yarl import URL

from bot.fetching.errors import MalformedAddressError
from bot.settings.hosts import is_host_name

__all__ = ["PORTS", "IPAddress", "is_public", "literal_of", "parsed_address"]

IPAddress: TypeAlias = IPv4Address | IPv6Address

PORTS = frozenset({80, 443})
MAX_CHARS = 2_000
SCHEMES = ("http", "https")

_UNICAST = IPv6Network("2000::/3")
"""All that is given out of IPv6 to be used; what stands outside means something of its own."""
_NAT64 = IPv6Network("64:ff9b::/96")
_NOT_PUBLIC = (
    IPv4Network("0.0.0.0/8"),
    IPv4Network("100.64.0.0/10"),  # behind carriers' translators; metadata at some hosts
    IPv4Network("168.63.129.16/32"),  # metadata of Azure, though it is a global address
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv6Network("2001::/23"),  # protocols' own; Teredo, which holds an IPv4 address
    IPv6Network("2002::/16"),  # 6to4, which holds one too
    IPv6Network("2001:db8::/32"),
    IPv6Network("3fff::/20"),
)
"""What `is_global` of one Python or another does not know of."""


def is_public(address: IPAddress) -> bool:
    """Whether it is a public server's; of IPv4 within IPv6, what it stands for is asked."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if address not in _UNICAST or address.scope_id is not None:
            return False
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved)
        and not any(address in network for network in _NOT_PUBLIC)
    )


def literal_of(host: str) -> IPAddress | None:
    """The address that a host is, where it is no name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def parsed_address(address: str, ports: Collection[int] = PORTS) -> URL:
    """What is asked for, in one form: IDNA, no fragment, no dot behind the host.

    Raises MalformedAddressError for all but http and https, a user before the host, another port,
    spaces and control characters, a host that is neither a name with a dot in it nor an IP address
    as these are written, such as a number, and an address of more than 2,000 characters.
    """
    text = address.strip()
    if len(text) > MAX_CHARS or not text.isprintable() or " " in text or "\\" in text:
        raise MalformedAddressError(address)
    try:
        url = URL(text).with_fragment(None)
        host = (url.raw_host or "").removesuffix(".")
        if url.scheme not in SCHEMES or url.port not in ports or _has_user(text):
            raise MalformedAddressError(address)
        if literal_of(host) is None and not is_host_name(host):
            raise MalformedAddressError(address)
        return url.with_host(host)
    except (ValueError, TypeError):  # what yarl raises, of which UnicodeError is one
        raise MalformedAddressError(address) from None


def _has_user(text: str) -> bool:
    """Whether something stands before the host, were it empty."""
    authority = text.partition("//")[2]
    for end in "/?#":
        authority = authority.partition(end)[0]
    return "@" in authority
