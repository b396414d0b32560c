"""What a database server is asked for beyond SQL. sqlite.py is the other, richer answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError

from bot.store.errors import BackupError, StoreError
from index.errors import SetupError

__all__ = ["WRITES", "Backend"]

WRITES = "footnote_writes"
"""The execution option of connections whose transactions write."""


class Backend:
    """A database server, reached through its URL."""

    def __init__(self, url: URL) -> None:
        self.url = url

    def engine(self) -> Engine:
        """Make the engine, without connecting; raises SetupError when the driver is missing."""
        try:
            return create_engine(self.url, pool_pre_ping=True)
        except ModuleNotFoundError as error:
            reason = f"DATABASE_URL: the driver {error.name} is not installed; pip install it"
            raise SetupError(reason) from None

    @contextmanager
    def migration(self, engine: Engine) -> Iterator[Connection]:
        """One transaction in which the schema may change."""
        with engine.begin() as connection:
            yield connection

    def migrated(self, engine: Engine) -> None:
        """Called once the schema is the newest."""

    def explain(self, error: DBAPIError) -> StoreError | None:
        """Say in words what the database refused; None for a mistake of the program's own."""
        reason = str(error.orig).strip().partition("\n")[0]
        return StoreError(f"the database did not do it ({reason}); check that it runs")

    def owe_erasure(self, connection: Connection) -> None:
        """Note, in the transaction that deletes, that `erase` has to follow."""

    def erase(self, engine: Engine) -> bool:  # noqa: ARG002
        """Leave no trace of what was deleted; whether none is left. A server does so by itself."""
        return True

    def check(self, engine: Engine) -> None:
        """Raise DamagedStoreError if the stored bytes are not sound; a server sees to that."""

    def backup(self, path: Path) -> None:  # noqa: ARG002
        """Write a copy to the new file `path`; raises BackupError."""
        name = self.url.get_backend_name()
        raise BackupError(f"back {name} up with its own tools; only SQLite is copied by footnote")
