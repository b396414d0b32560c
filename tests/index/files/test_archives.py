"""Archives are unpacked within bounds that are counted, whatever their headers say."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import CorpusError
from index.files.archives import MAX_ENTRIES, read_archive
from tests.index.importers.made_archives import archive


def every(_: str) -> bool:
    return True


def refusal(content: bytes) -> str:
    with pytest.raises(CorpusError) as refused:
        read_archive("a.zip", content, every)
    (problem,) = refused.value.problems
    return problem.reason


def test_wanted_entries_are_unpacked() -> None:
    packed = archive({"a.xml": "one", "b.png": "two", "folder/": ""})

    assert read_archive("a.zip", packed, lambda name: name != "b.png") == {"a.xml": b"one"}


def test_an_archive_within_is_an_entry_like_any_other() -> None:
    inner = archive({"c.xml": "three"})

    assert read_archive("a.zip", archive({"b.zip": inner}), every) == {"b.zip": inner}


def test_too_many_files_are_refused() -> None:
    packed = archive({f"{number}.xml": "" for number in range(MAX_ENTRIES + 1)})

    assert "holds 2,001 files; 2,000 are the most" in refusal(packed)


def test_what_unpacks_to_very_much_more_is_refused() -> None:
    assert "100 times its size" in refusal(archive({"a.xml": bytes(10_000_000)}))


def test_what_is_too_large_in_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.files.archives.MAX_INFLATED", 1_000)
    packed = archive({f"{number}.xml": bytes(range(256)) for number in range(4)})

    assert "when it is unpacked" in refusal(packed)


def test_a_header_that_tells_less_is_not_trusted() -> None:
    packed = bytearray(archive({"a.xml": bytes(100_000)}))
    told = packed.rindex(b"PK\x01\x02") + 24
    packed[told : told + 4] = struct.pack("<I", 10)

    assert "is damaged" in refusal(bytes(packed))


def test_a_locked_archive_is_told() -> None:
    packed = bytearray(archive({"a.xml": "one"}))
    packed[packed.rindex(b"PK\x01\x02") + 8] |= 1

    assert "locked by a password" in refusal(bytes(packed))


def test_other_ways_of_packing_are_refused() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("a.xml", "one")

    assert "packed in a way that is not read" in refusal(packed.getvalue())


def test_what_is_no_archive_is_refused() -> None:
    assert "is damaged" in refusal(b"The lamp was lit.")


WHOLE = archive({"a.xml": "one " * 30, "b.xml": "two " * 30})


@settings(deadline=None)
@given(st.integers(0, len(WHOLE)), st.lists(st.integers(0, 8 * len(WHOLE) - 1), max_size=12))
def test_a_damaged_archive_is_read_or_refused_in_words(cut: int, flips: list[int]) -> None:
    content = bytearray(WHOLE)
    for flip in flips:
        content[flip // 8] ^= 1 << flip % 8
    try:
        entries = read_archive("a.zip", bytes(content[:cut]), every)
    except CorpusError as error:
        assert str(error).startswith("a.zip:1: is ")  # noqa: PT017
    else:
        assert len(entries) <= 2
