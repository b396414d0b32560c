"""A paper in JATS to blocks: abstracts, sections, captions, rows and references."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from index.errors import CorpusError, Problem
from index.importers.blocks import MAX_BLOCKS, Block, Cited, Imported, Kind
from index.importers.jats.bibliography import HREF, References, references_of
from index.importers.markup.citations import with_citations_joined
from index.importers.markup.contexts import Treatment
from index.importers.markup.facts import licence_name
from index.importers.markup.parsing import Element, parse_xml, said, tag_of
from index.importers.markup.walking import LEFT_OUT, blocks_of, text_of

__all__ = ["read"]

_READ_AS = {
    "sec": "section",
    "app": "section",
    "list-item": "li",
    "def-list": "dl",
    "def-item": "div",
    "term": "dt",
    "def": "dd",
    "disp-quote": "blockquote",
    "verse-group": "blockquote",
    "verse-line": "div",
    "boxed-text": "section",
    "statement": "div",
    "speech": "div",
    "attrib": "div",
    "preformat": "pre",
    "monospace": "code",
    "break": "br",
    "front-stub": "div",
    "back": "div",
    "app-group": "div",
    "floats-group": "div",
    "abstract": "section",
    "trans-abstract": "section",
    "table-wrap-group": "div",
    "table-wrap": "div",
    "fn": "p",
    "ref": "p",
    "kwd": "p",
    "contrib": "p",
    "aff": "p",
    "sig-block": "p",
    **dict.fromkeys(("fig", "fig-group", "caption", "supplementary-material", "media"), "div"),
    **dict.fromkeys(("table-wrap-foot", "ref-list", "ack", "fn-group", "notes", "bio"), "div"),
}
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(
        ("fig", "fig-group", "caption", "table-wrap-foot", "supplementary-material", "media"),
        "caption",
    ),
    "ref-list": "reference",
    **dict.fromkeys(
        """ack fn-group author-notes contrib-group aff history permissions funding-group kwd-group
        bio notes article-categories counts custom-meta-group pub-date related-article""".split(),
        "front matter",
    ),
}
_LEFT_OUT = frozenset(
    """inline-formula disp-formula disp-formula-group math tex-math graphic inline-graphic object-id
    label alt-text long-desc fn inline-supplementary-material""".split()
)
_FLOATING = frozenset(
    ("fig", "fig-group", "table-wrap", "table-wrap-group", "supplementary-material")
)
_TITLED = frozenset(
    (
        "sec",
        "app",
        "abstract",
        "trans-abstract",
        "ref-list",
        "boxed-text",
        "ack",
        "bio",
        "notes",
        "glossary",
    )
)
_CAPTIONED = frozenset(("fig", "table-wrap", "supplementary-material", "media"))
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
TOP_LEVEL = 2
"""The level of the headings of sections, under the title."""
MAX_LICENCE_CHARS = 200


def read(file: str, content: bytes) -> Imported:
    """The blocks of a paper, and what its numbers stand for.

    Formulas are left out, as a line of text cannot say them. Raises CorpusError for what is no XML,
    or is no paper in JATS.
    """
    root = parse_xml(file, content)
    article = root if tag_of(root) == "article" else next(root.iter("{*}article"), None)
    if article is None or next(article.iter("{*}body", "{*}abstract"), None) is None:
        reason = f"is XML of <{tag_of(root)}>, not a paper in JATS; save it as HTML, DOCX or text"
        raise CorpusError([Problem(file, 1, reason)])
    meta = next(article.iter("{*}article-meta"), None)
    paper = _Paper(file, references_of(article))
    blocks = list(map(with_citations_joined, paper.blocks(article, meta)))
    marked = any(isinstance(part, Cited) for block in blocks for part in block.parts)
    others = sum(1 for _ in article.iter("{*}sub-article", "{*}response"))
    told = f"{others:,} letters, reviews or translations that belong to the paper are left out"
    return Imported(
        tuple(blocks),
        paper.references.entries,
        paper.title,
        _language(article),
        _licence(meta),
        _source_url(meta),
        not marked,
        (told,) if others else (),
    )


@dataclass(slots=True)
class _Paper:
    """A paper that is read; `floats` are the figures and tables that stand within paragraphs."""

    file: str
    references: References
    title: str | None = None
    floats: deque[Element] = field(default_factory=deque)
    floated: set[Element] = field(default_factory=set)
    count: int = 0

    def blocks(self, article: Element, meta: Element | None) -> Iterator[Block]:
        """The blocks of a paper, in the order in which it is printed."""
        abstracts = []
        for child in meta if meta is not None else ():
            name = tag_of(child)
            if name == "title-group":
                yield from self._title(child)
            elif name in ("abstract", "trans-abstract"):
                abstracts.append(child)
            else:
                yield from self._of(child, "front matter")
        for abstract in abstracts:
            if next((one for one in abstract if tag_of(one) == "title"), None) is None:
                yield Block("heading", ("Abstract",), abstract.sourceline or 1, level=TOP_LEVEL)
            yield from self._of(abstract)
        yield Block("heading", (), level=TOP_LEVEL)
        for part in article:
            if tag_of(part) in ("body", "back", "floats-group"):
                yield from self._of(part)
        while self.floats:
            self.floated.add(self.floats[0])
            yield from self._of(self.floats.popleft(), "caption")

    def _title(self, group: Element) -> Iterator[Block]:
        title = next((one for one in group if tag_of(one) == "article-title"), None)
        if title is not None:
            self.title = text_of(title, self.rule) or None
            if self.title:
                yield Block("heading", (self.title,), title.sourceline or 1, level=1)

    def _of(self, element: Element, kind: Kind | None = None) -> Iterator[Block]:
        """The blocks of a part of the paper; `kind` is that of all its prose."""
        for block in blocks_of(self.file, element, self.rule):
            self.count += 1
            if self.count > MAX_BLOCKS:
                reason = f"more than {MAX_BLOCKS:,} paragraphs, items and rows; split the file"
                raise CorpusError([Problem(self.file, block.line, reason)])
            yield block if kind is None or block.kind == "row" else replace(block, kind=kind)

    def rule(self, element: Element) -> Treatment | None:
        """What the elements of JATS are in HTML, and what of them is no text."""
        name = tag_of(element)
        if name == "xref":
            return self._link(element)
        if name in ("title", "label", "fn"):
            return _treat_by_parent(element, name)
        if name in _LEFT_OUT or (name in _FLOATING and self._floats(element)):
            return LEFT_OUT
        if name == "list":
            ordered = element.get("list-type") not in (None, "bullet", "simple")
            return Treatment(read_as="ol" if ordered else "ul")
        read_as, kind = _READ_AS.get(name, ""), _KINDS.get(name)
        return Treatment(read_as=read_as, kind=kind) if read_as or kind else None

    def _link(self, xref: Element) -> Treatment | None:
        """A link to an entry or a footnote is a citation; one to a figure is text."""
        kind = xref.get("ref-type")
        if kind == "bibr" or (kind == "fn" and xref.get("rid") in self.references.labels):
            return Treatment(parts=self.references.cited(xref))
        return None

    def _floats(self, element: Element) -> bool:
        """Whether what stands within a paragraph is read after it, as it would part a sentence."""
        if element in self.floated or all(tag_of(one) != "p" for one in element.iterancestors()):
            return False
        self.floats.append(element)
        return True


def _treat_by_parent(element: Element, name: str) -> Treatment:
    """Titles are headings of sections, and elsewhere captions; labels are captions of figures."""
    parent = element.getparent()
    within = tag_of(parent) if parent is not None else ""
    if name == "title" and within in _TITLED:
        depth = sum(tag_of(one) in _TITLED for one in element.iterancestors())
        return Treatment(read_as="h2", level=depth + 1)
    if name == "fn":
        return Treatment(read_as="p") if within not in ("p", "td", "th", "title") else LEFT_OUT
    if name == "title" or within in _CAPTIONED:
        return Treatment(read_as="p", kind="caption")
    return LEFT_OUT


def _language(article: Element) -> str | None:
    language = (article.get(_LANGUAGE) or "").split("-")[0].strip().lower()
    return language if 2 <= len(language) <= 3 and language.isalpha() else None


def _licence(meta: Element | None) -> str | None:
    """The licence of a paper by name, or in its own words where it is short."""
    for licence in meta.iter("{*}license") if meta is not None else ():
        linked = (
            one.get(HREF) or said(one) for one in licence.iter("{*}license_ref", "{*}ext-link")
        )
        for address in (licence.get(HREF) or "", *linked):
            if name := licence_name(address):
                return name
        text = said(licence)
        return licence_name(text) or text[:MAX_LICENCE_CHARS] or None
    return None


def _source_url(meta: Element | None) -> str | None:
    """The address of a paper by its DOI."""
    for identifier in meta if meta is not None else ():
        if tag_of(identifier) == "article-id" and identifier.get("pub-id-type") == "doi":
            doi = said(identifier)
            return f"https://doi.org/{doi}" if doi.startswith("10.") else None
    return None
