"""What the references of a paper are: their labels as printed, their titles, their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.importers.blocks import Cited, Entry, Part
from index.importers.entries import address_in
from index.importers.markup.parsing import Element, said, tag_of

__all__ = ["HREF", "References", "references_of"]

HREF = "{http://www.w3.org/1999/xlink}href"
MAX_REFERENCES = 10_000
MAX_KEY_CHARS = 60
YEAR_CHARS = 4

_TITLES = ("article-title", "chapter-title", "data-title", "part-title", "source", "title")
_NUMBERS = re.compile(r"\d{1,4}[a-z]?(?:\s?[-\u2010-\u2014,;]\s?\d{1,4}[a-z]?)*")
_FIRST = re.compile(r"\s?[-\u2010-\u2014,;]")
_SEPARATORS = re.compile(r"\s?[,;]\s?")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s?)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_LINKS = ("{*}ext-link", "{*}uri")


@dataclass(slots=True)
class References:
    """The entries of a paper by label, and the labels by what `xref` calls the entries."""

    entries: dict[str, Entry] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    unlabelled: dict[str, Entry] = field(default_factory=dict)

    def cited(self, xref: Element) -> tuple[Part, ...]:
        """What stands for a link to entries: their numbers, behind names where it prints such."""
        printed = said(xref)
        bare = printed.strip("[]() ")
        named = (xref.get("rid") or "").split()
        labels = tuple(self.labels[name] for name in named if name in self.labels)
        if _NUMBERS.fullmatch(bare) and (not labels or _FIRST.split(bare)[0] in self.entries):
            numbers = tuple(_SEPARATORS.split(bare))
        else:
            numbers = ()
        if labels:
            if numbers or bare in ("", *labels):
                return (Cited(numbers or labels),)
            return (printed, Cited(labels))
        entry = next((self.unlabelled[name] for name in named if name in self.unlabelled), None)
        if numbers and len(bare) < YEAR_CHARS:
            if entry is not None:
                self.entries.setdefault(bare, entry)
            return (Cited(numbers),)
        if entry is None or not 0 < len(bare) <= MAX_KEY_CHARS:
            return (printed,)
        self.entries.setdefault(bare, entry)
        return (printed, Cited((bare,)))


def references_of(article: Element) -> References:
    """The references of all lists of a paper, and its labelled footnotes."""
    references = References()
    for count, ref in enumerate(article.iter("{*}ref")):
        if count < MAX_REFERENCES:
            _add(references, ref, _label_of(ref), _entry_of(ref))
    for note in article.iter("{*}fn"):
        label = _label_of(note)
        if label and label not in references.entries and _is_of_text(note):
            text = " ".join(said(one) for one in note if tag_of(one) == "p")
            _add(references, note, label, Entry(text, address_in(text)))
    return references


def _add(references: References, element: Element, label: str, entry: Entry) -> None:
    name = element.get("id") or ""
    if not entry.title:
        return
    if label:
        references.entries.setdefault(label, entry)
        references.labels.setdefault(name, label)
    else:
        references.unlabelled.setdefault(name, entry)


def _label_of(element: Element) -> str:
    """The label of an entry, less what it is set in, such as `[3]` and `3.`."""
    label = next((said(one) for one in element.iter("{*}label")), "").strip("[]() ")
    return label.rstrip(".:) ") if len(label) <= MAX_KEY_CHARS else ""


def _is_of_text(note: Element) -> bool:
    """Whether a footnote is one of the paper's text, and not of its authors or of a table."""
    around = {tag_of(one) for one in note.iterancestors()}
    return around.isdisjoint(("author-notes", "table-wrap", "front"))


def _entry_of(ref: Element) -> Entry:
    citation = next(iter(_citations(ref)), ref)
    title = ""
    for name in _TITLES:
        if title := said(next(citation.iter(f"{{*}}{name}"), None)):
            break
    return Entry(title or _without_label(ref), _address_of(citation))


def _citations(ref: Element) -> Iterator[Element]:
    return ref.iter("{*}element-citation", "{*}mixed-citation", "{*}nlm-citation", "{*}citation")


def _without_label(ref: Element) -> str:
    label = next(ref.iter("{*}label"), None)
    return said(ref).removeprefix(said(label)).strip()


def _address_of(citation: Element) -> str | None:
    """The address of a work: the link to its DOI, else its DOI, its first link, what is printed."""
    links = [(link.get(HREF) or said(link)).strip() for link in citation.iter(*_LINKS)]
    links = [link for link in links if _WEB.match(link)]
    if to_doi := next(filter(_DOI.fullmatch, links), None):
        return to_doi
    for one in citation.iter("{*}pub-id", "{*}ext-link", "{*}object-id"):
        kind = one.get("pub-id-type") or one.get("ext-link-type") or ""
        doi = _DOI.fullmatch((one.get(HREF) or "").strip()) or _DOI.fullmatch(said(one))
        if doi and ("doi" in kind or tag_of(one) == "ext-link" or kind == ""):
            return f"https://doi.org/{doi[1].rstrip('.')}"
    return links[0] if links else address_in(said(citation))
