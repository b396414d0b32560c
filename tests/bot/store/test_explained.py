"""What a database refuses, in words: what is wrong, where, and what to do."""

from __future__ import annotations

import sqlite3
import sys
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from bot.store import Store
from bot.store.database.backend import Backend
from bot.store.errors import (
    BackupError,
    DamagedStoreError,
    StoreBusyError,
    StoreError,
    StoreFullError,
)
from index.errors import SetupError


def refused(code: int) -> DBAPIError:
    """SQLite's error of that code, as SQLAlchemy passes it on."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return DBAPIError("INSERT", {}, error)


@pytest.mark.parametrize(
    ("code", "kind", "advice"),
    [
        (sqlite3.SQLITE_BUSY, StoreBusyError, "Try again when it is done"),
        (sqlite3.SQLITE_LOCKED, StoreBusyError, "Try again when it is done"),
        (sqlite3.SQLITE_CORRUPT, DamagedStoreError, "footnote restore FILE"),
        (sqlite3.SQLITE_NOTADB, DamagedStoreError, "footnote restore FILE"),
        (sqlite3.SQLITE_FULL, StoreFullError, "Make room on the disk"),
        (sqlite3.SQLITE_TOOBIG, StoreFullError, "split it"),
        (sqlite3.SQLITE_IOERR, StoreError, "Check the disk and who may write there"),
        (sqlite3.SQLITE_IOERR_FSYNC, StoreError, "Check the disk and who may write there"),
        (sqlite3.SQLITE_READONLY, StoreError, "Check the disk and who may write there"),
    ],
)
def test_what_sqlite_refuses_is_said_with_what_to_do(
    tmp_path: Path, code: int, kind: type[StoreError], advice: str
) -> None:
    with Store.open(tmp_path) as store:
        explained = store.database.backend.explain(refused(code))
    assert type(explained) is kind
    assert advice in str(explained)


def test_a_mistake_of_the_program_is_no_failure_of_the_store(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        assert store.database.backend.explain(refused(sqlite3.SQLITE_CONSTRAINT)) is None


def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        with pytest.raises(BackupError, match=r"cannot be written .*; choose another place"):
            store.backup(tmp_path / "no" / "such" / "copy")
        store.database.backend.path = tmp_path  # type: ignore[attr-defined]  # a folder, no file
        with pytest.raises(BackupError, match="nothing was left there"):
            store.backup(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


class TestAnotherDatabase:
    """What holds for any SQLAlchemy dialect, here one whose driver is not installed."""

    backend = Backend(make_url("postgresql+psycopg://footnote@localhost/footnote"))

    def test_a_missing_driver_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(SetupError, match=r"DATABASE_URL: the driver .*psycopg"):
            self.backend.engine()

    def test_what_it_refuses_is_said_on_one_line(self) -> None:
        error = DBAPIError("SELECT", {}, Exception("connection refused\nis it running?"))
        assert str(self.backend.explain(error)) == (
            "the database did not do it (connection refused); check that it runs"
        )

    def test_its_backups_are_made_with_its_own_tools(self, tmp_path: Path) -> None:
        with pytest.raises(BackupError, match="back postgresql up with its own tools"):
            self.backend.backup(tmp_path / "copy")

    def test_a_migration_is_one_transaction(self, tmp_path: Path) -> None:
        engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'a'}")

        def migrate(*, fails: bool) -> None:
            with self.backend.migration(engine) as connection:
                connection.exec_driver_sql("INSERT INTO t VALUES (1)")
                if fails:
                    raise OSError

        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (x)")
        with pytest.raises(OSError):  # noqa: PT011 - any would do
            migrate(fails=True)
        migrate(fails=False)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT x FROM t").scalars().all() == [1]


def test_a_time_without_a_zone_is_never_stored(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        with pytest.raises(Exception, match="a naive datetime cannot be stored"):
            store.servers.mark_left(5, datetime(2026, 1, 2))  # noqa: DTZ001
        assert store.servers.marked_left() == set()
