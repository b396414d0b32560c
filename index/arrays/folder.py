"""Arrays by name in a folder: written aside, checksummed, and mapped into memory to be read.

`arrays.bin` has them one after the other, each at a multiple of 64 bytes; `header.json` says which,
where, of what type and shape, with a checksum of both files.

What is mapped is a copy without a name, of the very bytes that were compared with the checksum:
whoever cuts, changes or deletes the files afterwards reaches nobody who serves them. It costs the
bytes once more on the disk, and once more in the system's cache, for each process that maps the
folder; both are given back when that process ends.
"""

from __future__ import annotations

import errno
import json
import mmap
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_128, xxh3_128_hexdigest

from index.errors import FootnoteError
from index.files.replacing import create_file, take_place
from index.system import flush_folder

__all__ = [
    "UNFINISHED",
    "FolderStamp",
    "MappedFolder",
    "UnusableFolderError",
    "check_folder",
    "is_untouched",
    "map_folder",
    "write_folder",
]

UNFINISHED = ".part"
"""How the names of folders end that are being written, or were when their process ended."""
ALIGNMENT = 64
ARRAYS, HEADER = "arrays.bin", "header.json"
CHUNK = 1 << 18
"""Bytes that are copied and checksummed at a time."""


class UnusableFolderError(FootnoteError):
    """A folder of arrays that is not there, or not as it was written."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(folder, reason)  # by which it goes from one process to another

    def __str__(self) -> str:
        return "{} cannot be used: {}".format(*self.args)


@dataclass(frozen=True, slots=True)
class FolderStamp:
    """What a folder was like: `checksum` is of all that was written, `files` tell changed ones."""

    checksum: str
    files: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class MappedFolder:
    """The arrays of a folder, which cannot be written to, and what was said about them.

    `refusal` is why the disk took no copy, so that the arrays are in this process's own memory;
    None where it took one.
    """

    arrays: dict[str, NDArray[Any]]
    about: Any
    stamp: FolderStamp
    refusal: str | None


def write_folder(folder: Path, arrays: Mapping[str, NDArray[Any]], about: object) -> FolderStamp:
    """Make `folder` of `arrays`, and of `about`, which is any JSON. One that is there goes.

    The folder has its name only once everything is on the disk. Raises OSError; nothing is left
    then.
    """
    with _aside(folder) as part:
        _look_for_room(sum(values.nbytes for values in arrays.values()), part)
        header = {"about": about, **_write_arrays(part / ARRAYS, arrays)}
        checksum = _checksum(header)
        text = json.dumps({"checksum": checksum, "header": header})
        create_file(part / HEADER, text.encode())
        flush_folder(part)
        return FolderStamp(checksum, _files(part))


def map_folder(folder: Path) -> MappedFolder:
    """The arrays of a folder, each as it was written. Raises UnusableFolderError.

    The copy that is mapped is put beside the folder, or into memory where the disk takes none.
    """
    with _opened(folder) as (header, stamp, file):
        content, checksum, refusal = _private_copy(file, folder.parent)
        if checksum != header["arrays_checksum"]:
            raise UnusableFolderError(folder, f"{ARRAYS} is not what was written")
    arrays = {name: _array(content, **where) for name, where in header["arrays"].items()}
    return MappedFolder(arrays, header["about"], stamp, refusal)


def check_folder(folder: Path) -> FolderStamp:
    """Read everything, and compare it with the checksums. Raises UnusableFolderError."""
    with _opened(folder) as (header, stamp, file):
        if _copied(file, None) != header["arrays_checksum"]:
            raise UnusableFolderError(folder, f"{ARRAYS} is not what was written")
        return stamp


def is_untouched(folder: Path, stamp: FolderStamp) -> bool:
    """Whether the files are those that the stamp tells of, by their names, sizes and times."""
    try:
        return _files(folder) == stamp.files
    except OSError:
        return False


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[dict[str, Any], FolderStamp, IO[bytes]]]:
    """The header, which is as it was written, and the arrays' file, which has the right size.

    What goes wrong with them in the block is told as an UnusableFolderError, too.
    """
    name = HEADER
    try:
        with (folder / HEADER).open("rb") as text:
            stored = json.loads(text.read())
            name = ARRAYS
            with (folder / ARRAYS).open("rb") as file:
                header, stats = stored["header"], [os.fstat(one.fileno()) for one in (text, file)]
                if stored["checksum"] != _checksum(header):
                    raise UnusableFolderError(folder, f"{HEADER} is not what was written")
                size, written = stats[1].st_size, header["size"]
                if size != written:
                    reason = f"{ARRAYS} has {size:,} bytes, and {written:,} were written"
                    raise UnusableFolderError(folder, reason)
                yield header, FolderStamp(stored["checksum"], tuple(map(_stamp, stats))), file
    except FileNotFoundError:
        raise UnusableFolderError(folder, f"{name} is gone") from None
    except OSError as error:
        reason = f"{name} cannot be read ({error.strerror})"
        raise UnusableFolderError(folder, reason) from None
    except (ValueError, KeyError, TypeError):
        raise UnusableFolderError(folder, f"{HEADER} is not what was written") from None


def _files(folder: Path) -> tuple[tuple[int, int, int], ...]:
    return tuple(_stamp((folder / name).stat()) for name in (HEADER, ARRAYS))


def _stamp(stats: os.stat_result) -> tuple[int, int, int]:
    return stats.st_ino, stats.st_size, stats.st_mtime_ns


def _private_copy(file: IO[bytes], beside: Path) -> tuple[mmap.mmap | bytes, str, str | None]:
    """What is in a file, out of others' reach; its checksum; why it had to be in memory, if so.

    All is read through the system, for which a bad sector or a file cut meanwhile is an error, and
    not the end of the process.
    """
    try:
        _look_for_room(os.fstat(file.fileno()).st_size, beside)
        with TemporaryFile(dir=beside) as copy:
            checksum = _copied(file, copy)
            copy.flush()
            return mmap.mmap(copy.fileno(), 0, access=mmap.ACCESS_READ), checksum, None
    except (OSError, ValueError) as error:  # of a file that was emptied meanwhile, the latter
        file.seek(0)
        content = file.read()
        return content, xxh3_128_hexdigest(content), getattr(error, "strerror", "") or str(error)


def _look_for_room(size: int, folder: Path) -> None:
    """Raise OSError where a file has no room: a disk that is filled in vain is full for others."""
    if shutil.disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _copied(file: IO[bytes], target: IO[bytes] | None) -> str:
    """Copy a file, if there is where to; the checksum of what was read."""
    checksum = xxh3_128()
    while content := file.read(CHUNK):
        checksum.update(content)
        if target is not None:
            target.write(content)
    return checksum.hexdigest()


def _array(content: mmap.mmap | bytes, start: int, dtype: str, shape: list[int]) -> NDArray[Any]:
    count = int(np.prod(shape, dtype=np.int64))
    if not count:
        return np.zeros(shape, dtype=dtype)
    return np.frombuffer(content, dtype=dtype, count=count, offset=start).reshape(shape)


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A folder to write to, which takes the place of `folder` at the end if all went well."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The name tells whose it is, for whoever ends a process that writes.
    part = folder.with_name(f"{folder.name}.{os.getpid()}-{secrets.token_hex(4)}{UNFINISHED}")
    part.mkdir(mode=0o700)
    try:
        yield part
        if folder.exists():
            folder.rename(part.with_name(f"{part.stem}.old{UNFINISHED}"))
        take_place(part, folder)
    finally:
        for left in folder.parent.glob(f"{part.stem}*{UNFINISHED}"):
            shutil.rmtree(left, ignore_errors=True)


def _write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Write the arrays; where each of them is, the size of the file and its checksum."""
    checksum, places = xxh3_128(), {}
    with path.open("wb") as file:

        def write(content: bytes | memoryview) -> None:
            file.write(content)
            checksum.update(content)

        write(bytes(ALIGNMENT))  # an empty file could not be mapped
        for name, values in arrays.items():
            # tobytes() would copy what may be hundreds of megabytes.
            flat = np.ascontiguousarray(values).reshape(-1).view(np.uint8)
            places[name] = {
                "start": file.tell(),
                "dtype": values.dtype.str,
                "shape": list(values.shape),
            }
            write(flat.data)
            write(bytes(-file.tell() % ALIGNMENT))
        file.flush()
        os.fsync(file.fileno())
        return {"arrays": places, "size": file.tell(), "arrays_checksum": checksum.hexdigest()}


def _checksum(header: object) -> str:
    return xxh3_128_hexdigest(json.dumps(header, sort_keys=True).encode())
