"""E-books, EPUB, to blocks: the chapters in their order, their notes wherever they stand."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from lxml import etree

from index.errors import CorpusError, refusal
from index.files.archives import read_archive
from index.importers.blocks import Entry, Imported, written
from index.importers.entries import address_in, printed_entry
from index.importers.markup.contexts import Treatment
from index.importers.markup.facts import licence_name
from index.importers.markup.notes import Notes, find_notes
from index.importers.markup.parsing import Element, parse_html, parse_xml, tag_of
from index.importers.markup.walking import text_of
from index.importers.office import blocks_in

__all__ = ["read"]

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
MAX_CHAPTERS = 1_000
MAX_CHARS = 20_000_000
"""Bytes of all chapters together."""
_CHAPTER = re.compile(r"xhtml|html|xml$")
_OPEN_LOCKS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""How fonts are hidden, and no text."""
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")
_TYPE = "{http://www.idpf.org/2007/ops}type"
_NAVIGATION = frozenset(
    "toc landmarks page-list lot loi lov index cover titlepage copyright-page pagebreak".split()
)


def read(file: str, content: bytes) -> Imported:
    """The blocks of an e-book, and its notes by their numbers. Raises CorpusError."""
    parts = read_archive(file, content, _is_wanted)
    _refuse_locked(file, parts)
    book = _book(file, parts)
    root = _tree(file, parts, book)
    notes = find_notes(root)
    _call_by_chapters(root, notes)
    blocks, references, prints_markers = blocks_in(file, root, notes, _rule)
    heading = next((written(block) for block in blocks if block.kind == "heading"), None)
    return Imported(
        tuple(replace(block, line=line, place="") for line, block in enumerate(blocks, 1)),
        references,
        book.title or heading,
        book.language,
        book.licence,
        prints_markers=prints_markers,
    )


def _is_wanted(name: str) -> bool:
    suffix = posixpath.splitext(name)[1].lower()
    return suffix in (".xml", ".opf", ".xhtml", ".html", ".htm") or "/" not in name


def _refuse_locked(file: str, parts: Mapping[str, bytes]) -> None:
    """Refuse a book whose text is encrypted."""
    if ENCRYPTION not in parts:
        return
    for method in parse_xml(file, parts[ENCRYPTION]).iter("{*}EncryptionMethod"):
        if method.get("Algorithm") not in _OPEN_LOCKS:
            reason = "is locked for one reader's device (DRM); get a copy that is not"
            raise refusal(file, reason)


@dataclass(slots=True)
class _Book:
    """What a book says of itself, and its chapters in order, by their names in the archive."""

    title: str | None = None
    language: str | None = None
    licence: str | None = None
    chapters: list[str] = field(default_factory=list)
    navigation: set[str] = field(default_factory=set)


def _book(file: str, parts: Mapping[str, bytes]) -> _Book:
    if CONTAINER not in parts:
        raise refusal(file, f"is no EPUB, as it has no {CONTAINER}; export it anew")
    rootfile = parse_xml(file, parts[CONTAINER]).find(".//{*}rootfile")
    name = unquote(rootfile.get("full-path") or "") if rootfile is not None else ""
    if name not in parts:
        raise refusal(file, "does not tell its contents; export the EPUB anew")
    package = parse_xml(file, parts[name])
    told = _LANGUAGE.fullmatch(_fact(package, "language"))
    rights = _fact(package, "rights")
    book = _Book(
        _fact(package, "title") or None,
        told[1].lower() if told else None,
        (licence_name(rights) or rights) or None,
    )
    items: dict[str, str] = {}
    for item in package.iterfind(".//{*}manifest/{*}item"):
        if not _CHAPTER.search(item.get("media-type") or ""):
            continue
        href = unquote((item.get("href") or "").partition("#")[0])
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), href))
        items[item.get("id") or ""] = path
        if "nav" in (item.get("properties") or "").split():
            book.navigation.add(path)
    for reference in package.iterfind(".//{*}spine/{*}itemref"):
        path = items.get(reference.get("idref") or "", "")
        if path in parts and path not in book.chapters:
            book.chapters.append(path)
        if len(book.chapters) > MAX_CHAPTERS:
            raise refusal(file, f"more than {MAX_CHAPTERS:,} chapters; split it")
    if not book.chapters:
        raise refusal(file, "holds no chapter that can be read; export the EPUB anew")
    return book


def _fact(package: Element, name: str) -> str:
    """The first of the facts of a book that are called so."""
    for element in package.iter(f"{{http://purl.org/dc/elements/1.1/}}{name}"):
        if text := " ".join((element.text or "").split()):
            return text
    return ""


def _tree(file: str, parts: Mapping[str, bytes], book: _Book) -> Element:
    """All chapters in one tree, with names and links that hold across them."""
    if sum(len(parts[path]) for path in book.chapters) > MAX_CHARS:
        raise refusal(file, f"more than {MAX_CHARS // 1_000_000} MB of text; split it")
    numbers = {path: number for number, path in enumerate(book.chapters)}
    root = etree.Element("body")
    for path, number in numbers.items():
        chapter = _chapter(file, parts[path])
        body = next(chapter.iter("{*}body"), None)
        if body is None:
            continue
        for element in body.iter("{*}*"):
            _name_anew(element, path, numbers)
        body.tag = "nav" if path in book.navigation else "section"
        body.tail = None
        body.set("chapter", str(number))
        root.append(body)
    return root


def _chapter(file: str, content: bytes) -> Element:
    """The tree of a chapter; one that is no right XML is read as a page of the web."""
    try:
        return parse_xml(file, content)
    except CorpusError:
        return parse_html(file, content)[0]


def _name_anew(element: Element, path: str, numbers: Mapping[str, int]) -> None:
    number = numbers[path]
    if name := element.get("id"):
        element.set("id", f"{number}:{name}")
    href = element.get("href") if tag_of(element) == "a" else None
    if not href or ":" in href.partition("#")[0]:
        return
    other, _, name = href.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(other)))
    to = numbers.get(target) if other else number
    element.set("href", f"#{to}:{unquote(name)}" if to is not None else "")


def _rule(element: Element) -> Treatment | None:
    """Lists of contents and title pages are no text of a book."""
    kinds = element.get(_TYPE) or element.get("epub:type")
    if kinds and not _NAVIGATION.isdisjoint(kinds.split()):
        return Treatment(kind="navigation", read_as="div")
    return None


def _call_by_chapters(root: Element, notes: Notes) -> None:
    """Where each chapter counts its notes from one, call them by their chapters, too."""
    named = {element.get("id"): element for element in root.iter("{*}*") if element.get("id")}
    bodies: dict[str, dict[Element, list[Element]]] = defaultdict(lambda: defaultdict(list))
    for link, label in notes.numbers.items():
        target = named.get((link.get("href") or "").removeprefix("#"))
        for body in _with_ancestors(target):
            if body in notes.bodies:
                bodies[label][body].append(link)
                break
    for label, by_body in bodies.items():
        if len(by_body) < 2:
            continue
        del notes.references[label]
        for body, links in by_body.items():
            chapter = next((one.get("chapter") for one in _with_ancestors(links[0])
                            if one.get("chapter")), "0")  # fmt: skip
            name = f"{label} of part {int(chapter or 0) + 1}"
            said = text_of(body, notes.rule)
            printed = printed_entry(said)
            entry = printed[1] if printed and printed[0] == label else Entry(said, address_in(said))
            notes.references.setdefault(name, entry)
            for link in links:
                notes.numbers[link] = name


def _with_ancestors(element: Element | None) -> Iterator[Element]:
    if element is not None:
        yield element
        yield from element.iterancestors()
