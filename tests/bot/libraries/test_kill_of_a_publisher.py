"""kill -9 at random moments of publishing: the library is the old or the new revision, whole.

The process that is killed is a Librarian and nothing else, so that there can be a hundred kills,
most of them inside of a publication, and every kept revision is compared byte by byte. What a
killed `footnote run` leaves to its moderators is in tests/wire/test_kill_of_the_bot.py.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from bot.libraries.librarian import Librarian
from bot.store import KEPT_REVISIONS, SHARED, Store, lock_state_folder
from tests.bot.conftest import ask_at
from tests.bot.publishers import (
    LIMITS,
    SERVER,
    document,
    publish_next,
    publish_until_killed,
    text_of_revision,
    write_shared,
)
from tests.bot.store.processes import everything_sent, next_sent, process

MOST_STEPS = 3
LONGEST_WAIT_S = 0.04
"""A kill comes after some beginnings and ends of publications, and then at any moment."""
OWN = SERVER.guild_id or 0


def check_library(store: Store, owner: int) -> int:
    """Every kept revision is whole, byte by byte; the number of the current one."""
    current = store.libraries.current(owner)
    if current is None:
        return 0
    numbers = [revision.number for revision in store.libraries.history(owner)]
    oldest = max(0, current.number - KEPT_REVISIONS)
    assert numbers == list(range(current.number, oldest, -1))
    for number in numbers:
        stored = store.libraries.load_documents(owner, number)
        for one in stored:
            first, _, rest = one.content.partition(b"\n")
            assert hashlib.sha256(rest).hexdigest() == first.decode().split()[-1]
        if owner == SHARED:
            assert [one.content for one in stored] == [text_of_revision("shared", number)]
        else:
            assert stored == [document("kept", 0), document("own", number)]
    return current.number


async def check_serves(librarian: Librarian) -> None:
    """What is served is what is stored."""
    shared, own = librarian.shared(), await librarian.own(SERVER)
    for name, revision in (("shared", shared), ("own", own)):
        if revision is not None:
            answer = await ask_at(librarian, SERVER, f'"of {name} {revision.number}"')
            assert answer.hits
            assert all(f"of {name} {revision.number}" in hit.passage.text for hit in answer.hits)


def kill_while_publishing(data: Path, state: Path, times: int) -> Counter[str]:
    """Kill so often, look at everything after each, and publish on; what the kills led to."""
    moments = random.Random(times)
    outcomes: Counter[str] = Counter()
    write_shared(data, 1)
    before = {SHARED: 0, OWN: 0}
    for attempt in range(times):
        owner = (SHARED, OWN)[attempt % 2]
        with process(publish_until_killed, data, state, owner) as (child, pipe):
            said = [next_sent(pipe) for _ in range(moments.randint(1, MOST_STEPS))]
            time.sleep(moments.uniform(0, LONGEST_WAIT_S))
            child.kill()
            said += everything_sent(pipe)
        with lock_state_folder(state), Store.open(state) as store:
            store.check()
            found = {each: check_library(store, each) for each in before}
            last, number = said[-1]
            inside = last == "begins"
            assert found[owner] in ({number - 1, number} if inside else {number})
            assert max((n for word, n in said if word == "ended"), default=0) <= found[owner]
            outcomes["inside a publication" if inside else "between two"] += 1
            outcomes["inside, but stored already"] += inside and found[owner] == number
            (_, aimed_at) = said[0]
            outcomes["old" if found[owner] < aimed_at else "new"] += 1
            before = asyncio.run(go_on(store, data, owner, found))
    return outcomes


async def go_on(store: Store, data: Path, owner: int, found: dict[int, int]) -> dict[int, int]:
    """Start on what the kill left, and publish the next revision; the numbers then current."""
    librarian = Librarian(data, store, LIMITS)
    # Documents that were changed and not yet published are published by the start.
    assert librarian.shared().number in {found[SHARED], found[SHARED] + (owner == SHARED)}
    assert found[OWN] == getattr(await librarian.own(SERVER), "number", 0)
    await check_serves(librarian)
    await publish_next(librarian, data, owner)
    await check_serves(librarian)
    return {each: check_library(store, each) for each in found}


def test_killed_a_few_times(data: Path, state: Path) -> None:
    kill_while_publishing(data, state, 4)


@pytest.mark.slow
def test_killed_a_hundred_times(data: Path, state: Path) -> None:
    outcomes = kill_while_publishing(data, state, 100)
    print(f"\nof 100 kills at moments seeded with 100: {dict(outcomes)}")  # noqa: T201
    assert outcomes["inside a publication"] >= 30
    assert outcomes["old"] >= 5
    assert outcomes["new"] >= 5
