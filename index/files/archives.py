"""ZIP archives, which DOCX and EPUB are, within bounds that are counted while they are read."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from index.errors import refusal

__all__ = ["MAX_ENTRIES", "MAX_INFLATED", "MAX_RATIO", "read_archive", "words_of"]

MAX_ENTRIES = 2_000
MAX_INFLATED = 50_000_000
"""Bytes of all entries together, unpacked."""
MAX_RATIO = 100
"""Unpacked, an archive is so many times as large at most."""

_CHUNK = 1 << 16
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCKED = 0x1
_ENTRY = b"PK\x01\x02"
"""Stands before each entry of the directory, which is read as a whole before it is counted."""
_MOST_SIGNS = 2
"""So many times the entries: those of archives within count too."""
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError,
    OverflowError, IndexError,
)  # fmt: skip


def read_archive(
    file: str,
    content: bytes,
    is_wanted: Callable[[str], bool],
    *,
    max_entries: int = MAX_ENTRIES,
    advice: str = "Save it anew, without pictures",
) -> dict[str, bytes]:
    """The entries with wanted names, unpacked in memory; what their headers say is not trusted.

    An archive within the archive is an entry like any other, a link none. Raises CorpusError for
    what is no ZIP, damaged, locked, or larger than the bounds; `advice` is for too many entries.
    """
    if content.count(_ENTRY) > _MOST_SIGNS * max_entries:
        raise refusal(file, f"holds more than {max_entries:,} files. {advice}")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > max_entries:
                reason = f"holds {len(entries):,} files; {max_entries:,} are the most"
                raise refusal(file, f"{reason}. {advice}")
            unpacked: dict[str, bytes] = {}
            left = min(MAX_INFLATED, MAX_RATIO * len(content))
            for entry in entries:
                if is_wanted(entry.filename) and _is_file(entry):
                    unpacked[entry.filename] = _unpacked(file, archive, entry, left)
                    left -= len(unpacked[entry.filename])
            return unpacked
    except _DAMAGED as error:
        reason = f"is damaged ({words_of(error)}); save it anew and try again"
        raise refusal(file, reason) from None


def _is_file(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is neither a folder nor what Unix calls a link or a device."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return not entry.is_dir() and kind in (0, stat.S_IFREG)


def words_of(error: Exception) -> str:
    """What a library says of a damaged file, in short; the name of the error where it is silent."""
    return " ".join(str(error).split())[:100] or type(error).__name__


def _unpacked(file: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """An entry of at most so many bytes."""
    if entry.flag_bits & _LOCKED:
        raise refusal(file, "is locked by a password; save a copy without one")
    if entry.compress_type not in _METHODS:
        raise refusal(file, "is packed in a way that is not read; save it anew")
    chunks: list[bytes] = []
    with archive.open(entry) as packed:
        while chunk := packed.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                reason = (
                    f"is more than {MAX_INFLATED // 1_000_000} MB when it is unpacked, or more "
                    f"than {MAX_RATIO} times its size; split it, or save it anew"
                )
                raise refusal(file, reason)
            chunks.append(chunk)
    return b"".join(chunks)
