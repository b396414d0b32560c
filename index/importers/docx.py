"""Documents of word processors, DOCX, to blocks: by mammoth to HTML, and that to blocks."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

import mammoth

from index.errors import refusal
from index.files.archives import read_archive, words_of
from index.importers.blocks import MAX_BLOCKS, Block, Imported, written
from index.importers.markup.contexts import Treatment
from index.importers.markup.elements import text_set_in
from index.importers.markup.notes import classes_of
from index.importers.markup.parsing import Element, parse_html, parse_xml, said
from index.importers.office import blocks_in

__all__ = ["read"]

MAX_PART = 20_000_000
MAX_ELEMENTS = 400_000
MAX_BOLD_HEADING_CHARS = 100
MAIN = "word/document.xml"
STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
p[style-name='Author'] => header > p:fresh
p[style-name='Date'] => header > p:fresh
p[style-name='caption'] => figcaption:fresh
p[style-name='Caption'] => figcaption:fresh
p[style-name='Image Caption'] => figcaption:fresh
p[style-name='Table Caption'] => figcaption:fresh
p[style-name='Bibliography'] => p.reference:fresh
p[style-name='bibliography'] => p.reference:fresh
p[style-name='Source Code'] => pre:fresh
p[style-name='HTML Preformatted'] => pre:fresh
p[style-name='TOC Heading'] => nav > p:fresh
p[style-name^='toc '] => nav > p:fresh
r[style-name='Verbatim Char'] => code
"""
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SIGNS_OF_OLD_FILES = b"\xd0\xcf\x11\xe0"


def read(file: str, content: bytes) -> Imported:
    """The blocks of a DOCX file, its footnotes and endnotes as references. Raises CorpusError."""
    if content.startswith(_SIGNS_OF_OLD_FILES):
        reason = "is an old Word document (.doc), or locked by a password; save it as .docx without"
        raise refusal(file, reason)
    parts = read_archive(file, content, _is_wanted)
    if MAIN not in parts and not any(name.startswith("word/") for name in parts):
        raise refusal(file, "is no Word document; save it as .docx")
    _check(file, parts)
    root, _ = parse_html(file, f"<html><body>{_as_html(file, parts)}</body></html>".encode())
    blocks, references, prints_markers = blocks_in(file, root, also=_rule)
    title, language = _facts(file, parts)
    if title is None:
        title = _printed_title(root)
    return Imported(
        tuple(replace(block, line=line) for line, block in enumerate(_bold_told(blocks, root), 1)),
        references,
        title,
        language,
        prints_markers=prints_markers,
    )


def _is_wanted(name: str) -> bool:
    return name.endswith((".xml", ".rels")) and "/embeddings/" not in name


def _check(file: str, parts: Mapping[str, bytes]) -> None:
    """Refuse what mammoth would read without bounds: entities, deep trees, very many elements."""
    elements = paragraphs = 0
    for name, part in parts.items():
        if len(part) > MAX_PART:
            raise refusal(file, f"has a part of {len(part):,} bytes; split it")
        if _DECLARATION.search(part):
            reason = f"{name} declares entities, which no Word document does; save it anew"
            raise refusal(file, reason)
        root = parse_xml(file, part)
        elements += sum(1 for _ in root.iter())
        paragraphs += sum(1 for _ in root.iter(f"{_W}p"))
    if paragraphs > MAX_BLOCKS or elements > MAX_ELEMENTS:
        reason = f"{paragraphs:,} paragraphs in {elements:,} elements; split it"
        raise refusal(file, reason)


def _as_html(file: str, parts: Mapping[str, bytes]) -> str:
    """What mammoth makes of a document: its pictures are never opened."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    packed.seek(0)
    try:
        return str(
            mammoth.convert_to_html(
                packed,
                style_map=STYLES,
                convert_image=mammoth.images.img_element(lambda _: {}),
                ignore_empty_paragraphs=True,
                include_embedded_style_map=False,
                external_file_access=False,
            ).value
        )
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - it raises whatever its own code meets in a damaged file
        told = words_of(error)
        reason = f"is a damaged Word document ({told}); open it and save it anew"
        raise refusal(file, reason) from None


def _rule(element: Element) -> Treatment | None:
    return Treatment(kind="reference") if "reference" in classes_of(element) else None


def _facts(file: str, parts: Mapping[str, bytes]) -> tuple[str | None, str | None]:
    """The title and the language that a document says of itself."""
    title = language = None
    if core := parts.get("docProps/core.xml"):
        root = parse_xml(file, core)
        title = " ".join((root.findtext(f".//{_DC}title") or "").split()) or None
        language = root.findtext(f".//{_DC}language")
    if not language and (styles := parts.get("word/styles.xml")):
        found = parse_xml(file, styles).find(f"./{_W}docDefaults//{_W}lang")
        language = found.get(f"{_W}val") if found is not None else None
    told = _LANGUAGE.fullmatch((language or "").strip())
    return title, told[1].lower() if told else None


def _printed_title(root: Element) -> str | None:
    """What is printed in the style of a title, else the first heading of the first level."""
    headings = list(root.iter("h1"))
    titles = [one for one in headings if "title" in classes_of(one)] or headings[:1]
    return said(next(iter(titles), None)) or None


def _bold_told(blocks: list[Block], root: Element) -> list[Block]:
    """The blocks; in a document without headings, lines that are bold as a whole are such."""
    if any(block.kind == "heading" for block in blocks):
        return blocks
    bold = {text for one in root.iter("p") if (text := _bold_text(one))}
    return [
        replace(block, kind="heading", level=1)
        if block.kind == "paragraph" and " ".join(written(block).split()) in bold
        else block
        for block in blocks
    ]


def _bold_text(paragraph: Element) -> str:
    """The text of a paragraph that is bold as a whole, and no sentence."""
    text = text_set_in(paragraph, ("strong",))
    return "" if len(text) > MAX_BOLD_HEADING_CHARS or text.endswith((".", ",", ";")) else text
