"""Entries of corpus.yaml that are fetched: what is refused, each at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.documents.corpus import fetched_entries
from index.errors import CorpusError

URL = '"https://docs.example/x"'
WRONG = [
    (f"address: {URL}\n  file: a.txt", "3: file and address are both given; delete one"),
    (f"address: {URL}\n  sitemap: {URL}", "4: address and sitemap are both given; delete one"),
    (f"address: {URL}\n  globs: ['*']", "4: globs goes with archive; give that, or delete it"),
    (f"sitemap: {URL}\n  folder: docs", "4: folder goes with archive; give that, or delete it"),
    ("file: a.txt\n  every_hours: 3", "4: every_hours goes with address, sitemap, archive;"),
    (f"address: {URL}\n  every_hours: 0", "4: documents.every_hours: input should be greater"),
    (f"address: {URL}\n  every_hours: 721", "4: documents.every_hours: input should be less"),
    (f"archive: {URL}\n  globs: '*.md'", "4: documents.globs: input should be a valid list"),
    (f"address: {URL}\n  colour: red", "4: unknown key 'colour'"),
    ("address: ftp://docs.example/x", "3: documents.address: must be a web address"),
    ("address:", "3: address is empty; give an address"),
    ("sitemap: 3", "3: documents.sitemap: input should be a valid string"),
    ("globs: ['*']", "2: 'file' is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), WRONG)
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, said: str, expected: str) -> None:
    entry = "documents:\n- id: x\n"
    (tmp_path / "corpus.yaml").write_text(f"{entry}  {said}\n  title: X\n", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        fetched_entries(tmp_path)
    assert any(str(one).startswith(f"corpus.yaml:{expected}") for one in caught.value.problems), (
        caught.value
    )
