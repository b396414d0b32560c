"""Text of others made harmless in Discord's Markdown, and passages as quotations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

__all__ = [
    "escape",
    "first_lines",
    "headings",
    "link",
    "one_line",
    "quotation",
    "unescape",
    "visible",
]

MAX_LINK = 400
"""Characters of an address; a longer one is left out, and its label stays."""
MAX_HEADINGS = 100

# Discord takes a backslash before any punctuation as "this is text". Escaped are the characters
# that begin emphasis, code, spoilers, links, mentions, timestamps and emoji, and at the start of
# a line those of headings, lists and quotations.
_ACTIVE = re.compile(r"[\\*_~`|<>@\[\]():]")
_LINE_START = re.compile(r"^([^\S\n]*\d*)([#+\-.])", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\*_~`|<>@\[\]():#+\-.])")
# What can hide or reorder text, or make it look empty: control characters, marks of direction,
# spaces without width, fillers, tags. The joiners of scripts and of emoji stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)


def escape(text: str) -> str:
    """`text` so that Discord shows it as it is, and nothing in it takes effect."""
    return _LINE_START.sub(r"\1\\\2", _ACTIVE.sub(r"\\\g<0>", visible(text)))


def unescape(text: str) -> str:
    """What `escape` was given, less what cannot be seen."""
    return _ESCAPED.sub(r"\1", text)


def visible(text: str) -> str:
    """`text` without signs that hide or reorder it."""
    return _INVISIBLE.sub("", text)


def one_line(text: str, limit: int = 300) -> str:
    """`text` on one line, cut at `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def headings(section: Sequence[str]) -> str:
    """The headings that a passage stands under, `Rules › Opening hours`, on one short line."""
    return one_line(" › ".join(section), MAX_HEADINGS)


def link(label: str, address: str | None) -> str:
    """`label`, escaped already, as a masked link where there is an address of a fit length."""
    if not address:
        return label
    target = quote(address, safe="/:?#@!$&'+,;=%-._~")
    return f"[{label}]({target})" if len(target) <= MAX_LINK else label


def first_lines(text: str, limit: int) -> str:
    """As many whole lines of `text` as fit into `limit` characters."""
    while len(text) > limit:
        text = text.rpartition("\n")[0]
    return text


def quotation(text: str, bold: Iterable[tuple[int, int]] = ()) -> str:
    """`text` as one quoted line, with the [start, end) spans of `bold` in bold."""
    pieces: list[str] = []
    position = 0
    for start, end in _join(text, bold):
        pieces += [escape(text[position:start]), "**", escape(text[start:end]), "**"]
        position = end
    pieces.append(escape(text[position:]))
    return "> " + "".join(pieces)


def _join(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch or have only white space between them made one."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if runs and not text[runs[-1][1] : start].strip():
            runs[-1] = (runs[-1][0], max(runs[-1][1], end))
        else:
            runs.append((start, end))
    return runs
