"""Pages that change, vanish and lead astray, as their documents follow them."""

from __future__ import annotations

import asyncio
import gzip
from datetime import datetime, timedelta

import pytest

from bot.following.follower import BUSY, CLAIM, MOST_OF_HOST
from bot.store import FollowedAddress, Store
from bot.store.errors import StoreError
from tests.bot.fetching.web import HOST, answer
from tests.bot.following.conftest import MONA, PLACE, Pages

HOUR = timedelta(hours=1)
RULES = [f"Boats of class {number} moor at quay {number} [{number}]." for number in range(1, 11)]


def page(*rules: str, advert: str = "") -> str:
    """A page of Markdown; an advert is a picture, which is no passage."""
    picture = f"![{advert}](https://adverts.example/{advert}.png)\n\n" if advert else ""
    return f"# Rules\n\n{picture}" + "\n\n".join(rules or RULES)


async def test_changed_words_are_a_revision(pages: Pages) -> None:
    pages.show("/rules.md", page(), ETag='"1"')
    await pages.add("/rules.md")
    pages.show("/rules.md", page(*RULES[:9], "Boats of class 10 moor anywhere [10]."), ETag='"2"')
    checked = await pages.look_at_one()
    assert checked.counts == (0, 0, 1)
    assert pages.revision == 2
    assert "Boats of class 10 moor anywhere." in await pages.texts()
    revision = pages.store.libraries.current(PLACE.server)
    assert revision is not None
    assert (revision.by.name, revision.action, revision.counts.changed) == (
        "schedule",
        "refresh",
        1,
    )
    assert pages.followed.etag == '"2"'


async def test_what_was_said_of_the_document_stays(pages: Pages) -> None:
    pages.show("/rules.md", page())
    await pages.add("/rules.md")
    before = (await pages.publisher.documents(PLACE))[0].spec
    pages.show("/rules.md", page(*RULES, "A new one.").replace("# Rules", "# Other rules"))
    await pages.look_at_one()
    after = (await pages.publisher.documents(PLACE))[0].spec
    assert after == before
    assert after.source_url == "https://docs.example/rules.md"


async def test_adverts_make_no_revision_and_their_bytes_are_read_once(pages: Pages) -> None:
    pages.show("/rules.md", page(advert="soap"))
    await pages.add("/rules.md")
    pages.show("/rules.md", page(advert="ships"))
    first = await pages.look_at_one()
    assert (first.counts, first.followed.held, pages.revision) == (None, None, 1)
    again = await pages.look_at_one()
    assert again.followed.digest == first.followed.digest == pages.followed.digest
    assert pages.revision == 1


async def test_an_etag_alone_changes_nothing_but_what_is_sent_back(pages: Pages) -> None:
    pages.show("/rules.md", page(), ETag='"1"')
    await pages.add("/rules.md")
    pages.show("/rules.md", page(), ETag='"2"')
    checked = await pages.look_at_one()
    assert (checked.counts, pages.followed.etag, pages.revision) == (None, '"2"', 1)
    pages.web.site.pages["/rules.md"] = answer(status=304)
    await pages.look_at_one()
    sent = [asked.headers.get("if-none-match") for asked in pages.web.site.asked[1:]]
    assert sent[-2:] == ['"1"', '"2"']
    assert (pages.followed.checked_at, pages.followed.failures) == (pages.clock.now, 0)


async def test_a_page_that_disappears_serves_on_with_growing_pauses(pages: Pages) -> None:
    pages.show("/rules.md", page())
    await pages.add("/rules.md")
    texts, good = await pages.texts(), pages.clock.now
    del pages.web.site.pages["/rules.md"]
    checked = await pages.look_at_one()
    since = pages.clock.now
    assert (checked.followed.failure, checked.followed.failing_since) == ("gone", since)
    assert checked.followed.next_check - since == 2 * HOUR
    assert await pages.follower.tell(PLACE) == []
    assert (await pages.look_at_one(2)).followed.next_check - pages.clock.now == 4 * HOUR
    assert (await pages.look_at_one(4)).followed.failing_since == since
    assert (await pages.texts(), pages.revision, pages.followed.checked_at) == (texts, 1, good)
    (told,) = await pages.follower.tell(PLACE)
    assert (told.failures, told.failing_since) == (3, since)
    await pages.look_at_one(8)
    assert await pages.follower.tell(PLACE) == []
    pages.show("/rules.md", page())
    back = (await pages.look_at_one(16)).followed
    assert (back.failures, back.failing_since, back.failure, back.told_at) == (0, None, None, None)
    assert back.next_check - pages.clock.now == HOUR


ASTRAY = {
    "metadata": "http://169.254.169.254/latest",
    "loopback": "http://127.0.0.2:{port}/",
    "loopback of IPv6": "http://[::1]:{port}/",
    "a name with two addresses": "http://two.example:{port}/",
    "a name that leads elsewhere at the next look": "http://turns.example:{port}/",
}


@pytest.mark.parametrize("to", list(ASTRAY))
async def test_a_page_that_leads_astray_is_not_followed_there(pages: Pages, to: str) -> None:
    web = pages.web
    web.names["two.example"] = [["127.0.0.1", "127.0.0.2"]]
    web.names["turns.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    pages.show("/rules.md", page())
    await pages.add("/rules.md")
    texts = await pages.texts()
    location = ASTRAY[to].format(port=web.port)
    pages.web.site.pages["/rules.md"] = answer(status=302, Location=location)
    for _ in range(2):
        checked = await pages.look_at_one(20)
    # Only what the name led to at first was asked; the web holds that nothing else was reached.
    assert checked.followed.failure == "refused"
    assert (await pages.texts(), pages.revision) == (texts, 1)


async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 Said\r\nContent-Type: text/markdown\r\n\r\n")
    while True:
        writer.write(b"Boats moor. " * 10_000)
        await writer.drain()


async def slow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 Said\r\nContent-Type: text/markdown\r\n\r\n")
    await writer.drain()
    await asyncio.Event().wait()


BOMB = answer(gzip.compress(bytes(30_000_000)), kind="text/markdown", Content_Encoding="gzip")


async def test_bombs_and_what_is_endless_or_slow_serve_on(pages: Pages) -> None:
    pages.show("/rules.md", page())
    await pages.add("/rules.md")
    for body in (BOMB, endless):
        pages.web.site.pages["/rules.md"] = body
        assert (await pages.look_at_one(9)).followed.failure == "too_large"
    pages.follower = pages.follower_of(pages.web.fetcher(seconds=0.5))
    pages.web.site.pages["/rules.md"] = slow
    assert (await pages.look_at_one(99)).followed.failure == "too_slow"
    assert pages.revision == 1


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def test_of_a_host_that_does_not_answer_one_address_is_asked(pages: Pages) -> None:
    pages.web.names["fine.example"] = [["127.0.0.1"]]
    for name in ("a", "b", "c"):
        pages.show(f"/{name}.md", page(f"Of {name} there is one sentence."))
        await pages.add(f"/{name}.md")
        pages.web.site.pages[f"/{name}.md"] = hang_up
    pages.show("/d.md", page("Of d there is one sentence."))
    await pages.add("/d.md", host="fine.example")
    before = len(pages.web.site.paths)
    looked = await pages.look()
    assert set(pages.web.site.paths[before:]) == {"/a.md", "/d.md"}
    assert [one.is_busy for one in looked if HOST in one.followed.address] == [False, True, True]
    assert [one.followed.failures for one in await pages.look(0.01)] == [1, 0]
    assert [one.failures for one in pages.store.followed.of(PLACE.server)] == [1, 1, 0, 0]


async def test_ten_of_a_host_are_looked_at_before_others_come_due(pages: Pages) -> None:
    for number in range(MOST_OF_HOST + 1):
        pages.show(f"/{number}.md", page(f"There is number {number}."))
        await pages.add(f"/{number}.md")
    assert len(await pages.look()) == MOST_OF_HOST
    assert len(await pages.look(0)) == 1


async def test_a_store_that_fails_is_told_and_the_rest_looked_at(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        pages.show(f"/{name}.md", page(f"Of {name} there is one sentence."))
        await pages.add(f"/{name}.md")
    claim = pages.store.followed.claim

    def fail(followed: FollowedAddress, until: datetime) -> FollowedAddress | None:
        if followed.document == pages.store.followed.of(PLACE.server)[0].document:
            raise StoreError("no room")
        return claim(followed, until)

    monkeypatch.setattr(pages.store.followed, "claim", fail)
    assert sorted(one.is_busy for one in await pages.look()) == [False, True]


async def test_a_page_in_another_encoding_than_it_says_is_read(pages: Pages) -> None:
    pages.show("/rules.md", page(*RULES[:9], "Boats of class 10 moor in Zürich [10]."))
    await pages.add("/rules.md")
    text = page(*RULES[:9], "Boats of class 10 moor in Genève [10].")
    kind = "text/markdown; charset=shift_jis"
    pages.web.site.pages["/rules.md"] = answer(text.encode("utf-8"), kind=kind)
    await pages.look_at_one()
    assert "Boats of class 10 moor in Genève." in await pages.texts()


async def test_a_page_without_passages_serves_on(pages: Pages) -> None:
    pages.show("/rules.md", page())
    await pages.add("/rules.md")
    pages.show("/rules.md", "# Nothing here any more\n")
    assert (await pages.look_at_one()).followed.failure == "unreadable"
    assert pages.revision == 1


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (RULES[:7], "gone"),
        (RULES[:4], "found"),
        ([*RULES[:9], "Boats of class 10 moor at quay 10."], "numbers"),
    ],
)
async def test_a_large_change_is_held_until_it_is_small(
    pages: Pages, rules: list[str], reason: str
) -> None:
    pages.show("/rules.md", page())
    await pages.add("/rules.md")
    texts = await pages.texts()
    pages.show("/rules.md", page(*rules))
    held = (await pages.look_at_one()).followed
    since = pages.clock.now
    assert (held.held, held.held_since, pages.revision) == (reason, since, 1)
    assert await pages.texts() == texts
    assert len(await pages.follower.tell(PLACE)) == 1
    again = (await pages.look_at_one()).followed
    assert (again.held, again.held_since) == (reason, since)
    assert await pages.follower.tell(PLACE) == []
    pages.show("/rules.md", page(*RULES, "Nobody swims."))
    released = await pages.look_at_one()
    assert (released.counts, released.followed.held, pages.revision) == ((1, 0, 0), None, 2)


async def test_what_is_held_is_let_go_where_the_page_is_as_before(pages: Pages) -> None:
    pages.show("/rules.md", page())
    await pages.add("/rules.md")
    pages.show("/rules.md", page(*RULES[:4]))
    await pages.look_at_one()
    pages.show("/rules.md", page())
    released = (await pages.look_at_one()).followed
    assert (released.held, released.held_since, pages.revision) == (None, None, 1)


async def test_of_two_processes_one_fetches(pages: Pages) -> None:
    for name in ("a", "b", "c"):
        pages.show(f"/{name}.md", page(f"Of {name} there is one sentence."))
        await pages.add(f"/{name}.md")
    pages.clock.now += 2 * HOUR
    with Store.open(pages.store.state, now=pages.clock) as other:
        pages.librarian.store, mine = other, pages.librarian.store
        second = pages.follower_of(pages.web.fetcher())
        pages.librarian.store = mine
        before = len(pages.web.site.paths)
        both = await asyncio.gather(pages.follower.check_due(), second.check_due())
    assert sorted(pages.web.site.paths[before:]) == ["/a.md", "/b.md", "/c.md"]
    assert sum(map(len, both)) == 3


async def test_a_check_whose_process_is_gone_is_taken_over(pages: Pages) -> None:
    pages.show("/rules.md", page())
    await pages.add("/rules.md")
    pages.clock.now += 2 * HOUR
    assert pages.store.followed.claim(pages.followed, pages.clock.now + CLAIM) is not None
    assert await pages.look(0.1) == []
    assert len(await pages.look(0.2)) == 1


async def test_one_address_of_a_host_at_a_time_and_hosts_together(
    pages: Pages,
) -> None:
    hosts = [HOST, "b.example", "c.example"]
    for host in hosts:
        pages.web.names[host] = [["127.0.0.1"]]
        for number in range(3):
            path = f"/{host}/{number}.md"
            pages.show(path, page(f"Of {host} there is number {number}."))
            await pages.add(path, host=host)
    assert pages.web.site.most_at_once == 1
    together = asyncio.Barrier(len(hosts))
    for path, body in list(pages.web.site.pages.items()):
        assert isinstance(body, bytes)

        async def meet(
            _: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes = body
        ) -> None:
            await together.wait()
            writer.write(body)

        pages.web.site.pages[path] = meet
    checked = await pages.look()
    assert [one.followed.failure for one in checked] == [None] * 9
    assert pages.web.site.most_at_once == len(hosts)


async def test_a_publication_under_way_is_waited_for(pages: Pages) -> None:
    pages.show("/rules.md", page())
    document = await pages.add("/rules.md")
    pages.show("/rules.md", page(*RULES, "Nobody swims."))
    async with pages.publisher._publishing(PLACE.server):
        checked = await pages.look_at_one()
    assert (checked.is_busy, checked.followed.failures) == (True, 0)
    assert checked.followed.next_check - pages.clock.now == BUSY
    assert (await pages.look_at_one(1)).counts == (1, 0, 0)
    sources = await pages.publisher.documents(PLACE)
    await pages.publisher.publish(PLACE, [], MONA, "remove")
    assert await pages.look() == []
    assert [source.spec.id for source in sources] == [document]


async def test_a_host_that_is_allowed_no_more_is_not_asked(pages: Pages) -> None:
    pages.show("/rules.md", page())
    await pages.add("/rules.md")
    pages.follower = pages.follower_of(pages.web.fetcher(hosts=()))
    asked = len(pages.web.site.asked)
    assert (await pages.look_at_one()).followed.failure == "host"
    assert len(pages.web.site.asked) == asked


async def test_what_goes_wrong_unforeseen_stops_nothing(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        pages.show(f"/{name}.md", page(f"Of {name} there is one sentence."))
        await pages.add(f"/{name}.md")
    fetch = pages.follower.fetcher.fetch

    async def fail(address: str, *given: object, **named: object) -> object:
        if address.endswith("/a.md"):
            raise RuntimeError("unforeseen")
        return await fetch(address, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(pages.follower.fetcher, "fetch", fail)
    failures = {one.followed.document: one.followed.failure for one in await pages.look()}
    assert sorted(map(str, failures.values())) == ["None", "unexpected"]
