"""The letters of a PDF's pages: where each stands, and how it is printed."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

__all__ = ["Font", "Glyph", "Page", "read_page"]

SPACES = frozenset(" \t\r\n\u00a0\u2002\u2003\u2009\u202f\x00")
SOFT_HYPHENS = {"\x02": "\u2010", "\ufffe": "\u2010", "\u00ad": "\u2010"}
"""PDFium tells a hyphen at the end of a line by U+0002."""
_BOLD = re.compile(r"bold|black|heavy|demi|medi(?!eval)|\bcmbx|sfbx|-bd\b", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|slanted|\bcmti|sfti|-it\b", re.IGNORECASE)
_BOLD_WEIGHT = 600


@dataclass(frozen=True, slots=True)
class Font:
    """How a letter is printed; `size` is in points."""

    size: float
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Glyph:
    """A sign on a page, in points from its left and its foot; `base` is what it stands on.

    `spaced` tells that a space stands before it.
    """

    sign: str
    left: float
    right: float
    base: float
    font: Font
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The signs of a page in the order of the file; `count` is of all, with those left out."""

    count: int
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """What the letters of one text object have in common; `turns` counts quarters of a circle."""

    font: Font
    turns: int


def read_page(page: pypdfium2.PdfPage, most: int) -> Page:
    """The first `most` signs of a page, turned so that most of them stand upright.

    What is written aslant, or beyond the page's edges, is left out.
    """
    text = page.get_textpage()
    try:
        count = pdfium.FPDFText_CountChars(text)
        found = list(_glyphs(text.raw, min(count, most), page.get_cropbox()))
    finally:
        text.close()
    upright = Counter(turns for turns, _ in found).most_common(1)
    return Page(count, tuple(glyph for turns, glyph in found if turns == upright[0][0]))


def _glyphs(
    text: object, count: int, edges: tuple[float, float, float, float]
) -> Iterator[tuple[int, Glyph]]:
    """Each sign within the edges, with the quarters of a circle that it is turned by."""
    left, bottom, right, top = edges
    x, y = ctypes.c_double(), ctypes.c_double()
    box = pdfium.FS_RECTF()
    runs: dict[int, _Run | None] = {}
    spaced = False
    half = ""
    for at in range(count):
        sign = half + chr(pdfium.FPDFText_GetUnicode(text, at))
        if len(sign) == 1 and "\ud800" <= sign <= "\udbff":  # PDFium tells rare signs in two halves
            half = sign
            continue
        half, sign = "", sign.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if sign in SPACES:
            spaced = spaced or sign not in "\r\n"
            continue
        drawn = pdfium.FPDFText_GetTextObject(text, at)
        address = ctypes.addressof(drawn.contents) if drawn else 0
        if address not in runs:
            runs[address] = _run(text, at, drawn)
        run = runs[address]
        if (
            run is None
            or not pdfium.FPDFText_GetLooseCharBox(text, at, box)
            or not pdfium.FPDFText_GetCharOrigin(text, at, x, y)
        ):
            continue
        if not (left - 1 <= x.value <= right + 1 and bottom - 1 <= y.value <= top + 1):
            continue
        place = (box.left, box.right, box.bottom, box.top, x.value, y.value)
        if not math.isfinite(sum(place)):
            continue
        start, end, base = _turned(run.turns, *place)
        yield run.turns, Glyph(SOFT_HYPHENS.get(sign, sign), start, end, base, run.font, spaced)
        spaced = False


def _turned(
    turns: int, left: float, right: float, bottom: float, top: float, x: float, y: float
) -> tuple[float, float, float]:
    """Beginning, end and base of a sign on the page turned upright."""
    if turns == 1:
        return bottom, top, -x
    if turns == 2:
        return -right, -left, -y
    if turns == 3:
        return -top, -bottom, x
    return left, right, y


def _run(text: object, at: int, drawn: object) -> _Run | None:
    """How the text object of a sign is printed; None where it stands aslant or is too small."""
    matrix = pdfium.FS_MATRIX()
    if not drawn or not pdfium.FPDFText_GetMatrix(text, at, matrix):
        return None
    size = pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d)
    quarters = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
    if not math.isfinite(size) or size < 1 or abs(quarters - round(quarters)) > 0.05:
        return None
    font = pdfium.FPDFTextObj_GetFont(drawn)
    name = _font_name(font)
    bold = bool(_BOLD.search(name)) or pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
    return _Run(Font(round(size, 1), bold, bool(_ITALIC.search(name))), round(quarters) % 4)


def _font_name(font: object) -> str:
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
    return name.value.decode("utf-8", "replace")
