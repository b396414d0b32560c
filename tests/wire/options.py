"""From "index refresh" and its values to the data of an interaction, as a client would send it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .limits import CHAT_INPUT, SUB_COMMAND, SUB_COMMAND_GROUP
from .payloads import Channel, Guild, Json, Role, User, snowflake


@dataclass(frozen=True)
class Upload:
    """A file that a user attaches."""

    name: str
    data: bytes
    content_type: str = "text/plain; charset=utf-8"
    id: int = field(default_factory=snowflake)

    def json(self, base_url: str) -> Json:
        """The attachment object; the stand-in serves the bytes at its URL."""
        url = f"{base_url}/attachments/{self.id}/{self.name}"
        return {
            "id": str(self.id),
            "filename": self.name,
            "size": len(self.data),
            "content_type": self.content_type,
            "url": url,
            "proxy_url": url,
        }


Value = str | int | float | bool | User | Channel | Role | Upload

# By option type: what a client lets its user enter there.
_ACCEPTED: Mapping[int, tuple[type, ...]] = {
    3: (str,),
    4: (int,),
    5: (bool,),
    6: (User,),
    7: (Channel,),
    8: (Role,),
    9: (User, Role),
    10: (int, float),
    11: (Upload,),
}
_BOOLEAN, _NUMBERS = 5, (4, 10)
_KEYS: Mapping[type, str] = {Channel: "channels", Role: "roles"}


@dataclass
class Form:
    """A synced command being filled in by a user somewhere."""

    guild: Guild | None
    base_url: str
    resolved: Json = field(default_factory=dict)

    def fill(
        self,
        command: Json,
        path: list[str],
        values: Mapping[str, Value],
        typing_at: str | None = None,
    ) -> Json:
        """The interaction data; `typing_at` is the option an autocomplete is asked for."""
        data: Json = {"id": command["id"], "name": command["name"], "type": CHAT_INPUT}
        if command.get("guild_id"):
            data["guild_id"] = command["guild_id"]
        data["options"] = self._inside(command, path, values, typing_at)
        if self.resolved and typing_at is None:
            data["resolved"] = self.resolved
        return data

    def _inside(
        self, node: Json, path: list[str], values: Mapping[str, Value], typing_at: str | None
    ) -> list[Json]:
        options = {option["name"]: option for option in node.get("options", [])}
        if path:
            inner = options.get(path[0])
            if inner is None or inner["type"] not in (SUB_COMMAND, SUB_COMMAND_GROUP):
                raise LookupError(f"{node['name']} has no sub-command {path[0]}; has {[*options]}")
            filled = self._inside(inner, path[1:], values, typing_at)
            return [{"name": inner["name"], "type": inner["type"], "options": filled}]
        if any(option["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP) for option in options.values()):
            raise LookupError(f"{node['name']} needs a sub-command: one of {[*options]}")
        if unknown := set(values) - set(options):
            raise LookupError(f"{node['name']} has no option {sorted(unknown)}; has {[*options]}")
        missing = [n for n, option in options.items() if option.get("required") and n not in values]
        if missing and typing_at is None:
            raise ValueError(f"{node['name']} cannot be sent without {missing}")
        return [self._entered(options[n], value, typing_at) for n, value in values.items()]

    def _entered(self, option: Json, value: Value, typing_at: str | None) -> Json:
        name, kind = option["name"], option["type"]
        if name == typing_at:
            if not option.get("autocomplete"):
                raise ValueError(f"option {name} does not autocomplete")
            # While it is being typed a value is text, whatever it will become.
            return {"name": name, "type": kind, "value": str(value), "focused": True}
        # bool is a kind of int in Python, but not to Discord.
        fits = isinstance(value, _ACCEPTED[kind]) and isinstance(value, bool) == (kind == _BOOLEAN)
        if not fits:
            raise TypeError(f"option {name} of type {kind} does not take {value!r}")
        _check_bounds(option, value)
        if isinstance(value, (User, Channel, Role, Upload)):
            self._resolve(value)
            return {"name": name, "type": kind, "value": str(value.id)}
        return {"name": name, "type": kind, "value": value}

    def _resolve(self, value: User | Channel | Role | Upload) -> None:
        key = str(value.id)
        if isinstance(value, Upload):
            self.resolved.setdefault("attachments", {})[key] = value.json(self.base_url)
        elif isinstance(value, User):
            self.resolved.setdefault("users", {})[key] = value.json()
            if self.guild is not None and value in self.guild.members:
                member = self.guild.member_json(value, with_user=False)
                member["permissions"] = str(int(self.guild.permissions(value)))
                self.resolved.setdefault("members", {})[key] = member
        else:
            thing = value.json() | {"permissions": "0"} if isinstance(value, Channel) else None
            self.resolved.setdefault(_KEYS[type(value)], {})[key] = thing or value.json()


def _check_bounds(option: Json, value: Any) -> None:
    name = option["name"]
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise ValueError(f"option {name} offers {choices}, not {value!r}")
    measure = len(value) if isinstance(value, str) else value
    kind = "length" if isinstance(value, str) else "value"
    low, high = f"min_{kind}", f"max_{kind}"
    if isinstance(value, str) or option["type"] in _NUMBERS:
        if option.get(low) is not None and measure < option[low]:
            raise ValueError(f"option {name} needs at least {option[low]}, not {value!r}")
        if option.get(high) is not None and measure > option[high]:
            raise ValueError(f"option {name} takes at most {option[high]}, not {value!r}")
