"""The grammar of the citation markers printed in a source.

A marker is `[28]`, a list `[3, 4]`, a range `[12–14]`, a note `[a]`, `[note 1]`, `[^1]`, or raised
as in "oil.¹"; brackets may be `【1】` or escaped, and may name a page, `[1, p. 5]`. A flag such as
`[citation needed]` says something about a passage and is no number. Everything else in brackets,
`[sic]` and `[…]` among it, is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from operator import attrgetter
from typing import Literal

from index.documents.reading.marker_forms import (
    DASH,
    MAX_MARKER_CHARS,
    RAISED,
    Form,
    form_of,
    is_raised_marker,
    raised_numbers,
)
from index.documents.reading.marker_words import MAX_OPENING, is_subject, is_word_there

__all__ = [
    "UNMARKED",
    "Marker",
    "citation_keys",
    "count_beginnings",
    "find_markers",
    "may_hold_markers",
    "normalise_citation",
    "without_markers",
]

MAX_RANGE = 200
"""A printed range longer than this is found by its two ends only."""
UNMARKED = str.maketrans(
    "[\u3010\uff3b\u3014\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "(" * 14
)
"""Translates all signs that begin a marker, for text in which none is looked for."""

_INNER = rf"[^\[\]\n]{{1,{MAX_MARKER_CHARS}}}"
_PRINTED = re.compile(
    rf"(?P<raised>{RAISED})"
    rf"|\[(?P<linked>\\?\[{_INNER}\])\]\(#[^\s()]{{1,100}}\)"
    rf"|(?P<escape>\\?)\[(?P<inner>{_INNER})\]"
    rf"|(?P<wide>[\u3010\uff3b\u3014])(?P<within>[^\[\]\u3010\u3011\uff3b\uff3d\u3014\u3015\n]{{1,{MAX_MARKER_CHARS}}})"
    r"(?P<close>[\u3011\uff3d\u3015])"
)
_BEGINNING = re.compile(r"[\[\u3010\uff3b\u3014\u2070\u00b9\u00b2\u00b3\u2074-\u2079]")
_CLOSING = {"\u3010": "\u3011", "\uff3b": "\uff3d", "\u3014": "\u3015"}
_RANGE = re.compile(rf"(\d{{1,4}})\s?{DASH}\s?(\d{{1,4}})")
_PRINTED_YEAR = re.compile(r"[12]\d{3}")
_SUBSCRIPTED = re.compile(r"(?:^|[^\w])[a-z]$")
_CALLED = re.compile(r"\w\($")
_FIGURES = re.compile(r"\d+")
_PAGES = re.compile(  # Wikipedia's {{rp}}: [4]:12–15, [4]: 12, [4]: xii, 3
    r":\d+(?:[-\u2010-\u2013]\d+)?(?=\s)|:(?:\s?(?:[ivxlc]+|\d+)(?:[-\u2010-\u2013]\d+)?)(?:,\s?\d+(?:[-\u2010-\u2013]\d+)?)*"
    r"(?=\s*(?:\[|$)|\s+[^\sa-z\d]|[.,;])|\(pp?\.?\s?\d+(?:[-\u2010-\u2013]\d+)?\)"
)
_LINK = re.compile(r"\((?:[a-z][a-z\d+.-]{1,20}:(?=\S)|[/#<]|\.{1,2}/|www\.)", re.IGNORECASE)
_DASH = re.compile(rf"\s?{DASH}\s?")
_COMMA = re.compile(r"\s?[,;]\s?")
_ALSO = re.compile(
    r"\s?[,;]?\s?(?:and|or|as well as|&|und|oder|sowie|et|ou|y|e|o|en|och|og|ja|ve|oraz|i"
    r"|и|или"
    r"|및|와|과|および|と|和|及|与|與)\s?"
)
MAX_JOINING = 16
"""The most signs between two markers that are listed together."""
_BEHIND_CLASS = frozenset("*+{")
_BEFORE_FOOTNOTE = frozenset(".,;:!?\u2026)]\u3002\uff01\uff1f\u300d\u300f")
_EMPHASIS = "*_\"'\u201d\u2019\u00bb"


@dataclass(frozen=True, slots=True)
class Marker:
    """A recognised marker: `source[start:end]` is what is printed, brackets and pages included.

    One that stands where a word would, "as shown in [6]", `is_word` and stays in the text; so does
    one that `opens_sentence`, "[6] showed that".
    """

    start: int
    end: int
    kind: Literal["citation", "flag"]
    values: tuple[str, ...]
    is_word: bool = False
    opens_sentence: bool = False


def find_markers(
    source: str, marked: Iterable[Marker] = (), text: str | None = None
) -> Iterator[Marker]:
    """Yield the citation markers and flags of `source` in order; other brackets are text.

    Markers that are listed or ranged together, `[6]–[8]` or `[9], [10]`, are one. `marked` are
    those that are known already, in order; `text` is what stands between them all, where `source`
    shows less of it.
    """
    text = source if text is None else text
    run: list[Marker] = []
    values: list[str] = []
    bounds = _Bounds()
    for marker in merge(marked, _single_markers(source), key=attrgetter("start")):
        if run and not _join(run[-1], values, text[run[-1].end : marker.start], marker):
            yield _as_one(run, values, text, bounds)
            run, values = [], []
        run.append(marker)
        if len(run) == 1:
            values += marker.values
    if run:
        yield _as_one(run, values, text, bounds)


def count_beginnings(text: str) -> int:
    """How many signs of a text may begin a marker."""
    return len(_BEGINNING.findall(text)) if may_hold_markers(text) else 0


def may_hold_markers(text: str) -> bool:
    """Whether any sign of a text may begin a marker."""
    return bool(_BEGINNING.search(text))


def without_markers(text: str, *, keep_words: bool = False) -> str:
    """`text` less its citation markers and flags; `keep_words` leaves those that are words."""
    pieces: list[str] = []
    taken = 0
    for marker in find_markers(text):
        if not (keep_words and marker.is_word):
            pieces.append(text[taken : marker.start])
            taken = marker.end
    return "".join([*pieces, text[taken:]])


@dataclass(slots=True)
class _Bounds:
    """Where the run of markers before ends, and where the text does that stands before it."""

    end: int = 0
    text_end: int = 0


def _as_one(run: Sequence[Marker], values: Sequence[str], text: str, bounds: _Bounds) -> Marker:
    """What a run of markers is; parentheses that hold nothing else are of it."""
    start, end, kind = run[0].start, run[-1].end, run[0].kind
    if not bounds.end or text[bounds.end : start].strip():
        bounds.text_end = start
    opens_sentence = False
    if kind == "citation" and start < end:
        opens_sentence = not run[0].is_word and is_subject(text, bounds.text_end, start, end)
        if (
            not (opens_sentence or run[0].is_word)
            and start > bounds.end
            and (text[start - 1] + text[end : end + 1] in ("()", "\uff08\uff09"))
        ):
            start, end = start - 1, end + 1
    bounds.end = end
    is_word = run[0].is_word or opens_sentence
    return Marker(start, end, kind, tuple(values), is_word, opens_sentence)


def _join(one: Marker, values: list[str], between: str, two: Marker) -> bool:
    """Add the values of a marker, where a dash, a comma or an "and" holds it to `one`."""
    if not (one.kind == two.kind == "citation") or len(between) > MAX_JOINING:
        return False
    if _DASH.fullmatch(between) and values[-1].isdecimal():
        values[-1] += f"{between.strip()}{two.values[0]}"
        values += two.values[1:]
    elif _COMMA.fullmatch(between) or (
        one.start < one.end and two.start < two.end and _ALSO.fullmatch(between)
    ):
        values += two.values
    else:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Place:
    """Where brackets stand: before what, behind what, and whether by themselves."""

    source: str
    start: int
    end: int
    opens_line: bool
    after_marker: bool

    @property
    def detached(self) -> bool:
        is_apart = self.start > 0 and self.source[self.start - 1].isspace()
        return is_apart and not (self.opens_line or self.after_marker)

    @property
    def following(self) -> str:
        return self.source[self.end : self.end + 1]

    def allows(self, form: Form, values: Sequence[str]) -> bool:
        """Whether brackets of such a form are a marker here, or text."""
        if _LINK.match(self.source, self.end):
            return False
        if form == "numbers":
            return self._allows_numbers(values)
        if form == "letters":
            return self._allows_letters(values[0])
        return form != "footnote" or self._allows_footnote(values[0])

    def _allows_numbers(self, values: Sequence[str]) -> bool:
        # "in [2012] he said", "[14]C", "x[1]", "max([1])" and "[0, 1]" are no citations.
        is_year = len(values) == 1 and _PRINTED_YEAR.fullmatch(values[0])
        if self.detached and (is_year or self.following.isalpha()):
            return False
        before = self.source[max(0, self.start - 2) : self.start]
        if _SUBSCRIPTED.search(before) or _CALLED.search(before):
            return False
        return "0" not in _FIGURES.findall(" ".join(values))

    def _allows_letters(self, letters: str) -> bool:
        # "[a] man" and "[s]he" are words of an editor, "[x] done" is a box to tick;
        # "([K])" a concentration; "disputed.[a]" and "[3][b]" are notes.
        if self.detached or self.following.isalpha() or self.source.endswith("(", 0, self.start):
            return False
        return not (self.opens_line and (len(letters) > 1 or letters in "xX"))

    def _allows_footnote(self, label: str) -> bool:
        # "[^1]: Mason" is the text of a note, "[^abc]*" a class of signs.
        is_apart = self.detached or self.opens_line
        is_behind_space = self.opens_line or self.source[self.start - 1].isspace()
        if self.following in _BEHIND_CLASS or (is_behind_space and self.following == ":"):
            return False
        if is_apart:
            return label.isdecimal() or self.after_marker
        before = self.source[max(0, self.start - 4) : self.start].rstrip(_EMPHASIS)[-1:]
        return self.after_marker or before.isalnum() or before in _BEFORE_FOOTNOTE


def _single_markers(source: str) -> Iterator[Marker]:
    if not may_hold_markers(source):
        return
    previous_end = literal_end = -1
    for match in _PRINTED.finditer(source):
        start, end = match.span()
        opens_line = start < MAX_OPENING and not source[:start].strip()
        # Brackets that are text come between: then -1. So no text is looked through twice.
        after_marker = previous_end >= 0 and not source[previous_end:start].strip()
        place = _Place(source, start, end, opens_line, after_marker)
        previous_end = -1
        if match["raised"]:
            marker = _raised(match["raised"], place)
        elif _is_nested(place, literal_end):
            literal_end, marker = end, None
        else:
            marker = _bracketed(match, place)
        if marker:
            previous_end = marker.end
            yield marker


def _raised(printed: str, place: _Place) -> Marker | None:
    start, end = place.start, place.end
    if not (place.after_marker or is_raised_marker(place.source, start, end)):
        return None
    values = raised_numbers(printed)
    return Marker(start, end, "citation", values) if values else None


def _is_nested(place: _Place, literal_end: int) -> bool:
    """Whether brackets are a list's within a list: [[1], [2]]."""
    source, start = place.source, place.start
    if source[start : start + 2] in ("[[", "[\\"):  # a link to a note
        return False
    if 0 <= literal_end <= start <= literal_end + 3 and _COMMA.fullmatch(
        source, literal_end, start
    ):
        return True
    return start > 0 and source[start - 1] == "["


def _bracketed(match: re.Match[str], place: _Place) -> Marker | None:
    inner = _inner(match, place)
    found = form_of(inner) if inner else None
    if not found or not place.allows(*found):
        return None
    form, values = found
    if form == "flag":
        return Marker(place.start, place.end, "flag", values)
    end = place.end
    if form == "numbers" and (pages := _PAGES.match(place.source, end)):
        end = pages.end()
    is_word = place.detached and is_word_there(place.source, place.start)
    return Marker(place.start, end, "citation", values, is_word)


def _inner(match: re.Match[str], place: _Place) -> str:
    """What stands within the brackets; nothing where they do not fit, or are escaped by half."""
    if match["wide"]:
        opens_heading = place.opens_line and match["wide"] != "\uff3b"
        fits = match["close"] == _CLOSING[match["wide"]] and not opens_heading
        return match["within"].strip() if fits else ""
    printed: str = match["linked"] or match[0]
    if place.source.endswith("\\", 0, place.start):
        return ""
    inner = printed.removeprefix("\\")[1:-1]
    if printed.startswith("\\"):
        inner = inner.removesuffix("\\")
    return inner.strip()


def normalise_citation(number: str) -> str:
    """The key of a citation as a person types it: `[28]`, ` 28 ` and `28` are one."""
    return " ".join(
        number.strip().strip("[]^\u3010\u3011\uff3b\uff3d\u3014\u3015").casefold().split()
    )


def citation_keys(citation: str) -> tuple[str, ...]:
    """Every key that finds a printed citation: itself, and each number inside a range."""
    key = normalise_citation(citation)
    if match := _RANGE.fullmatch(key):
        first, last = int(match[1]), int(match[2])
        if first <= last <= first + MAX_RANGE:
            return (key, *map(str, range(first, last + 1)))
        return (key, match[1], match[2])
    return (key,)
