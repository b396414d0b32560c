"""A store, and a folder with one large document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.libraries import indexes as indexes_module
from bot.store import Store
from index.library.library import EXACT_UP_TO
from tests.bot.libraries.large import lines


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of its own builds whatever is served from postings."""
    monkeypatch.setattr(indexes_module, "LARGE_BYTES", 60 * EXACT_UP_TO // 2)


@pytest.fixture
def folder(state: Path) -> Path:
    return state / "index"


@pytest.fixture
def large(data: Path) -> Path:
    """A corpus folder of one large document."""
    (data / "corpus.yaml").write_text(
        "documents: [{id: tides, title: Tides, file: tides.txt}]\n", encoding="utf-8"
    )
    (data / "tides.txt").write_text(lines(), encoding="utf-8")
    return data


@pytest.fixture
def store(state: Path) -> Iterator[Store]:
    with Store.open(state) as opened:
        yield opened
