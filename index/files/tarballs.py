"""Archives as Git hosts give them, .tar.gz, within bounds that are counted while they are read."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator

from index.errors import refusal
from index.files.archives import MAX_ENTRIES, MAX_INFLATED, MAX_RATIO
from index.files.inflating import CutError, OverBoundError, unpacked_gzip

__all__ = ["read_tarball"]

_BLOCK = tarfile.BLOCKSIZE
_MAX_HEADER = 100_000
"""Of a header that is longer than a block, such as that of a long name."""
_LONG_NAME = tarfile.GNUTYPE_LONGNAME
_EXTENDED = tarfile.XHDTYPE
_ABOUT = (_LONG_NAME, tarfile.GNUTYPE_LONGLINK, _EXTENDED, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
"""What says something of the entries behind it, and is none."""
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE)


def read_tarball(
    file: str,
    content: bytes,
    is_wanted: Callable[[str], bool],
    *,
    max_entries: int = MAX_ENTRIES,
) -> dict[str, bytes]:
    """The files with wanted names, unpacked in memory; links, folders and devices are none.

    Raises CorpusError for what is no .tar.gz, damaged, or larger than the bounds.
    """
    try:
        unpacked = unpacked_gzip(content, min(MAX_INFLATED, MAX_RATIO * len(content)))
    except OverBoundError:
        reason = (
            f"is more than {MAX_INFLATED // 1_000_000} MB when it is unpacked, or more than "
            f"{MAX_RATIO} times its size; take an archive of less"
        )
        raise refusal(file, reason) from None
    except CutError as error:
        raise refusal(file, f"is damaged ({error}); fetch it anew") from None
    files: dict[str, bytes] = {}
    try:
        for count, (name, start, size) in enumerate(_entries(unpacked), 1):
            if count > max_entries:
                reason = f"holds more than {max_entries:,} files; take an archive of less"
                raise refusal(file, reason)
            if size is not None and is_wanted(name):
                files[name] = unpacked[start : start + size]
    except (tarfile.TarError, ValueError) as error:
        raise refusal(file, f"is damaged ({error}); fetch it anew") from None
    return files


def _entries(unpacked: bytes) -> Iterator[tuple[str, int, int | None]]:
    """Each entry's name, where its bytes begin, and how many they are; None of what is no file.

    A header is read by tarfile, what is longer than one by hand: tarfile's own way through an
    archive takes for ever over some that are made to. Raises TarError, ValueError.
    """
    at = 0
    name: str | None = None
    length: int | None = None
    while at + _BLOCK <= len(unpacked) and any(unpacked[at : at + _BLOCK]):
        header = tarfile.TarInfo.frombuf(unpacked[at : at + _BLOCK], "utf-8", "replace")
        size = header.size if length is None or header.type in _ABOUT else length
        at += _BLOCK
        if size < 0 or at + size > len(unpacked):
            raise tarfile.ReadError("it ends too early")
        if header.type in _ABOUT and size > _MAX_HEADER:
            raise tarfile.ReadError("a name is too long")
        if header.type == _LONG_NAME:
            name = unpacked[at : at + size].rstrip(b"\0").decode("utf-8", "replace")
        elif header.type == _EXTENDED:
            told = _extended(unpacked[at : at + size])
            name = told.get("path", name)
            length = int(told["size"][:20]) if "size" in told else length
        elif header.type not in _ABOUT:
            yield name or header.name, at, size if header.type in _FILES else None
            name = length = None
        at += -(-size // _BLOCK) * _BLOCK


def _extended(records: bytes) -> dict[str, str]:
    """`22 path=folder/name` and so on, each with its length and a line break. Raises ValueError."""
    told: dict[str, str] = {}
    while records.strip(b"\0"):
        digits = records[:20].partition(b" ")[0]
        length = int(digits)
        if not len(digits) < length <= len(records):
            raise ValueError("a record is too long")
        key, _, value = records[len(digits) + 1 : length].partition(b"=")
        told[key.decode("utf-8", "replace")] = value.removesuffix(b"\n").decode("utf-8", "replace")
        records = records[length:]
    return told
