"""A large library on the disk: saved once, and mapped by each process that serves it."""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from index.arrays.fields import from_arrays, to_arrays
from index.arrays.folder import FolderStamp, UnusableFolderError, map_folder, write_folder
from index.documents.document import DocumentSpec
from index.errors import Problem
from index.library.library import EXACT_UP_TO, IndexedLibrary, LibraryArrays

__all__ = ["SavedLibrary", "documents_named", "library_name", "load_library", "save_library"]

FORMAT = 1
"""Counted up where the files change in a way that the code of this package does not tell."""
VERSION_DIGITS = 16
PACKAGES = ("PyStemmer", "sentencex", "stopwords")
"""What passages and terms are made with."""


@cache
def versions() -> dict[str, str | int]:
    """What a saved library depends on beside its documents: another value, and it is made anew."""
    code = hashlib.sha256()
    house = Path(str(files("index")))
    for path in sorted(house.rglob("*.py")):
        code.update(path.relative_to(house).as_posix().encode() + b"\0" + path.read_bytes())
    return {
        "format": FORMAT,
        "code": code.hexdigest(),
        "unicode": unicodedata.unidata_version,
        "byteorder": sys.byteorder,
        **{name: version(name) for name in PACKAGES},
    }


def library_name(documents: str) -> str:
    """What the saved library of documents is called, by their digest: another for other versions.

    It is `<digest of the documents>-<digest of the versions>`.
    """
    made_with = hashlib.sha256(repr(sorted(versions().items())).encode())
    return f"{documents}-{made_with.hexdigest()[:VERSION_DIGITS]}"


def documents_named(name: str) -> str:
    """The digest of the documents of a library that is called so."""
    return name.partition("-")[0]


@dataclass(frozen=True, slots=True)
class SavedLibrary:
    """A library that was saved, with what was odd about its sources.

    `stamp` tells whether its files were touched since; `refusal` is why the disk took no copy of
    it, so that it is in this process's own memory, or None.
    """

    library: IndexedLibrary
    warnings: tuple[Problem, ...]
    stamp: FolderStamp
    refusal: str | None


def save_library(
    folder: Path, library: IndexedLibrary, warnings: Sequence[Problem] = ()
) -> FolderStamp:
    """Save a library, and what was odd about its sources; raises OSError."""
    about = {
        "versions": versions(),
        "documents": [document.spec.model_dump_json() for document in library.documents],
        "warnings": [[odd.file, odd.line, odd.reason] for odd in warnings],
    }
    return write_folder(folder, to_arrays(library.arrays), about)


def load_library(folder: Path, exact_up_to: int = EXACT_UP_TO) -> SavedLibrary:
    """Map a saved library. Raises UnusableFolderError."""
    mapped = map_folder(folder)
    about = mapped.about
    try:
        if about["versions"] != versions():
            raise UnusableFolderError(folder, "another version of Footnote wrote it")
        specs = [DocumentSpec.model_validate_json(spec) for spec in about["documents"]]
        arrays = from_arrays(LibraryArrays, mapped.arrays)
        library = IndexedLibrary(specs, arrays, exact_up_to)
        warnings = tuple(Problem(*odd) for odd in about["warnings"])
    except (KeyError, TypeError, ValidationError) as error:
        raise UnusableFolderError(folder, f"it lacks {error}") from None
    return SavedLibrary(library, warnings, mapped.stamp, mapped.refusal)
