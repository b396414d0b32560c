"""What people type in chat, in full; and words that say little of what is asked. English only."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

__all__ = ["in_full", "is_light"]

_WORD = re.compile(r"(?<![\w'\u2019.])[a-z]+1?(?![\w'\u2019]|\.\w)", re.IGNORECASE)
"""A word that is no part of another one, nor of U.S."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    contractions: dict[str, str]
    shorthand: dict[str, str]
    said_beside: str
    light: str


@cache
def _table() -> _Table:
    text = (files("index.text") / "chat.yaml").read_text(encoding="utf-8")
    return _Table.model_validate(yaml.safe_load(text))


@cache
def _forms() -> dict[str, str]:
    table = _table()
    return dict.fromkeys(table.said_beside.split(), "") | table.shorthand | table.contractions


@cache
def _light_words() -> frozenset[str]:
    return frozenset(_table().light.split())


def in_full(question: str, is_known: Callable[[str], bool]) -> str:
    """`question` with chat forms as documents write them, but for words that `is_known` tells.

    It stays as it is where nothing else would be left of it, and words in capitals stay as well.
    """

    def written_out(match: re.Match[str]) -> str:
        form = match[0]
        is_acronym = form.isupper() and not question.isupper()
        full = None if is_acronym else _forms().get(form.lower())
        return form if full is None or is_known(form.lower()) else full

    written = " ".join(_WORD.sub(written_out, question).split())
    return written if any(map(str.isalnum, written)) else question


def is_light(word: str) -> bool:
    """Whether a normalised word of English says little of what is asked."""
    return word in _light_words()
