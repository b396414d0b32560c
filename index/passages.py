"""Passages, and the grammar of the citation markers printed in their source.

A marker is `[28]`, a list `[3, 4]`, a range `[12–14]` or a note `[a]`, `[note 1]`. A flag such as
`[citation needed]` says something about a passage and is no number. Everything else in brackets,
`[sic]` and `[…]` among it, is text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Marker", "Passage", "citation_keys", "find_markers", "normalise_citation"]

MAX_MARKER_CHARS = 60
"""The longest text between two brackets that is looked at as a marker."""
MAX_RANGE = 200
"""A printed range longer than this is found by its two ends only."""

_BRACKET = re.compile(rf"\[([^\[\]\n]{{1,{MAX_MARKER_CHARS}}})\]")
_NUMBER = r"\d{1,4}[a-z]?"
_DASH = r"[-\u2010-\u2013]"
_ITEM = rf"{_NUMBER}(?:\s?{_DASH}\s?{_NUMBER})?"
_NUMBERS = re.compile(rf"{_ITEM}(?:\s?[,;]\s?{_ITEM})*")
_RANGE = re.compile(rf"(\d{{1,4}})\s?{_DASH}\s?(\d{{1,4}})")
_NAMED_NOTE = re.compile(
    r"(?:note|notes|nb|n|fn|lower-alpha|upper-alpha)\.? ?\d{1,3}", re.IGNORECASE
)
_LETTER_NOTE = re.compile(r"[a-z]{1,2}")
_FLAG = re.compile(
    r"(?:[\w ,-]+ )?needed(?: \w+)?|(?:needs )?update|clarify|vague|disputed|dubious"
    r"|(?:dubious|disputed) ?[-\u2010-\u2014] ?discuss|failed verification|neutrality is disputed"
    r"|permanent dead link|dead link|weasel words|(?:by |according to |to |for )?"
    r"(?:who|whom|when|where|which|why|how|what)\?|original research\??|unreliable source\??"
    r"|not in citation given|not verified in body|editorializing|sic\?",
    re.IGNORECASE,
)
_OPENING, _CLOSING, _STRAIGHT = "\u201c\u00ab\u201e", "\u201d\u00bb", '"'


@dataclass(frozen=True, slots=True)
class Passage:
    """One cited sentence of a document.

    `line` counts from 1 in the source file; `citations` are the numbers as printed, in order;
    `text` is the source minus its citation markers, and offsets anywhere in Footnote index it.
    """

    document: str
    line: int
    text: str
    citations: tuple[str, ...] = ()
    flags: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Marker:
    """A recognised marker: `source[start:end]` is what is printed, brackets included."""

    start: int
    end: int
    kind: Literal["citation", "flag"]
    values: tuple[str, ...]


def find_markers(source: str) -> Iterator[Marker]:
    """Yield the citation markers and flags of `source` in order; other brackets are text."""
    quotation = _quotation_ends(source)
    previous_end = -1
    for match in _BRACKET.finditer(source):
        start, end, inner = match.start(), match.end(), match[1].strip()
        opens_line = not source[:start].strip() if start < 200 else False
        after_marker = previous_end >= 0 and not source[previous_end:start].strip()
        detached = start > 0 and source[start - 1].isspace() and not (opens_line or after_marker)
        if _NUMBERS.fullmatch(inner):
            # A year put into a quotation stands where a word would: "in [2012] he said".
            if detached and bisect_right(quotation, start) % 2:
                continue
            values = tuple(part.strip() for part in re.split(r"[,;]", inner))
        elif _NAMED_NOTE.fullmatch(inner):
            values = (inner,)
        elif _LETTER_NOTE.fullmatch(inner):
            # "[a] man" and "[s]he" are words of an editor; "disputed.[a]" and "[3][b]" are notes.
            if detached or source[end : end + 1].isalnum() or (opens_line and len(inner) > 1):
                continue
            values = (inner,)
        elif _FLAG.fullmatch(inner):
            previous_end = end
            yield Marker(start, end, "flag", (inner,))
            continue
        else:
            continue
        previous_end = end
        yield Marker(start, end, "citation", values)


def _quotation_ends(source: str) -> list[int]:
    """Offsets at which `source` enters and leaves quotations, in turn."""
    offsets: list[int] = []
    for offset, char in enumerate(source):
        inside = len(offsets) % 2 == 1
        if char == _STRAIGHT or (char in _OPENING and not inside) or (char in _CLOSING and inside):
            offsets.append(offset)
    return offsets


def normalise_citation(number: str) -> str:
    """The key of a citation as a person types it: `[28]`, ` 28 ` and `28` are one."""
    return " ".join(number.strip().strip("[]").casefold().split())


def citation_keys(citation: str) -> tuple[str, ...]:
    """Every key that finds a printed citation: itself, and each number inside a range."""
    key = normalise_citation(citation)
    if match := _RANGE.fullmatch(key):
        first, last = int(match[1]), int(match[2])
        if first < last <= first + MAX_RANGE:
            return (key, *map(str, range(first, last + 1)))
        return (key, match[1], match[2])
    return (key,)
