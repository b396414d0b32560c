"""PRIVACY.md names every table of the store, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from bot.store.database.tables import StampRow, Table

ROW = re.compile(r"^\|[^|]*\| database: ([^|]*)\|", re.MULTILINE)
OF_NOBODY = {StampRow.__tablename__}
"""Counts publications, and holds nothing else."""


def test_the_rows_of_privacy_name_the_tables_of_the_store() -> None:
    text = (Path(__file__).parents[1] / "PRIVACY.md").read_text(encoding="utf-8")
    named = {name for row in ROW.findall(text) for name in re.findall(r"`(\w+)`", row)}
    assert named == set(Table.metadata.tables) - OF_NOBODY
    assert "| database |" not in text
