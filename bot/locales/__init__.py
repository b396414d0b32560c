"""The words that people read, by key, from YAML catalogues beside this file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

__all__ = ["say"]


def say(key: str, **fields: object) -> str:
    """The text of `key` with its {fields} filled in; raises KeyError for one that is not there."""
    return _catalogue("en")[key].format(**fields)


@cache
def _catalogue(locale: str) -> dict[str, str]:
    content = files("bot.locales").joinpath(f"{locale}.yaml").read_text(encoding="utf-8")
    catalogue: dict[str, str] = yaml.safe_load(content)
    return catalogue
