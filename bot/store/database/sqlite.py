"""All that is particular to SQLite: one file, its safety, its errors in words."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from bot.store.database.backend import WRITES, Backend
from bot.store.errors import (
    BackupError,
    DamagedStoreError,
    ForeignFileError,
    StoreBusyError,
    StoreError,
    StoreFullError,
)

__all__ = ["BUSY_TIMEOUT_S", "FILE_NAME", "SqliteBackend"]

FILE_NAME = "footnote.sqlite3"
BUSY_TIMEOUT_S = 10.0
APPLICATION_ID = 0x466F6F74
"""`Foot`, in the header of every file of ours."""
RETRY_S = 0.02
PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
"""Errors after which the same may work later."""

PRAGMAS = (
    f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_S * 1000)}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
)


class SqliteBackend(Backend):
    """One SQLite file, that its owner alone may read."""

    def __init__(self, url: URL, path: Path) -> None:
        super().__init__(url)
        self.path = path

    def engine(self) -> Engine:
        """Make the file if there is none, and the engine. Raises StoreError.

        A file that is damaged or another program's is refused before anything is written to it.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            self.path.chmod(0o600)
        except OSError as error:
            reason = f"{self.path} cannot be written ({error.strerror}); check the state folder"
            raise StoreError(reason) from None
        self.check_identity()
        engine = create_engine(self.url, connect_args={"isolation_level": None})
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
        return engine

    def check_identity(self) -> bool:
        """Whether the file holds tables; refuses others': DamagedStoreError, ForeignFileError."""
        with (
            self._explained(),
            contextlib.closing(sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_S)) as raw,
        ):
            (tables,) = raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
            (application,) = raw.execute("PRAGMA application_id").fetchone()
        if application not in ({APPLICATION_ID} if tables else {APPLICATION_ID, 0}):
            raise ForeignFileError(
                f"{self.path} is a database, but not one of Footnote's; nothing was changed in "
                "it. Move it elsewhere or choose another file"
            )
        return bool(tables)

    @contextmanager
    def migration(self, engine: Engine) -> Iterator[Connection]:
        """One transaction without foreign keys, since a rebuilt table is dropped in it.

        They are checked before it commits. The first one marks the file as ours.
        """
        with engine.connect() as connection:
            raw = _raw(connection)
            raw.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.execution_options(**{WRITES: True}).begin():
                    yield connection
                    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                    if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                        raise self._damaged()
            finally:
                raw.execute("PRAGMA foreign_keys = ON")

    def migrated(self, engine: Engine) -> None:
        """Turn write-ahead logging on; finish what `erase` could not. Raises StoreError."""
        deadline = time.monotonic() + BUSY_TIMEOUT_S
        with self._explained(), engine.connect() as connection:
            raw = _raw(connection)
            while not _tried(raw, "PRAGMA journal_mode = WAL"):
                # SQLite does not wait by itself for other connections to a file in the old mode.
                if time.monotonic() > deadline:
                    raise self._busy()
                time.sleep(RETRY_S)
            (owed,) = raw.execute("PRAGMA user_version").fetchone()
        if owed:
            self.erase(engine)

    def explain(self, error: DBAPIError) -> StoreError | None:
        """Say in words what SQLite refused; None for a mistake of the program's own."""
        return self._explain(error.orig)

    def _explain(self, error: BaseException | None) -> StoreError | None:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return self._busy()
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            return self._damaged()
        if code == sqlite3.SQLITE_FULL:
            return StoreFullError(
                f"there is no room left for {self.path}; nothing was changed. Make room on the "
                "disk and try again"
            )
        if code == sqlite3.SQLITE_TOOBIG:
            return StoreFullError("the file is too large to be stored; split it")
        if code in {
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_PERM,
            sqlite3.SQLITE_AUTH,
        }:
            return StoreError(
                f"{self.path} cannot be used ({error}); nothing was changed. Check the disk and "
                "who may write there"
            )
        return None

    def owe_erasure(self, connection: Connection) -> None:
        """Note in the file, in the transaction that deletes, that `erase` has to follow."""
        connection.exec_driver_sql("PRAGMA user_version = 1")

    def erase(self, engine: Engine) -> bool:
        """Build the file anew and empty its log; False while somebody reads, or without room.

        SQLite overwrites what it deletes (secure_delete), but not the copies that moving rows
        between pages leaves in their unused ends: only a new file is free of those. What could
        not be done is done at the next start or the next erasure.
        """
        with self._explained(), engine.connect() as connection:
            raw = _raw(connection)
            # A schema that is first read within the checkpoint would lock the log.
            raw.execute("SELECT count(*) FROM sqlite_master").fetchall()
            if not _tried(raw, "VACUUM"):
                return False
            ((busy, *_),) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return not busy and _tried(raw, "PRAGMA user_version = 0")

    def check(self, engine: Engine) -> None:
        """Read the whole file; raises DamagedStoreError."""
        with engine.connect() as connection:
            self.check_pages(_raw(connection))

    def check_pages(self, raw: sqlite3.Connection) -> None:
        """Run SQLite's own check over every page and every key; raises DamagedStoreError."""
        with self._explained():
            sound = raw.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            if not sound or raw.execute("PRAGMA foreign_key_check").fetchone():
                raise self._damaged()

    def backup(self, path: Path) -> None:
        """Copy the database as it is now to the new file `path`, beside a running bot.

        Raises BackupError when `path` exists or cannot be written; then nothing is left there.
        """
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            reason = f"{path} exists; a backup never overwrites. Choose another name"
            raise BackupError(reason) from None
        except OSError as error:
            reason = f"{path} cannot be written ({error.strerror}); choose another place"
            raise BackupError(reason) from None
        try:
            self._copy_to(path)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, sqlite3.Error):
                reason = f"the backup to {path} failed ({error}); nothing was left there"
                raise BackupError(reason) from None
            raise

    def _copy_to(self, path: Path) -> None:
        with (
            contextlib.closing(sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_S)) as source,
            contextlib.closing(sqlite3.connect(path)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """The sqlite3 module's errors, in words."""
        try:
            yield
        except sqlite3.Error as error:
            explained = self._explain(error)
            if explained is None:
                raise
            raise explained from error

    def _busy(self) -> StoreBusyError:
        return StoreBusyError(
            f"another program has been writing to {self.path} for over {BUSY_TIMEOUT_S:.0f} "
            "seconds; nothing was changed. Try again when it is done"
        )

    def _damaged(self) -> DamagedStoreError:
        return DamagedStoreError(
            f"{self.path} is damaged or cut short; it was left as it is. Stop the bot and bring a "
            "backup back: footnote restore FILE"
        )


def _raw(connection: Connection) -> sqlite3.Connection:
    """The sqlite3 connection, outside of any transaction of SQLAlchemy's."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101
    return raw


def _tried(raw: sqlite3.Connection, statement: str) -> bool:
    """Whether it ran, and was not kept from it by another connection or a full disk."""
    try:
        raw.execute(statement).fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in PASSING:
            return False
        raise
    return True


def _configure(raw: sqlite3.Connection, _: Any) -> None:
    for pragma in PRAGMAS:
        raw.execute(pragma)


def _begin(connection: Connection) -> None:
    """A writer takes the one write lock at once, so that it never fails halfway for another."""
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
