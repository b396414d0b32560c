"""A backup brought back: checked in full beside the database before it takes its place."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.store.database.database import Database, choose_backend
from bot.store.database.sqlite import SqliteBackend
from bot.store.database.state_folder import lock_state_folder
from bot.store.errors import (
    BackupError,
    DamagedStoreError,
    ForeignFileError,
    NewerSchemaError,
    StoreBusyError,
)
from index.files.replacing import flush, take_place

__all__ = ["restore"]

COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file, under the file's name and one of these."""


def restore(backup: Path, state: Path, url: str | None = None) -> Path | None:
    """Replace the database of `state` (or of `url`) by a copy of `backup`, in one step.

    The bot must not run. A database that is damaged or newer than this version is kept under
    another name, which is returned. Raises StateInUseError, StoreBusyError; BackupError when the
    file cannot be read; DamagedStoreError, ForeignFileError or NewerSchemaError when it is no
    backup for this version. Then nothing changed.
    """
    target = choose_backend(state, url)
    if not isinstance(target, SqliteBackend):
        name = target.url.get_backend_name()
        raise BackupError(f"restore {name} with its own tools; only SQLite is restored by footnote")
    with lock_state_folder(state):
        _make_folder(target.path.parent)
        copy = target.path.with_name(f"{target.path.name}.restoring")
        _delete(copy)
        try:
            _copy(backup, copy)
            with _of_backup(backup):
                _prepare(copy)
            aside = _make_way(target)
            take_place(copy, target.path)
        finally:
            _delete(copy)
    return aside


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupError(f"{folder} cannot be made ({error.strerror})") from None


def _prepare(copy: Path) -> None:
    """Check the copy, bring its schema up to date, and leave it as one file on the disk."""
    candidate = choose_backend(copy.parent, f"sqlite:///{copy.absolute()}")
    assert isinstance(candidate, SqliteBackend)  # noqa: S101
    if not candidate.check_identity():
        raise DamagedStoreError
    with closing(sqlite3.connect(copy)) as raw:
        candidate.check_pages(raw)
    Database(candidate).close()
    _leave_one_file(candidate)
    flush(copy)


@contextmanager
def _of_backup(backup: Path) -> Iterator[None]:
    """What is wrong with the copy is wrong with the backup."""
    try:
        yield
    except DamagedStoreError:
        reason = "is damaged or cut short; nothing was changed. Choose another backup"
        raise DamagedStoreError(f"{backup} {reason}") from None
    except ForeignFileError:
        reason = "is a database, but not a backup of Footnote's; nothing was changed"
        raise ForeignFileError(f"{backup} {reason}") from None
    except NewerSchemaError:
        reason = "was made by a newer Footnote; nothing was changed. Install that version first"
        raise NewerSchemaError(f"{backup} {reason}") from None


def _make_way(target: SqliteBackend) -> Path | None:
    """Have the old database in one file, ready to be replaced, or else keep it as another file."""
    present = [path for path in _files(target.path) if path.exists()]
    if not present:
        return None
    try:
        if target.path not in present:
            raise DamagedStoreError
        database = Database(target)
        try:
            database.check()
        finally:
            database.close()
    except (DamagedStoreError, NewerSchemaError):
        return _keep_aside(target.path)
    _leave_one_file(target)
    return None


def _leave_one_file(backend: SqliteBackend) -> None:
    """Fold the log into the file and end the logging; raises StoreBusyError."""
    with closing(sqlite3.connect(backend.path)) as raw:
        try:
            raw.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError:
            reason = f"another program uses {backend.path}; stop it first. Nothing was changed"
            raise StoreBusyError(reason) from None


def _keep_aside(path: Path) -> Path:
    """Copy the database to a name of today, and move what SQLite keeps beside it there too."""
    now = datetime.now(UTC)
    aside = path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%S%fZ}")
    if path.exists():
        _copy(path, aside)
        flush(aside)
    for old, new in zip(_files(path)[1:], _files(aside)[1:], strict=True):
        with contextlib.suppress(FileNotFoundError):
            old.replace(new)
    return aside


def _copy(source: Path, target: Path) -> None:
    if source.exists() and not source.is_file():  # a pipe would be waited for
        reason = f"{source} cannot be copied to {target.parent} (it is no regular file)"
        raise BackupError(f"{reason}; nothing was changed")
    try:
        with source.open("rb") as reader, open(target, "xb", opener=_private) as writer:
            shutil.copyfileobj(reader, writer)
    except OSError as error:
        reason = f"{source} cannot be copied to {target.parent} ({error.strerror})"
        raise BackupError(f"{reason}; nothing was changed") from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _files(path: Path) -> list[Path]:
    """The database file first, and its companions."""
    return [path, *(path.with_name(path.name + suffix) for suffix in COMPANIONS)]


def _delete(path: Path) -> None:
    for file in _files(path):
        file.unlink(missing_ok=True)
