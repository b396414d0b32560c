"""What sites ask programs not to fetch, by their robots.txt (RFC 9309)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from protego import Protego
from yarl import URL

from bot.fetching.bodies import Bounds
from bot.fetching.client import Client, Head, TimeLeft
from bot.fetching.errors import (
    FetchError,
    HostNotAllowedError,
    RefusedAddressError,
    RobotsError,
    ServerError,
    TooLargeError,
)
from bot.work.pools import Pool

__all__ = ["ROBOT", "Robots"]

ROBOT = "Footnote"
"""The name that robots.txt knows this program by."""
KEPT_S = 24 * 3600.0
MOST_SITES = 500
MAX_BYTES = 512_000
MOST_COPIES = 200_000
"""Rules, each counted for every name that stands above it; the parser keeps so many."""
MOST_NAMES = 1_000

_TOO_MANY = 429
_BOUNDS = Bounds(MAX_BYTES, MAX_BYTES)
_FORBID_ALL = "User-agent: *\nDisallow: /"


@dataclass(frozen=True, slots=True)
class _Kept:
    rules: Protego
    until: float


class Robots:
    """Asks each site once a day, and keeps what it says."""

    def __init__(self, client: Client, pool: Pool) -> None:
        self._client, self._pool = client, pool
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def check(self, url: URL, left: TimeLeft) -> None:
        """Raises RobotsError where the site asks not to, and FetchError where it cannot be asked.

        A site without rules (4xx, or what leads to another host) asks for nothing. One that is
        failing (5xx, 429, no answer) is fetched from when it answers again.
        """
        site = str(url.origin())
        now = asyncio.get_running_loop().time()
        kept = self._kept.pop(site, None)
        if kept is None or kept.until <= now:
            kept = _Kept(await self._rules(site, left), now + KEPT_S)
        self._kept[site] = kept
        if len(self._kept) > MOST_SITES:
            self._kept.popitem(last=False)
        if not kept.rules.can_fetch(str(url), ROBOT):
            raise RobotsError(str(url))

    async def _rules(self, site: str, left: TimeLeft) -> Protego:
        address = f"{site}/robots.txt"
        try:
            page = await self._client.get(address, left, _bounds)
        except TooLargeError:
            return Protego.parse(_FORBID_ALL)
        except (HostNotAllowedError, RefusedAddressError) as error:
            if _is_of(error, site):
                raise
            return Protego()
        status = page.head.status
        if status >= 500 or status == _TOO_MANY:
            raise ServerError(address, f"is answered with {status}", status)
        text = page.content.decode("utf-8-sig", "replace")
        return await self._pool.run(None, _parsed, text)


def _bounds(head: Head) -> Bounds | None:
    return _BOUNDS if 200 <= head.status < 300 else None


def _is_of(error: FetchError, site: str) -> bool:
    """Whether the site itself is refused, and not what its robots.txt leads to."""
    if isinstance(error, HostNotAllowedError):
        return error.host == URL(site).raw_host
    return isinstance(error, RefusedAddressError) and not error.led


def _parsed(text: str) -> Protego:
    """The rules; all is forbidden where they are more than anybody writes."""
    names = copies = 0
    was_name = False
    for line in text.splitlines():
        is_name = line.strip().lower().startswith("user")
        if is_name:
            names = names + 1 if was_name else 1
        else:
            copies += names
        if line.strip():
            was_name = is_name
        if copies > MOST_COPIES or names > MOST_NAMES:
            return Protego.parse(_FORBID_ALL)
    return Protego.parse(text)
