"""The commands a bot has synced, kept and found again as Discord does it."""

from __future__ import annotations

from collections.abc import Iterable

from .limits import CHAT_INPUT, check_commands
from .payloads import Guild, Json, snowflake

_LOCALISED = ("name_localizations", "description_localizations")


def overwrite(old: list[Json], new: list[Json], bot_id: int, guild_id: int | None) -> list[Json]:
    """The commands after a bulk overwrite: one of the same name and type keeps its id."""
    check_commands(new)
    ids = {(command["type"], command["name"]): command["id"] for command in old}
    stored = []
    for command in new:
        kind = command.get("type", CHAT_INPUT)
        kept: Json = {
            "id": ids.get((kind, command["name"]), str(snowflake())),
            "application_id": str(bot_id),
            "version": str(snowflake()),
            "default_member_permissions": None,
            "dm_permission": True,
            "contexts": None,
            "integration_types": [0],
            "nsfw": False,
            "description": "",
            "name_localizations": None,
            "description_localizations": None,
        }
        kept |= {k: v for k, v in command.items() if v is not None} | {"type": kind}
        if kept["default_member_permissions"] is not None:
            kept["default_member_permissions"] = str(kept["default_member_permissions"])
        if guild_id is not None:
            kept["guild_id"] = str(guild_id)
        stored.append(_without_options(kept) | _options(command))
    return stored


def find(commands: Iterable[Json], name: str, kind: int, guild: Guild | None) -> Json:
    """The command a user would find by this name in this server, or with None in the DM."""
    known = [command for command in commands if command["type"] == kind]
    for command in known:
        if command["name"] == name:
            contexts = command["contexts"]
            if contexts is None:
                contexts = [0, 1] if command["dm_permission"] else [0]
            if (1 if guild is None else 0) not in contexts:
                raise LookupError(f"{name} is not offered there: its contexts are {contexts}")
            return command
    raise LookupError(f"no command {name!r} is synced; there is {[c['name'] for c in known]}")


def _options(node: Json) -> Json:
    """The options as Discord gives them back: what is false or empty is left out."""
    options = []
    for option in node.get("options") or []:
        kept: Json = dict.fromkeys(_LOCALISED)
        kept |= {k: v for k, v in option.items() if v not in (None, False, [], {})}
        options.append(_without_options(kept) | _options(option))
    return {"options": options} if options else {}


def _without_options(node: Json) -> Json:
    return {key: value for key, value in node.items() if key != "options"}
