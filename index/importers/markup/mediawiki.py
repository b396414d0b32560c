"""Pages of MediaWiki, of which Wikipedia's are most: what of them is text, and what cites."""

from __future__ import annotations

import re

from index.importers.blocks import Cited, Verbatim
from index.importers.markup.contexts import Treatment
from index.importers.markup.elements import BLOCKS
from index.importers.markup.notes import classes_of
from index.importers.markup.parsing import Element, said, tag_of
from index.importers.markup.walking import LEFT_OUT

__all__ = ["content_of", "forget_names", "has_flags", "is_mediawiki", "treat"]

_NAVIGATION = frozenset(
    """navbox vertical-navbox sidebar hatnote dablink rellink mainarticle seealso metadata catlinks
    toc toccolours printfooter mw-jump-link sistersitebox sister-box sisterlinks sisterproject
    side-box portalbox portal-bar portal
    mw-authority-control authority-control mw-indicators mw-indicator mw-editsection noprint
    succession-box asbox stub shortdescription homonymie bandeau-container bandeau-portail
    navbar nomobile mw-hidden-catlinks magnify editsection navigation-not-searchable
    navigation-box navbox-styles geo-nondefault mw-cite-backlink
    mw-page-title-main siteSub contentSub""".split()
)
_CAPTIONS = frozenset(("thumbcaption", "gallerytext", "infobox-caption", "mw-gallery-caption"))
_MESSAGE_BOX = re.compile(r"[a-z]{1,4}mbox(?:-[\w-]+)?|mbox-[\w-]+|box-[\w-]+|navbox-?[\w-]*")
_NAMED = frozenset(
    (
        "siteSub",
        "contentSub",
        "jump-to-nav",
        "catlinks",
        "toc",
        "coordinates",
        "mw-navigation",
        "footer",
    )
)
_PARSOID_NAME = re.compile(r"mw[\w-]{2,4}")
_LISTS = frozenset(("references", "mw-references", "reflist", "refbegin"))
_FLAG = frozenset(("Inline-Template", "inline-template"))


def is_mediawiki(root: Element) -> bool:
    """Whether a page says that MediaWiki made it."""
    for meta in root.iter("{*}meta"):
        if meta.get("name") == "generator" and (meta.get("content") or "").startswith("MediaWiki"):
            return True
    body = next(root.iter("{*}body"), None)
    if body is not None and "mediawiki" in classes_of(body):
        return True
    return any("mw-parser-output" in classes_of(one) for one in root.iter("{*}div", "{*}section"))


def content_of(root: Element) -> Element | None:
    """The part of a page that is its article, and not the wiki around it."""
    for name in ("mw-content-text", "bodyContent", "content"):
        for element in root.iter("{*}div", "{*}main"):
            if element.get("id") == name:
                return element
    return next(root.iter("{*}body"), None)


def forget_names(root: Element) -> None:
    """Take from a page what Parsoid names its elements by, as no link on the web leads there."""
    for element in root.iter("{*}*"):
        if _PARSOID_NAME.fullmatch(element.get("id") or ""):
            del element.attrib["id"]


def has_flags(root: Element) -> bool:
    """Whether a page prints that something in it is in doubt."""
    return any(classes_of(one) & _FLAG for one in root.iter("{*}sup"))


def treat(element: Element) -> Treatment | None:
    """What an element of a wiki's page is, beyond what HTML tells."""
    name, classes = tag_of(element), classes_of(element)
    if not classes and not element.get("id") and not element.get("role"):
        return None
    if "mwe-math-element" in classes:
        return LEFT_OUT  # what it shows is a picture, or laid out beyond what a line can say
    if name == "sup" and classes & {"reference", "mw-ref"}:
        return _citation(element)
    if name == "sup" and classes & _FLAG:
        return None
    if _is_navigation(element, classes):
        return Treatment(kind="navigation") if name in BLOCKS else LEFT_OUT
    if classes & _CAPTIONS:
        return Treatment(kind="caption", read_as="div")
    if name == "a" and "autonumber" in classes:
        return LEFT_OUT
    if "IPA" in classes:
        return Treatment(parts=(Verbatim("".join(element.itertext())),))
    return Treatment(kind="reference") if classes & _LISTS else None


def _is_navigation(element: Element, classes: frozenset[str]) -> bool:
    if classes & _NAVIGATION or element.get("id") in _NAMED:
        return True
    if element.get("role") in ("navigation", "note", "search", "banner", "contentinfo"):
        return True
    return any(map(_MESSAGE_BOX.fullmatch, classes))


def _citation(element: Element) -> Treatment | None:
    """A raised number as it is printed; one that leads nowhere is that of a page."""
    link = next(element.iter("{*}a"), None)
    label = said(element).strip("[]() ")
    if link is None or "#" not in (link.get("href") or "") or not 0 < len(label) <= 40:
        return LEFT_OUT
    return Treatment(parts=(Cited((label,)),))
