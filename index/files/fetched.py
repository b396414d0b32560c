"""What was fetched for one entry of corpus.yaml: its files, in a ZIP archive written as a whole."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from index.files.replacing import replace_file

__all__ = ["FetchedFile", "FetchedFiles", "Known", "read_fetched", "write_fetched"]

MANIFEST = "manifest.json"
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError,
    ValidationError,
)  # fmt: skip


class Known(NamedTuple):
    """Where an answer came from in the end, and by what its server tells that it has changed."""

    found_at: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file; its name tells its format, `address` is that of a page which is a file by itself."""

    name: str
    content: bytes = field(repr=False)
    address: str | None = None


@dataclass(frozen=True, slots=True)
class FetchedFiles:
    """The files of an entry in their order; `known` is by the address that was asked."""

    files: tuple[FetchedFile, ...] = ()
    known: Mapping[str, Known] = field(default_factory=dict)


class _Listed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    address: str | None


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    files: list[_Listed]
    known: dict[str, Known]


def read_fetched(path: Path) -> FetchedFiles:
    """What was written there. Raises FileNotFoundError, OSError; ValueError where it is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _Manifest.model_validate_json(archive.read(MANIFEST))
            files = tuple(
                FetchedFile(one.name, archive.read(str(number)), one.address)
                for number, one in enumerate(manifest.files)
            )
    except _DAMAGED as error:
        raise ValueError(f"it is damaged: {type(error).__name__}") from None
    return FetchedFiles(files, manifest.known)


def write_fetched(path: Path, fetched: FetchedFiles) -> None:
    """Put it in the place of what was there, whole or not at all. Raises OSError."""
    listed = [_Listed(name=one.name, address=one.address) for one in fetched.files]
    manifest = _Manifest(files=listed, known=dict(fetched.known))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, manifest.model_dump_json())
        for number, one in enumerate(fetched.files):
            archive.writestr(str(number), one.content)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    replace_file(path, packed.getvalue())
