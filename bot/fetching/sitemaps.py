"""The pages that a site lists in its sitemap, or in those that its index of sitemaps lists."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Literal

from lxml import etree

from bot.fetching.errors import TooLargeError, UnreadableError
from bot.fetching.fetcher import MAX_UNPACKED, Fetched, Fetcher
from index.files.inflating import CutError, OverBoundError, unpacked_gzip

__all__ = ["ListedPage", "Sitemap", "list_pages"]

MAX_PAGES = 500
MAX_MAPS = 50
MAX_ELEMENTS = 100_000
MAX_TIME = 40
"""Of a time of W3C's form."""
_GZIP = b"\x1f\x8b"
_NO_SITEMAP = "no sitemap"

Kind = Literal["urlset", "sitemapindex"]
HostOf = Callable[[str], str | None]
"""The host of an address that may be fetched; None of any other."""
_ENTRIES: Mapping[Kind, str] = {"urlset": "url", "sitemapindex": "sitemap"}


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page; `last_modified` is what the sitemap says, in its own words."""

    address: str
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages, in the order of the sitemap and each once.

    `elsewhere` counts what is listed of other hosts and passed over; `is_cut` tells that there are
    more than 500.
    """

    pages: tuple[ListedPage, ...]
    elsewhere: int
    is_cut: bool


async def list_pages(fetcher: Fetcher, address: str) -> Sitemap:
    """The pages of the sitemap's own host, 500 at most.

    Of an index the first 50 sitemaps are asked, one after another, until there are enough; one of
    an index within is passed over. Raises FetchError.
    """
    first = await _read(fetcher, address)
    if first.kind == "urlset":
        return _cut(first.pages, first.elsewhere)
    pages: dict[str, ListedPage] = {}
    elsewhere = first.elsewhere
    for one in itertools.islice(first.pages, MAX_MAPS):
        listed = await _read(fetcher, one)
        if listed.kind == "urlset" and listed.host == first.host:
            for page in listed.pages.values():
                pages.setdefault(page.address, page)
            elsewhere += listed.elsewhere
        if len(pages) > MAX_PAGES:
            break
    return _cut(pages, elsewhere)


def _cut(pages: Mapping[str, ListedPage], elsewhere: int) -> Sitemap:
    kept = tuple(itertools.islice(pages.values(), MAX_PAGES))
    return Sitemap(kept, elsewhere, len(pages) > MAX_PAGES)


@dataclass(slots=True)
class _Listed:
    """What one sitemap lists, by address."""

    host: str | None
    host_of: HostOf
    kind: Kind = "urlset"
    pages: dict[str, ListedPage] = field(default_factory=dict)
    elsewhere: int = 0

    def add(self, entry: etree._Element) -> None:
        said = {_name_of(child): (child.text or "").strip() for child in entry}
        address, modified = said.get("loc", ""), said.get("lastmod", "")[:MAX_TIME]
        if self.host_of(address) == self.host:
            self.pages.setdefault(address, ListedPage(address, modified or None))
        else:
            self.elsewhere += 1


async def _read(fetcher: Fetcher, address: str) -> _Listed:
    fetched = await fetcher.fetch(address, wanted="sitemap")
    if not isinstance(fetched, Fetched):
        raise UnreadableError(address, _NO_SITEMAP)
    return await fetcher.pool.run(None, _parsed, fetched, fetcher.host_of)


def _parsed(fetched: Fetched, host_of: HostOf) -> _Listed:
    """What it lists, up to the bounds. Raises FetchError."""
    content = fetched.content
    try:
        if content.startswith(_GZIP):
            content = unpacked_gzip(content, MAX_UNPACKED)
        return _listed(fetched.address, content, host_of)
    except OverBoundError as error:
        raise TooLargeError(fetched.address, error.limit) from None
    except (CutError, etree.LxmlError, ValueError):
        raise UnreadableError(fetched.address, _NO_SITEMAP) from None


def _listed(address: str, content: bytes, host_of: HostOf) -> _Listed:
    """What well-formed XML lists; none of what an entity stands for, nor of a DTD."""
    listed = _Listed(host_of(address), host_of)
    parsing = etree.iterparse(
        BytesIO(content),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: etree._Element | None = None
    for count, (event, element) in enumerate(parsing):
        if root is None:
            root = element
            listed.kind = _kind_of(address, root)
        if count > 2 * MAX_ELEMENTS:
            raise TooLargeError(address, MAX_UNPACKED)
        if event == "end" and element.getparent() is root:
            if _name_of(element) == _ENTRIES[listed.kind]:
                listed.add(element)
            element.clear()
            while element.getprevious() is not None:
                del root[0]
        if len(listed.pages) > MAX_PAGES:
            break
    return listed


def _kind_of(address: str, root: etree._Element) -> Kind:
    name = _name_of(root)
    for kind in _ENTRIES:
        if kind == name and root.getroottree().docinfo.internalDTD is None:
            return kind
    raise UnreadableError(address, _NO_SITEMAP)


def _name_of(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
