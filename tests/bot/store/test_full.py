"""No room on the disk: refused in words, and what was stored stays."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.store import Store
from bot.store.errors import StoreFullError
from tests.bot.store.helpers import (
    GUILD,
    MONA,
    check_history,
    document,
    documents_of,
    publish,
    query,
)


@contextmanager
def full(store: Store, spare_pages: int) -> Iterator[None]:
    """Let the database grow by so many pages of 4 KB only."""
    (pages,) = query(store, "PRAGMA page_count")[0]
    assert isinstance(pages, int)
    limit = pages + spare_pages

    def restrict(raw: object, *_: object) -> None:
        raw.execute(f"PRAGMA max_page_count = {limit}")  # type: ignore[attr-defined]

    event.listen(store.database.engine, "checkout", restrict)
    yield
    event.remove(store.database.engine, "checkout", restrict)
    query(store, "PRAGMA max_page_count = 1000000000")


@pytest.mark.parametrize("spare_pages", [0, 1, 3, 10, 20])
def test_a_publication_that_does_not_fit_changes_nothing(
    store: Store, state: Path, spare_pages: int
) -> None:
    for number in (1, 2, 3):
        publish(store, documents_of(number))
    with full(store, spare_pages):
        for _ in range(2):
            with pytest.raises(StoreFullError, match="no room left"):
                publish(store, documents_of(4))
        check_history(store)
    with Store.open(state) as again:
        check_history(again)
        publish(again, documents_of(4))
        check_history(again)


@pytest.mark.parametrize(
    "write",
    [
        lambda store: store.gaps.add(GUILD, "why? " * 9999, "no_answer"),
        lambda store: store.audit.add(GUILD, MONA, "x" * 50_000, "done"),
        lambda store: store.settings.change(
            GUILD, {"mention_channel_ids": tuple(range(10_000))}, MONA
        ),
    ],
)
def test_other_writes_that_do_not_fit_change_nothing(
    store: Store, write: Callable[[Store], object]
) -> None:
    publish(store, documents_of(1))
    with full(store, 1), pytest.raises(StoreFullError):
        write(store)
    check_history(store)
    write(store)


def test_a_purge_works_without_room(store: Store) -> None:
    publish(store, [document("private", random.Random(1).randbytes(50_000))])
    with full(store, 0):
        assert store.libraries.purge(GUILD, "private", by=MONA).erased
    assert query(store, "SELECT count(*) FROM sources") == [(0,)]
