"""What stands before the text of a Markdown file: its title, language, licence and source."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.errors import CorpusError
from index.files.lined_yaml import parse_yaml

__all__ = ["FrontMatter", "split_front_matter"]

MAX_CHARS = 50_000
"""Longer front matter is left out unread."""

_YAML = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"\s*(?:#.*\n\s*)*[\"']?[\w-]+[\"']?[ \t]*:(?:\s|$)")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9_-]{1,20})?", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The front matter of a file, as it is written, and what was understood of it.

    `has_bibliography` says that the text cites by the keys of one.
    """

    text: str = ""
    lines: int = 0
    title: str | None = None
    language: str | None = None
    licence: str | None = None
    source_url: str | None = None
    has_bibliography: bool = False
    warnings: tuple[str, ...] = ()


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter of a text, and the text with blank lines in its place.

    Front matter that is broken, or beyond the bounds of YAML, is told and left out. Never raises.
    """
    start = len(text) - len(text.lstrip("\n"))
    if found := _TOML.match(text, start):
        values, warnings = _toml(found[1])
    elif (found := _YAML.match(text, start)) and (not found[1].strip() or _KEY.match(found[1])):
        values, warnings = _yaml(found[1])
    else:
        return FrontMatter(), text
    lines = text.count("\n", 0, found.end())
    front = FrontMatter(
        found[1],
        lines,
        _words(values, "title"),
        _language(values),
        _words(values, "licence", "license", "rights"),
        _address(values),
        any(values.get(key) for key in ("bibliography", "references")),
        warnings,
    )
    return front, "\n" * lines + text[found.end() :]


def _yaml(text: str) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    if len(text) > MAX_CHARS:
        return {}, (_too_long(text),)
    try:
        value = parse_yaml(text.encode(), "").value
    except CorpusError as error:
        first = error.problems[0]
        return {}, (f"the front matter is left out unread: line {first.line + 1}, {first.reason}",)
    return (value, ()) if isinstance(value, dict) else ({}, ())


def _toml(text: str) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    if len(text) > MAX_CHARS:
        return {}, (_too_long(text),)
    try:
        return tomllib.loads(text), ()
    except (ValueError, RecursionError) as error:
        told = "nests too deeply" if isinstance(error, RecursionError) else f"{error}; mend it"
        return {}, (f"the front matter is left out unread: not valid TOML: {told}",)


def _too_long(text: str) -> str:
    return (
        f"the front matter is left out unread: {len(text):,} characters, of {MAX_CHARS:,} at most"
    )


def _words(values: Mapping[str, Any], *keys: str) -> str | None:
    """The first of the values that is text, on one line."""
    for key in keys:
        value = values.get(key)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            try:
                return " ".join(str(value).split()) or None
            except ValueError:  # a number of more digits than Python prints
                continue
    return None


def _language(values: Mapping[str, Any]) -> str | None:
    told = _LANGUAGE.fullmatch(_words(values, "lang", "language", "locale") or "")
    return told[1].lower() if told else None


def _address(values: Mapping[str, Any]) -> str | None:
    for key in ("source", "source_url", "canonical_url", "canonical", "url"):
        if _ADDRESS.fullmatch(address := _words(values, key) or ""):
            return address
    return None
