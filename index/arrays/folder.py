"""Arrays by name in a folder: written aside, checksummed, and mapped into memory to be read.

`arrays.bin` has them one after the other, each at a multiple of 64 bytes; `header.json` says which,
where, of what type and shape, with a checksum of both files. Processes that map the same folder
share its memory.
"""

from __future__ import annotations

import json
import mmap
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_128, xxh3_128_hexdigest

from index.errors import FootnoteError
from index.files.replacing import create_file, take_place
from index.system import flush_folder, make_way

__all__ = ["UNFINISHED", "UnusableFolderError", "map_folder", "write_folder"]

UNFINISHED = ".part"
"""How the names of folders end that are being written, or were when their process ended."""
ALIGNMENT = 64
ARRAYS, HEADER = "arrays.bin", "header.json"


class UnusableFolderError(FootnoteError):
    """A folder of arrays that is not there, or not as it was written."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder} cannot be used: {reason}")


def write_folder(folder: Path, arrays: Mapping[str, NDArray[Any]], about: object) -> None:
    """Make `folder` of `arrays`, and of `about`, which is any JSON. One that is there goes.

    The folder has its name only once everything is on the disk. Raises OSError; nothing is left
    then.
    """
    with _aside(folder) as part:
        header = {"about": about, **_write_arrays(part / ARRAYS, arrays)}
        text = json.dumps({"checksum": _checksum(header), "header": header})
        create_file(part / HEADER, text.encode())
        flush_folder(part)


def map_folder(folder: Path) -> tuple[dict[str, NDArray[Any]], Any]:
    """The arrays of a folder, which cannot be written to, and what was said about them.

    Everything is read once and compared with its checksum. Raises UnusableFolderError.
    """
    try:
        stored = json.loads((folder / HEADER).read_bytes())
        header = stored["header"]
        if stored["checksum"] != _checksum(header):
            raise UnusableFolderError(folder, f"{HEADER} is not what was written")
        with (folder / ARRAYS).open("rb") as file:
            if os.fstat(file.fileno()).st_size != header["size"]:
                raise UnusableFolderError(folder, f"{ARRAYS} has not the size that was written")
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableFolderError(folder, str(error) or type(error).__name__) from None
    if xxh3_128_hexdigest(content) != header["arrays_checksum"]:
        raise UnusableFolderError(folder, f"{ARRAYS} is not what was written")
    arrays = {name: _array(content, **where) for name, where in header["arrays"].items()}
    return arrays, header["about"]


def _array(content: mmap.mmap, start: int, dtype: str, shape: list[int]) -> NDArray[Any]:
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
            make_way(folder, part.with_name(f"{part.stem}.old{UNFINISHED}"))
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
