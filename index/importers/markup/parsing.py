"""Bytes to a tree, within bounds: no entity is resolved, no DTD loaded, nothing fetched."""

from __future__ import annotations

import codecs
import re

from lxml import etree
from lxml.etree import _Element as Element

from index.errors import refusal
from index.importers.encodings import decode

__all__ = ["Element", "parse_html", "parse_xml", "said", "tag_of"]

MAX_BYTES = 20_000_000
MAX_ELEMENTS = 200_000
MAX_ATTRIBUTES = 2_000
"""Of one tag; the parser takes long over more, as it looks through all for each."""
DECLARED_BYTES = 4096
"""So far into a page it is looked for what says its encoding."""

_CHARSET = re.compile(
    rb"(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})"
)
_ATTRIBUTE = re.compile(r"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+")
_TAG = re.compile(rf"<!--.*?-->|<[A-Za-z][^\s/>]*+((?:{_ATTRIBUTE.pattern})*+)", re.DOTALL)
_ENTITIES = re.compile(rb"<!ENTITY\s", re.IGNORECASE)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)
_NOT_A_PAGE = re.compile(r"[\x00-\x08\x0e-\x1a]")


def tag_of(element: Element) -> str:
    """The name of an element without namespace, in lower case; empty for comments."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def said(element: Element | None) -> str:
    """The text of an element on one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def parse_html(file: str, content: bytes) -> tuple[Element, tuple[str, ...]]:
    """The tree of a page, however it was written, and warnings. Raises CorpusError."""
    text, warnings = _text(file, content)
    if "<" not in text or _NOT_A_PAGE.search(text[:DECLARED_BYTES]):
        raise refusal(file, "is no HTML page; save it as a page or as plain text (.txt)")
    _check_attributes(file, text)
    text = text.replace("\x00", "\ufffd")
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        reason = f"is no HTML that can be read ({error}); save the page anew"
        raise refusal(file, reason) from None
    if root is None:
        raise refusal(file, "is an empty page; save it again once it has loaded")
    for entry in parser.error_log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            reason = f"{entry.message.split(',')[0]}; flatten the page, or save its text alone"
            raise refusal(file, reason, max(1, entry.line))
    _check_elements(file, root)
    return root, warnings


def parse_xml(file: str, content: bytes) -> Element:
    """The tree of an XML file that is well formed.

    Raises CorpusError for one that is not, and where it declares entities, which can hide text or
    multiply it; those of a DTD elsewhere stay in the tree as they are written.
    """
    _check_size(file, content)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        reason = " ".join((error.msg or "not well formed").split())[:200]
        reason = f"is no XML that can be read ({reason}); export it anew"
        raise refusal(file, reason, max(1, error.lineno or 1)) from None
    except (etree.LxmlError, ValueError, LookupError) as error:
        reason = f"is no XML that can be read ({error}); export it anew"
        raise refusal(file, reason) from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(declared.iterentities(), None) is not None:
        line = content.count(b"\n", 0, _first(_ENTITIES, content)) + 1
        raise refusal(file, "declares entities; write out what they stand for", line)
    _check_elements(file, root)
    return root


def _text(file: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a page in the encoding that it declares, or that it is in."""
    _check_size(file, content)
    declared = _CHARSET.search(content[:DECLARED_BYTES].lower())
    if declared and not content.startswith(_MARKS):
        name = declared[1].decode("ascii")
        # What calls itself Latin-1 on the web is what Windows writes.
        name = "cp1252" if name in ("iso-8859-1", "latin1", "us-ascii", "ascii") else name
        try:
            codec = codecs.lookup(name)
            if codec.name != "utf-8" and not codec.name.startswith(("utf-16", "utf-32")):
                return codec.decode(content, "strict")[0], ()
        except (LookupError, ValueError, TypeError):
            pass
    return decode(file, content)


def _check_size(file: str, content: bytes) -> None:
    if len(content) > MAX_BYTES:
        reason = f"has {len(content):,} bytes; {MAX_BYTES:,} are the most, so split it"
        raise refusal(file, reason)


def _check_attributes(file: str, text: str) -> None:
    for tag in _TAG.finditer(text):
        attributes = tag[1] or ""
        if len(attributes) <= MAX_ATTRIBUTES:
            continue
        if sum(1 for _ in _ATTRIBUTE.finditer(attributes)) > MAX_ATTRIBUTES:
            line = text.count("\n", 0, tag.start()) + 1
            reason = (
                f"a tag with more than {MAX_ATTRIBUTES:,} attributes; save the page's text alone"
            )
            raise refusal(file, reason, line)


def _check_elements(file: str, root: Element) -> None:
    for count, element in enumerate(root.iter(), 1):
        if count > MAX_ELEMENTS:
            reason = f"has more than {MAX_ELEMENTS:,} elements; split it, or save its text alone"
            raise refusal(file, reason, element.sourceline or 1)


def _first(pattern: re.Pattern[bytes], content: bytes) -> int:
    found = pattern.search(content)
    return found.start() if found else 0
