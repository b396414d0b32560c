"""What Discord refuses: its documented limits on commands, choices and messages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .components import BUTTON, TEXT_DISPLAY, walk
from .payloads import COMPONENTS_V2, Json

CHAT_INPUT = 1
SUB_COMMAND, SUB_COMMAND_GROUP, STRING = 1, 2, 3

_COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")


class DiscordError(Exception):
    """An error answer of the REST API."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


class Problems:
    """Collects what is wrong with a form, each problem at its path."""

    def __init__(self) -> None:
        self.errors: Json = {}

    def add(self, path: str, message: str) -> None:
        """Note a problem at a dotted path."""
        node = self.errors
        for key in path.split("."):
            node = node.setdefault(key, {})
        node.setdefault("_errors", []).append({"code": "INVALID", "message": message})

    def length(self, path: str, value: Any, low: int, high: int) -> None:
        """Note a text or list whose length is out of bounds."""
        if not low <= len(value) <= high:
            self.add(path, f"Must be between {low} and {high} in length.")

    def check(self) -> None:
        """Raise what was found as Discord's "Invalid Form Body"."""
        if self.errors:
            raise DiscordError(400, 50035, "Invalid Form Body", self.errors)


def check_commands(commands: list[Json]) -> None:
    """Refuse a bulk overwrite of commands that Discord would refuse."""
    problems = Problems()
    seen: set[tuple[int, str]] = set()
    for index, command in enumerate(commands):
        kind, name = command.get("type", CHAT_INPUT), command["name"]
        if (kind, name) in seen:
            problems.add(f"{index}.name", "Application command names must be unique")
        seen.add((kind, name))
        if kind == CHAT_INPUT:
            _check_command(problems, str(index), command)
        else:
            for path, text in _translated(str(index), command, "name"):
                problems.length(path, text, 1, 32)
    problems.check()


def _check_command(problems: Problems, path: str, command: Json) -> None:
    for place, name in _translated(path, command, "name"):
        if not _COMMAND_NAME.fullmatch(name) or name != name.lower():
            problems.add(place, "Command name is invalid")
    for place, text in _translated(path, command, "description"):
        problems.length(place, text, 1, 100)
    options = command.get("options") or []
    problems.length(f"{path}.options", options, 0, 25)
    optional_seen = False
    for index, option in enumerate(options):
        inner = f"{path}.options.{index}"
        _check_command(problems, inner, option)
        if option["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP):
            continue
        if option.get("required") and optional_seen:
            problems.add(inner, "Required options must be placed before non-required options")
        optional_seen |= not option.get("required")
        check_choices(option.get("choices") or [], problems, f"{inner}.choices")


def _translated(path: str, thing: Json, key: str) -> Iterable[tuple[str, str]]:
    yield f"{path}.{key}", thing.get(key) or ""
    for locale, text in (thing.get(f"{key}_localizations") or {}).items():
        yield f"{path}.{key}_localizations.{locale}", text


def check_choices(
    choices: list[Json], problems: Problems | None = None, path: str = "data.choices"
) -> None:
    """Note, or without a collection refuse, choices that Discord would refuse."""
    found = problems or Problems()
    found.length(path, choices, 0, 25)
    for index, choice in enumerate(choices):
        for place, name in _translated(f"{path}.{index}", choice, "name"):
            found.length(place, name, 1, 100)
        if isinstance(choice["value"], str):
            found.length(f"{path}.{index}.value", choice["value"], 0, 100)
    if problems is None:
        found.check()


def check_message(message: Json) -> None:
    """Refuse a message, as it would stand, that Discord would refuse."""
    problems = Problems()
    parts = [part for part in walk(message["components"]) if "type" in part]
    if message["flags"] & COMPONENTS_V2:
        for key in ("content", "embeds"):
            if message[key]:
                problems.add(key, "The 'content' and 'embeds' fields cannot be used with V2")
        problems.length("components", parts, 1, 40)
        words = "".join(part["content"] for part in parts if part["type"] == TEXT_DISPLAY)
        problems.length("components", words, 0, 4000)
    elif any(part["type"] >= 9 for part in parts):
        problems.add("components", "These components need the flag IS_COMPONENTS_V2")
    problems.length("content", message["content"], 0, 2000)
    for part in parts:
        problems.length("components.custom_id", part.get("custom_id") or "x", 1, 100)
        if part["type"] == BUTTON:
            problems.length("components.label", part.get("label") or "", 0, 80)
    ids = [part["custom_id"] for part in parts if part.get("custom_id")]
    if len(ids) != len(set(ids)):
        problems.add("components", "Component custom id cannot be duplicated")
    problems.check()
    if not any(message[key] for key in ("content", "embeds", "components", "attachments")):
        raise DiscordError(400, 50006, "Cannot send an empty message")
