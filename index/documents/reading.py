"""One source text to passages: by lines or by prose, with markers leading or trailing."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Literal

from sentencex import get_sentence_boundaries

from index.documents.markers import Marker, find_markers, without_markers
from index.documents.passages import Passage
from index.errors import Problem

__all__ = [
    "MAX_HEADING_CHARS",
    "MAX_PASSAGE_CHARS",
    "Layout",
    "Markers",
    "Reading",
    "read_passages",
    "too_many_citations",
]

Layout = Literal["lines", "prose"]
Markers = Literal["leading", "trailing"]

MAX_PASSAGE_CHARS = 3000
MAX_HEADING_CHARS = 200
"""As much of a heading as is kept; what is longer is cut."""
MAX_LINE_OF_HEADING = 4 * MAX_HEADING_CHARS
"""As much of its line as is read, markers included."""
MAX_CITATIONS = 200
"""The most numbers of one passage; more are no citation of it, and no message can show them."""
MAX_BRACKETS = 10_000
"""The most opening brackets of one line or paragraph; each is looked at, and text has few."""
PROSE_ADVICE = ", or say layout: prose to have it split into sentences"
WRAP_COLUMN = 120
"""Prose: a longer line that ends a sentence is a paragraph of its own, not a wrapped line."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_HEADING = re.compile(
    r"(?P<signs>#{1,6})\s+(?P<text>.*)|(?P<wiki>={2,6})(?P<title>[^=].*)(?P=wiki)\s*$"
)
_BRACKETS = re.compile(r"[\[\]]")
_FENCE = re.compile(r"```|~~~")
"""Opens and closes code, in which a line that begins with # is no heading."""
_ITEM = re.compile(r"^(?:[-*\u2022]|\d{1,3}[.)])\s")
_CLOSERS = "\"')\\]\u201d\u2019\u00bb"
_SENTENCE_END = re.compile(
    rf"[.!?\u2026\u3002\uff01\uff1f][{_CLOSERS}]*(?:\[[^\[\]]{{1,20}}\])*\s*$"
)
MAX_ENDING = 300
"""So many characters at the end of a line tell whether it ends a sentence: the signs and markers
behind a full stop are fewer, and looking for them from every sign of a long line takes too long."""

_CLOSING_RUN = re.compile(rf"[{_CLOSERS}]{{0,20}}")
_SPACE = re.compile(r"\s*")
_ABBREVIATION_END = re.compile(
    r"\b(?:(?:[A-Z]|[a-z]\.[a-z])|Mr|Mrs|Ms|Dr|Prof|Gen|Adm|Lt|Col|Sgt|Capt|Rev|Hon|Pres|Sen|Rep|Gov|Inc|Ltd|Co|Corp"
    r"|Jr|Sr|St|Mt|No|Nos|vs|etc|al|ca|cf|approx|Fig|pp|vol|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec)\.$"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(slots=True)
class Reading:
    """What one source text held: its passages, and what is wrong (errors) or odd (warnings)."""

    passages: list[Passage] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """A passage in the making: the numbers that open the next line may still join it."""

    line: int
    text: str
    section: tuple[str, ...] = ()
    markers: list[Marker] | None = None

    def take(self, marker: Marker) -> None:
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


@dataclass(slots=True)
class _Block:
    """Source lines that are read together, joined by single spaces."""

    lines: list[int]
    starts: list[int]
    text: str
    section: tuple[str, ...] = ()

    def line_at(self, offset: int) -> int:
        lines = self.lines
        return lines[bisect_right(self.starts, offset) - 1] if len(lines) > 1 else lines[0]


def read_passages(
    text: str,
    *,
    document: str,
    file: str,
    layout: Layout = "lines",
    markers: Markers = "leading",
    language: str = "en",
) -> Reading:
    """Read `text` into passages of `document`; `file` names it in problems.

    `leading` gives the numbers that open a line to that line. `trailing` gives numbers to the
    sentence they follow, and those that open a line to the sentence before. Never raises: what is
    wrong stands in the reading's errors.
    """
    reading = Reading()
    lines = list(enumerate(_LINE_END.split(text.removeprefix("\ufeff")), start=1))
    if lines and not lines[-1][1]:
        lines.pop()  # what follows the last line end is no line
    if _CONTROL.search(text):
        reading.errors.extend(_control_problems(lines, file))
    _look_at_lines(lines, layout, file, reading)
    beyond: list[Problem] = []
    before: _Draft | None = None
    for block in _line_blocks(lines) if layout == "lines" else _prose_blocks(lines):
        if (brackets := block.text.count("[")) > MAX_BRACKETS:
            reason = f"{brackets:,} opening brackets without a break; {MAX_BRACKETS:,} are the most"
            advice = "so set paragraphs apart by blank lines, or delete what is no text"
            reading.errors.append(Problem(file, block.lines[0], f"{reason}, {advice}"))
            continue
        for draft in _drafts(block, layout, markers, language, file, before, reading):
            if before is not None:
                _finish(before, document, layout, file, reading.passages, beyond)
            before = draft
    if before is not None:
        _finish(before, document, layout, file, reading.passages, beyond)
    reading.errors.extend(beyond)
    if not reading.passages and not reading.errors:
        reading.errors.append(Problem(file, 1, "holds no passage; put at least one sentence in it"))
    return reading


def _finish(
    draft: _Draft,
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
        flags = draft.values("flag")
        passages.append(Passage(document, draft.line, draft.text, citations, flags, draft.section))


def too_many_citations(citations: Sequence[str]) -> str | None:
    """What is wrong with a passage of so many numbers."""
    if len(citations) <= MAX_CITATIONS:
        return None
    return (
        f"a passage with {len(citations):,} citation numbers; {MAX_CITATIONS:,} are the most, "
        "so delete those that say nothing of it"
    )


def _control_problems(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Problem]:
    """The first control character of each line that holds one."""
    for number, line in lines:
        if line.strip() and (control := _CONTROL.search(line)):
            reason = (
                f"the control character U+{ord(control[0]):04X} at column {control.start() + 1}; "
                "delete it, for it can hide or reorder what people read"
            )
            yield Problem(file, number, reason)


def _look_at_lines(
    lines: Iterable[tuple[int, str]], layout: Layout, file: str, reading: Reading
) -> None:
    """Note what is odd about single lines before they are read."""
    for number, line in lines:
        if layout == "lines" and not line.strip():
            reading.warnings.append(Problem(file, number, "blank line; it is passed over"))
        elif "[" in line and (column := _unclosed_bracket(line)):
            reason = f"the [ at column {column} is never closed; it is read as text"
            reading.warnings.append(Problem(file, number, reason))


def _unclosed_bracket(line: str) -> int:
    """The column (from 1) of the last `[` of `line` without a `]`, or 0."""
    opened: list[int] = []
    for bracket in _BRACKETS.finditer(line):
        if bracket[0] == "[":
            opened.append(bracket.end())
        elif opened:
            opened.pop()
    return opened[-1] if opened else 0


def _line_blocks(lines: Iterable[tuple[int, str]]) -> Iterator[_Block]:
    for number, line in lines:
        if line.strip():
            yield _Block([number], [0], line)


class _Headings:
    """The headings above a line; in code between fences, what begins with # is none."""

    def __init__(self) -> None:
        self._by_level: dict[int, str] = {}
        self._fence = ""

    @property
    def above(self) -> tuple[str, ...]:
        """The headings, the outermost first."""
        return tuple(self._by_level.values())

    def enter(self, heading: re.Match[str]) -> None:
        """Go under a heading: those of its level and of deeper ones end."""
        if self._fence:
            return
        level = len(heading["signs"] or heading["wiki"])
        self._by_level = {above: text for above, text in self._by_level.items() if above < level}
        text = (heading["text"] or heading["title"] or "")[:MAX_LINE_OF_HEADING]
        title = without_markers(text).rstrip(" \t#").strip()
        if title:
            self._by_level[level] = title[:MAX_HEADING_CHARS]

    def pass_by(self, line: str) -> None:
        """Go past a line that is no heading, and may open or close code."""
        fence = _FENCE.match(line)
        if fence and self._fence in ("", fence[0]):
            self._fence = "" if self._fence else fence[0]


def _prose_blocks(lines: Iterable[tuple[int, str]]) -> Iterator[_Block]:
    """Paragraphs: what blank lines, headings, list items or long closed lines set apart."""
    numbers: list[int] = []
    parts: list[str] = []
    headings = _Headings()

    def close() -> Iterator[_Block]:
        if parts:
            starts = [0]
            for part in parts[:-1]:
                starts.append(starts[-1] + len(part) + 1)
            yield _Block(numbers.copy(), starts, " ".join(parts), headings.above)
            numbers.clear()
            parts.clear()

    for number, line in lines:
        stripped = line.strip()
        heading = _HEADING.match(stripped)
        item = _ITEM.match(stripped)
        if not stripped or heading or item:
            yield from close()
        if heading:  # it is no sentence, and no passage
            headings.enter(heading)
        elif stripped:
            headings.pass_by(stripped)
            numbers.append(number)
            parts.append(stripped[item.end() :] if item else stripped)
            ending = stripped[-MAX_ENDING:]
            if (
                len(stripped) > WRAP_COLUMN
                and _SENTENCE_END.search(ending)
                and not _ABBREVIATION_END.search(ending)
            ):
                yield from close()
    yield from close()


def _drafts(
    block: _Block,
    layout: Layout,
    markers: Markers,
    language: str,
    file: str,
    before: _Draft | None,
    reading: Reading,
) -> list[_Draft]:
    """The block's passages, every marker given to its own, which may be the one before."""
    stripped = _strip_markers(block)
    begins: list[int] = []
    block_drafts: list[_Draft] = []
    for begin, end in _sentence_spans(stripped, layout, language):
        piece = stripped.text[begin:end]
        if piece.strip() and (layout == "lines" or any(map(str.isalnum, piece))):
            begins.append(begin + len(piece) - len(piece.lstrip()))
            line = block.line_at(stripped.source_offset(begins[-1]))
            block_drafts.append(_Draft(line, piece.strip(), block.section))
    if not stripped.placed:
        return block_drafts
    beginnings = set(begins)
    for placed in stripped.placed:
        following = bisect_left(begins, placed.offset)
        opens = not following or (placed.detached and placed.next_text in beginnings)
        if markers == "leading" and opens and following < len(block_drafts):
            block_drafts[following].take(placed.marker)
        elif following > 0:
            block_drafts[following - 1].take(placed.marker)
        elif before is not None and markers == "trailing":
            before.take(placed.marker)
        elif placed.marker.kind == "citation":
            where = "before" if markers == "trailing" else "after"
            shown = block.text[placed.marker.start : placed.marker.end]
            reason = f"{shown} has no text {where} it to belong to; it is passed over"
            line = block.line_at(placed.marker.start)
            reading.warnings.append(Problem(file, line, reason))
    return block_drafts


def _sentence_spans(
    stripped: _Stripped, layout: Layout, language: str
) -> Iterator[tuple[int, int]]:
    """The [begin, end) spans of the sentences, white space included."""
    text = stripped.text
    if layout == "lines":
        yield 0, len(text)
        return
    offsets = dict.fromkeys(placed.offset for placed in stripped.placed)
    cited = [cut for offset in offsets if (cut := _cut_behind(text, offset))]
    for boundary in get_sentence_boundaries(language, text):
        begin, end = boundary["start_index"], boundary["end_index"]
        if not cited:
            yield begin, end
            continue
        for cut in cited[bisect_right(cited, begin) : bisect_left(cited, end)]:
            if begin < cut:
                yield begin, cut
                begin = cut
        yield begin, end


def _cut_behind(text: str, offset: int) -> int:
    """Where a sentence ends at numbers that stand behind its full stop; 0 where none does.

    "in May.[1] Mr. Park" are two sentences, "the U.S.[5] House" and "8.5[8] (of ten)" are one.
    """
    closing = _CLOSING_RUN.match(text, offset)
    cut = closing.end() if closing else offset
    at = _next_text(text, cut)
    tail, following = text[max(0, offset - 12) : cut], text[at : at + 1]
    starts = following.isupper() or following in "\u201c\u201e\u00ab\"'" or _is_caseless(following)
    ends = _SENTENCE_END.search(tail) and not _ABBREVIATION_END.search(tail)
    return cut if following and starts and ends else 0


def _is_caseless(sign: str) -> bool:
    """Whether a letter is of a script without capitals."""
    return sign.isalpha() and sign.lower() == sign.upper()


@dataclass(frozen=True, slots=True)
class _Placed:
    """A marker and where it stood: offsets index the text without markers."""

    marker: Marker
    offset: int
    next_text: int
    detached: bool


@dataclass(frozen=True, slots=True)
class _Stripped:
    """A block's text less its markers; `runs` pairs text offsets with source offsets."""

    text: str
    runs: list[tuple[int, int]]
    placed: list[_Placed]

    def source_offset(self, offset: int) -> int:
        if len(self.runs) == 1:
            return offset
        text_start, source_start = self.runs[bisect_right(self.runs, offset, key=itemgetter(0)) - 1]
        return source_start + offset - text_start


def _strip_markers(block: _Block) -> _Stripped:
    """Take the markers, and the spaces before them, out of the block's text."""
    source = block.text
    if "[" not in source:
        return _Stripped(source, [(0, 0)], [])
    pieces: list[str] = []
    runs: list[tuple[int, int]] = []
    places: list[tuple[Marker, int, bool]] = []
    length = taken = 0
    detached = False
    for marker in find_markers(source):
        if marker.is_word:
            places.append((marker, length + marker.start - taken, False))
            continue
        between = source[taken : marker.start]
        follows_marker = bool(places) and not between.strip()
        detached = between[-1:].isspace() or (follows_marker and detached)
        runs.append((length, taken))
        pieces.append(between.rstrip())
        length += len(pieces[-1])
        places.append((marker, length, detached))
        taken = marker.end
    runs.append((length, taken))
    text = "".join(pieces) + source[taken:]
    following = {offset: _next_text(text, offset) for offset in {place[1] for place in places}}
    placed = [_Placed(marker, offset, following[offset], apart) for marker, offset, apart in places]
    return _Stripped(text, runs, placed)


def _next_text(text: str, offset: int) -> int:
    """The first offset from `offset` on that holds no white space."""
    space = _SPACE.match(text, offset)
    return space.end() if space else offset
