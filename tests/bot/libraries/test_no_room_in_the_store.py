"""No room for a publication: it is refused in words, the old revision serves, nothing is lost.

SQLite is told how many pages it may have, so that the room ends at a chosen page, in both kinds of
library and at the start. Real disks, and all else that is on them, are in
tests/wire/test_full_disk.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.libraries.librarian import Librarian
from bot.libraries.publisher import Publisher
from bot.store import SHARED, Store
from bot.store.errors import StoreFullError
from tests.bot.conftest import World, ask_at, text_of
from tests.bot.publishers import (
    LIMITS,
    SERVER,
    document,
    publish_next,
    text_of_revision,
    write_shared,
)
from tests.bot.store.test_full import full

OWN = SERVER.guild_id or 0


@pytest.mark.parametrize("owner", [SHARED, OWN])
@pytest.mark.parametrize("spare_pages", [0, 1])
async def test_a_publication_that_does_not_fit_changes_nothing(
    data: Path, state: Path, owner: int, spare_pages: int
) -> None:
    write_shared(data, 1)
    with Store.open(state) as store:
        librarian = Librarian(data, store, LIMITS)
        for _ in range(3):
            await publish_next(librarian, data, OWN)
            await publish_next(librarian, data, SHARED)
        kept = {each: store.libraries.history(each) for each in (SHARED, OWN)}
        audited = {each: store.audit.entries(each) for each in kept}

        with full(store, spare_pages):
            for _ in range(2):
                with pytest.raises(StoreFullError, match=r"no room left .* Make room on the disk"):
                    await publish_next(librarian, data, owner)
            await check(librarian, shared=4, own=3)
        store.check()
        assert {each: store.libraries.history(each) for each in kept} == kept
        assert {each: store.audit.entries(each) for each in kept} == audited
        assert await publish_next(librarian, data, owner) == (5 if owner == SHARED else 4)
        await check(librarian, shared=4 + (owner == SHARED), own=3 + (owner == OWN))

    with Store.open(state) as store:
        again = Librarian(data, store, LIMITS)
        await check(again, shared=4 + (owner == SHARED), own=3 + (owner == OWN))


async def check(librarian: Librarian, **numbers: int) -> None:
    """The libraries are at these revisions, served and stored, with all that is kept before."""
    publisher = Publisher(librarian)
    for name, number in numbers.items():
        answer = await ask_at(librarian, SERVER, f'"of {name} {number}"')
        assert answer.hits
        documents = await publisher.documents(SERVER)
        assert documents == [document("kept", 0), document("own", numbers["own"])]
    assert librarian.shared().number == numbers["shared"]
    own = await librarian.own(SERVER)
    assert own is not None
    assert own.number == numbers["own"]
    history = await publisher.history(SERVER)
    assert [revision.number for revision in history] == list(range(numbers["own"], 0, -1))
    for revision in history:
        kept = await publisher.documents(SERVER, revision.number)
        assert kept == [document("kept", 0), document("own", revision.number)]


async def test_a_start_without_room_serves_what_is_stored(
    data: Path, state: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Store.open(state) as store:
        Librarian(data, store)
        write_shared(data, 2)
        with full(store, 0):
            librarian = Librarian(data, store)
            assert librarian.shared().number == 1
            answer = await ask_at(librarian, SERVER, "who ruled South Korea from 1961 to 1979?")
            assert answer.hits[0].passage.line == 4
        assert "no room left" in caplog.text
        assert Librarian(data, store).shared().number == 2


async def test_the_moderator_is_told(world: World) -> None:
    file = ("towns.txt", text_of_revision("own", 1))
    asked = await world.moderator.slash(world.channel, "index add", file=file)
    assert asked.response is not None
    with full(world.store, 0):
        await world.moderator.click(asked.response, label="Publish")
    assert "There is no room left" in text_of(asked)
    assert "nothing was changed" in text_of(asked)
    asked = await world.moderator.slash(world.channel, "index add", file=file)
    assert asked.response is not None
    await world.moderator.click(asked.response, label="Publish")
    assert "Revision 1" in text_of(asked)
