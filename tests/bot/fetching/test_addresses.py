"""Which addresses are public, and which texts are addresses: for all that can be written."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.fetching.addresses import PORTS, is_public, literal_of, parsed_address
from bot.fetching.errors import MalformedAddressError
from bot.settings.hosts import is_host_name

CLOSED = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
]  # fmt: skip
CLOSED_6 = [
    "::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "3fff::/20",
    "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "4000::/2",
]  # fmt: skip


def within(network: IPv4Network | IPv6Network) -> st.SearchStrategy[IPv4Address | IPv6Address]:
    last = network.num_addresses - 1
    return st.one_of(st.just(0), st.just(last), st.integers(0, last)).map(lambda at: network[at])


closed = st.sampled_from(CLOSED).flatmap(lambda network: within(IPv4Network(network)))
closed_6 = st.sampled_from(CLOSED_6).flatmap(lambda network: within(IPv6Network(network)))


@given(closed | closed_6)
def test_what_is_set_aside_is_not_public(address: IPv4Address | IPv6Address) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "192.0.1.1", "2606:4700::1111", "2a00:1450:4001::1"]
)
def test_what_servers_have_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.integers(0, 2**32 - 1).map(IPv4Address) | closed)
@example(IPv4Address("1.1.1.1"))
def test_ipv4_within_ipv6_is_as_public_as_it_is_alone(address: IPv4Address) -> None:
    assert is_public(IPv6Address(f"::ffff:{address}")) is is_public(address)
    assert is_public(IPv6Address(f"64:ff9b::{address}")) is is_public(address)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_ways_through_tunnels_are_not_public(address: IPv4Address) -> None:
    assert not is_public(IPv6Address(int(IPv6Address("2002::")) | int(address) << 80))
    assert not is_public(IPv6Address(int(IPv6Address("2001::")) | int(address)))
    assert not is_public(IPv6Address(int(address)))


def test_an_address_within_a_scope_is_not_public() -> None:
    assert not is_public(IPv6Address("2606:4700::1111%eth0"))


def spellings(address: IPv4Address) -> list[str]:
    """How an IPv4 address is written so that some library or other takes it for one."""
    a, b, c, d = address.packed
    number = int(address)
    return [
        str(number), hex(number), f"0{number:o}", f"{a}.{b}.{c * 256 + d}",
        f"{a}.{(b << 16) + (c << 8) + d}", f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}", f"{a}.{b}.{c}.0x{d:x}",
    ]  # fmt: skip


@given(st.integers(0, 2**32 - 1).map(IPv4Address).flatmap(lambda a: st.sampled_from(spellings(a))))
def test_a_number_is_no_host(host: str) -> None:
    with suppress(ValueError):
        IPv4Address(host)
        return  # some of them are as addresses are written
    with pytest.raises(MalformedAddressError):
        parsed_address(f"http://{host}/")


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_an_address_in_other_digits_is_the_same_address(address: IPv4Address) -> None:
    wide = str(address).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    host = parsed_address(f"http://{wide.replace('.', '。')}/").raw_host
    assert literal_of(host or "") == address


def assert_fetchable_or_refused(text: str) -> None:
    try:
        url = parsed_address(text)
    except MalformedAddressError as error:
        assert error.address == text  # noqa: PT017
        return
    host = url.raw_host or ""
    assert url.scheme in ("http", "https")
    assert url.port in PORTS
    assert not url.user
    assert not url.password
    assert not url.fragment
    assert literal_of(host) is not None or is_host_name(host)
    assert parsed_address(str(url)) == url


PARTS = st.sampled_from(
    ["http://", "https://", "//", "/", "\\", "@", ":", "80", "443", "8080", "?", "#", "%2f", "%40",
     "[", "]", "::1", "127.0.0.1", "docs.example", ".", "。", "０", "\t", "\n", " ", "\0", "ß",
     "xn--", "user", "-", "_", "\u202e", "a" * 64, "\ud800", "%00", "..", "0x7f", "ftp:"]
)  # fmt: skip


@given(st.lists(PARTS | st.text(max_size=5), max_size=12).map("".join))
def test_any_text_is_what_may_be_fetched_or_refused(text: str) -> None:
    assert_fetchable_or_refused(text)
    assert_fetchable_or_refused(f"https://{text}")
    assert_fetchable_or_refused(f"https://docs.example{text}")


@pytest.mark.parametrize(
    "text",
    [
        "", "docs.example", "//docs.example/", "ftp://docs.example/", "file:///etc/passwd",
        "http://user@docs.example/", "http://user:word@docs.example/", "http://@docs.example/",
        "http://docs.example:8080/", "http://docs.example:0/",
        "http:///x", "http://docs.example\\@evil.example/", "http://docs exam.ple/",
        "http://docs.example/a b", "http://docs.example/\r\nHost: evil", "http://docs..example/",
        "http://docs%2eexample/", "http://[::1", "javascript:alert(1)", "http://example/",
        f"http://docs.example/{'a' * 2000}",
    ],
)  # fmt: skip
def test_what_is_never_fetched(text: str) -> None:
    with pytest.raises(MalformedAddressError):
        parsed_address(text)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        (" HTTPS://Docs.Example./a?b=c#d ", "https://docs.example/a?b=c"),
        ("http://docs.example:80/", "http://docs.example/"),
        ("http://bücher.example/ä", "http://xn--bcher-kva.example/%C3%A4"),
        ("https://docs.example/a/../b", "https://docs.example/b"),
        ("http://docs.example:/@:22/:", "http://docs.example/@:22/:"),
    ],
)
def test_an_address_has_one_form(text: str, parsed: str) -> None:
    assert str(parsed_address(text)) == parsed
