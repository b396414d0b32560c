"""Documents that follow an address, as moderators add, refresh, look at and publish them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import simcord

from bot.following.follower import Follower
from bot.libraries.places import Place
from bot.store import FollowedAddress
from tests.bot.commands.test_moderators import REFUSED, take_roles
from tests.bot.commands.test_upload_preview import labels, press
from tests.bot.conftest import World, ask_at, text_of
from tests.bot.fetching.web import Web, answer, small_web
from tests.bot.store.conftest import Clock

RULES = [f"Boats of class {number} moor at quay {number} [{number}]." for number in range(1, 11)]


@dataclass
class Site:
    """A page that the server's document follows, in a simulated Discord."""

    world: World
    web: Web
    clock: Clock

    def show(self, *rules: str) -> None:
        text = "# Rules of the harbour\n\n" + "\n\n".join(rules)
        self.web.site.pages["/rules.md"] = answer(text, kind="text/markdown")

    @property
    def address(self) -> str:
        return self.web.address("/rules.md")

    @property
    def place(self) -> Place:
        return Place(self.world.guild.id)

    @property
    def revision(self) -> int:
        return self.world.bot.app.librarian.number(self.place)

    @property
    def followed(self) -> list[FollowedAddress]:
        return self.world.store.followed.of(self.world.guild.id)

    async def slash(self, command: str, **given: Any) -> simcord.InteractionResult:
        world = self.world
        return await world.moderator.slash(world.channel, f"index {command}", **given)

    async def add(self, *rules: str) -> None:
        """Have the page say this, and follow it."""
        self.show(*rules)
        await press(self.world, await self.slash("add", address=self.address), "Publish")

    async def look(self, hours: float = 25) -> None:
        """Let so many hours pass, and the follower look at what is due."""
        self.clock.now += timedelta(hours=hours)
        await self.world.bot.app.follower.check_due()

    async def look_at_held(self, refreshed: simcord.InteractionResult) -> simcord.InteractionResult:
        assert refreshed.response is not None
        label = "Look at Rules of the harbour"
        return await self.world.moderator.click(refreshed.response, label=label)

    async def says(self, question: str) -> list[str]:
        """The passages that answer a question here."""
        found = await ask_at(self.world.bot.app.librarian, self.place, question)
        return [hit.passage.text for hit in found.hits]


@pytest.fixture
async def site(world: World) -> AsyncIterator[Site]:
    world.lift_cooldowns()
    clock, app = Clock(), world.bot.app
    world.store.database.now = clock
    async with small_web() as web:
        app.fetcher = web.fetcher()
        app.follower = Follower(
            app.librarian, app.publisher, lambda: app.uploads, app.fetcher, lambda: 0.0
        )
        yield Site(world, web, clock)


async def test_an_address_is_shown_published_and_followed(site: Site) -> None:
    site.show(*RULES)
    shown = await site.slash("add", address=f" {site.address} ", hours=3)
    assert "**Rules of the harbour**" in text_of(shown)
    assert (site.revision, site.followed) == (0, [])
    await press(site.world, shown, "Publish")
    (one,) = site.followed
    assert (one.address, one.every_hours, one.failures) == (site.address, 3, 0)
    assert one.next_check - site.clock.now == timedelta(hours=3)
    (document,) = await site.world.bot.app.publisher.documents(site.place)
    assert document.spec.source_url == site.address
    status = text_of(await site.slash("status"))
    assert "**Followed addresses**" in status
    assert "/rules.md, every 3 h, seen <t:" in status


@pytest.mark.parametrize("both", [True, False])
async def test_a_file_or_an_address_is_given(site: Site, both: bool) -> None:
    given = {"file": ("a.txt", b"[1] A.\n"), "address": site.address} if both else {}
    shown = await site.slash("add", **given)
    assert "either a file or an address" in text_of(shown)
    assert site.web.site.asked == []


async def test_an_address_of_a_host_that_is_not_allowed_is_refused(site: Site) -> None:
    site.world.bot.app.fetcher = site.web.fetcher(hosts=["other.example"])
    shown = await site.slash("add", address=site.address)
    assert "does not allow the host docs.example" in text_of(shown)
    assert site.web.site.asked == []


async def test_a_refresh_looks_now_and_shows_what_changed(site: Site) -> None:
    await site.add(*RULES)
    same = text_of(await site.slash("refresh"))
    assert "**Rules of the harbour**: as before" in same
    assert "Nothing changed: revision 1" in same  # of the shared documents
    site.show(*RULES, "Nobody swims in the harbour.")
    assert "**Rules of the harbour**: 1 added" in text_of(await site.slash("refresh"))
    assert site.revision == 2
    assert await site.says("who swims in the harbour?") == ["Nobody swims in the harbour."]
    assert "refreshed" in text_of(await site.slash("history"))


async def test_a_refresh_goes_on_where_the_shared_documents_cannot_be_read(site: Site) -> None:
    await site.add(*RULES)
    (site.world.data / "corpus.yaml").write_text("documents: 1", encoding="utf-8")
    text = text_of(await site.slash("refresh"))
    assert "**Rules of the harbour**: as before" in text
    assert "could not be read" in text


async def test_what_is_held_is_told_once_and_published_as_it_was_seen(site: Site) -> None:
    await site.add(*RULES)
    site.show(*RULES[:6], "Dogs are welcome.")
    await site.look()
    news = text_of(await site.slash("history"))
    assert "need a look" in news
    assert "too many of its passages are gone" in news
    assert "need a look" not in text_of(await site.slash("history"))
    assert "waits for you" in text_of(await site.slash("status"))
    refreshed = await site.slash("refresh")
    assert labels(refreshed) == ["Look at Rules of the harbour"]
    looked = await site.look_at_held(refreshed)
    assert looked.ephemeral
    assert "1 added, 4 removed, 0 changed, 6 as before" in text_of(looked)
    assert site.revision == 1
    site.show("Everything is gone.")  # meanwhile: what is published is what was seen
    await press(site.world, looked, "Publish")
    assert site.revision == 2
    assert await site.says("which dogs are welcome?") == ["Dogs are welcome."]
    (one,) = site.followed
    assert (one.held, one.failures, one.every_hours) == (None, 0, 24)
    await site.look()
    assert [one.held for one in site.followed] == ["found"]
    assert site.revision == 2


async def test_who_moderates_no_more_looks_at_nothing(site: Site) -> None:
    await site.add(*RULES)
    site.show(*RULES[:4])
    refreshed = await site.slash("refresh")
    asked = len(site.web.site.asked)
    take_roles(site.world, site.world.moderator)
    assert REFUSED in text_of(await site.look_at_held(refreshed))
    assert len(site.web.site.asked) == asked


async def test_since_when_a_page_is_gone_is_told(site: Site) -> None:
    await site.add(*RULES)
    del site.web.site.pages["/rules.md"]
    await site.look()
    since = int(site.clock.now.timestamp())
    status = text_of(await site.slash("status"))
    assert f"could not be read since <t:{since}:R>, as there is nothing any more" in status
    assert await site.says("where do boats of class 3 moor?")
    for _ in range(2):
        await site.look(24 * 7)
    assert "need a look" in text_of(await site.slash("gaps"))


async def test_a_file_in_its_place_ends_the_following(site: Site) -> None:
    await site.add(*RULES)
    (document,) = [one.document for one in site.followed]
    shown = await site.slash("replace", document=document, file=("new.md", b"Nobody swims.\n"))
    await press(site.world, shown, "Publish")
    assert site.revision == 2
    assert site.followed == []


async def test_an_address_can_take_the_place_of_a_file(site: Site) -> None:
    text = "# Rules of the harbour\n\nNobody swims.\n"
    shown = await site.slash("add", file=("harbour.md", text.encode()))
    await press(site.world, shown, "Publish")
    site.show(*RULES)
    shown = await site.slash("add", address=site.address)
    await press(site.world, shown, "Replace Rules of the harbour")
    (document,) = await site.world.bot.app.publisher.documents(site.place)
    assert [one.document for one in site.followed] == [document.spec.id]


async def test_removing_the_document_ends_the_following(site: Site) -> None:
    await site.add(*RULES)
    (document,) = [one.document for one in site.followed]
    await press(site.world, await site.slash("remove", document=document), "Remove")
    assert site.followed == []


def version(number: int, rules: int) -> list[str]:
    """A page of that version; each sentence says which."""
    return [f"Rule {rule} of the ferry is of version {number}." for rule in range(rules)]


async def test_every_answer_is_wholly_of_one_revision(site: Site) -> None:
    """Fifty people ask while a moderator refreshes, accepts, replaces and rolls back."""
    await site.add(*version(1, 10))
    answers: list[list[str]] = []
    ended = asyncio.Event()

    async def ask() -> None:
        while not ended.is_set():
            answers.append(await site.says("which rule of the ferry is it?"))
            await asyncio.sleep(0.01)  # there are others who ask

    people = [asyncio.create_task(ask()) for _ in range(50)]
    site.show(*version(2, 10))
    await site.slash("refresh")
    site.show(*version(3, 4))
    await site.look()
    assert [one.held for one in site.followed] == ["found"]
    await press(site.world, await site.look_at_held(await site.slash("refresh")), "Publish")
    (document,) = [one.document for one in site.followed]
    text = "\n\n".join(version(4, 10)).encode()
    shown = await site.slash("replace", document=document, file=("new.md", text))
    await press(site.world, shown, "Publish")
    await press(site.world, await site.slash("rollback", revision=1), "Bring it back")
    ended.set()
    await asyncio.gather(*people)
    assert site.revision == 5
    seen = set()
    for hits in answers:
        (versions,) = {hit.rpartition(" ")[2] for hit in hits}
        seen.add(versions)
    assert seen >= {"1.", "2.", "3.", "4."}
