"""Files that others name: regular ones alone, and no more of them than is allowed."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from index.system import open_without_waiting

__all__ = ["cause_of", "read_regular_file"]

CHUNK_BYTES = 1 << 24


def read_regular_file(path: Path, max_bytes: int) -> bytes:
    """The bytes of a file; never waits, as a pipe or a terminal would have it do.

    Raises OSError for what is no regular file (a pipe, a device, a folder), for a file of more
    than `max_bytes` (errno.EFBIG) and for one that cannot be read, ValueError for a name that no
    file can have.
    """
    descriptor = open_without_waiting(path)
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "Not a regular file, but a pipe or a device", str(path))
        content = bytearray()
        # Asked for all that is allowed, Python would make room for it whatever the file holds.
        while len(content) <= max_bytes and (part := os.read(descriptor, CHUNK_BYTES)):
            content += part
    finally:
        os.close(descriptor)
    if len(content) > max_bytes:
        raise OSError(errno.EFBIG, f"More than {max_bytes:,} bytes, which are the most", str(path))
    return bytes(content)


def cause_of(error: Exception) -> str:
    """Why a file could not be read, without the path that `str(error)` would repeat."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:1].lower() + error.strerror[1:]
    if isinstance(error, UnicodeEncodeError):
        return "its name holds a character that no file name can have"
    return str(error)
