"""What only POSIX systems have, each with what serves elsewhere.

All other modules are written for every system that Python runs on.
"""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["flush_folder", "open_without_waiting"]


def open_without_waiting(path: Path) -> int:
    """A descriptor to read from, for this process alone; a pipe that nobody writes to opens too.

    Elsewhere than on POSIX nothing waits in an open, and files are text unless said otherwise.
    """
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    return os.open(path, flags)


def flush_folder(folder: Path) -> None:
    """Have the names in a folder on the disk; elsewhere than on POSIX they are by themselves."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
