"""Archives that are fetched, .zip and .tar.gz, to the files of a folder in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from index.errors import refusal
from index.files.archives import read_archive
from index.files.tarballs import read_tarball

__all__ = ["ArchivedFile", "files_of_archive"]

MAX_ENTRIES = 20_000
"""Of all that is in an archive; a repository is large beside its folder of documentation."""
MAX_FILES = 500
MAX_PATH = 300
_ZIP = b"PK"
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file; `path` leads to it from the folder that was asked for, `/` between its parts."""

    path: str
    content: bytes


def files_of_archive(
    file: str, content: bytes, folder: str = "", globs: Sequence[str] = ("*",)
) -> tuple[ArchivedFile, ...]:
    """The files below `folder` whose paths from there match one of `globs`, sorted by path.

    The one folder that all else is in, as Git hosts have it, counts for nothing; `*` in a glob
    stands for `/`, too. Nothing is written, links are passed over, and so is a path that leads out.
    It works for seconds over what is large. Raises CorpusError for what is no such archive,
    damaged, beyond the bounds, and where no file matches, or more than 500.
    """
    names: list[str] = []

    def note(name: str) -> bool:
        names.append(name)
        return False

    _read(file, content, note)
    top = _top_of(names)
    folder = "/".join(PurePosixPath(folder).parts)
    below = f"{top}{folder}/" if folder else top

    def is_wanted(name: str) -> bool:
        path = name.removeprefix(below)
        return (
            name.startswith(below)
            and _is_harmless(path)
            and any(fnmatchcase(path, glob) for glob in globs)
        )

    found = _read(file, content, is_wanted)
    where = f"below {folder}" if folder else "in it"
    if not found:
        raise refusal(file, f"holds no file {where} that matches {', '.join(globs)}; correct them")
    if len(found) > MAX_FILES:
        reason = f"holds {len(found):,} files {where}; {MAX_FILES} are the most, so narrow them"
        raise refusal(file, reason)
    return tuple(ArchivedFile(name.removeprefix(below), found[name]) for name in sorted(found))


def _read(file: str, content: bytes, is_wanted: Callable[[str], bool]) -> dict[str, bytes]:
    if content.startswith(_ZIP):
        return read_archive(
            file, content, is_wanted, max_entries=MAX_ENTRIES, advice="Take an archive of less"
        )
    if content.startswith(_GZIP):
        return read_tarball(file, content, is_wanted, max_entries=MAX_ENTRIES)
    raise refusal(file, "is neither a .zip nor a .tar.gz; give the address of one")


def _top_of(names: Sequence[str]) -> str:
    """The one folder that all is in, with its slash; nothing where there is none."""
    tops = {name.partition("/")[0] for name in names}
    inside = all("/" in name for name in names)
    return f"{tops.pop()}/" if len(tops) == 1 and inside else ""


def _is_harmless(path: str) -> bool:
    """Whether a path is one of a file below, as every system reads it."""
    parts = path.split("/")
    return (
        len(path) <= MAX_PATH
        and path.isprintable()
        and not any(sign in path for sign in "\\:")
        and not any(part in ("", ".", "..") for part in parts)
    )
