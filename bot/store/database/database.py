"""The database: opened at the newest schema, read and written in transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.store.database.backend import WRITES, Backend
from bot.store.database.schema import upgrade
from bot.store.database.sqlite import FILE_NAME, SqliteBackend
from bot.store.errors import StoreBusyError
from index.errors import SetupError

__all__ = ["Database", "choose_backend", "utc_now"]


def utc_now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


def choose_backend(state: Path, url: str | None) -> Backend:
    """The backend of `url`, by default of a SQLite file in `state`; raises SetupError."""
    if url is None:
        chosen = URL.create("sqlite", database=str((state / FILE_NAME).absolute()))
    else:
        try:
            chosen = make_url(url)
        except ArgumentError:
            reason = "DATABASE_URL: is no database URL; write it as sqlite:////folder/file.sqlite3"
            raise SetupError(reason) from None
    if chosen.get_backend_name() != "sqlite":
        return Backend(chosen)
    if not chosen.database or chosen.database == ":memory:" or chosen.query:
        raise SetupError("DATABASE_URL: name a file, as in sqlite:////folder/file.sqlite3")
    return SqliteBackend(chosen, Path(chosen.database))


class Database:
    """Transactions over one database. Safe to use from many threads."""

    def __init__(self, backend: Backend, now: Callable[[], datetime] = utc_now) -> None:
        """Open it and bring its schema up to date. Raises StoreError, SetupError."""
        self.backend = backend
        self.now = now
        self.engine = backend.engine()
        self._writer = self.engine.execution_options(**{WRITES: True})
        try:
            with self._explained():
                upgrade(backend, self.engine)
        except BaseException:
            self.engine.dispose()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads. Raises StoreError."""
        with self._explained(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: all of it happens, or, after any error, none. StoreError."""
        with self._explained(), self._writer.begin() as connection:
            yield connection

    def erase(self) -> bool:
        """Leave no trace in the files of what was deleted; whether none is left."""
        with self._explained():
            return self.backend.erase(self.engine)

    def check(self) -> None:
        """Raise DamagedStoreError if the stored bytes are not sound."""
        with self._explained():
            self.backend.check(self.engine)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except DBAPIError as error:
            explained = self.backend.explain(error)
            if explained is None:
                raise
            raise explained from error
        except PoolTimeoutError:
            raise StoreBusyError("too much is asked of the database at once; try again") from None
