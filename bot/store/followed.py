"""Followed addresses: which documents are fetched again, when, and how that went last."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from bot.store.database.database import Database
from bot.store.database.tables import DepartureRow, FollowedAddressRow

__all__ = ["TOLD_FROM", "FollowedAddress", "FollowedAddresses", "unfollow", "unfollow_all_but"]

TOLD_FROM = 3
"""Failures in a row from which moderators are told."""

Row = FollowedAddressRow


@dataclass(frozen=True, slots=True)
class FollowedAddress:
    """An address that the document of a library is fetched from again, every so many hours.

    `fetched_from`, `etag`, `last_modified` and `digest` are of what was found there last, at
    `checked_at`; what is `held` waits for a moderator. `failure` and `held` are keys of words.
    """

    owner: int
    document: str
    address: str
    fetched_from: str
    etag: str | None
    last_modified: str | None
    digest: str
    every_hours: int
    next_check: datetime
    checked_at: datetime
    failures: int = 0
    failing_since: datetime | None = None
    failure: str | None = None
    held_since: datetime | None = None
    held: str | None = None
    told_at: datetime | None = None

    @property
    def is_news(self) -> bool:
        """Whether moderators are to be told, if they were not."""
        return self.held_since is not None or self.failures >= TOLD_FROM


_NAMES = tuple(field.name for field in fields(FollowedAddress))
_COLUMNS = tuple(getattr(Row, name) for name in _NAMES)


class FollowedAddresses:
    """The followed addresses of all libraries, one a document of a current revision at most."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def now(self) -> datetime:
        """The time that checks are due by."""
        return self._database.now()

    def follow(self, followed: FollowedAddress) -> None:
        """Follow an address, in the place of the one that the document was fetched from before."""
        with self._database.write() as connection:
            unfollow(connection, followed.owner, followed.document)
            connection.execute(insert(Row).values(_values(followed)))

    def unfollow(self, owner: int, document: str) -> bool:
        """Fetch a document no more; whether it was followed."""
        with self._database.write() as connection:
            return unfollow(connection, owner, document)

    def of(self, owner: int) -> list[FollowedAddress]:
        """Those of a library, by the ids of their documents."""
        return self._read(Row.owner == owner, Row.document)

    def due(self, most: int) -> list[FollowedAddress]:
        """Up to `most` that are to be checked by now, those that wait longest first.

        Nothing is fetched for a server that has removed the bot.
        """
        departed = select(DepartureRow.guild_id)
        is_due = (Row.next_check <= self.now()) & Row.owner.not_in(departed)
        return self._read(is_due, Row.next_check, most)

    def claim(self, followed: FollowedAddress, until: datetime) -> FollowedAddress | None:
        """Take a check upon oneself until then; None where another process has, or it changed."""
        return self.record(followed, replace(followed, next_check=until))

    def record(self, claimed: FollowedAddress, after: FollowedAddress) -> FollowedAddress | None:
        """Keep what came of a check, `after`; None where it is no longer as it was `claimed`."""
        statement = update(Row).where(
            _is(claimed), Row.next_check == claimed.next_check, Row.address == claimed.address
        )
        with self._database.write() as connection:
            kept = connection.execute(statement.values(_values(after))).rowcount
        return after if kept else None

    def tell(self, owner: int) -> list[FollowedAddress]:
        """What the moderators of a server are to be told now; it is told once."""
        is_news = or_(Row.held_since.is_not(None), Row.failures >= TOLD_FROM)
        untold = (Row.owner == owner) & Row.told_at.is_(None) & is_news
        if not self._read(untold, Row.document):  # nothing is written where there is nothing
            return []
        with self._database.write() as connection:
            query = update(Row).where(untold).values(told_at=self.now()).returning(*_COLUMNS)
            return sorted(
                (FollowedAddress(*row) for row in connection.execute(query)),
                key=lambda followed: followed.document,
            )

    def _read(
        self, which: ColumnElement[bool], order: object, most: int | None = None
    ) -> list[FollowedAddress]:
        query = select(*_COLUMNS).where(which).order_by(order).limit(most)  # type: ignore[arg-type]
        with self._database.read() as connection:
            return [FollowedAddress(*row) for row in connection.execute(query)]


def unfollow(connection: Connection, owner: int, document: str) -> bool:
    """Forget the address of a document, in the transaction of what it goes with."""
    which = (Row.owner == owner) & (Row.document == document)
    return bool(connection.execute(delete(Row).where(which)).rowcount)


def unfollow_all_but(connection: Connection, owner: int, documents: Collection[str]) -> None:
    """Forget the addresses of all documents that a new revision does not hold."""
    followed = connection.execute(select(Row.document).where(Row.owner == owner)).scalars()
    for document in set(followed) - set(documents):
        unfollow(connection, owner, document)


def _is(followed: FollowedAddress) -> ColumnElement[bool]:
    return (Row.owner == followed.owner) & (Row.document == followed.document)


def _values(followed: FollowedAddress) -> dict[str, object]:
    return {name: getattr(followed, name) for name in _NAMES}
