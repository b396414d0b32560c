"""A library whose documents follow pages of the small web, and a clock that the test turns."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.fetching.fetcher import Fetched, Fetcher
from bot.following.follower import Checked, Follower
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.libraries.publisher import Publisher
from bot.store import FollowedAddress, Person, Store
from index.documents.uploads import read_upload
from tests.bot.fetching.web import HOST, Web, answer, small_web
from tests.bot.store.conftest import Clock
from tests.bot.uploads_here import ReadsHere

MONA = Person(1001, "mona")
PLACE = Place(77)


@dataclass
class Pages:
    """The pages of a site, the library that holds them, and who follows them."""

    web: Web
    clock: Clock
    store: Store
    librarian: Librarian
    publisher: Publisher
    follower: Follower

    def follower_of(self, fetcher: Fetcher) -> Follower:
        """Another follower over the same store."""
        return Follower(self.librarian, self.publisher, ReadsHere, fetcher, lambda: 0.0)

    def show(self, path: str, text: str, **headers: Any) -> None:
        """Have the site answer a path with a text of Markdown."""
        self.web.site.pages[path] = answer(text, kind="text/markdown", **headers)

    async def add(
        self, path: str, every_hours: int = 1, host: str = HOST, place: Place = PLACE
    ) -> str:
        """Publish what stands there now and follow it; the id of the document."""
        address = self.web.address(path, host)
        fetched = await self.follower.fetcher.fetch(address)
        assert isinstance(fetched, Fetched)
        sources = await self.publisher.documents(place)
        upload = read_upload(
            fetched.file_name,
            fetched.content,
            source_url="https://docs.example" + path,
            taken_ids={source.spec.id for source in sources},
        )
        await self.publisher.publish(place, [*sources, upload.source], MONA, "add")
        document = upload.source.spec.id
        await self.follower.follow(place, document, address, every_hours, fetched)
        return document

    async def look(self, hours: float = 2) -> list[Checked]:
        """What comes of looking at what is due after so many hours."""
        self.clock.now += timedelta(hours=hours)
        return await self.follower.check_due()

    async def look_at_one(self, hours: float = 2) -> Checked:
        (checked,) = await self.look(hours)
        assert self.store.followed.of(PLACE.server) == [checked.followed]
        return checked

    @property
    def followed(self) -> FollowedAddress:
        (one,) = self.store.followed.of(PLACE.server)
        return one

    @property
    def revision(self) -> int:
        return self.librarian.number(PLACE)

    async def texts(self, place: Place = PLACE) -> list[str]:
        """The passages that are served."""
        own = await self.librarian.own(place)
        assert own is not None
        return [passage.text for passage in own.library.passages]


@pytest.fixture
async def pages(data: Path, state: Path, started_state: Path) -> AsyncIterator[Pages]:
    shutil.copytree(started_state, state)
    clock = Clock()
    with Store.open(state, now=clock) as store:
        librarian = Librarian(data, store)
        publisher, uploads = Publisher(librarian), ReadsHere()
        async with small_web() as web:
            follower = Follower(librarian, publisher, lambda: uploads, web.fetcher(), lambda: 0.0)
            yield Pages(web, clock, store, librarian, publisher, follower)
        uploads.close()
        librarian.close()
