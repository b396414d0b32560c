"""Messages that moderators took over into a library: whose and where, so that they can go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, delete, insert, select

from bot.store.database.database import Database
from bot.store.database.tables import KeptMessageRow
from bot.store.documents import batches

__all__ = ["KeptMessage", "KeptMessages", "address_of"]


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message whose text is a passage of a server's document; `person` is a keyed hash."""

    message_id: int
    guild_id: int
    channel_id: int
    document: str
    person: str

    @property
    def address(self) -> str:
        """The address of the message, by which its passage is cited."""
        return address_of(self.guild_id, self.channel_id, self.message_id)


def address_of(guild_id: int, channel_id: int, message_id: int) -> str:
    """The address of a message."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


class KeptMessages:
    """The messages of all servers; their texts are in the servers' documents alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, message: KeptMessage) -> bool:
        """Keep whose a message is; False where it is kept already."""
        with self._database.write() as connection:
            known = select(KeptMessageRow.message_id).where(
                KeptMessageRow.message_id == message.message_id
            )
            if connection.execute(known).first() is not None:
                return False
            connection.execute(insert(KeptMessageRow).values(**asdict(message)))
        return True

    def find(self, ids: Collection[int]) -> list[KeptMessage]:
        """Those of the messages that are kept."""
        return [
            message
            for batch in batches(ids)
            for message in self._where(KeptMessageRow.message_id.in_(batch))
        ]

    def of_person(self, person: str) -> list[KeptMessage]:
        """All messages of a person, the newest first."""
        return self._where(KeptMessageRow.person == person)

    def in_channel(self, channel_id: int) -> list[KeptMessage]:
        """All messages of a channel or thread."""
        return self._where(KeptMessageRow.channel_id == channel_id)

    def delete(self, ids: Collection[int]) -> None:
        """Keep nothing more of these messages."""
        for batch in batches(ids):
            with self._database.write() as connection:
                connection.execute(
                    delete(KeptMessageRow).where(KeptMessageRow.message_id.in_(batch))
                )

    def _where(self, which: ColumnElement[bool]) -> list[KeptMessage]:
        row = KeptMessageRow
        query = select(row.message_id, row.guild_id, row.channel_id, row.document, row.person)
        with self._database.read() as connection:
            found = connection.execute(query.where(which).order_by(row.message_id.desc()))
            return [KeptMessage(*one) for one in found]
