"""Pools for tests of what happens where two work at once on one library, as two programs may."""

from __future__ import annotations

import pytest

from bot.work.pools import Pool

__all__ = ["let_work_together"]


def let_work_together(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have one owner's work in the pool wait for no other of the same owner's."""
    monkeypatch.setattr(pool._turns, "_of_one", 100)
