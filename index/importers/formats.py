"""Which importer reads a file: told by its name and its first bytes."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath
from typing import Literal, Protocol, cast, get_args

from index.errors import CorpusError, Problem
from index.importers.blocks import Imported

__all__ = ["FORMATS", "SUFFIXES", "TEXTS", "Format", "format_of", "import_file"]

Format = Literal["text", "markdown", "html", "docx", "epub", "pdf", "jats"]
FORMATS: tuple[Format, ...] = get_args(Format)
TEXTS: frozenset[Format] = frozenset({"text", "markdown"})
"""Formats that are written as they are read, and may be read line by line."""

SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".epub": "epub",
    ".pdf": "pdf",
    ".xml": "jats",
}
_MODULES: dict[Format, str] = {
    "text": "index.importers.text",
    "markdown": "index.importers.markdown",
    "html": "index.importers.html",
    "docx": "index.importers.docx",
    "epub": "index.importers.epub",
    "pdf": "index.importers.pdf",
    "jats": "index.importers.jats",
}


class _Importer(Protocol):
    def read(self, file: str, content: bytes) -> Imported: ...


def format_of(file: str) -> Format | None:
    """The format that a file's name tells; None where it tells none."""
    return SUFFIXES.get(PurePath(file).suffix.lower())


def import_file(file: str, content: bytes, file_format: Format) -> Imported:
    """The blocks of a file; `file` names it in problems.

    Raises CorpusError for bytes that are not of the format, and where the format's library is not
    installed.
    """
    try:
        module = import_module(_MODULES[file_format])
    except ModuleNotFoundError as error:
        reason = (
            f"needs {error.name} to be read; install it with: pip install 'footnote[documents]'"
        )
        raise CorpusError([Problem(file, 1, reason)]) from None
    return cast("_Importer", module).read(file, content)
