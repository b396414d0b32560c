"""Lines to paragraphs: what indents, gaps, sizes and short lines tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from index.importers.pdf.lines import Line

__all__ = ["BULLET", "Paragraph", "ends_sentence", "is_note", "leadings", "paragraphs_of"]

BULLET = re.compile(
    r"(?P<sign>[\u2022\u2023\u25aa\u25cf\u25cb\u25a0\u25e6\u00b7\uf0b7*\u2013-]"
    r"|\(?(?P<step>\d{1,2}|[a-z])[.)])\s+(?=\S)"
)
_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f:;][\"')\]\u201d\u2019\u00bb]*"
                  r"(?:\s?\[[^\[\]]{1,30}\])*(?:\s?\d{1,3}(?:[,\u2013-]\d{1,3})*)?$")  # fmt: skip

_RAISED = re.compile(r"\s*(?:\d{1,3}|[*\u2020\u2021\u00a7])\s*$")


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together; `column` counts the columns of the file."""

    lines: list[Line] = field(default_factory=list)
    column: int = 0
    is_table: bool = False

    @property
    def page(self) -> int:
        """The page it begins on."""
        return self.lines[0].page

    @property
    def size(self) -> float:
        """The size of most of its letters."""
        sizes: Counter[float] = Counter()
        for line in self.lines:
            sizes[line.size] += len(line.text)
        return sizes.most_common(1)[0][0]

    @property
    def bold(self) -> bool:
        """Whether all its lines are bold."""
        return all(line.bold for line in self.lines)

    @property
    def italic(self) -> bool:
        """Whether all its lines are slanted."""
        return all(line.italic for line in self.lines)

    @property
    def text(self) -> str:
        """Its lines with spaces between."""
        return " ".join(line.text for line in self.lines)


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does, numbers behind it included."""
    return bool(_END.search(text[-60:]))


def leadings(lines: Iterable[Line]) -> dict[float, float]:
    """By the size of letters: from line to line within a paragraph, in points."""
    gaps: dict[float, Counter[float]] = {}
    before: Line | None = None
    for line in lines:
        if before is not None and before.page == line.page and before.size == line.size:
            gap = before.base - line.base
            if 0.8 * line.size < gap < 3 * line.size:
                gaps.setdefault(line.size, Counter())[round(2 * gap) / 2] += 1
        before = line
    return {size: counted.most_common(1)[0][0] for size, counted in gaps.items()}


def paragraphs_of(lines: Sequence[Line], column: int, usual: dict[float, float]) -> list[Paragraph]:
    """The paragraphs of a column; `usual` has the distance of lines by their size."""
    rights = Counter(round(line.right / 2) for line in lines)
    edge = 2 * rights.most_common(1)[0][0] if rights else 0.0
    made: list[Paragraph] = []
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        if not made or _parts(made[-1].lines, line, following, usual, edge):
            made.append(Paragraph(column=column))
        made[-1].lines.append(line)
    return made


def _parts(
    lines: Sequence[Line],
    line: Line,
    following: Line | None,
    usual: dict[float, float],
    edge: float,
) -> bool:
    """Whether a paragraph of `lines` ends before a line."""
    last = lines[-1]
    gap = last.base - line.base
    if abs(last.size - line.size) > 0.06 * max(last.size, line.size) and not _is_odd(line, last):
        return True
    if len(line.text) > 3 and line.bold != last.bold and (line.bold or all(map(_is_bold, lines))):
        return True
    leading = usual.get(line.size, 1.25 * line.size)
    if gap < 0 or gap > 1.25 * leading + 0.5:
        return True
    if (BULLET.match(line.text) and _is_list(lines, line)) or is_note(lines[0], line):
        return True
    centres = (last.left + last.right) / 2 - (line.left + line.right) / 2
    if abs(centres) < 1.5 and abs(last.left - line.left) > 2:
        return False
    return _is_indented(lines, line, following) or _is_after_short(last, line, edge)


def _is_bold(line: Line) -> bool:
    return line.bold


def _is_odd(line: Line, last: Line) -> bool:
    """A line of few signs, as of an index or a formula, tells no size."""
    return min(len(line.text), len(last.text)) < 4


def is_note(*lines: Line) -> bool:
    """Whether lines begin with a raised number, as notes do."""
    return all(line.pieces[0][1] == 1 and _RAISED.match(line.pieces[0][0]) for line in lines)


def _is_list(lines: Sequence[Line], line: Line) -> bool:
    """Whether a sign at the beginning of a line is that of an item."""
    begun = BULLET.match(lines[0].text)
    return (begun is not None and abs(lines[0].left - line.left) < 3) or ends_sentence(
        lines[-1].text
    )


def _is_indented(lines: Sequence[Line], line: Line, following: Line | None) -> bool:
    """Whether the place at which a line begins tells that a paragraph does."""
    last = lines[-1]
    shift = line.left - last.left
    room = 0.6 * line.size
    if shift > room:
        if len(lines) > 1:
            return True
        if BULLET.match(last.text):
            return False
        hanging = following is not None and abs(following.left - line.left) < room
        return not hanging and ends_sentence(last.text)
    return shift < -room and len(lines) > 1


def _is_after_short(last: Line, line: Line, edge: float) -> bool:
    """Whether the line before ends early, though the next word would have fitted in it."""
    word = line.text.split(" ", 1)[0]
    wide = max(line.right - line.left, 1.0) / max(len(line.text), 1) * (len(word) + 1)
    if edge - last.right < wide + 0.5 * last.size:
        return False
    begins = line.text.lstrip("\"'(\u201c\u2018[")[:1]
    return ends_sentence(last.text) or not begins.islower()
