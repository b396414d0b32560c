"""Entries of corpus.yaml that are fetched on a schedule, and the shared library that follows."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.following.corpus import CorpusFollower
from bot.store.errors import StoreError
from tests.bot.fetching.web import answer
from tests.bot.following.conftest import Pages


@dataclass
class Followed:
    """A page that corpus.yaml names, every three hours."""

    pages: Pages
    follower: CorpusFollower

    async def look(self, hours: float = 0) -> list[str]:
        """What comes of the entries that are due after so many hours."""
        self.pages.clock.now += timedelta(hours=hours)
        return [report.outcome for report in await self.follower.check_due()]

    def restart(self) -> None:
        self.follower = follower_of(self.pages)

    @property
    def texts(self) -> list[str]:
        """What the shared library says of the page."""
        documents = self.pages.librarian.shared().library.documents
        return [passage.text for one in documents if one.id == "hours" for passage in one.passages]


def follower_of(pages: Pages) -> CorpusFollower:
    fetcher = pages.follower.fetcher
    return CorpusFollower(pages.librarian, pages.publisher, fetcher, lambda: 0.0)


@pytest.fixture
def followed(pages: Pages) -> Followed:
    pages.clock.now = datetime.now(UTC)  # files on the disk are dated by it
    pages.show("/hours", "The desk opens at nine.\n", ETag='"1"')
    address = pages.web.address("/hours")
    with (pages.librarian.data / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  - id: hours\n    title: Hours\n    address: {address}\n    every_hours: 3\n")
    return Followed(pages, follower_of(pages))


async def test_a_new_entry_is_fetched_at_once_and_then_when_it_is_due(followed: Followed) -> None:
    assert await followed.look() == ["new"]
    assert followed.texts == ["The desk opens at nine."]
    assert await followed.look(hours=2) == []
    assert await followed.look(hours=1.1) == ["unchanged"]
    followed.pages.show("/hours", "The desk opens at ten.\n")
    assert await followed.look(hours=3.1) == ["changed"]
    assert followed.texts == ["The desk opens at ten."]
    assert followed.pages.librarian.shared().stored.by.name == "schedule"


async def test_a_start_does_not_fetch_again_what_is_not_due(followed: Followed) -> None:
    await followed.look()
    followed.restart()
    assert await followed.look(hours=2) == []
    assert await followed.look(hours=1.1) == ["unchanged"]


async def test_a_failure_leaves_what_is_served_and_is_tried_later_and_later(
    followed: Followed, caplog: pytest.LogCaptureFixture
) -> None:
    await followed.look()
    number = followed.pages.librarian.shared().number
    followed.pages.web.site.pages["/hours"] = answer(status=404)
    with caplog.at_level(logging.WARNING, "footnote.following"):
        assert await followed.look(hours=3.1) == ["failed"]
    assert "there is nothing (any more); check the address" in caplog.text
    assert (followed.texts, followed.pages.librarian.shared().number) == (
        ["The desk opens at nine."],
        number,
    )
    assert await followed.look(hours=5) == []
    assert await followed.look(hours=1.1) == ["failed"]


async def test_what_cannot_be_published_now_is_at_the_next_look(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        async def refuse(_: object) -> None:
            raise StoreError("the disk is full")

        broken.setattr(followed.pages.publisher, "refresh", refuse)
        assert await followed.look() == ["new"]
    assert followed.texts == []
    assert await followed.look() == []
    assert followed.texts == ["The desk opens at nine."]


async def test_a_folder_that_is_broken_serves_on_and_fetches_nothing(followed: Followed) -> None:
    with (followed.pages.librarian.data / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write("  - id: broken\n")
    assert await followed.look() == []
    assert followed.pages.web.site.asked == []
