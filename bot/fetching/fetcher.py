"""The fetcher: what stands at an address, where it has changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from bot.fetching.bodies import Bounds
from bot.fetching.client import Client, Head, Page, TimeLeft
from bot.fetching.errors import (
    HostNotAllowedError,
    MalformedAddressError,
    PageGoneError,
    ServerError,
    UnreadableError,
)
from bot.fetching.gate import Endpoint, Gate, Lookup, system_lookup
from bot.fetching.media import WRITTEN, file_name_of, in_utf8, stem_of, suffix_of
from bot.fetching.robots import ROBOT, Robots
from bot.settings.settings import Settings
from bot.work.pools import Pool
from index.documents.uploads import MARKED_TIMES, max_upload_bytes

__all__ = ["Fetched", "Fetcher", "Unchanged", "Validators", "Wanted"]

Wanted = Literal["document", "sitemap", "archive"]

SECONDS = 20.0
"""In all, for robots.txt and every step."""
MAX_UNPACKED = 20_000_000
MAX_VALIDATOR = 500
THREADS = 4

_NOT_CHANGED = 304
_FOUND = 200
_GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Validators:
    """By what the server tells whether `address`, which it came from in the end, has changed."""

    address: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What stands at an address.

    `address` is where it came from in the end, `content` its bytes, a text's in UTF-8 where the
    server tells its encoding rightly (`charset` is what it tells, right or wrong), `file_name` a
    name that an importer knows the format by.
    """

    address: str
    content: bytes
    media_type: str
    charset: str | None
    file_name: str
    validators: Validators


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says that `address` is as it was when it gave the validators."""

    address: str


class Fetcher:
    """Fetches from hosts that the operator allows, by public addresses, where robots.txt lets it.

    `lookup` and `endpoints` are for tests, whose servers are on this machine: no setting leads to
    them, and nothing of the bot gives them.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        lookup: Lookup | None = None,
        endpoints: Collection[Endpoint] = (),
        seconds: float = SECONDS,
    ) -> None:
        self.pool = Pool("fetching", THREADS, of_one=THREADS)
        """Threads for what is looked up, and for what is read on the way."""
        self._seconds = seconds
        self._max_bytes = settings.max_file_bytes
        self._gate = Gate(settings.fetch_hosts, lookup or system_lookup(self.pool), endpoints)
        self._client = Client(self._gate, user_agent(settings.fetch_contact))
        self._robots = Robots(self._client, self.pool)

    async def fetch(
        self, address: str, known: Validators | None = None, *, wanted: Wanted = "document"
    ) -> Fetched | Unchanged:
        """What stands at the address, or that it has not changed since `known` was given.

        A document is of a kind that can be added as a file, and as large at most, a text as it is
        sent too; a sitemap or an archive is of any kind, and five times as large as a text. Raises
        FetchError.
        """
        left = TimeLeft(self._seconds)
        page = await self._client.get(
            address,
            left,
            lambda head: self._bounds(head, wanted),
            headers={known.address: _conditions(known)} if known else None,
            before=lambda url: self._robots.check(url, left),
        )
        head = page.head
        if head.status == _NOT_CHANGED and known and known.address == str(head.url):
            return Unchanged(str(head.url))
        if head.status in _GONE:
            raise PageGoneError(str(head.url))
        if head.status != _FOUND:
            reason = f"is answered with {head.status}"
            raise ServerError(str(head.url), reason, head.status)
        return _fetched(page, wanted)

    def host_of(self, address: str) -> str | None:
        """The host of an address as it is written, where it may be fetched from; else None."""
        try:
            return self._gate.parsed(address).raw_host
        except (MalformedAddressError, HostNotAllowedError):
            return None

    def close(self) -> None:
        """Begin nothing more."""
        self.pool.close()

    def _bounds(self, head: Head, wanted: Wanted) -> Bounds | None:
        """How much of an answer is read. Raises UnreadableError."""
        if head.status != _FOUND:
            return None
        if wanted != "document":
            return Bounds(self._max_bytes * MARKED_TIMES, MAX_UNPACKED)
        suffix = suffix_of(head.url, head.media_type)
        if suffix is None:
            raise UnreadableError(str(head.url), head.media_type)
        most = min(max_upload_bytes(f"file{suffix}", self._max_bytes), MAX_UNPACKED)
        return Bounds(self._max_bytes if suffix in WRITTEN else most, most)


def user_agent(contact: str | None) -> str:
    """Who fetches, and whom to turn to."""
    about = f"+{contact}" if contact else "a self-hosted Discord bot"
    return f"{ROBOT}/{version('footnote')} ({about})"


def _conditions(known: Validators) -> Mapping[str, str]:
    told = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in told.items() if value}


def _fetched(page: Page, wanted: Wanted) -> Fetched:
    head = page.head
    suffix = suffix_of(head.url, head.media_type) if wanted == "document" else None
    return Fetched(
        str(head.url),
        page.content if suffix is None else in_utf8(suffix, page.content, head.charset),
        head.media_type,
        head.charset,
        stem_of(head.url) if suffix is None else file_name_of(head.url, suffix),
        Validators(str(head.url), _validator(head, "ETag"), _validator(head, "Last-Modified")),
    )


def _validator(head: Head, name: str) -> str | None:
    """What can be sent back as it is; a server that sends anything else is asked without."""
    value = head.headers.get(name)
    fits = value is not None and value.isascii() and value.isprintable()
    return value if fits and len(value or "") <= MAX_VALIDATOR else None
