"""Pages of the web to blocks: saved or fetched, of a wiki or any other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.importers.blocks import Block, Cited, Imported, Kind, written
from index.importers.entries import is_references_heading
from index.importers.markup import mediawiki
from index.importers.markup.citations import with_citations_joined
from index.importers.markup.contexts import Treatment
from index.importers.markup.elements import BLOCKS, text_set_in
from index.importers.markup.facts import facts_of
from index.importers.markup.notes import Notes, classes_of, find_notes
from index.importers.markup.parsing import Element, parse_html, tag_of
from index.importers.markup.walking import Rule, blocks_of

__all__ = ["read"]

MAX_QUESTION_CHARS = 200
LEAST_SHARE = 0.2
"""Of a page's text, in what says that it is the main part of it."""
MAX_MAINS = 3

_AROUND = frozenset(
    """sidebar breadcrumb breadcrumbs navbar nav menu toc table-of-contents tableofcontents share
    sharing social social-share related related-posts comments comment-list advert advertisement ads
    cookie-banner cookie-consent pagination pager skip-link skip-to-content newsletter site-header
    site-footer footer-links edit-this-page headerlink anchor-link heading-anchor permalink
    anchorjs-link hash-link""".split()
)
_ROLES_AROUND = frozenset(
    ("navigation", "banner", "contentinfo", "search", "complementary", "menu")
)
_BOLD = frozenset(("b", "strong"))
_VOWEL_SIGNS = re.compile(r"[\u064b-\u0652]")
"""Of Arabic, which are written or not."""
_UNREAD = frozenset(("script", "style", "noscript", "template"))


def read(file: str, content: bytes) -> Imported:
    """The blocks of a page's main part, and what its numbers stand for. Raises CorpusError."""
    root, warnings = parse_html(file, content)
    facts = facts_of(root)
    is_wiki = mediawiki.is_mediawiki(root)
    if is_wiki:
        mediawiki.forget_names(root)
        notes = find_notes(root, also=mediawiki.treat)
        rule = _first_of(mediawiki.treat, notes.rule)
        main = mediawiki.content_of(root)
        # What leads nowhere is cited by its class, and flags are printed: [citation needed].
        notes.is_partial = mediawiki.has_flags(root)
    else:
        notes = find_notes(root)
        rule = _first_of(notes.rule, _around)
        main = _main_part(root)
    told = blocks_of(file, root if main is None else main, rule)
    blocks = list(_references_told(map(with_citations_joined, told), is_wiki=is_wiki))
    return Imported(
        tuple(blocks),
        notes.references,
        facts.title,
        facts.language,
        facts.licence,
        facts.source_url,
        _prints_markers(blocks, notes),
        warnings,
    )


def _first_of(*rules: Rule) -> Rule:
    """A rule that goes by the first of several that says something."""

    def rule(element: Element) -> Treatment | None:
        for one in rules:
            if (treatment := one(element)) is not None:
                return treatment
        return None

    return rule


def _around(element: Element) -> Treatment | None:
    """What of any page is not its text, and the paragraphs that are headings."""
    name = tag_of(element)
    if (element.get("role") or "").lower() in _ROLES_AROUND:
        return Treatment(kind="navigation")
    if classes_of(element) & _AROUND or element.get("id") in _AROUND:
        return Treatment(kind="navigation") if name in BLOCKS else Treatment(parts=())
    if name == "p" and (said := _bold_text(element)) and said.endswith(("?", "\uff1f")):
        return Treatment(read_as="dt")
    return None


def _bold_text(paragraph: Element) -> str:
    """The text of a paragraph that is bold from end to end, and short."""
    text = text_set_in(paragraph, _BOLD)
    return text if len(text) <= MAX_QUESTION_CHARS else ""


def _main_part(root: Element) -> Element | None:
    """The element that says it is the page's main part, where it holds enough of its text."""
    body = next(root.iter("{*}body"), None)
    whole = _length(root if body is None else body)
    mains = [one for one in root.iter("{*}*") if tag_of(one) == "main" or one.get("role") == "main"]
    articles = list(root.iter("{*}article"))
    for candidates in (mains[:MAX_MAINS], articles if len(articles) == 1 else []):
        longest = max(candidates, key=_length, default=None)
        if longest is not None and _length(longest) >= LEAST_SHARE * whole:
            return longest
    return body


def _length(element: Element) -> int:
    """How much text an element holds."""
    length = 0
    for one in element.iter("{*}*"):
        length += len((one.tail or "").strip())
        if tag_of(one) not in _UNREAD:
            length += len((one.text or "").strip())
    return length


def _references_told(blocks: Iterable[Block], *, is_wiki: bool) -> Iterator[Block]:
    """The blocks, with the items under the headings of references, notes and links told apart.

    On a wiki all that stands under such a heading is of them.
    """
    kinds: tuple[Kind, ...] = ("item", "paragraph") if is_wiki else ("item",)
    level = 0
    for block in blocks:
        if block.kind == "heading":
            if level and block.level <= level:
                level = 0
            if not level and is_references_heading(_VOWEL_SIGNS.sub("", written(block))):
                level = block.level
        elif level and block.kind in kinds:
            yield replace(block, kind="reference", steps=0)
            continue
        yield block


def _prints_markers(blocks: Sequence[Block], notes: Notes) -> bool:
    """Whether numbers in brackets may still be citations: none is marked, or some lead nowhere."""
    marked = any(isinstance(part, Cited) for block in blocks for part in block.parts)
    return notes.is_partial or not marked
