"""The bytes of a PDF to blocks."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from index.errors import refusal
from index.importers.blocks import MAX_BLOCKS, Imported
from index.importers.encodings import MAX_TEXT_CHARS
from index.importers.pdf.columns import columns_by_page
from index.importers.pdf.composing import compose
from index.importers.pdf.furniture import parted
from index.importers.pdf.glyphs import read_page
from index.importers.pdf.lines import Line, Stretch, lines_of, stretches

__all__ = ["read"]

MAX_PAGES = 500
MAX_TITLE_LINES = 6
MAX_STRETCHES = 20_000
"""The most on one page; a drawing has more."""
UNREADABLE_SHARE = 0.3
"""So many signs that no font tells are too many."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")
_NO_TITLE = re.compile(
    r"untitled|microsoft|powerpoint|\.(?:docx?|tex|dvi|indd|odt|pdf|rtf|qxd|fm|html?)\b",
    re.IGNORECASE,
)


def read(file: str, content: bytes) -> Imported:
    """The blocks of a PDF, its pages their places. Raises CorpusError."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise refusal(file, _why_not(error)) from None
    try:
        return _read(file, document)
    except pypdfium2.PdfiumError as error:
        reason = f"is damaged ({error}); open it and print it to a PDF anew"
        raise refusal(file, reason) from None
    finally:
        document.close()


def _why_not(error: pypdfium2.PdfiumError) -> str:
    code = getattr(error, "err_code", None)
    if code == pdfium.FPDF_ERR_PASSWORD:
        return "is locked by a password; save a copy without one"
    if code == pdfium.FPDF_ERR_SECURITY:
        return "is locked in a way that is not known; print it to a PDF anew"
    return "is no PDF, or a damaged one; open it and save or print it as PDF anew"


@dataclass(slots=True)
class _Pages:
    """The stretches of all pages, and the pages that have none."""

    found: list[list[Stretch]] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)


def _read(file: str, document: pypdfium2.PdfDocument) -> Imported:
    count = len(document)
    if count > MAX_PAGES:
        reason = f"{count:,} pages; {MAX_PAGES} are the most. Split it"
        raise refusal(file, reason)
    pages = _stretches(file, document, count)
    own = parted(pages.found)
    lines = [
        [lines_of(column, number) for column in columns]
        for number, columns in enumerate(columns_by_page([kept for kept, _ in own]), 1)
    ]
    blocks, references = compose(lines, [rows for _, rows in own])
    if len(blocks) > MAX_BLOCKS:
        reason = f"{len(blocks):,} paragraphs, items and rows; {MAX_BLOCKS:,} are the most"
        raise refusal(file, reason)
    warnings: tuple[str, ...] = ()
    if pages.empty:
        listed = ", ".join(map(str, pages.empty[:10])) + (" ..." if len(pages.empty) > 10 else "")
        warnings = (f"no text on page {listed}; what is a picture there is not read",)
    first = [line for column in lines[0] for line in column] if lines else []
    return Imported(
        tuple(blocks),
        references,
        _title(document, first),
        _language(document),
        warnings=warnings,
    )


def _stretches(file: str, document: pypdfium2.PdfDocument, count: int) -> _Pages:
    """What stands on each page. Raises CorpusError where it is too much, or cannot be read."""
    pages = _Pages()
    chars = readable = unreadable = 0
    for at in range(count):
        page = document[at]
        try:
            told = read_page(page, MAX_TEXT_CHARS - chars)
        finally:
            page.close()
        chars += told.count
        if chars > MAX_TEXT_CHARS:
            reason = f"more than {MAX_TEXT_CHARS:,} signs up to page {at + 1}; split it"
            raise refusal(file, reason)
        readable += len(told.glyphs)
        unreadable += sum(_is_unreadable(glyph.sign) for glyph in told.glyphs)
        found = stretches(told.glyphs)
        if len(found) > MAX_STRETCHES:
            found = []
        if not found:
            pages.empty.append(at + 1)
        pages.found.append(found)
    if not readable:
        reason = (
            "holds no text, only pictures of it, as a scanner makes them; "
            "have a program for text recognition (OCR) add the text, and try again"
        )
        raise refusal(file, reason)
    if unreadable > UNREADABLE_SHARE * readable:
        reason = (
            "does not tell which letters its fonts print; save it as PDF/A, or have a program for "
            "text recognition (OCR) read it"
        )
        raise refusal(file, reason)
    return pages


def _is_unreadable(sign: str) -> bool:
    """Whether a font does not tell which letter a sign is."""
    return sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff"


def _title(document: pypdfium2.PdfDocument, lines: Sequence[Line]) -> str | None:
    """The title that the file tells, where its first page prints it; else what is largest there."""
    told = " ".join(document.get_metadata_value("Title").split())
    printed = " ".join(line.text for line in lines)
    if told and _bare(told) in _bare(printed) and any(map(str.isalpha, told)):
        return told
    sizes = sorted({line.size for line in lines if sum(map(str.isalpha, line.text)) > 2})
    if len(sizes) > 1 and sizes[-1] > 1.15 * _median_size(lines):
        largest = [line for line in lines if line.size == sizes[-1]]
        start = lines.index(largest[0])
        title = []
        for line in lines[start : start + MAX_TITLE_LINES]:
            if line.size != sizes[-1]:
                break
            title.append(line.text)
        return " ".join(title)
    return told if told and not _NO_TITLE.search(told) else None


def _median_size(lines: Sequence[Line]) -> float:
    return median(line.size for line in lines)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _language(document: pypdfium2.PdfDocument) -> str | None:
    """The language that the file says it is in."""
    units = (pdfium.FPDF_WCHAR * 32)()
    pdfium.FPDFCatalog_GetLanguage(document, units, ctypes.sizeof(units))
    told = _LANGUAGE.match(bytes(units).decode("utf-16-le", "replace").partition("\x00")[0])
    return told[0].lower() if told else None
