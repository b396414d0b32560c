"""Bad files: each is refused in words, and the revision before answers on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.bad_files import BAD_FILES, README, BadFile, Served, row, rows_of, served_library

TABLE = rows_of(README.read_text(encoding="utf-8"))


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with served_library(tmp_path) as served:
        yield served


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.what)
async def test_is_refused_in_words_and_changes_nothing(served: Served, bad: BadFile) -> None:
    answer = await served.add(bad)
    assert bad.said in answer.replace("\\", "")
    assert "Nothing is published yet" not in answer
    assert await served.revision() == 1
    assert row(bad, answer, 1) in TABLE, "the table is old: python -m tests.bot.bad_files"


def test_the_table_has_these_files_alone() -> None:
    assert [line.partition(" (`")[0] for line in TABLE] == [f"| {bad.what}" for bad in BAD_FILES]


async def test_a_good_file_is_not_refused(served: Served) -> None:
    good = BadFile("good", "a.txt", b"[1] The gate of the harbour opens at eight.\n", "")
    assert "Nothing is published yet" in await served.add(good)
