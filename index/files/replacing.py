"""Files and folders that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from index.system import flush_folder

__all__ = ["create_file", "flush", "replace_file", "take_place"]


def create_file(path: Path, content: bytes) -> None:
    """Write a new file, on the disk when this returns. Raises FileExistsError, OSError."""
    with path.open("xb") as handle:
        try:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        except BaseException:
            path.unlink()
            raise


def replace_file(path: Path, content: bytes) -> None:
    """Put a file of `content` in the place of the one at `path`, or where there is none yet.

    A link to a file stays a link, and its rights stay what they were. Raises OSError.
    """
    target = path.resolve()
    aside = target.with_name(f".{secrets.token_hex(8)}.aside")
    try:
        create_file(aside, content)
        if target.exists():
            shutil.copymode(target, aside)
        take_place(aside, target)
    finally:
        aside.unlink(missing_ok=True)


def take_place(made: Path, target: Path) -> None:
    """Give a finished file or folder its name, in one step, and have that on the disk."""
    made.replace(target)
    flush_folder(target.parent)


def flush(path: Path) -> None:
    """Have the bytes of a closed file on the disk."""
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())
