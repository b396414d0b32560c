"""Headings: the ends of links to them, and what serves as one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

__all__ = ["Places", "bold_heading", "is_heading_line"]

MAX_CHARS = 120
"""What is longer is no heading, unless the format says so."""

_QUESTION = re.compile(r".*[?\uff1f\u061f\u037e][\"'\u201d\u2019)]*\s*:?\s*", re.DOTALL)
_ENDS = (".", "!", ":", ";", ",", "\u3002", "\uff01", "\u2026")
_ASKED = re.compile(r"\s*[QqFfAa]\w{0,9}\s?\d{0,3}\s?[:.)]\s")
_HASHED = re.compile(r"(#{1,6})(?=[^\W_])([^\n#]{1,120}?)\s*#*\s*")


@dataclass(slots=True)
class Places:
    """The end of a link to each heading, as GitHub makes it."""

    _taken: Counter[str] = field(default_factory=Counter)

    def place_of(self, heading: str, anchor: str = "") -> str:
        """`#slug` of a heading, `#slug-1` where it comes again; its own anchor where it has one."""
        if anchor:
            return f"#{anchor}"
        kept = "".join(sign for sign in heading.strip().lower() if _stays(sign))
        slug = re.sub(r"\s", "-", kept)
        times = self._taken[slug]
        self._taken[slug] += 1
        while times and self._taken[f"{slug}-{times}"]:
            times += 1
        if times:
            self._taken[f"{slug}-{times}"] += 1
        return f"#{slug}-{times}" if times else f"#{slug}" if slug else ""


def _stays(sign: str) -> bool:
    return sign.isalnum() or sign in "-_ \n" or unicodedata.category(sign).startswith("M")


def bold_heading(tokens: Sequence[Token], *, alone: bool) -> tuple[int, int] | None:
    """Where a bold line ends that serves as a heading, and where the text behind it begins.

    It asks, on a line of its own; or, where it may stand `alone`, it is all there is, and no
    sentence. None where the tokens begin otherwise.
    """
    first = next(
        (at for at, token in enumerate(tokens) if token.type != "text" or token.content), 0
    )
    if not tokens or tokens[first].type != "strong_open":
        return None
    end = next((at for at, token in enumerate(tokens) if token.type == "strong_close"), None)
    if end is None:
        return None
    text = "".join(token.content or " " for token in tokens[first:end]).strip()
    rest = end + 1
    while (
        rest < len(tokens) and tokens[rest].type == "text" and not tokens[rest].content.strip(" :")
    ):
        rest += 1
    is_all = rest == len(tokens)
    if not (is_all or tokens[rest].type.endswith("break")) or len(text) > 3 * MAX_CHARS:
        return None
    if _ASKED.match(text):
        return None
    if _QUESTION.fullmatch(text):
        return end + 1, rest
    is_label = alone and is_all and len(text) <= MAX_CHARS and not text.endswith(_ENDS)
    return (end + 1, rest) if is_label else None


def is_heading_line(text: str) -> re.Match[str] | None:
    """A heading whose mark has no space behind it: `##Prices`; group 1 is the mark."""
    found = _HASHED.fullmatch(text)
    return found if found and not found[2].endswith(_ENDS) else None
