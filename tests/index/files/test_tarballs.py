"""Tarballs are read within bounds, whatever their headers say."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import CorpusError
from index.files.tarballs import read_tarball

WITHOUT_END = "".join(sha256(bytes(at)).hexdigest() for at in range(2_000))
LONG = f"{'folder/' * 40}name.md"


def made(files: Mapping[str, bytes], kind: int = tarfile.PAX_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=kind) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def read(content: bytes, **given: int) -> dict[str, bytes]:
    return read_tarball("a.tar.gz", gzip.compress(content), lambda _: True, **given)


def refusal(content: bytes, **given: int) -> str:
    with pytest.raises(CorpusError) as refused:
        read(content, **given)
    return refused.value.problems[0].reason


@pytest.mark.parametrize("kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_form_is_read(kind: int) -> None:
    files = {"a.md": b"one", "folder/b.md": b"", "c.md": bytes(range(256)) * 9}
    if kind != tarfile.USTAR_FORMAT:
        files |= {LONG: b"two", "d\u00e9.md": b"three"}
    assert read(made(files, kind)) == files


def test_what_a_git_host_says_of_all_files_is_no_file() -> None:
    packed = io.BytesIO()
    headers = {"comment": "1a2b3c"}
    with tarfile.open(
        fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, pax_headers=headers
    ) as of:
        of.addfile(tarfile.TarInfo("a.md"))
    assert read(packed.getvalue()) == {"a.md": b""}


def test_what_is_not_wanted_is_not_given() -> None:
    content = gzip.compress(made({"a.md": b"one", "b.png": b"two"}))
    assert read_tarball("a", content, lambda name: name == "a.md") == {"a.md": b"one"}


def test_a_file_that_ends_too_early_is_damaged() -> None:
    assert "ends too early" in refusal(made({"a.md": bytes(2000)})[:1024])


def test_a_negative_size_is_damaged() -> None:
    """Python's own reader went back over such an archive for ever."""
    header = tarfile.TarInfo("a.md")
    header.size = -512
    assert "is damaged" in refusal(header.tobuf(tarfile.GNU_FORMAT) + bytes(512))


def test_a_name_without_end_is_damaged() -> None:
    assert "a name is too long" in refusal(made({WITHOUT_END: b""}, tarfile.GNU_FORMAT))
    assert "a name is too long" in refusal(made({WITHOUT_END: b""}))


@pytest.mark.parametrize("record", [b"99 path=a\n", b"0 path=a\n", b"x", b"-5 a=b\n", b"9" * 400])
def test_a_record_that_lies_of_its_length_is_damaged(record: bytes) -> None:
    info = tarfile.TarInfo("header")
    info.type, info.size = tarfile.XHDTYPE, len(record)
    packed = info.tobuf() + record.ljust(512, b"\0") + tarfile.TarInfo("a.md").tobuf()
    assert "is damaged" in refusal(packed)


def test_too_many_entries_are_refused() -> None:
    files = {f"{at}.md": b"" for at in range(4)}
    assert len(read(made(files), max_entries=4)) == 4
    assert "more than 3 files" in refusal(made(files), max_entries=3)


def test_what_unpacks_to_very_much_more_is_refused() -> None:
    assert "100 times its size" in refusal(made({"a.md": bytes(60_000_000)}))


def test_what_is_no_gzip_is_refused() -> None:
    with pytest.raises(CorpusError, match="is damaged"):
        read_tarball("a", b"hello", lambda _: True)


WHOLE = made({"a.md": b"one" * 300, LONG: b"two"})


@settings(deadline=None)
@given(st.integers(0, len(WHOLE)), st.lists(st.integers(0, 8 * len(WHOLE) - 1), max_size=12))
def test_a_damaged_tarball_is_read_or_refused_in_words(cut: int, flips: list[int]) -> None:
    content = bytearray(WHOLE)
    for flip in flips:
        content[flip // 8] ^= 1 << flip % 8
    try:
        files = read(bytes(content[:cut]))
    except CorpusError as error:
        assert str(error).startswith("a.tar.gz:1: is damaged")  # noqa: PT017
    else:
        assert sum(map(len, files.values())) <= len(WHOLE)
