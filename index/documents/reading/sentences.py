"""Stretches of text to sentences, each with the citations that belong to it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from operator import itemgetter
from typing import Literal

from sentencex import get_sentence_boundaries

from index.documents.passages import Passage
from index.documents.reading.abbreviations import ends_with_abbreviation
from index.documents.reading.markers import (
    UNMARKED,
    Marker,
    count_beginnings,
    find_markers,
    may_hold_markers,
)
from index.errors import Problem

__all__ = [
    "MAX_PASSAGE_CHARS",
    "SENTENCE_END",
    "Draft",
    "Layout",
    "Markers",
    "Reading",
    "Stretch",
    "collect",
    "drafts_of",
    "too_many_citations",
]

Layout = Literal["lines", "prose"]
Markers = Literal["leading", "trailing"]

MAX_PASSAGE_CHARS = 3000
MAX_CITATIONS = 200
"""The most numbers of one passage; more are no citation of it, and no message can show them."""
MAX_BRACKETS = 10_000
"""The most opening brackets and raised figures of one line or paragraph; text has few."""
WINDOW_CHARS = 100_000
"""What is split into sentences in one go; few paragraphs are longer."""
PROSE_ADVICE = ", or say layout: prose to have it split into sentences"

_CLOSERS = "\"')\\]\u201d\u2019\u00bb"
SENTENCE_END = re.compile(
    rf"[.!?\u2026\u3002\uff01\uff1f][{_CLOSERS}]*(?:\[[^\[\]]{{1,20}}\])*\s*$"
)
_CLOSING_RUN = re.compile(rf"[{_CLOSERS}]{{0,20}}")
_SPACE = re.compile(r"\s*")


@dataclass(slots=True)
class Reading:
    """What one source text held: its passages, and what is wrong (errors) or odd (warnings)."""

    passages: list[Passage] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Stretch:
    """Text that is read together; source line `lines[i]` begins at offset `starts[i]` of it.

    `marked` are the citations that the format marks, without width. Within `verbatim`, pairs of
    offsets, nothing is a printed marker; nowhere, where `prints_markers` is False. A `whole`
    stretch is one passage, however many its sentences.
    """

    text: str
    lines: list[int]
    starts: list[int]
    section: tuple[str, ...] = ()
    place: str = ""
    columns: tuple[str, ...] = ()
    marked: Sequence[Marker] = ()
    verbatim: Sequence[tuple[int, int]] = ()
    prints_markers: bool = True
    whole: bool = False

    def line_at(self, offset: int) -> int:
        """The source line of an offset."""
        lines = self.lines
        return lines[bisect_right(self.starts, offset) - 1] if len(lines) > 1 else lines[0]

    def markers(self) -> Iterator[Marker]:
        """Its citations and flags, printed and marked, in order."""
        if not self.prints_markers:
            return find_markers("", self.marked, self.text)
        pieces: list[str] = []
        taken = 0
        for start, end in self.verbatim:
            pieces += (self.text[taken:start], self.text[start:end].translate(UNMARKED))
            taken = end
        return find_markers("".join([*pieces, self.text[taken:]]), self.marked, self.text)


@dataclass(slots=True)
class Draft:
    """A passage in the making: the numbers that open the next line may still join it."""

    line: int
    text: str
    stretch: Stretch
    markers: list[Marker] | None = None

    def take(self, marker: Marker) -> None:
        """Give it a marker."""
        if self.markers is None:  # as in most: very many empty lists take long to be kept
            self.markers = []
        self.markers.append(marker)

    def values(self, kind: Literal["citation", "flag"]) -> tuple[str, ...]:
        """The numbers, or the flags, that it was given."""
        if self.markers is None:
            return ()
        return tuple(
            value for marker in self.markers if marker.kind == kind for value in marker.values
        )


def collect(
    stretches: Iterable[Stretch],
    *,
    document: str,
    file: str,
    layout: Layout,
    markers: Markers,
    language: str,
    reading: Reading,
) -> list[Problem]:
    """Add the passages of `stretches` to a reading, and what is wrong or odd about them.

    What is too long to be a passage, or has too many numbers, is returned.
    """
    beyond: list[Problem] = []
    before: Draft | None = None
    for stretch in stretches:
        if (count := count_beginnings(stretch.text)) > MAX_BRACKETS:
            is_raised = stretch.text.count("[") < count
            signs = f"opening brackets{' and raised figures' if is_raised else ''}"
            reason = f"{count:,} {signs} without a break; {MAX_BRACKETS:,} are the most"
            advice = "so set paragraphs apart by blank lines, or delete what is no text"
            reading.errors.append(Problem(file, stretch.lines[0], f"{reason}, {advice}"))
            continue
        for draft in drafts_of(stretch, layout, markers, language, file, before, reading):
            if before is not None:
                _finish(before, document, layout, file, reading.passages, beyond)
            before = draft
    if before is not None:
        _finish(before, document, layout, file, reading.passages, beyond)
    return beyond


def _finish(
    draft: Draft,
    document: str,
    layout: Layout,
    file: str,
    passages: list[Passage],
    beyond: list[Problem],
) -> None:
    """Add a draft to the passages, or what is wrong with it to what is beyond the bounds."""
    citations = draft.values("citation")
    if len(draft.text) > MAX_PASSAGE_CHARS:
        reason = (
            f"a passage of {len(draft.text):,} characters; {MAX_PASSAGE_CHARS:,} are the most, "
            f"so break the line{PROSE_ADVICE if layout == 'lines' else ''}"
        )
        beyond.append(Problem(file, draft.line, reason))
    elif crowd := too_many_citations(citations):
        beyond.append(Problem(file, draft.line, crowd))
    else:
        of = draft.stretch
        passages.append(
            Passage(
                document,
                draft.line,
                draft.text,
                citations,
                draft.values("flag"),
                of.section,
                of.place,
                of.columns,
            )
        )


def too_many_citations(citations: Sequence[str]) -> str | None:
    """What is wrong with a passage of so many numbers."""
    if len(citations) <= MAX_CITATIONS:
        return None
    return (
        f"a passage with {len(citations):,} citation numbers; {MAX_CITATIONS:,} are the most, "
        "so delete those that say nothing of it"
    )


def drafts_of(
    stretch: Stretch,
    layout: Layout,
    markers: Markers,
    language: str,
    file: str,
    before: Draft | None,
    reading: Reading,
) -> list[Draft]:
    """The stretch's passages, every marker given to its own, which may be the one before."""
    stripped = _strip_markers(stretch)
    begins: list[int] = []
    drafts: list[Draft] = []
    for begin, end in _sentence_spans(stripped, layout, language, whole=stretch.whole):
        piece = stripped.text[begin:end]
        if piece.strip() and (layout == "lines" or any(map(str.isalnum, piece))):
            begins.append(begin + len(piece) - len(piece.lstrip()))
            line = stretch.line_at(stripped.source_offset(begins[-1]))
            drafts.append(Draft(line, piece.strip(), stretch))
    if not stripped.placed:
        return drafts
    beginnings = set(begins)
    for placed in stripped.placed:
        if placed.marker.is_word:
            drafts[bisect_right(begins, placed.offset) - 1].take(placed.marker)
            continue
        following = bisect_left(begins, placed.offset)
        opens = not following or (placed.detached and placed.next_text in beginnings)
        is_own = placed.marker.start == placed.marker.end  # marked by the format, in this stretch
        if (
            (markers == "leading" or (is_own and not following))
            and opens
            and following < len(drafts)
        ):
            drafts[following].take(placed.marker)
        elif following > 0:
            drafts[following - 1].take(placed.marker)
        elif before is not None and markers == "trailing":
            before.take(placed.marker)
        elif placed.marker.kind == "citation":
            where = "before" if markers == "trailing" else "after"
            shown = stretch.text[placed.marker.start : placed.marker.end]
            reason = f"{shown} has no text {where} it to belong to; it is passed over"
            line = stretch.line_at(placed.marker.start)
            reading.warnings.append(Problem(file, line, reason))
    return drafts


def _sentence_spans(
    stripped: _Stripped, layout: Layout, language: str, *, whole: bool
) -> Iterator[tuple[int, int]]:
    """The [begin, end) spans of the sentences, white space included."""
    text = stripped.text
    if layout == "lines" or whole:
        yield 0, len(text)
        return
    boundaries = _boundaries(stripped, language)
    offsets = dict.fromkeys(
        placed.offset for placed in stripped.placed if not placed.marker.is_word
    )
    opening = (placed.offset for placed in stripped.placed if placed.marker.opens_sentence)
    cuts = (cut for offset in offsets if (cut := _cut_behind(text, offset)))
    cited = list(merge(cuts, opening))
    for first, end in boundaries:
        begin = first
        for cut in cited[bisect_right(cited, begin) : bisect_left(cited, end)]:
            if begin < cut:
                yield begin, cut
                begin = cut
        yield begin, end


def _boundaries(stripped: _Stripped, language: str) -> Iterator[tuple[int, int]]:
    """The sentences of the splitter; none begins at a number that is a word, or behind it."""
    words = [placed for placed in stripped.placed if placed.marker.is_word]
    offsets = [word.offset for word in words]
    opened: int | None = None
    end = 0
    for begin, end in _split(stripped.text, language):
        if opened is None:
            opened = begin
        at = bisect_left(offsets, end)
        if any(word.is_parted(end) for word in words[max(0, at - 1) : at + 1]):
            continue
        yield opened, end
        opened = None
    if opened is not None:
        yield opened, end


def _split(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The splitter's sentences; those of a long text a window at a time.

    The splitter makes an object of each sentence at once, and ends the process where those of
    a whole text do not fit into its memory.
    """
    start, size = 0, WINDOW_CHARS
    while start < len(text):
        spans = [
            (start + boundary["start_index"], start + boundary["end_index"])
            for boundary in get_sentence_boundaries(language, text[start : start + size])
        ]
        if start + size < len(text):
            if len(spans) < 2:  # one sentence is longer
                size *= 2
                continue
            spans.pop()  # it may go on in the next window
        yield from spans
        start, size = spans[-1][1] if spans else len(text), WINDOW_CHARS


def _cut_behind(text: str, offset: int) -> int:
    """Where a sentence ends at numbers that stand behind its full stop; 0 where none does.

    "in May.[1] Mr. Park" are two sentences, "the U.S.[5] House" and "8.5[8] (of ten)" are one.
    """
    closing = _CLOSING_RUN.match(text, offset)
    cut = closing.end() if closing else offset
    at = _next_text(text, cut)
    tail, following = text[max(0, offset - 12) : cut], text[at : at + 1]
    starts = following.isupper() or following in "\u201c\u201e\u00ab\"'" or _is_caseless(following)
    ends = SENTENCE_END.search(tail) and not ends_with_abbreviation(tail)
    return cut if following and starts and ends else 0


def _is_caseless(sign: str) -> bool:
    """Whether a letter is of a script without capitals."""
    return sign.isalpha() and sign.lower() == sign.upper()


@dataclass(frozen=True, slots=True)
class _Placed:
    """A marker and where it stood: offsets index the text without markers.

    `next_text` is where text follows it; one that is a word stands in the text itself.
    """

    marker: Marker
    offset: int
    next_text: int
    detached: bool

    def is_parted(self, boundary: int) -> bool:
        """Whether a sentence that begins there would part a word from what it belongs to."""
        first = self.offset + 1 if self.marker.opens_sentence else self.offset - 1
        return first <= boundary <= self.next_text


@dataclass(frozen=True, slots=True)
class _Stripped:
    """A stretch's text less its markers; `runs` pairs text offsets with source offsets."""

    text: str
    runs: list[tuple[int, int]]
    placed: list[_Placed]

    def source_offset(self, offset: int) -> int:
        if len(self.runs) == 1:
            return offset
        text_start, source_start = self.runs[bisect_right(self.runs, offset, key=itemgetter(0)) - 1]
        return source_start + offset - text_start


def _strip_markers(stretch: Stretch) -> _Stripped:
    """Take the markers, and the spaces before them, out of the stretch's text."""
    source = stretch.text
    if not stretch.marked and not may_hold_markers(source):
        return _Stripped(source, [(0, 0)], [])
    pieces: list[str] = []
    runs: list[tuple[int, int]] = []
    places: list[tuple[Marker, int, int, bool]] = []  # and its length, where it stays in the text
    length = taken = 0
    detached = False
    for marker in stretch.markers():
        if marker.is_word:
            size = marker.end - marker.start
            places.append((marker, length + marker.start - taken, size, False))
            continue
        between = source[taken : marker.start]
        follows_marker = bool(places) and not between.strip()
        detached = between[-1:].isspace() or (follows_marker and detached)
        runs.append((length, taken))
        pieces.append(between.rstrip())
        length += len(pieces[-1])
        places.append((marker, length, 0, detached))
        taken = marker.end
    runs.append((length, taken))
    text = "".join(pieces) + source[taken:]
    following = {
        end: _next_text(text, end) for end in {offset + size for _, offset, size, _ in places}
    }
    placed = [
        _Placed(marker, offset, following[offset + size], apart)
        for marker, offset, size, apart in places
    ]
    return _Stripped(text, runs, placed)


def _next_text(text: str, offset: int) -> int:
    """The first offset from `offset` on that holds no white space."""
    space = _SPACE.match(text, offset)
    return space.end() if space else offset
