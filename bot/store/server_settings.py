"""What a server's moderators chose for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection, delete, insert, select

from bot.store.audit import AuditEntry, add_entry
from bot.store.database.database import Database
from bot.store.database.tables import ServerSettingsRow
from bot.store.errors import SettingError, StoreError
from bot.store.records import Person

__all__ = ["ServerSettings", "SettingsShelf", "Sureness"]

Sureness = Literal["strict", "balanced", "open"]
"""How sure an answer must be, by the names of CHOICES in index.answering.confidence."""
STRICT_FROM, OPEN_UP_TO = 0.65, 0.35
"""What a number of an earlier version, `threshold`, is taken for."""


class ServerSettings(BaseModel):
    """One server's settings; a key that is not here fails."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    moderator_role_id: int | None = Field(default=None, description="besides Manage Server")
    mention_channel_ids: tuple[int, ...] = Field(default=(), description="none: everywhere")
    language: Literal["en", "ko", "ja"] | None = Field(default=None, description="None: Discord's")
    private_answers: bool = False
    sureness: Sureness = Field(default="balanced", description="how sure an answer must be")
    shared_library: bool = True
    keep_gaps: bool = True


class SettingsShelf:
    """The settings of all servers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, guild_id: int) -> ServerSettings:
        """The settings of a server, the defaults where nothing was ever chosen."""
        with self._database.read() as connection:
            return _load(connection, guild_id)

    def change(self, guild_id: int, changes: Mapping[str, object], by: Person) -> ServerSettings:
        """Set the keys of `changes`, keep the others, and say so in the audit.

        Raises SettingError for an unknown key or a wrong value; then nothing changed.
        """
        with self._database.write() as connection:
            old = _load(connection, guild_id)
            try:
                new = ServerSettings.model_validate({**old.model_dump(), **changes})
            except ValidationError as error:
                raise SettingError(_said(error)) from None
            connection.execute(
                delete(ServerSettingsRow).where(ServerSettingsRow.guild_id == guild_id)
            )
            connection.execute(
                insert(ServerSettingsRow).values(guild_id=guild_id, settings=new.model_dump_json())
            )
            what = f"settings {', '.join(changes)}"
            at = self._database.now()
            add_entry(connection, AuditEntry(guild_id, by, what, at, "changed"))
        return new


def _load(connection: Connection, guild_id: int) -> ServerSettings:
    query = select(ServerSettingsRow.settings).where(ServerSettingsRow.guild_id == guild_id)
    stored = connection.execute(query).scalar()
    if stored is None:
        return ServerSettings()
    try:
        return ServerSettings.model_validate_json(_in_present_words(stored))
    except ValidationError as error:
        raise StoreError(f"the settings of server {guild_id}: {_said(error)}") from None


def _in_present_words(stored: str) -> str:
    """Stored settings, with the number of an earlier version as the choice that it comes to."""
    try:
        settings = json.loads(stored)
    except ValueError:
        return stored  # whoever validates it says what is wrong
    if not isinstance(settings, dict) or "threshold" not in settings or "sureness" in settings:
        return stored
    threshold = settings.pop("threshold")
    if threshold is None:
        return json.dumps(settings)
    if isinstance(threshold, bool) or not isinstance(threshold, int | float):
        return stored
    if not 0 <= threshold <= 1:
        return stored
    sureness: Sureness = "strict" if threshold >= STRICT_FROM else "balanced"
    return json.dumps({**settings, "sureness": "open" if threshold <= OPEN_UP_TO else sureness})


def _said(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in error.errors()
    )
