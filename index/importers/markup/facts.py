"""What a page says of itself: its title, its language, its licence and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.importers.markup.elements import is_left_out
from index.importers.markup.parsing import Element, tag_of

__all__ = ["Facts", "facts_of", "licence_name"]

MAX_CHARS = 300

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9-_]{1,20})?")
_DEED = re.compile(
    r"creativecommons\.org/(?:licenses/(by(?:-nc)?(?:-sa|-nd)?)/(\d\.\d)|(publicdomain/zero)/(1\.0)"
    r"|(publicdomain/mark)/(1\.0))",
    re.IGNORECASE,
)
_PRINTED_DEED = re.compile(
    r"\bCC[ -](?:BY(?:-NC)?(?:-SA|-ND)?(?:[ -]\d\.\d)?|0(?: 1\.0)?)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,1900}", re.IGNORECASE)
_SUFFIX = re.compile(r"\s+[-\u2013\u2014|\u00b7:]\s+[^-\u2013\u2014|]{1,60}$")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a page; None of what it does not say."""

    title: str | None = None
    language: str | None = None
    licence: str | None = None
    source_url: str | None = None


def facts_of(root: Element) -> Facts:
    """The facts of a page: of its head, and where that is silent of its body."""
    return Facts(_title(root), _language(root), _licence(root), _source_url(root))


def licence_name(address: str) -> str | None:
    """The name of a licence of Creative Commons by the address of its deed."""
    if not (deed := _DEED.search(address)):
        return None
    if deed[1]:
        return f"CC {deed[1].upper()} {deed[2]}"
    return "CC0 1.0" if deed[3] else "Public domain"


def _title(root: Element) -> str | None:
    """The heading that the page's title begins with; else the title, or the only heading."""
    title = _said(next(root.iter("{*}title"), None))
    headings = [said for one in _shown(root, "{*}h1") if (said := _said(one))]
    shared = next((meta for meta in _metas(root, "og:title", "dc.title", "citation_title")), "")
    for heading in headings:
        if title and title.casefold().startswith(heading.casefold()):
            return heading
    if len(headings) == 1 and (not title or headings[0].casefold() in title.casefold()):
        return headings[0]
    return shared or _SUFFIX.sub("", title, count=1) or (headings[0] if headings else None)


def _language(root: Element) -> str | None:
    """The language of the page, or of its body."""
    declared = [root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang")]
    declared.append(root.get("xml:lang"))
    declared += [body.get("lang") for body in root.iter("{*}body")]
    declared += list(_metas(root, "content-language", "dc.language", "language"))
    for one in declared:
        if one and (language := _LANGUAGE.fullmatch(one.strip())):
            return language[1].lower()
    return None


def _licence(root: Element) -> str | None:
    """The licence that a link of the page says it is of, by name, or in the words of the link."""
    named: str | None = None
    for link in root.iter("{*}link", "{*}a"):
        if "license" not in (link.get("rel") or "").lower().split():
            continue
        if name := licence_name(link.get("href") or ""):
            return name
        if tag_of(link) == "a":
            named = named or _said(link) or None
    rights = _metas(root, "dc.rights", "dcterms.rights", "dcterms.license", "copyright")
    said = named or next(rights, None)
    return (licence_name(said) or said) if said else _printed_licence(root)


def _printed_licence(root: Element) -> str | None:
    """The licence that the foot of the page names, or links to."""
    for footer in root.iter("{*}footer"):
        for link in footer.iter("{*}a"):
            if name := licence_name(link.get("href") or ""):
                return name
        if printed := _PRINTED_DEED.search(_said(footer, 5 * MAX_CHARS)):
            return printed[0]
    return None


def _source_url(root: Element) -> str | None:
    """The address that the page says is its own."""
    candidates = [
        link.get("href")
        for relation in ("canonical", "dc:isversionof")
        for link in root.iter("{*}link")
        if relation in (link.get("rel") or "").lower().split()
    ]
    for candidate in (*candidates, *_metas(root, "og:url", "citation_public_url")):
        address = (candidate or "").strip()
        address = f"https:{address}" if address.startswith("//") else address
        if _ADDRESS.fullmatch(address):
            return address
    return None


def _metas(root: Element, *names: str) -> Iterator[str]:
    """What the page's head says under each of the names."""
    for name in names:
        for meta in root.iter("{*}meta"):
            told = meta.get("name") or meta.get("property") or meta.get("http-equiv") or ""
            if told.lower() == name and (content := " ".join((meta.get("content") or "").split())):
                yield content[:MAX_CHARS]


def _shown(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root.iter(name) if not is_left_out(one, tag_of(one)))


def _said(element: Element | None, most: int = MAX_CHARS) -> str:
    """The text of an element on one line, up to a length."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext() if element is not None else ():
        pieces.append(piece)
        length += len(piece)
        if length > 4 * most:
            break
    return " ".join("".join(pieces).split())[:most]
