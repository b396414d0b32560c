"""One source text to passages: by lines or by prose, with markers leading or trailing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.documents.reading.abbreviations import ends_with_abbreviation
from index.documents.reading.markers import without_markers
from index.documents.reading.sentences import (
    SENTENCE_END,
    Layout,
    Markers,
    Reading,
    Stretch,
    collect,
)
from index.errors import Problem

__all__ = ["MAX_HEADING_CHARS", "read_passages"]

MAX_HEADING_CHARS = 200
"""As much of a heading as is kept; what is longer is cut."""
MAX_LINE_OF_HEADING = 4 * MAX_HEADING_CHARS
"""As much of its line as is read, markers included."""
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
MAX_ENDING = 300
"""So many characters at the end of a line tell whether it ends a sentence: the signs and markers
behind a full stop are fewer, and looking for them from every sign of a long line takes too long."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


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
    beyond = collect(
        _lines(lines) if layout == "lines" else _paragraphs(lines),
        document=document,
        file=file,
        layout=layout,
        markers=markers,
        language=language,
        reading=reading,
    )
    reading.errors.extend(beyond)
    if not reading.passages and not reading.errors:
        reading.errors.append(Problem(file, 1, "holds no passage; put at least one sentence in it"))
    return reading


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


def _lines(lines: Iterable[tuple[int, str]]) -> Iterator[Stretch]:
    for number, line in lines:
        if line.strip():
            yield Stretch(line, [number], [0])


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


def _paragraphs(lines: Iterable[tuple[int, str]]) -> Iterator[Stretch]:
    """Paragraphs: what blank lines, headings, list items or long closed lines set apart."""
    numbers: list[int] = []
    parts: list[str] = []
    headings = _Headings()

    def close() -> Iterator[Stretch]:
        if parts:
            starts = [0]
            for part in parts[:-1]:
                starts.append(starts[-1] + len(part) + 1)
            yield Stretch(" ".join(parts), numbers.copy(), starts, headings.above)
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
                and SENTENCE_END.search(ending)
                and not ends_with_abbreviation(ending)
            ):
                yield from close()
    yield from close()
