"""The pages that a site lists: of its own host, each once, and no more than 500."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetching.errors import FetchError, TooLargeError, UnreadableError
from bot.fetching.fetcher import Fetched, Validators
from bot.fetching.sitemaps import MAX_MAPS, MAX_PAGES, ListedPage, _parsed, list_pages
from tests.bot.fetching.web import HOST, OPEN, Web, answer

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def urls(*addresses: str, more: str = "") -> str:
    entries = "".join(f"<url><loc>{address}</loc>{more}</url>" for address in addresses)
    return f'<?xml version="1.0"?><urlset xmlns="{NAMESPACE}">{entries}</urlset>'


def index_of(*addresses: str) -> str:
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f'<sitemapindex xmlns="{NAMESPACE}">{entries}</sitemapindex>'


def xml(content: str | bytes) -> bytes:
    return answer(content, kind="application/xml")


async def test_pages_and_when_they_changed(web: Web) -> None:
    first, second = web.address("/a"), web.address("/b?c=1&amp;d=2")
    listed = urls(first, more="\n<lastmod> 2026-11-24 </lastmod>").replace(
        "</urlset>", f"<!-- more --><url><loc>\n{second}\n</loc></url></urlset>"
    )
    web.site.pages["/sitemap.xml"] = xml(listed)

    sitemap = await list_pages(web.fetcher(), web.address("/sitemap.xml"))

    assert sitemap.pages == (
        ListedPage(first, "2026-11-24"),
        ListedPage(web.address("/b?c=1&d=2")),
    )
    assert (sitemap.elsewhere, sitemap.is_cut) == (0, False)


async def test_an_index_of_sitemaps(web: Web) -> None:
    web.site.pages["/sitemap.xml"] = xml(
        index_of(web.address("/1.xml"), web.address("/2.xml.gz"), web.address("/3.xml"))
    )
    web.site.pages["/1.xml"] = xml(urls(web.address("/a"), web.address("/b")))
    web.site.pages["/2.xml.gz"] = answer(
        gzip.compress(urls(web.address("/b"), web.address("/c")).encode()), kind="application/gzip"
    )
    web.site.pages["/3.xml"] = xml(index_of(web.address("/1.xml")))

    sitemap = await list_pages(web.fetcher(), web.address("/sitemap.xml"))

    assert [page.address for page in sitemap.pages] == [web.address(f"/{at}") for at in "abc"]


async def test_pages_of_other_hosts_are_counted_and_passed_over(web: Web) -> None:
    web.names["other.example"] = [[OPEN]]
    web.site.pages["/sitemap.xml"] = xml(
        urls(web.address("/a"), web.address("/b", "other.example"), "file:///etc/passwd", "", "x")
    )

    sitemap = await list_pages(web.fetcher(), web.address("/sitemap.xml"))

    assert [page.address for page in sitemap.pages] == [web.address("/a")]
    assert sitemap.elsewhere == 4


async def test_sitemaps_of_other_hosts_are_not_asked(web: Web) -> None:
    web.names["other.example"] = [[OPEN]]
    maps = index_of(web.address("/1.xml", "other.example"), web.address("/2.xml"))
    web.site.pages["/sitemap.xml"] = xml(maps)
    web.site.pages["/2.xml"] = answer(status=302, Location=web.address("/1.xml", "other.example"))
    web.site.pages["/1.xml"] = xml(urls(web.address("/a")))

    sitemap = await list_pages(web.fetcher(), web.address("/sitemap.xml"))

    assert sitemap.pages == ()
    assert sitemap.elsewhere == 1


async def test_more_pages_than_may_be_are_cut(web: Web) -> None:
    many = [web.address(f"/{at}") for at in range(MAX_PAGES)]
    web.site.pages["/sitemap.xml"] = xml(urls(*many, *many))
    sitemap = await list_pages(web.fetcher(), web.address("/sitemap.xml"))
    assert (len(sitemap.pages), sitemap.is_cut) == (MAX_PAGES, False)

    web.site.pages["/sitemap.xml"] = xml(urls(*many, web.address("/one-more")))
    sitemap = await list_pages(web.fetcher(), web.address("/sitemap.xml"))
    assert (len(sitemap.pages), sitemap.is_cut) == (MAX_PAGES, True)


async def test_no_more_sitemaps_are_asked_than_may_be(web: Web) -> None:
    maps = [web.address(f"/{at}.xml") for at in range(MAX_MAPS + 5)]
    web.site.pages["/sitemap.xml"] = xml(index_of(*maps))
    for at in range(MAX_MAPS + 5):
        web.site.pages[f"/{at}.xml"] = xml(urls(web.address(f"/page-{at}")))

    sitemap = await list_pages(web.fetcher(), web.address("/sitemap.xml"))

    assert len(web.site.paths) == 1 + MAX_MAPS
    assert len(sitemap.pages) == MAX_MAPS


BOMB = "<!DOCTYPE b [<!ENTITY a 'lol'><!ENTITY c '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
OUTSIDE = f"<!DOCTYPE b [<!ENTITY a SYSTEM 'http://{HOST}/secret'>]>"


@pytest.mark.parametrize(
    "content",
    [
        "", "hello", "<html><body>No sitemap</body></html>", "<urlset>", "<urlset></other>",
        BOMB + urls("&c;"), OUTSIDE + urls("&a;"),
        f"<!DOCTYPE urlset SYSTEM 'http://{HOST}/x.dtd'>" + urls(),
        b"\x1f\x8b\x08broken", "<urlset>" + "<a>" * 1000,
    ],
)  # fmt: skip
async def test_what_is_no_sitemap_is_told(web: Web, content: str | bytes) -> None:
    web.site.pages["/sitemap.xml"] = xml(content)
    with pytest.raises(UnreadableError):
        await list_pages(web.fetcher(), web.address("/sitemap.xml"))
    assert web.site.paths == ["/sitemap.xml"]


async def test_a_bomb_in_a_packed_sitemap_is_cut(web: Web) -> None:
    web.site.pages["/sitemap.xml.gz"] = answer(
        gzip.compress(bytes(100_000_000)), kind="application/gzip"
    )
    with pytest.raises(TooLargeError):
        await list_pages(web.fetcher(), web.address("/sitemap.xml.gz"))


async def test_elements_beyond_all_sense_are_cut(web: Web) -> None:
    web.site.pages["/sitemap.xml"] = xml(f"<urlset>{'<a/>' * 150_000}</urlset>")
    with pytest.raises(TooLargeError):
        await list_pages(web.fetcher(), web.address("/sitemap.xml"))


@given(st.binary() | st.text().map(str.encode), st.integers(0, 300))
def test_any_bytes_are_a_sitemap_or_told(content: bytes, cut: int) -> None:
    whole = urls("https://docs.example/a", more="<lastmod>2026</lastmod>").encode()
    for made in (content, whole[:cut] + content + whole[cut:]):
        address = "https://docs.example/sitemap.xml"
        fetched = Fetched(address, made, "text/xml", None, "sitemap", Validators(address))
        try:
            listed = _parsed(fetched, lambda one: HOST if HOST in one else None)
        except FetchError:
            continue
        assert len(listed.pages) <= 2
