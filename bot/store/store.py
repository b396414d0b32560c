"""The store: everything that the bot keeps, one attribute a subject."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Self

from bot.store.audit import Audit
from bot.store.database.database import Database, choose_backend, utc_now
from bot.store.followed import FollowedAddresses
from bot.store.gaps import Gaps
from bot.store.libraries import Libraries
from bot.store.pseudonyms import Pseudonyms
from bot.store.server_settings import SettingsShelf
from bot.store.servers import Servers
from bot.store.taught.hints import HintShelf
from bot.store.taught.messages import KeptMessages
from bot.store.votes import Votes

__all__ = ["Store"]


class Store:
    """Synchronous, and safe to use from many threads and beside other processes."""

    def __init__(self, state: Path, database: Database) -> None:
        self.state = state
        self.database = database
        self.libraries = Libraries(database)
        self.settings = SettingsShelf(database)
        self.audit = Audit(database)
        self.followed = FollowedAddresses(database)
        self.gaps = Gaps(database)
        self.hints = HintShelf(database)
        self.messages = KeptMessages(database)
        self.pseudonyms = Pseudonyms(database)
        self.votes = Votes(database)
        self.servers = Servers(database)

    @classmethod
    def open(
        cls, state: Path, url: str | None = None, now: Callable[[], datetime] = utc_now
    ) -> Self:
        """Open the database of `url`, by default footnote.sqlite3 in `state`, or make it.

        Raises StoreError (DamagedStoreError, ForeignFileError and NewerSchemaError leave the file
        as it is) and, for a URL that is none, SetupError.
        """
        return cls(state, Database(choose_backend(state, url), now))

    def check(self) -> None:
        """Read everything once; raises DamagedStoreError."""
        self.database.check()

    def erase(self) -> bool:
        """Leave no trace of what was deleted in the files; False where that has to wait."""
        with self.database.write() as connection:
            self.database.backend.owe_erasure(connection)
        return self.database.erase()

    def backup(self, path: Path) -> None:
        """Copy everything, as it is now, to the new file `path`. BackupError if it exists."""
        self.database.backend.backup(path)

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
