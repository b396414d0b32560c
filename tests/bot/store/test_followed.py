"""Followed addresses as the store keeps them: claimed by one, told once, and gone in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.store import FollowedAddress, Store
from tests.bot.store.conftest import Clock
from tests.bot.store.helpers import GUILD, MONA, document, publish

HOUR = timedelta(hours=1)


def followed(store: Store, name: str = "a", owner: int = GUILD) -> FollowedAddress:
    now = store.followed.now()
    address = f"https://docs.example/{name}"
    return FollowedAddress(owner, name, address, address, '"1"', None, "0" * 64, 1, now + HOUR, now)


def test_a_check_is_due_in_time_and_claimed_by_one(store: Store, state: Path, clock: Clock) -> None:
    for name in ("a", "b"):
        store.followed.follow(followed(store, name))
    assert store.followed.due(9) == []
    clock.pass_days(1)
    with Store.open(state, now=clock) as other:
        (mine, rest), (theirs, _) = store.followed.due(9), other.followed.due(9)
        assert len(store.followed.due(1)) == 1
        until = clock.now + HOUR
        claimed = store.followed.claim(mine, until)
        assert claimed == replace(mine, next_check=until)
        assert other.followed.claim(theirs, until) is None
        assert other.followed.due(9) == [rest]
        after = replace(claimed, digest="1" * 64, next_check=until + HOUR)
        assert other.followed.record(mine, after) is None
        assert store.followed.record(claimed, after) == after
        assert other.followed.of(GUILD) == [after, rest]


def test_nothing_is_due_of_a_server_that_is_gone(store: Store, clock: Clock) -> None:
    for owner in (GUILD, GUILD + 1):
        store.followed.follow(followed(store, owner=owner))
    clock.pass_days(1)
    store.servers.mark_left(GUILD, clock.now)
    assert [one.owner for one in store.followed.due(9)] == [GUILD + 1]
    store.servers.mark_joined(GUILD)
    assert len(store.followed.due(9)) == 2


def test_what_is_followed_anew_meanwhile_is_not_written_over(store: Store, clock: Clock) -> None:
    store.followed.follow(followed(store))
    (before,) = store.followed.of(GUILD)
    moved = replace(before, address="https://docs.example/moved", next_check=before.next_check)
    store.followed.follow(moved)
    assert store.followed.record(before, replace(before, failures=1)) is None
    assert store.followed.of(GUILD) == [moved]
    clock.pass_days(1)
    assert store.followed.unfollow(GUILD, "a")
    assert not store.followed.unfollow(GUILD, "a")
    assert store.followed.claim(moved, clock.now) is None


def test_moderators_are_told_once(store: Store, clock: Clock) -> None:
    fine = followed(store, "fine")
    shaky = replace(followed(store, "shaky"), failures=2, failing_since=clock.now, failure="gone")
    gone = replace(shaky, document="gone", failures=3)
    held = replace(followed(store, "held"), held="numbers", held_since=clock.now)
    elsewhere = replace(held, owner=GUILD + 1)
    for one in (fine, shaky, gone, held, elsewhere):
        store.followed.follow(one)
        assert one.is_news is (one in (gone, held, elsewhere))
    told = store.followed.tell(GUILD)
    assert told == [replace(one, told_at=clock.now) for one in (gone, held)]
    assert store.followed.tell(GUILD) == []
    assert [one.owner for one in store.followed.tell(GUILD + 1)] == [GUILD + 1]


def test_an_address_goes_with_its_document(store: Store) -> None:
    publish(store, [document("a"), document("b")])
    publish(store, [document("a")], owner=GUILD + 1)
    for one in (followed(store), followed(store, "b"), followed(store, owner=GUILD + 1)):
        store.followed.follow(one)
    publish(store, [document("b"), document("c")])
    assert [one.document for one in store.followed.of(GUILD)] == ["b"]
    store.libraries.purge(GUILD, "b", by=MONA)
    assert store.followed.of(GUILD) == []
    assert len(store.followed.of(GUILD + 1)) == 1


def test_an_address_is_in_a_backup(store: Store, tmp_path: Path) -> None:
    store.followed.follow(followed(store))
    store.backup(tmp_path / "copy.sqlite3")
    url = f"sqlite:///{tmp_path / 'copy.sqlite3'}"
    with Store.open(tmp_path / "other", url) as copy:
        assert copy.followed.of(GUILD) == store.followed.of(GUILD)
