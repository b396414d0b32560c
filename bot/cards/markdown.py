"""Text of others made harmless in Discord's Markdown, and passages as quotations."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["escape", "one_line", "quotation"]

# Discord takes a backslash before any punctuation as "this is text". Escaped are the characters
# that begin emphasis, code, spoilers, links, mentions, timestamps and emoji, and at the start of
# a line those of headings, lists and quotations.
_ACTIVE = re.compile(r"[\\*_~`|<>@\[\]():]")
_LINE_START = re.compile(r"^(\s*\d*)([#+\-.])", re.MULTILINE)


def escape(text: str) -> str:
    """`text` so that Discord shows it as it is, and nothing in it takes effect."""
    return _LINE_START.sub(r"\1\\\2", _ACTIVE.sub(r"\\\g<0>", text))


def one_line(text: str, limit: int = 300) -> str:
    """`text` on one line, cut at `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def quotation(text: str, bold: Iterable[tuple[int, int]] = ()) -> str:
    """`text` as one quoted line, with the [start, end) spans of `bold` in bold."""
    pieces: list[str] = []
    taken = 0
    for start, end in _joined(text, bold):
        pieces += [escape(text[taken:start]), "**", escape(text[start:end]), "**"]
        taken = end
    pieces.append(escape(text[taken:]))
    return "> " + "".join(pieces)


def _joined(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch or have only white space between them made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
