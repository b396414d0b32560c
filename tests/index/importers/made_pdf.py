"""Small PDFs: each text at its place, in Courier, whose letters are all as wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["BODY", "Text", "column", "pdf"]

BODY = 10.0
LEADING = 12.0
WIDTH = 0.6
"""Of a letter, by its size."""
_FONTS = {
    "": "Courier",
    "bold": "Courier-Bold",
    "italic": "Courier-Oblique",
    "script": "Courier-BoldOblique",
}
_SCRIPT = b"""begincmap 1 begincodespacerange <00> <ff> endcodespacerange
1 beginbfchar <56> <d835dcb1> endbfchar endcmap"""
"""What the letter V of the last font stands for: one that needs two halves in UTF-16."""


@dataclass(frozen=True)
class Text:
    """A text that begins at a place, in points from the left and the foot of the page."""

    x: float
    y: float
    text: str
    size: float = BODY
    style: str = ""


def column(
    x: float, y: float, text: str, *, chars: int = 80, size: float = BODY, style: str = ""
) -> list[Text]:
    """A paragraph from a place downwards, broken into lines of so many letters at most."""
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > chars and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    leading = LEADING * size / BODY
    return [Text(x, y - at * leading, line, size, style) for at, line in enumerate(lines)]


def pdf(
    *pages: Iterable[Text],
    title: str = "",
    language: str = "",
    is_turned: bool = False,
    is_locked: bool = False,
) -> bytes:
    """The bytes of a PDF with these pages of 600 times 800 points; turned ones run upwards."""
    fonts = list(_FONTS)
    objects: list[bytes] = []
    count = len(pages)
    kids = " ".join(f"{3 + len(fonts) + 2 * at} 0 R" for at in range(count))
    lang = f" /Lang ({language})" if language else ""
    objects.append(f"<< /Type /Catalog /Pages 2 0 R{lang} >>".encode())
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode())
    for style in fonts:
        font = f"/BaseFont /{_FONTS[style]} /Encoding /WinAnsiEncoding"
        if style == "script":
            font += f" /ToUnicode {3 + len(fonts) + 2 * count} 0 R"
        objects.append(f"<< /Type /Font /Subtype /Type1 {font} >>".encode())
    resources = " ".join(f"/F{at} {3 + at} 0 R" for at in range(len(fonts)))
    for at, page in enumerate(pages):
        content = b"\n".join(_drawn(text, fonts, is_turned=is_turned) for text in page)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] "
            f"/Resources << /Font << {resources} >> >> "
            f"/Contents {4 + len(fonts) + 2 * at} 0 R >>".encode()
        )
        objects.append(_stream(content))
    objects.append(_stream(_SCRIPT))
    trailer = "/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    if title:
        objects.append(b"<< /Title (%s) >>" % _escaped(title))
        trailer += f" /Info {len(objects)} 0 R"
    if is_locked:
        key = "61" * 32
        objects.append(f"<< /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >>".encode())
        trailer += f" /Encrypt {len(objects)} 0 R"
    return _file(objects, trailer)


def _drawn(text: Text, fonts: Sequence[str], *, is_turned: bool) -> bytes:
    place = f"0 1 -1 0 {800 - text.y} {text.x}" if is_turned else f"1 0 0 1 {text.x} {text.y}"
    font = f"/F{fonts.index(text.style)} {text.size} Tf"
    return b"BT %s %s Tm (%s) Tj ET" % (font.encode(), place.encode(), _escaped(text.text))


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _escaped(text: str) -> bytes:
    for sign in "\\()":
        text = text.replace(sign, f"\\{sign}")
    return text.encode("cp1252")


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    made = bytearray(b"%PDF-1.4\n")
    starts = []
    for number, body in enumerate(objects, 1):
        starts.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for start in starts:
        made += b"%010d 00000 n \n" % start
    made += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode()
    made += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(made)
