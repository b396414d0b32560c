"""The fetcher's branch of the tree of errors in index/errors.py.

FootnoteError
└── FetchError                      nothing was fetched; `address` is the one that was asked for
    ├── RefusedAddressError         it is not of a public server, or leads to one that is not
    │   └── MalformedAddressError   it is written in a way that is never fetched
    ├── HostNotAllowedError         the operator does not allow the host
    ├── RobotsError                 the site's robots.txt asks not to
    ├── PageGoneError               404 or 410
    ├── TooLargeError               more bytes than may be
    ├── TooSlowError                it takes longer than may be
    ├── UnreadableError             it is of a kind that is not read
    └── ServerError                 the server does not answer, or with an error

Of an address that is refused no more is said than that: neither why, nor what stands behind it.
"""

from __future__ import annotations

from typing import Literal

from index.errors import FootnoteError

__all__ = [
    "FetchError",
    "HostNotAllowedError",
    "Key",
    "MalformedAddressError",
    "PageGoneError",
    "RefusedAddressError",
    "RobotsError",
    "ServerError",
    "TooLargeError",
    "TooSlowError",
    "UnreadableError",
]

Key = Literal[
    "refused", "malformed", "host", "robots", "gone", "too_large", "too_slow", "unreadable",
    "status", "server",
]  # fmt: skip
"""Which words tell people of it."""
SHOWN_CHARS = 300


class FetchError(FootnoteError):
    """Nothing was fetched; `key` names the words for people, `fields` go into them."""

    key: Key

    def __init__(self, address: str, reason: str, **fields: int | str) -> None:
        self.address = address
        self.fields = {"address": address, **fields}
        shown = "".join(sign if sign.isprintable() else "?" for sign in address[:SHOWN_CHARS])
        super().__init__(f"{shown}: {reason}")


class RefusedAddressError(FetchError):
    """The address is not one of a public server; `led` is True where it leads to such a one."""

    key: Key = "refused"

    def __init__(self, address: str, *, led: bool = False) -> None:
        self.led = led
        does = "leads to an address that is" if led else "is"
        super().__init__(address, f"{does} not one of a public server; check its spelling")


class MalformedAddressError(RefusedAddressError):
    """The address is written in a way that is never fetched, whatever it may stand for."""

    key: Key = "malformed"

    def __init__(self, address: str) -> None:
        super(RefusedAddressError, self).__init__(
            address,
            "is no address that is fetched; write https:// and a host's name, without a user, and "
            "with no port but 80 or 443",
        )
        self.led = False


class HostNotAllowedError(FetchError):
    """The operator does not allow `host`, which the address names or leads to."""

    key: Key = "host"

    def __init__(self, address: str, host: str) -> None:
        self.host = host
        reason = f"the host {host} is not allowed; name it in FOOTNOTE_FETCH_HOSTS"
        super().__init__(address, reason, host=host)


class RobotsError(FetchError):
    """The site's robots.txt asks programs not to fetch the address."""

    key: Key = "robots"

    def __init__(self, address: str) -> None:
        super().__init__(address, "its robots.txt asks programs not to fetch it; ask its owner")


class PageGoneError(FetchError):
    """The server says that there is nothing, or nothing any more."""

    key: Key = "gone"

    def __init__(self, address: str) -> None:
        super().__init__(address, "there is nothing (any more); check the address")


class TooLargeError(FetchError):
    """More than `limit` bytes, as they are sent or unpacked."""

    key: Key = "too_large"

    def __init__(self, address: str, limit: int) -> None:
        super().__init__(address, f"has more than {limit:,} bytes, the most", limit=limit)


class TooSlowError(FetchError):
    """It takes longer than `seconds` in all."""

    key: Key = "too_slow"

    def __init__(self, address: str, seconds: float) -> None:
        self.seconds = seconds
        reason = f"takes longer than {seconds:g} s; try again later"
        super().__init__(address, reason, seconds=f"{seconds:g}")


class UnreadableError(FetchError):
    """It is of a kind that is not read: `told` is what the server says of it."""

    key: Key = "unreadable"

    def __init__(self, address: str, told: str) -> None:
        super().__init__(address, f"is {told}, which is not read", told=told)


class ServerError(FetchError):
    """The server does not answer, not rightly, or with an error; `status` is None but for that."""

    def __init__(self, address: str, reason: str, status: int | None = None) -> None:
        self.status = status
        self.key = "server" if status is None else "status"
        super().__init__(address, f"{reason}; try again later", status=status or 0)
