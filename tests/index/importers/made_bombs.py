"""Files made to take very much to be read, of each format, by names that say what they are."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Mapping

from tests.index.importers.made_archives import archive, book, chapter, document, paragraph
from tests.index.importers.made_pdf import Text, pdf

__all__ = ["BOMBS", "HEAVY"]

DEPTH = 100_000
LINE = "oil " * 500_000
"""2 MB without a line break."""
ENTITIES = (
    '<!DOCTYPE html [<!ENTITY e0 "lamp">'
    + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
"""Ten to the ninth power lamps, where `&e9;` is resolved."""
CORE = "docProps/core.xml"
MAIN = "word/document.xml"
CHAPTER = "OPS/text/lamp.xhtml"
ZEROS = b" " * 40_000_000
PICTURE = {"media/lamp.png": random.Random(1).randbytes(400_000)}
"""With such a one 40 MB may be unpacked."""


def _deep(opening: str, closing: str, within: str = "lamp.") -> str:
    return opening * DEPTH + within + closing * DEPTH


def _docx(**parts: str | bytes) -> bytes:
    return document(paragraph("The lamp was lit."), more=parts)


def _lamp(body: str, prefix: str = "") -> bytes:
    """A book of a chapter and a picture."""
    return book({"lamp.xhtml": prefix + chapter(body)}, more=PICTURE)


def _paper(body: str, prefix: str = "") -> bytes:
    return f"{prefix}<article><front/><body>{body}</body></article>".encode()


def _many_pages(kids: str) -> bytes:
    """A PDF that says it has as many pages as there are in DEPTH."""
    made = pdf([Text(100, 700, "The lamp was lit in 1871.")])
    return made.replace(b"/Kids [7 0 R] /Count 1", f"/Kids [{kids}] /Count {DEPTH}".encode())


def _packed_page() -> bytes:
    """A PDF whose only page is 200 MB of text when it is unpacked."""
    drawn = b"BT /F0 10 Tf 1 0 0 1 100 700 Tm (lamp) Tj ET\n"
    packer = zlib.compressobj()
    packed = b"".join(packer.compress(drawn * 10_000) for _ in range(450)) + packer.flush()
    made = pdf([])
    stream = b"<< /Length 0 >>\nstream\n\nendstream"
    flate = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    return made.replace(stream, flate, 1)


def _nested() -> bytes:
    """An archive in an archive, ten times."""
    packed = archive({"zeros.xml": ZEROS})
    for _ in range(10):
        packed = archive({"more.xml": packed})
    return packed


_MANY: dict[str, str | bytes] = {f"word/more{n}.xml": "<a/>" for n in range(3_000)}

BOMBS: Mapping[str, Callable[[], bytes]] = {
    "line.txt": LINE.encode,
    "brackets.txt": lambda: b"[" * 2_000_000,
    "marks.txt": lambda: b"Oil burns. " + b"[1]" * 30_000,
    "line.md": LINE.encode,
    "quotes.md": lambda: b">" * (DEPTH - 10) + b" lamp.",
    "lists.md": lambda: b"\n".join(b" " * (2 * n) + b"- lamp" for n in range(1_000)),
    "brackets.md": lambda: b"[" * (DEPTH - 10),
    "emphasis.md": lambda: b"*a **a " * (DEPTH // 8),
    "tags.md": lambda: b"<b>" * (DEPTH // 4),
    "entities.html": f"{ENTITIES}<p>&e9; Oil burns.</p>".encode,
    "deep.html": lambda: _deep("<div>", "</div>").encode(),
    "spans.html": lambda: _deep("<p><b>", "</b></p>").encode(),
    "tables.html": lambda: _deep("<table><tr><td>", "</td></tr></table>").encode(),
    "line.html": f"<p>{LINE}</p>".encode,
    "tag.html": f'<p title="{LINE}">Oil burns.</p>'.encode,
    "attributes.html": f"<p {'a=1 ' * 500_000}>Oil burns.</p>".encode,
    "entities.xml": lambda: _paper("<p>&e9;</p>", ENTITIES),
    "outside.xml": lambda: _paper(
        "<p>&e;</p>", '<!DOCTYPE article [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    ),
    "deep.xml": lambda: _paper(_deep("<sec>", "</sec>", "<p>Oil burns.</p>")),
    "line.xml": lambda: _paper(f"<p>{LINE}</p>"),
    "tag.xml": lambda: _paper(f'<p id="{LINE}">Oil burns.</p>'),
    "ratio.docx": lambda: _docx(**{MAIN: ZEROS}),
    "many.docx": lambda: _docx(**_MANY),
    "nested.docx": _nested,
    "nested_within.docx": lambda: _docx(**{MAIN: _nested()}),
    "entities.docx": lambda: _docx(**{CORE: f"{ENTITIES}<a>&e9;</a>"}),
    "entities16.docx": lambda: _docx(**{MAIN: f"{ENTITIES}<a>&e9;</a>".encode("utf-16")}),
    "deep.docx": lambda: document(
        _deep("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"), more=PICTURE
    ),
    "line.docx": lambda: document(paragraph(LINE), more=PICTURE),
    "tag.docx": lambda: document(
        f'<w:p a="{LINE}"><w:r><w:t>Oil burns.</w:t></w:r></w:p>', more=PICTURE
    ),
    "paragraphs.docx": lambda: document(paragraph("Oil.") * 20_000, more=PICTURE),
    "ratio.epub": lambda: book({"lamp.xhtml": ZEROS.decode()}),
    "many.epub": lambda: book({"lamp.xhtml": chapter("<p>Oil burns.</p>")}, more=_MANY),
    "nested.epub": _nested,
    "entities.epub": lambda: _lamp("<p>&e9;</p>", ENTITIES),
    "entities_in_contents.epub": lambda: book(
        {"lamp.xhtml": chapter("<p>Oil burns.</p>")},
        more={"META-INF/container.xml": f"{ENTITIES}<container>&e9;</container>"},
    ),
    "deep.epub": lambda: _lamp(_deep("<div>", "</div>")),
    "line.epub": lambda: _lamp(f"<p>{LINE}</p>"),
    "tag.epub": lambda: _lamp(f'<p title="{LINE}">Oil burns.</p>'),
    "same_pages.pdf": lambda: _many_pages("7 0 R " * DEPTH),
    "said_pages.pdf": lambda: _many_pages("7 0 R"),
    "circle_of_pages.pdf": lambda: _many_pages("2 0 R 7 0 R"),
    "locked.pdf": lambda: pdf([Text(100, 700, "The lamp was lit in 1871.")], is_locked=True),
    "deep.pdf": lambda: pdf([]).replace(b"/Type /Catalog", b"/Type /Catalog /A " + b"[" * DEPTH),
    "line.pdf": lambda: pdf([Text(100, 700, LINE)]),
    "outside.pdf": lambda: pdf([Text(1e9 * n, 1e9 * n, "lamp") for n in range(5_000)]),
}

HEAVY: Mapping[str, Callable[[], bytes]] = {"packed.pdf": _packed_page}
"""What takes gigabytes where nothing limits it."""
