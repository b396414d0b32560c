"""Purging: a document is gone from every revision, and its bytes from the files."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.store import Counts, Store, StoredRevision
from bot.store.database import sqlite
from index.errors import UnknownDocumentError
from tests.bot.store.helpers import GUILD, MONA, contents, document, number_of, publish, query
from tests.bot.store.processes import next_sent, process, purge_private

SECRET = b"the secret that a member asked to have deleted; "


def trace(state: Path) -> bool:
    return any(b"secret" in content for content in contents(state).values())


def but_for_its_documents(revision: StoredRevision) -> StoredRevision:
    return replace(revision, documents_digest="")


@pytest.mark.parametrize("size", [1, 20, 2000])
def test_no_trace_is_left_after_a_purge(store: Store, state: Path, size: int) -> None:
    rest = random.Random(size)
    for number in range(30):
        others = [document(f"d{n}", rest.randbytes(rest.choice([30, 900, 9000]))) for n in range(4)]
        secret = [document("private", SECRET * size)] if number % 3 else []
        publish(store, [*others[: rest.randrange(5)], *secret])
    assert trace(state)
    before = store.libraries.history(GUILD)
    purged = store.libraries.purge(GUILD, "private", by=MONA, counts=Counts(removed=size))
    assert (purged.revision, purged.erased) == (31, True)
    assert not trace(state)
    after = store.libraries.history(GUILD)
    assert after[0].counts == Counts(removed=size)
    assert list(map(but_for_its_documents, after[1:])) == list(
        map(but_for_its_documents, before[:-1])
    )
    for revision in after:
        found = store.libraries.load_documents(GUILD, revision.number)
        assert "private" not in [stored.spec.id for stored in found]
    store.check()


def test_no_trace_is_left_of_what_was_read_of_a_document(store: Store, state: Path) -> None:
    publish(store, [document("private", b"A scan.", SECRET), document("a")])
    assert trace(state)
    store.libraries.purge(GUILD, "private", by=MONA)
    assert not trace(state)
    publish(store, [document("b", SECRET), document("private", b"A scan.", SECRET)])
    store.libraries.purge(GUILD, "private", by=MONA)
    assert store.libraries.load_documents(GUILD, 4) == [document("b", SECRET)]
    store.check()


def test_no_trace_is_left_in_the_unused_ends_of_pages(store: Store, state: Path) -> None:
    rest = random.Random(7)  # one that leaves a trace where the file is not built anew
    held: dict[str, bytes] = {}
    for _ in range(80):
        name = f"d{rest.randrange(12)}"
        held.pop(name, None)
        if rest.random() < 0.7:
            held[name] = rest.randbytes(rest.choice([30, 300, 1000, 3000, 9000]))
        held["private"] = SECRET[:30] * rest.randrange(2, 30)
        if rest.random() < 0.5:
            del held["private"]
        publish(store, [document(name, content) for name, content in held.items()])
    publish(store, [document("private", SECRET)])
    assert store.libraries.purge(GUILD, "private", by=MONA).erased
    assert not trace(state)


def test_a_document_that_was_removed_before_can_be_purged(store: Store, state: Path) -> None:
    publish(store, [document("a"), document("private", SECRET)])
    publish(store, [document("a")], action="remove")
    store.libraries.purge(GUILD, "private", by=MONA)
    assert [found.spec.id for found in store.libraries.load_documents(GUILD, 3)] == ["a"]
    assert [found.spec.id for found in store.libraries.load_documents(GUILD, 1)] == ["a"]
    assert not trace(state)


def test_a_revision_keeps_its_number_when_nothing_is_left_in_it(store: Store) -> None:
    publish(store, [document("private", SECRET)])
    store.libraries.purge(GUILD, "private", by=MONA)
    assert [revision.number for revision in store.libraries.history(GUILD)] == [2, 1]
    assert store.libraries.load_documents(GUILD, 1) == []
    assert publish(store, [document("a")]) == 3


def test_another_servers_copy_stays(store: Store) -> None:
    publish(store, [document("mine", SECRET)], owner=1)
    publish(store, [document("theirs", SECRET)], owner=2)
    store.libraries.purge(1, "mine", by=MONA)
    assert [one.content for one in store.libraries.load_documents(2, 1)] == [SECRET]


def test_an_unknown_document_cannot_be_purged(store: Store) -> None:
    publish(store, [document("a")])
    stamp = store.libraries.changes_since(0).stamp
    with pytest.raises(UnknownDocumentError, match="there is: a"):
        store.libraries.purge(GUILD, "b", by=MONA)
    assert number_of(store) == 1
    assert store.libraries.changes_since(0).stamp == stamp


def test_a_reader_delays_the_end_of_the_bytes_and_it_is_said(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PRAGMAS", ("PRAGMA busy_timeout = 20", *sqlite.PRAGMAS[1:]))
    with Store.open(state) as store, Store.open(state) as other:
        publish(store, [document("private", SECRET)])
        with other.database.read() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sources")
            assert not store.libraries.purge(GUILD, "private", by=MONA).erased
        assert query(store, "SELECT count(*) FROM sources") == [(0,)]
        assert trace(state)
        Store.open(state).close()
        assert not trace(state)
        assert query(store, "PRAGMA user_version") == [(0,)]


def test_a_purge_that_was_killed_is_finished_by_the_next_start(tmp_path: Path) -> None:
    moments = random.Random(1)
    for attempt in range(8):
        state = tmp_path / str(attempt)
        with Store.open(state) as store:
            publish(store, [document("a"), document("private", SECRET * 1000)])
        with process(purge_private, state) as (purger, pipe):
            next_sent(pipe)
            time.sleep(moments.uniform(0, 0.02))  # any moment will do: that is the subject
            purger.kill()
        with Store.open(state) as store:
            store.check()
            kept = "private" in store.libraries.document_ids(GUILD)
            assert number_of(store) == (1 if kept else 2)
            assert trace(state) == kept
