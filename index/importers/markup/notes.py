"""The footnotes and numbered references of a page: what cites, what is cited, and the ways back."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from unicodedata import normalize
from urllib.parse import unquote

from index.importers.blocks import Cited, Entry
from index.importers.entries import address_in, printed_entry
from index.importers.markup.contexts import Treatment
from index.importers.markup.parsing import Element, tag_of
from index.importers.markup.walking import LEFT_OUT, Rule, text_of

__all__ = ["Notes", "classes_of", "find_notes"]

MAX_LABEL_CHARS = 30
MAX_NOTE_CHARS = 5_000
"""What is longer is a part of the page that a number leads to, and no note."""
MAX_NOTES = 20_000

_LABEL = re.compile(
    r"\d{1,4}[a-z]?|[a-z]{1,5}|[*\u2020\u2021\u00a7\u00b6\u2016#]{1,4}"
    r"|(?:[^\W\d_]{1,12}-)?[^\W\d_]{1,12}[ .-]{1,2}\d{1,4}",
    re.IGNORECASE,
)
_ROLES = frozenset(("doc-noteref", "doc-biblioref", "noteref", "biblioref"))
_CITING = frozenset(
    ("footnote-ref", "footnote-reference", "footnoteref", "noteref", "reference", "mw-ref")
)
_NOTE_ROLES = frozenset(
    (
        "doc-footnote",
        "doc-endnote",
        "doc-biblioentry",
        "footnote",
        "endnote",
        "rearnote",
        "biblioentry",
    )
)
_NOTE_ID = re.compile(
    r"_?(?:fn|ftn|edn|footnote|endnote|note|notes|cite|cite_note|ref|reference|r|b|bib|bibr|cr|sdfootnote|n)"
    r"(?:sym)?[-_.:]?[a-z]{0,6}[-_.:]?\d+\w{0,4}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[,;\u2010-\u2014-]\s*")
_RAISED_LABEL = re.compile(r"[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,4}\s*")
_HOLDERS = frozenset(("li", "p", "div", "dd", "tr", "aside", "section", "blockquote"))
_NO_NOTES = frozenset(
    ("h1", "h2", "h3", "h4", "h5", "h6", "html", "body", "main", "article", "table")
)
_WAY_BACK = re.compile(
    r"\W*(?:\w{1,3}|jump(?: up| back)?(?: to.{0,20})?|back(?: to.{0,20})?|return)?\W*",
    re.IGNORECASE,
)

Target = Callable[[str], Element | None]
"""The element that a link leads to, where it is one of what is read."""


def _targets_in(root: Element) -> Target:
    """What the links within one page lead to, by what stands behind their `#`."""
    named: dict[str, Element] = {}
    for element in root.iter("{*}*"):
        for attribute in ("id", "name"):
            if name := element.get(attribute):
                named.setdefault(name, element)

    def target(link: str) -> Element | None:
        _, sign, name = link.partition("#")
        if not sign or not name:
            return None
        found = named.get(name)
        return named.get(unquote(name)) if found is None else found

    return target


@dataclass(slots=True)
class Notes:
    """What a page cites: the numbers by the links that print them, the entries by the numbers.

    `is_partial` where links print numbers that lead nowhere, so that they remain to be read.
    """

    numbers: dict[Element, str] = field(default_factory=dict)
    references: dict[str, Entry] = field(default_factory=dict)
    bodies: set[Element] = field(default_factory=set)
    ways_back: set[Element] = field(default_factory=set)
    is_partial: bool = False

    def rule(self, element: Element) -> Treatment | None:
        """Numbers are citations, notes are references, and the ways back are left out."""
        if (number := self.numbers.get(element)) is not None:
            return Treatment(parts=(Cited((number,)),))
        if element in self.ways_back:
            return LEFT_OUT
        return Treatment(kind="reference") if element in self.bodies else None


def find_notes(root: Element, target: Target | None = None, also: Rule | None = None) -> Notes:
    """The notes of a page. `target` finds what a link leads to; `also` reads the notes' own parts.

    What cites is a short label that is raised, in brackets, or says that it does, and that leads to
    a list item, a note, or a paragraph further down.
    """
    target = target or _targets_in(root)
    order = {element: at for at, element in enumerate(root.iter("{*}*"))}
    notes = Notes()
    labels: dict[Element, str] = {}
    bracketed: set[Element] = set()
    for link in root.iter("{*}a"):
        href = link.get("href") or ""
        if "#" not in href or not (label := _label_of(link)):
            continue
        if _is_bracketed(link, bracketed):
            bracketed.add(link)
        leads_to = target(href)
        if leads_to is None:
            notes.is_partial |= link in bracketed
            continue
        body = _body_of(leads_to)
        is_set_off = link in bracketed or _is_raised(link)
        if body is not None and _cites(link, leads_to, body, order, is_set_off=is_set_off):
            notes.numbers[link] = label
            labels.setdefault(body, label)
            if len(notes.numbers) >= MAX_NOTES:
                break
    for body in labels:
        notes.bodies.add(body)
        notes.ways_back.update(_ways_back(body, target, notes.numbers))
    for body, label in labels.items():
        entry = _entry_of(body, label, partial(_note_rule, notes, body, also))
        if entry.title:
            notes.references.setdefault(label, entry)
    return notes


def _note_rule(
    notes: Notes, body: Element, also: Rule | None, element: Element
) -> Treatment | None:
    """How a note itself is read: like all else, though it is known to be one."""
    if also and (treatment := also(element)) is not None:
        return treatment
    return None if element is body else notes.rule(element)


def _entry_of(body: Element, label: str, rule: Rule) -> Entry:
    """What a note says, its own label taken off, and where its first link leads."""
    text = text_of(body, rule)
    if (printed := printed_entry(text)) and printed[0] in ("", label):
        text = printed[1].title
    elif (raised := _RAISED_LABEL.match(text)) and normalize("NFKC", raised[0]).strip() == label:
        text = text[raised.end() :]
    elif not label.isalnum():
        text = text.removeprefix(label)
    return Entry(text.lstrip("^\u2191 "), _first_link(body) or address_in(text))


def _first_link(element: Element) -> str | None:
    """The address of the first link that leads to the web."""
    for link in element.iter("{*}a"):
        href = (link.get("href") or "").strip()
        href = f"https:{href}" if href.startswith("//") else href
        if re.match(r"https?://[^\s/]", href, re.IGNORECASE):
            return href
    return None


def classes_of(element: Element) -> frozenset[str]:
    """The names of an element's classes."""
    return frozenset((element.get("class") or "").split())


def _label_of(link: Element) -> str:
    """The label that a link prints, empty where it is none."""
    text = " ".join("".join(_short_text(link)).split())
    label = text.strip("[]() ")
    if len(label) > MAX_LABEL_CHARS:
        return ""
    return label if _says_it_cites(link) or _LABEL.fullmatch(label) else ""


def _says_it_cites(link: Element) -> bool:
    """Whether a link, or what it stands raised in, says by role or class that it cites."""
    parent = link.getparent()
    if parent is not None and tag_of(parent) == "sup" and classes_of(parent) & _CITING:
        return True
    return bool(_roles(link) & _ROLES or classes_of(link) & _CITING)


def _short_text(link: Element) -> Iterator[str]:
    """The text of a link, no more than tells whether it is short."""
    length = 0
    for piece in link.itertext():
        yield piece
        length += len(piece)
        if length > 4 * MAX_LABEL_CHARS:
            return


def _cites(
    link: Element,
    leads_to: Element,
    body: Element,
    order: Mapping[Element, int],
    *,
    is_set_off: bool,
) -> bool:
    """Whether a link with a label is a citation, and not a way back or the number of a chapter."""
    parent = link.getparent()
    if parent is not None and classes_of(parent) & _CITING:
        return True
    if order.get(body, len(order)) <= order[link]:
        return False
    if _says_it_cites(link):
        return True
    return is_set_off and (
        tag_of(body) == "li"
        or not _NOTE_ROLES.isdisjoint(_roles(body))
        or bool(_NOTE_ID.fullmatch(leads_to.get("id") or leads_to.get("name") or ""))
    )


def _is_raised(link: Element) -> bool:
    """Whether a link stands in a raised number, or holds one and nothing else."""
    parent = link.getparent()
    if parent is not None and tag_of(parent) == "sup":
        return True
    return len(link) == 1 and tag_of(link[0]) == "sup" and not (link.text or "").strip()


def _is_bracketed(link: Element, bracketed: Collection[Element]) -> bool:
    """Whether a link prints brackets, or stands in a run that a bracket opens.

    `bracketed` are the links before it of which that is so.
    """
    text = "".join(_short_text(link)).strip()
    if text.startswith("[") and text.endswith("]"):
        return True
    before, parent = link.getprevious(), link.getparent()
    led = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    if led[-MAX_LABEL_CHARS:].rstrip().endswith("["):
        return True
    return before in bracketed and bool(_BETWEEN.fullmatch(led))


def _roles(element: Element) -> frozenset[str]:
    kinds = " ".join(
        value
        for name, value in element.attrib.items()
        if str(name) in ("role", "epub:type") or str(name).endswith("}type")
    )
    return frozenset(str(kinds).lower().split())


def _body_of(leads_to: Element) -> Element | None:
    """The block that is the note; None where that is no note but a part of the page."""
    body: Element | None = leads_to
    if tag_of(leads_to) == "dt":
        body = leads_to.getnext()
    while body is not None and tag_of(body) not in _HOLDERS:
        if tag_of(body) in _NO_NOTES:
            return None
        body = body.getparent()
    if body is None:
        return None
    length = 0
    for piece in body.itertext():
        length += len(piece)
        if length > MAX_NOTE_CHARS:
            return None
    return body


def _ways_back(body: Element, target: Target, numbers: Mapping[Element, str]) -> Iterator[Element]:
    """The links of a note that lead to where it is cited."""
    for link in body.iter("{*}a"):
        href = link.get("href") or ""
        if link in numbers or "#" not in href:
            continue
        leads_to = target(href)
        if leads_to is None or leads_to is body or body in leads_to.iterancestors():
            continue
        if _WAY_BACK.fullmatch("".join(_short_text(link)).strip()):
            yield link
