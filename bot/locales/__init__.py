"""The words that people read, by key, from one YAML catalogue a language beside this file.

The language is a context variable: whoever begins to answer somebody says `speak`, and all that is
said in the same task, or in tasks that it starts, is in that language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

import yaml

__all__ = [
    "DEFAULT",
    "LANGUAGES",
    "catalogue",
    "language_of",
    "say",
    "say_in_other_language",
    "speak",
    "speaking",
]

DEFAULT = "en"
LANGUAGES = {"en": "English", "ko": "한국어", "ja": "日本語"}
"""The languages that there are catalogues of, each by its own name."""

_language: ContextVar[str] = ContextVar("spoken", default=DEFAULT)


def say(key: str, **fields: object) -> str:
    """The text of `key` in the language spoken, with its {fields} filled in.

    Where `count` is 1 and the catalogue has `key.one`, that is said. Raises KeyError.
    """
    words = catalogue(_language.get())
    singular = f"{key}.one"
    if fields.get("count") == 1 and singular in words:
        key = singular
    return words[key].format(**fields)


def speak(language: str) -> None:
    """Say everything in `language` from here on, within this task."""
    _language.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything in `language` within the block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def language_of(locale: str | None) -> str:
    """The language of a locale such as `ko` or `en-GB`; English where there is no catalogue."""
    code = (locale or "").partition("-")[0]
    return code if code in LANGUAGES else DEFAULT


def say_in_other_language(asked_in: str, answered_in: Iterable[str]) -> str:
    """To whoever asked in one language, in that one: the documents are in these others.

    In English where nobody wrote it in that language.
    """
    names = _table("own_names")
    words = _table("other_language")
    languages = ", ".join(names.get(code, code) for code in answered_in)
    return words.get(asked_in, words[DEFAULT]).format(languages=languages)


@cache
def _table(name: str) -> dict[str, str]:
    file = files("bot.locales").joinpath(f"{name}.yaml")
    words: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return words


@cache
def catalogue(language: str) -> dict[str, str]:
    """All words of a language by key; the English ones where it lacks some.

    An English `key.one` stands in for nothing where the language has `key` alone.
    """
    words = _table(language)
    if language == DEFAULT:
        return words
    english = catalogue(DEFAULT).items()
    return {key: text for key, text in english if key.removesuffix(".one") not in words} | words
