"""The grammar of the citation markers printed in a source.

A marker is `[28]`, a list `[3, 4]`, a range `[12–14]` or a note `[a]`, `[note 1]`. A flag such as
`[citation needed]` says something about a passage and is no number. Everything else in brackets,
`[sic]` and `[…]` among it, is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Marker",
    "citation_keys",
    "find_markers",
    "normalise_citation",
    "without_markers",
]

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
    r"(?:note|notes|nb|n|fn|ref|web|anm|lower-alpha|upper-alpha|upper-roman|\uc8fc|\u6ce8|\u6ce8\u91c8)"
    r"\.? ?\d{1,3}",
    re.IGNORECASE,
)
_LETTER_NOTE = re.compile(r"[a-z]{1,2}|[A-Z]")
_FLAG = re.compile(
    r"(?:[\w ,-]+ )?needed(?: \w+)?|(?:needs )?update|clarify|vague|disputed|dubious"
    r"|(?:dubious|disputed) ?[-\u2010-\u2014] ?discuss|failed verification|neutrality is disputed"
    r"|permanent dead link|dead link|weasel words|(?:by |according to |to |for )?"
    r"(?:who|whom|when|where|which|why|how|what)\?|original research\??|unreliable source\??"
    r"|not in citation given|self-published source\??|relevant\??|improper synthesis\??"
    r"|peacock prose|circular reference|irrelevant citation|user-generated source|jargon|specify"
    r"|tone|promotional language|excessive citations|not verified in body|editorializing|sic\?"
    r"|\u8981\u51fa\u5178|\ucd9c\ucc98 \ud544\uc694",
    re.IGNORECASE,
)
_PRINTED_YEAR = re.compile(r"[12]\d{3}")
_SUBSCRIPTED = re.compile(r"(?:^|[^\w])[a-z]$")
_PAGES = re.compile(  # Wikipedia's {{rp}}: [4]:12–15, [4]: 12, [4]: xii, 3
    r":\d+(?:[-\u2010-\u2013]\d+)?(?=\s)|:(?:\s?(?:[ivxlc]+|\d+)(?:[-\u2010-\u2013]\d+)?)(?:,\s?\d+(?:[-\u2010-\u2013]\d+)?)*"
    r"(?=\s*(?:\[|$)|\s+[^\sa-z\d]|[.,;])|\(pp?\.?\s?\d+(?:[-\u2010-\u2013]\d+)?\)"
)
_BEFORE_WORD = re.compile(
    r"\b(?:in|see|by|from|of|as|per|cf\.|with|to|refs?\.?|and)\s$", re.IGNORECASE
)
MAX_OPENING = 200
"""How far into a line a marker may stand that still opens it."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A recognised marker: `source[start:end]` is what is printed, brackets and pages included.

    One that stands where a word would, "as shown in [6]", `is_word` and stays in the text.
    """

    start: int
    end: int
    kind: Literal["citation", "flag"]
    values: tuple[str, ...]
    is_word: bool = False


def find_markers(source: str) -> Iterator[Marker]:
    """Yield the citation markers and flags of `source` in order; other brackets are text.

    Markers that are listed or ranged together, `[6]–[8]` or `[9], [10]`, are one.
    """
    run: list[Marker] = []
    values: list[str] = []
    for marker in _single_markers(source):
        if run and not _join(run[-1], values, source[run[-1].end : marker.start], marker):
            yield _as_one(run, values)
            run, values = [], []
        run.append(marker)
        if len(run) == 1:
            values += marker.values
    if run:
        yield _as_one(run, values)


def without_markers(text: str, *, keep_words: bool = False) -> str:
    """`text` less its citation markers and flags; `keep_words` leaves those that are words."""
    pieces: list[str] = []
    taken = 0
    for marker in find_markers(text):
        if not (keep_words and marker.is_word):
            pieces.append(text[taken : marker.start])
            taken = marker.end
    return "".join([*pieces, text[taken:]])


def _as_one(run: Sequence[Marker], values: Sequence[str]) -> Marker:
    return Marker(run[0].start, run[-1].end, run[0].kind, tuple(values), run[0].is_word)


def _join(one: Marker, values: list[str], between: str, two: Marker) -> bool:
    """Add the values of a marker, where a dash, a comma or a semicolon holds it to `one`."""
    if not (one.kind == two.kind == "citation"):
        return False
    if re.fullmatch(rf"\s?{_DASH}\s?", between) and values[-1].isdecimal():
        values[-1] += f"{between.strip()}{two.values[0]}"
        values += two.values[1:]
    elif re.fullmatch(r"\s?[,;]\s?", between):
        values += two.values
    else:
        return False
    return True


def _single_markers(source: str) -> Iterator[Marker]:
    previous_end = -1
    for match in _BRACKET.finditer(source):
        start, end, inner = match.start(), match.end(), match[1].strip()
        opens_line = start < MAX_OPENING and not source[:start].strip()
        # Brackets that are text come between: then -1. So no text is looked through twice.
        after_marker = previous_end >= 0 and not source[previous_end:start].strip()
        previous_end = -1
        detached = start > 0 and source[start - 1].isspace() and not (opens_line or after_marker)
        before_letter = source[end : end + 1].isalpha()
        if _NUMBERS.fullmatch(inner):
            # "in [2012] he said", "[14]C", "x[1]" and "[0, 1]" are no citations.
            if detached and (_PRINTED_YEAR.fullmatch(inner) or before_letter):
                continue
            if _SUBSCRIPTED.search(source[max(0, start - 2) : start]) or "0" in _figures(inner):
                continue
            values = tuple(part.strip() for part in re.split(r"[,;]", inner))
            if pages := _PAGES.match(source, end):
                end = pages.end()
        elif _NAMED_NOTE.fullmatch(inner):
            values = (inner,)
        elif _LETTER_NOTE.fullmatch(inner):
            # "[a] man" and "[s]he" are words of an editor; "disputed.[a]" and "[3][b]" are notes.
            if detached or before_letter or (opens_line and len(inner) > 1):
                continue
            values = (inner,)
        elif _FLAG.fullmatch(inner):
            previous_end = end
            yield Marker(start, end, "flag", (inner,))
            continue
        else:
            continue
        previous_end = end
        is_word = detached and bool(_BEFORE_WORD.search(source[max(0, start - 12) : start]))
        yield Marker(start, end, "citation", values, is_word)


def _figures(inner: str) -> list[str]:
    return re.findall(r"\d+", inner)


def normalise_citation(number: str) -> str:
    """The key of a citation as a person types it: `[28]`, ` 28 ` and `28` are one."""
    return " ".join(number.strip().strip("[]").casefold().split())


def citation_keys(citation: str) -> tuple[str, ...]:
    """Every key that finds a printed citation: itself, and each number inside a range."""
    key = normalise_citation(citation)
    if match := _RANGE.fullmatch(key):
        first, last = int(match[1]), int(match[2])
        if first <= last <= first + MAX_RANGE:
            return (key, *map(str, range(first, last + 1)))
        return (key, match[1], match[2])
    return (key,)
