"""Forty addresses, looked at every hour for a week of virtual time."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.following.follower import Checked
from bot.libraries.places import Place
from tests.bot.fetching.web import answer
from tests.bot.following.conftest import Pages

SERVERS = (Place(1), Place(2))
PATHS = [f"/{number:02}.md" for number in range(40)]
WEEK = timedelta(days=7)
STEP = timedelta(minutes=10)


def text(path: str, version: int, advert: int = 0) -> str:
    sentences = [f"Quay {number} of {path} is open until {number} o'clock." for number in range(9)]
    sentences.append(f"This page of {path} is version {version}.")
    return f"![{advert}](https://adverts.example/{advert}.png)\n\n" + "\n\n".join(sentences)


@dataclass
class Week:
    """What the pages said, and what was asked and published meanwhile."""

    pages: Pages
    rng: random.Random
    versions: Counter[str] = field(default_factory=Counter)
    requests: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    published: Counter[Place] = field(default_factory=Counter)
    adverts: int = 0
    unchanged: int = 0

    def change_a_page(self) -> None:
        """What it says, its adverts alone, or nothing, as its server says itself."""
        path, kind = self.rng.choice(PATHS), self.rng.random()
        if kind < 0.3:
            is_said = kind < 0.1
            self.versions[path] += is_said
            self.adverts += not is_said
            said = text(path, self.versions[path], self.adverts)
            self.pages.show(path, said, ETag=f'"{self.rng.random()}"')
        elif kind < 0.4:
            self.pages.web.site.pages[path] = answer(status=304)

    async def look(self) -> None:
        """Look at what is due, and count."""
        asked = len(self.pages.web.site.paths)
        while looked := await self.pages.follower.check_due():
            self.count(looked)
        for path in self.pages.web.site.paths[asked:]:
            self.requests[path].append(self.pages.clock.now)

    def count(self, looked: list[Checked]) -> None:
        for checked in looked:
            if checked.counts is None:
                self.unchanged += 1
            else:
                self.published[Place(checked.followed.owner)] += 1
                assert checked.counts == (0, 0, 1)


@pytest.mark.slow
async def test_forty_addresses_every_hour_for_a_week(pages: Pages) -> None:
    week = Week(pages, random.Random(15))
    for number, path in enumerate(PATHS):
        pages.show(path, text(path, 0), ETag='"0"')
        await pages.add(path, place=SERVERS[number % 2])
    pages.follower._chance = week.rng.random
    end = pages.clock.now + WEEK
    while pages.clock.now < end:
        pages.clock.now += STEP
        week.change_a_page()
        await week.look()
    assert sorted(week.requests) == PATHS
    for times in week.requests.values():
        # Never twice within the hour, and never later than a tenth and a step more.
        waits = [after - before for before, after in pairwise(times)]
        assert min(waits) >= timedelta(hours=1)
        assert max(waits) <= timedelta(hours=1.1) + STEP
    total = sum(map(len, week.requests.values()))
    assert total == week.unchanged + week.published.total()
    assert len(PATHS) * 24 * 7 / 1.3 < total < len(PATHS) * 24 * 7
    # What was said last is served, and each revision is of one page whose words changed.
    for path in PATHS:
        pages.show(path, text(path, week.versions[path]))
    pages.clock.now += timedelta(hours=2)
    await week.look()
    served = [said for place in SERVERS for said in await pages.texts(place)]
    for path in PATHS:
        assert f"This page of {path} is version {week.versions[path]}." in served
    assert 0 < week.published.total() <= week.versions.total() < week.adverts
    for place in SERVERS:
        kept = pages.store.libraries.history(place.server)
        assert kept[0].number == len(PATHS) // 2 + week.published[place]
        assert all(one.counts.changed == 1 for one in kept if one.action == "refresh")
