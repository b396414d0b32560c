"""Glyphs to stretches of a line, and stretches that stand side by side to lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from index.importers.pdf.glyphs import Font, Glyph

__all__ = ["Line", "Piece", "Stretch", "lines_of", "rows_of", "stretches"]

MIN_SPACE = 0.2
"""A gap of so many times the size of the letters parts words."""
MIN_GAP = 1.0
"""One of so many parts stretches: columns, and the cells of a table."""
MAX_SIGN_GAP = 4.0
"""One behind the sign of an item, or the number of an entry, may be as wide."""
_SIGN = re.compile(
    r"[\u2022\u2023\u25aa\u25cf\u25cb\u25a0\u25e6\u00b7\uf0b7*\u2013-]|[\[(]?(?:\d{1,4}|[a-z])[\].)]{1,2}"
)
MAX_OFFSET = 0.6
"""What is raised or lowered by so much of the size stands in the same line."""
MIN_SHARE = 0.1
"""A line is as large as the largest of its letters, if those are not few."""
_RAISED = 0.15
_SMALL = 0.88
LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
     "\ufb05": "st", "\ufb06": "st"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one font on one base."""

    text: str
    font: Font
    base: float


@dataclass(frozen=True)
class Stretch:
    """Text in one line without a wide gap, in points from the left and the foot of a page.

    `base` and `size` are those of its largest letters, `ink` the width of all its letters.
    """

    pieces: tuple[Piece, ...]
    left: float
    right: float
    base: float
    size: float
    ink: float

    @cached_property
    def text(self) -> str:
        """Its text, without what it would show at its ends."""
        return "".join(piece.text for piece in self.pieces).strip()


@dataclass(frozen=True)
class Line:
    """A line of a column; `bold` and `italic` tell what all its letters are.

    `edges` are those of its column.
    """

    stretches: tuple[Stretch, ...]
    page: int
    edges: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def left(self) -> float:
        """Where it begins."""
        return self.stretches[0].left

    @cached_property
    def right(self) -> float:
        """Where it ends."""
        return max(stretch.right for stretch in self.stretches)

    @cached_property
    def base(self) -> float:
        """What its largest letters stand on."""
        return max(self.stretches, key=lambda stretch: stretch.size).base

    @cached_property
    def size(self) -> float:
        """The size of its letters, less those that are raised or few."""
        return self._most.size

    @property
    def bold(self) -> bool:
        """Whether it is bold but for a sign or two."""
        return self._share("bold") > 0.9

    @property
    def italic(self) -> bool:
        """Whether it is slanted but for a sign or two."""
        return self._share("italic") > 0.9

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The texts of its stretches."""
        return tuple(stretch.text for stretch in self.stretches)

    @cached_property
    def text(self) -> str:
        """All its text."""
        return " ".join(self.cells)

    @cached_property
    def pieces(self) -> tuple[tuple[str, int], ...]:
        """Its text in pieces, each with 1 where it is raised, -1 where lowered, else 0."""
        told: list[tuple[str, int]] = []
        for number, stretch in enumerate(self.stretches):
            for piece in stretch.pieces:
                text = f" {piece.text}" if number and piece is stretch.pieces[0] else piece.text
                told.append((text, self._height(piece)))
        return tuple(told)

    def _height(self, piece: Piece) -> int:
        size = self.size
        if piece.font.size > _SMALL * size:
            return 0
        raised = piece.base - self._base_of_most
        return 1 if raised > _RAISED * size else -1 if raised < -0.05 * size else 0

    @cached_property
    def _fonts(self) -> Counter[Font]:
        fonts: Counter[Font] = Counter()
        for stretch in self.stretches:
            for piece in stretch.pieces:
                fonts[piece.font] += len(piece.text)
        return fonts

    @cached_property
    def _most(self) -> Font:
        sizes: Counter[float] = Counter()
        for font, count in self._fonts.items():
            sizes[font.size] += count
        least = MIN_SHARE * sizes.total()
        size = max(size for size, count in sizes.items() if count >= least)
        return next(font for font in self._fonts if font.size == size)

    @cached_property
    def _base_of_most(self) -> float:
        bases: Counter[float] = Counter()
        for stretch in self.stretches:
            for piece in stretch.pieces:
                if piece.font.size == self.size:
                    bases[piece.base] += len(piece.text)
        return bases.most_common(1)[0][0]

    def _share(self, name: str) -> float:
        fonts = self._fonts
        return sum(many for font, many in fonts.items() if getattr(font, name)) / fonts.total()


@dataclass(slots=True)
class _Stretching:
    """A stretch in the making."""

    first: Glyph
    pieces: list[Piece] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    last: Glyph | None = None
    left: float = 0.0
    right: float = 0.0
    base: float = 0.0
    size: float = 0.0
    ink: float = 0.0

    def takes(self, glyph: Glyph) -> bool:
        """Whether a sign goes on with it."""
        last = self.last
        if last is None:
            return True
        size = max(self.size, glyph.font.size)
        if abs(glyph.base - self.base) > MAX_OFFSET * size:
            return False
        gap = glyph.left - last.right
        return gap <= MIN_GAP * size and (gap >= -0.5 * size or glyph.left >= last.left)

    def add(self, glyph: Glyph) -> None:
        """Add a sign, and a space where one stands before it."""
        last = self.last
        if last is None:
            self.left = glyph.left
        else:
            if last.font != glyph.font or abs(last.base - glyph.base) > 0.05:
                self._close(last)
            if glyph.spaced or glyph.left - last.right > MIN_SPACE * glyph.font.size:
                self.signs.append(" ")
        self.signs.append(glyph.sign)
        if glyph.font.size > self.size:
            self.base, self.size = glyph.base, glyph.font.size
        if last is None or glyph.left != last.left:  # else a letter of a ligature
            self.ink += max(0.0, glyph.right - glyph.left)
        self.right = max(self.right, glyph.right) if last else glyph.right
        self.last = glyph

    def _close(self, last: Glyph) -> None:
        text = "".join(self.signs).translate(LIGATURES)
        self.pieces.append(Piece(text, last.font, round(last.base, 1)))
        self.signs.clear()

    def made(self) -> Stretch:
        """What has come of it."""
        self._close(self.last or self.first)
        return Stretch(
            tuple(self.pieces), self.left, self.right, round(self.base, 1), self.size, self.ink
        )


def stretches(glyphs: Iterable[Glyph]) -> list[Stretch]:
    """The stretches of a page, in the order of the file."""
    made: list[Stretch] = []
    making: _Stretching | None = None
    for glyph in glyphs:
        if making is None or not making.takes(glyph):
            if making is not None:
                made.append(making.made())
            making = _Stretching(glyph)
        making.add(glyph)
    if making is not None:
        made.append(making.made())
    return [stretch for stretch in made if stretch.text]


def rows_of(found: Iterable[Stretch]) -> list[list[Stretch]]:
    """Stretches that stand side by side, from the top of the page; each row from its left."""
    rows: list[list[Stretch]] = []
    base = size = 0.0
    for stretch in sorted(found, key=lambda one: (-one.base, one.left)):
        if rows and base - stretch.base <= 0.5 * max(size, stretch.size):
            rows[-1].append(stretch)
            if stretch.size > size:
                base, size = stretch.base, stretch.size
        else:
            rows.append([stretch])
            base, size = stretch.base, stretch.size
    return [sorted(row, key=lambda one: one.left) for row in rows]


def lines_of(found: Sequence[Stretch], page: int) -> list[Line]:
    """The lines of one column, from its top."""
    if not found:
        return []
    rows = rows_of(found)
    edges = (min(one.left for one in found), max(one.right for one in found))
    return [Line(tuple(_joined(row)), page, edges) for row in rows]


def _joined(row: Sequence[Stretch]) -> list[Stretch]:
    """Stretches that the file tells apart though no wide gap is between them, made one."""
    joined = [row[0]]
    for stretch in row[1:]:
        last = joined[-1]
        gap = stretch.left - last.right
        room = MAX_SIGN_GAP if len(joined) == 1 and _SIGN.fullmatch(last.text) else MIN_GAP
        if gap > room * max(last.size, stretch.size):
            joined.append(stretch)
            continue
        first = stretch.pieces[0]
        space = " " if gap > MIN_SPACE * stretch.size and not first.text.startswith(" ") else ""
        larger = last if last.size >= stretch.size else stretch
        joined[-1] = Stretch(
            (*last.pieces, Piece(space + first.text, first.font, first.base), *stretch.pieces[1:]),
            last.left,
            max(last.right, stretch.right),
            larger.base,
            larger.size,
            last.ink + stretch.ink,
        )
    return joined
