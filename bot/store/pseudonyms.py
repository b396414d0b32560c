"""What stands for a person in votes and gaps: a keyed hash, so that they can have them deleted."""

from __future__ import annotations

import hashlib
import hmac
from functools import cached_property

from sqlalchemy import select

from bot.store.database.database import Database
from bot.store.database.tables import PseudonymKeyRow

__all__ = ["Pseudonyms"]


class Pseudonyms:
    """The key lies in the database: with a backup of it, deletion works after a restore too."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, user_id: int) -> str:
        """HMAC-SHA-256 of the user's id, in hexadecimal digits."""
        return hmac.new(self._key, str(user_id).encode(), hashlib.sha256).hexdigest()

    @cached_property
    def _key(self) -> bytes:
        with self._database.read() as connection:
            return connection.execute(select(PseudonymKeyRow.key)).scalar_one()
