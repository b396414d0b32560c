"""What is forgotten of questions and their answers, and when."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from bot.interactions.app import App
from bot.libraries.librarian import Librarian
from bot.people import exchanges
from bot.people.conversations import REMEMBERED_S
from bot.people.exchanges import MAX_EARLY_EDITS, Exchange, Exchanges
from bot.store import Store
from tests.patience import PATIENCE_S

ALICE, BOB = 1, 2


def message(message_id: int, asker: int = ALICE) -> Any:
    return SimpleNamespace(id=message_id, author=SimpleNamespace(id=asker))


def exchange(at: float, asker: int = ALICE) -> Exchange:
    return Exchange(asker, at, "who?", (), message(100))


def test_what_is_older_than_ten_minutes_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, now = Exchanges(), time.monotonic()
    kept.keep(1, exchange(now))
    kept.keep(2, exchange(now + 60))
    kept.keep_early(early := message(3))
    later = SimpleNamespace(monotonic=lambda: now + REMEMBERED_S + 30)
    monkeypatch.setattr(exchanges, "time", later)
    kept.sweep()
    assert (kept.get(1), kept.get(2)) == (None, exchange(now + 60))
    assert kept.latest(again := message(3)) is again
    assert early is not again


def test_an_early_edit_is_taken_once_and_the_latest_counts() -> None:
    kept = Exchanges()
    kept.keep_early(message(1))
    kept.keep_early(edited := message(1))
    assert kept.latest(message(1)) is edited
    assert kept.latest(come := message(1)) is come


def test_of_too_many_early_edits_the_first_go() -> None:
    kept = Exchanges()
    for number in range(MAX_EARLY_EDITS + 1):
        kept.keep_early(message(number))
    assert kept.latest(first := message(0)) is first
    assert kept.latest(last := message(MAX_EARLY_EDITS)) is not last


def test_a_person_is_forgotten_and_nobody_else() -> None:
    kept, now = Exchanges(), time.monotonic()
    kept.keep(1, exchange(now, ALICE))
    kept.keep(2, exchange(now, BOB))
    kept.keep_early(message(3, ALICE))
    kept.keep_early(message(4, BOB))
    kept.forget_person(ALICE)
    assert (kept.get(1), kept.get(2)) == (None, exchange(now, BOB))
    assert kept.latest(hers := message(3)) is hers
    assert kept.latest(his := message(4)) is not his


async def test_forgetting_goes_on_though_the_clock_is_set_back(
    data: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the clock of the machine itself: simcord has its own."""
    sweeps: asyncio.Queue[str] = asyncio.Queue()
    monkeypatch.setattr("bot.interactions.app.SWEEP_S", 0.001)
    monkeypatch.setattr(Exchanges, "sweep", lambda _: sweeps.put_nowait("exchanges"))
    with Store.open(state) as store, time_machine.travel(time.time(), tick=True) as clock:
        app = App.of(Librarian(data, store))
        monkeypatch.setattr(app.conversations, "sweep", lambda: sweeps.put_nowait("conversations"))
        forgetting = asyncio.create_task(app.keep_forgetting())
        for _ in range(2):
            async with asyncio.timeout(PATIENCE_S):
                swept = {await sweeps.get() for _ in range(4)}
            assert swept == {"conversations", "exchanges"}
            clock.shift(-3600)
        forgetting.cancel()
