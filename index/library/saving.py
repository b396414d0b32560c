"""A large library on the disk: saved once, and mapped by every process that serves it."""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from index.arrays.fields import from_arrays, to_arrays
from index.arrays.folder import UnusableFolderError, map_folder, write_folder
from index.documents.document import DocumentSpec
from index.errors import Problem
from index.library.library import EXACT_UP_TO, IndexedLibrary, LibraryArrays

__all__ = ["library_digest", "load_library", "save_library"]

FORMAT = 1
"""Counted up where the files change in a way that the code of this package does not tell."""
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


def library_digest(documents: Iterable[tuple[str, str]]) -> str:
    """The name of the library of these documents: specs as JSON, and SHA-256 of the sources."""
    digest = hashlib.sha256(repr(sorted(versions().items())).encode())
    for document in documents:
        digest.update(repr(document).encode())
    return digest.hexdigest()


def save_library(folder: Path, library: IndexedLibrary, warnings: Sequence[Problem] = ()) -> None:
    """Save a library, and what was odd about its sources; raises OSError."""
    about = {
        "versions": versions(),
        "documents": [document.spec.model_dump_json() for document in library.documents],
        "warnings": [[odd.file, odd.line, odd.reason] for odd in warnings],
    }
    write_folder(folder, to_arrays(library.arrays), about)


def load_library(
    folder: Path, exact_up_to: int = EXACT_UP_TO
) -> tuple[IndexedLibrary, tuple[Problem, ...]]:
    """Map a saved library, with its warnings. Raises UnusableFolderError."""
    arrays, about = map_folder(folder)
    try:
        if about["versions"] != versions():
            raise UnusableFolderError(folder, "another version of Footnote wrote it")
        specs = [DocumentSpec.model_validate_json(spec) for spec in about["documents"]]
        library = IndexedLibrary(specs, from_arrays(LibraryArrays, arrays), exact_up_to)
        return library, tuple(Problem(*odd) for odd in about["warnings"])
    except (KeyError, TypeError, ValidationError) as error:
        raise UnusableFolderError(folder, f"it lacks {error}") from None
