"""What sites ask programs not to fetch is not fetched, and each is asked once a day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.fetching.errors import RobotsError, ServerError
from bot.fetching.robots import KEPT_S, MAX_BYTES
from tests.bot.fetching.web import HOST, OPEN, Web, answer

PAGE = answer("The lamp is lit.")


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/a", True),
        ("<html>No such page</html>", "/a", True),
        ("User-agent: *\nDisallow: /private/", "/a", True),
        ("User-agent: *\nDisallow: /private/", "/private/a", False),
        ("User-agent: *\nDisallow: /private/", "/x/../private/a", False),
        ("User-agent: *\nDisallow: /private/", "/%70rivate/a", False),
        ("User-agent: *\nDisallow: /\nAllow: /docs/", "/docs/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: footnote\nDisallow: /b", "/a", True),
        ("User-agent: Footnote\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/a", False),
    ],
)
async def test_rules_are_kept(web: Web, rules: str, path: str, allowed: bool) -> None:
    web.site.pages["/robots.txt"] = answer(rules)
    web.site.pages |= dict.fromkeys(("/a", "/docs/a", "/private/a", "/a.pdf"), PAGE)
    if allowed:
        await web.fetched(path)
    else:
        with pytest.raises(RobotsError):
            await web.fetched(path)
        assert web.site.paths == []


async def test_rules_of_a_page_that_is_led_to_are_kept(web: Web) -> None:
    web.names["other.example"] = [[OPEN]]
    web.site.pages["/robots.txt"] = answer("User-agent: *\nDisallow: /private")
    web.site.pages["/"] = answer(status=302, Location=web.address("/private", "other.example"))

    with pytest.raises(RobotsError):
        await web.fetched()
    assert [asked.path for asked in web.site.asked] == ["/robots.txt", "/", "/robots.txt"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_site_without_rules_asks_for_nothing(web: Web, status: int) -> None:
    web.site.pages |= {"/robots.txt": answer("User-agent: *\nDisallow: /", status), "/": PAGE}
    await web.fetched()


@pytest.mark.parametrize("page", [answer(status=500), answer(status=503), answer(status=429), b""])
async def test_a_site_that_fails_is_not_fetched_from_until_it_answers(
    web: Web, page: bytes
) -> None:
    web.site.pages |= {"/robots.txt": page, "/": PAGE}
    fetcher = web.fetcher()
    with pytest.raises(ServerError):
        await fetcher.fetch(web.address())
    assert web.site.paths == []

    web.site.pages["/robots.txt"] = answer("")
    await fetcher.fetch(web.address())


async def test_a_site_is_asked_once_a_day(web: Web, pass_time: Callable[[float], None]) -> None:
    web.site.pages |= {"/robots.txt": answer(""), "/": PAGE, "/a": PAGE}
    fetcher = web.fetcher()
    for path in ("/", "/a", "/"):
        await fetcher.fetch(web.address(path))
    assert [asked.path for asked in web.site.asked].count("/robots.txt") == 1

    pass_time(KEPT_S)
    web.site.pages["/robots.txt"] = answer("User-agent: *\nDisallow: /")
    with pytest.raises(RobotsError):
        await fetcher.fetch(web.address())


async def test_each_host_has_rules_of_its_own(web: Web) -> None:
    web.names["other.example"] = [[OPEN]]
    web.site.pages["/"] = PAGE
    fetcher = web.fetcher()
    for host in (HOST, "other.example"):
        await fetcher.fetch(web.address("/", host))
    asked = [asked.headers["host"] for asked in web.site.asked if asked.path == "/robots.txt"]
    assert asked == [f"{HOST}:{web.port}", f"other.example:{web.port}"]


@pytest.mark.parametrize(
    "rules",
    [
        "a" * (MAX_BYTES + 1),
        "".join(f"User-agent: a{at}\n" for at in range(2_000)),
        "".join(f"User-agent: a{at}\n" for at in range(900)) + "Disallow: /b\n" * 900,
    ],
    ids=["bytes", "names", "rules of all names"],
)
async def test_more_rules_than_anybody_writes_forbid_all(web: Web, rules: str) -> None:
    web.site.pages |= {"/robots.txt": answer(rules), "/": PAGE}
    with pytest.raises(RobotsError):
        await web.fetched()


async def test_rules_that_are_many_are_read(web: Web) -> None:
    rules = "".join(f"User-agent: a{at}\nDisallow: /\n" for at in range(5_000))
    web.site.pages |= {"/robots.txt": answer(f"{rules}User-agent: *\nDisallow: /b"), "/": PAGE}
    await web.fetched()
