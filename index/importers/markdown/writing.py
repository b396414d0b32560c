"""The tokens of a paragraph to pieces: text with citations, and where HTML begins another block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from markdown_it.token import Token

from index.importers.blocks import Cited, Entry, Kind, Part, Verbatim
from index.importers.markdown.marks import (
    cited_by_link,
    cited_by_superscript,
    is_key_a_word,
    is_word,
    raised,
    without_marks,
)
from index.importers.markdown.pieces import LOWEST_LEVEL, Piece, joined, text_of

__all__ = ["Writer"]


_TAG = re.compile(r"<\s*(/?)\s*([A-Za-z][\w.:-]*)")
_ID = re.compile(r"\s(?:id|name)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_HREF = re.compile(r"\shref\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_ROLE = re.compile(r"\{[\w:.-]{1,40}\}$")
_ROLE_TARGET = re.compile(r"([^<>]+?)\s*<[^<>]*>")
_KINDS: dict[str, Kind] = {
    "li": "item", "dd": "item", "dt": "item", "caption": "caption", "figcaption": "caption",
    "pre": "code", "tr": "row", "td": "row", "th": "row", "nav": "navigation", "summary": "heading",
    **{f"h{level}": "heading" for level in range(1, 7)},
}  # fmt: skip
_BREAKS = frozenset(
    "p div section article main aside header footer blockquote ul ol dl table thead tbody tfoot "
    "center figure details hr fieldset form address picture".split()
)
_NO_TEXT = frozenset(
    "script style template svg math object iframe video audio noscript select textarea head title "
    "button canvas map".split()
)
_VERBATIM = frozenset({"code", "samp", "tt"})
_NOTHING = Verbatim("")
"""Stands where a link or a superscript begins, so that no text joins across."""


@dataclass(slots=True)
class _Open:
    """What is open: a link, or a superscript, and where in the parts it began."""

    at: int
    href: str = ""
    label: str = ""
    title: str = ""


@dataclass(slots=True)
class Writer:
    """Writes the tokens of one paragraph, heading or cell into pieces."""

    kind: Kind
    line: int
    env: dict[str, Any]
    references: dict[str, Entry]
    pieces: list[Piece] = field(default_factory=list)
    _links: list[_Open] = field(default_factory=list)
    _superscripts: list[_Open] = field(default_factory=list)
    _hidden: str = ""
    _verbatim: str = ""
    _lines: int = 0
    _begins: bool = True
    _after: str = ""

    def write(self, tokens: Sequence[Token]) -> list[Piece]:
        """The pieces that the tokens make; those without text are left out."""
        self._begin(self.kind)
        for at, token in enumerate(tokens):
            self._after = tokens[at + 1].content[:2] if at + 1 < len(tokens) else ""
            self._write(token)
        for piece in self.pieces:
            piece.parts = joined([part for part in piece.parts if part != _NOTHING])
        return list(self._under_columns())

    def _under_columns(self) -> Iterator[Piece]:
        """The pieces that say something; the names of columns go to the rows below."""
        columns: tuple[str, ...] = ()
        for piece in self.pieces:
            cells = tuple(" ".join(cell.split()) for cell in piece.text.split("\t"))
            if piece.kind == "row" and piece.is_head and "\t" in piece.text:
                columns = cells
            elif piece.parts or piece.kind in ("open", "close"):
                if piece.kind == "row" and not piece.columns and len(cells) == len(columns):
                    piece.columns = columns
                yield piece

    @property
    def _piece(self) -> Piece:
        return self.pieces[-1]

    def _begin(self, kind: Kind | Literal["open", "close"], level: int = 0) -> None:
        self._close_all()
        self.pieces.append(Piece(kind, line=self.line + self._lines, level=level))
        self._begins = True

    def _close_all(self) -> None:
        self._links.clear()
        self._superscripts.clear()

    def _add(self, part: Part) -> None:
        if self._hidden:
            return
        if isinstance(part, str) and self._verbatim:
            part = Verbatim(part)
        if self._begins and isinstance(part, str):
            part = part.lstrip("\n")
        if isinstance(part, Cited):
            self._piece.endtext_of()
        if part != "" and self._begins:
            self._piece.line = self.line + self._lines
            self._begins = False
        self._piece.add(part)

    def _write(self, token: Token) -> None:
        content = token.content
        match token.type:
            case "text":
                self._add(without_marks(content))
            case "text_special":
                self._add(content)
            case "softbreak" | "hardbreak":
                self._add("\n")
                self._lines += 1
            case "code_inline":
                self._code(content)
            case "math":
                self._add(Verbatim(content))
            case "html_inline":
                self._tag(content)
                self._lines += content.count("\n")
            case "callout":
                self._begin("heading", LOWEST_LEVEL)
            case "callout_end":
                self._begin(self.kind)
                self._lines += content.count("\n")
            case "anchor":
                self._piece.anchor = content
            case _:
                self._write_cited(token)

    def _write_cited(self, token: Token) -> None:
        match token.type:
            case "wiki_link":
                content = token.content
                self._add(Cited((content,)) if content.isdecimal() else content)
            case "link_open":
                href, title = str(token.attrGet("href") or ""), str(token.attrGet("title") or "")
                self._open_link(href, title, str(token.meta.get("label", "")))
            case "link_close":
                self._close_link()
            case "footnote_ref":
                self._footnote(token.meta)
            case "citation":
                if token.meta["keys"]:
                    before = text_of(self._piece.parts[-4:])
                    self._cite(tuple(token.meta["keys"]), token.content, before)
            case "named_citation":
                self._named(token)

    def _code(self, content: str) -> None:
        """Code; behind a role, `{term}`, it is text, and may have its target in angle brackets."""
        last = self._piece.parts[-1] if self._piece.parts else None
        if isinstance(last, str) and (role := _ROLE.search(last)):
            self._piece.parts[-1] = last[: role.start()]
            if not role.start():
                del self._piece.parts[-1]
            target = _ROLE_TARGET.fullmatch(content)
            content = target[1] if target else content
        self._add(Verbatim(content))

    def _open_link(self, href: str, title: str = "", label: str = "") -> None:
        self._links.append(_Open(len(self._piece.parts), href, label, title))
        self._add(_NOTHING)  # so that no text joins across

    def _close_link(self) -> None:
        if not self._links:
            return
        link = self._links.pop()
        piece = self._piece
        inside, before = self._taken_from(link)
        text = text_of(inside)
        is_address = link.href.lower().startswith(("http://", "https://"))
        number = cited_by_link(
            text, link.href, link.label, before, is_raised=bool(self._superscripts)
        )
        if number and not self._verbatim:
            self._cite(number, text if "[" in text else f"[{text}]", before)
            if is_address and len(number) == 1:
                self.references.setdefault(number[0], Entry(link.title or link.href, link.href))
            return
        for part in inside:
            self._add(part)
        piece.linked += sum(map(str.isalnum, text))
        if is_address and piece.url is None:
            piece.url = link.href

    def _cite(self, numbers: tuple[str, ...], shown: str, before: str) -> None:
        """Cite; what is `shown` of it stays where a word would stand."""
        if shown and is_word(before, self._after):
            self._add(Verbatim(shown))
        self._add(Cited(numbers))

    def _footnote(self, meta: dict[str, Any]) -> None:
        footnotes = self.env["footnotes"]
        label = meta.get("label")
        if label is None:
            label = footnotes["list"][meta["id"]].get("number", "")
            self._add(Cited((label,)))
            return
        before = text_of(self._piece.parts[-4:])[-1:]
        is_defined = label in self.env["defined"]
        if is_defined or label.isdecimal() or (before.strip() and re.fullmatch(r"[\w-]+", label)):
            self._add(Cited((label,)))
        else:
            self._add(Verbatim(f"[^{label}]"))

    def _named(self, token: Token) -> None:
        key = token.meta["key"]
        if not self.env.get("cites_by_key"):
            self._add(without_marks(token.content))
            return
        if key.startswith(self.env["cross_references"]):
            self._add(key)
            return
        if is_key_a_word(text_of(self._piece.parts[-4:])):
            self._add(Verbatim(f"[{key}]"))
        self._add(Cited((key,)))

    def _tag(self, content: str) -> None:
        """What a tag of HTML does: begin a block, hide text, or nothing."""
        tag = _TAG.match(content)
        if not tag:
            return  # a comment, or an instruction
        closes, name = bool(tag[1]), tag[2].lower()
        ends = closes or content.endswith("/>")
        if self._hidden:
            if ends and name == self._hidden:
                self._hidden = ""
        elif name in _NO_TEXT:
            self._hidden = "" if ends else name
        elif name in _VERBATIM:
            self._verbatim = "" if ends else name
        else:
            self._tag_oftext_of(content, name, closes=closes)

    def _tag_oftext_of(self, content: str, name: str, *, closes: bool) -> None:
        if name == "sup":
            self._superscript(closes=closes)
        elif name == "a":
            href = _HREF.search(content)
            if closes:
                self._close_link()
            elif href:
                self._open_link(href[1])
        elif name == "br":
            self._add("\n" if "\n" in content else " ")
        else:
            self._block_tag(content, name, closes=closes)

    def _block_tag(self, content: str, name: str, *, closes: bool) -> None:
        kind = _KINDS.get(name)
        if name == "details":
            self._begin("close" if closes else "open")
            self._begin(self._outer)
        elif name in ("td", "th") and self._piece.kind == "row":
            if not closes:
                if self._piece.parts:
                    self._add("\t")
                self._piece.is_head = name == "th" and self._piece.is_head
        elif kind and not (self.kind == "row" and kind != "heading"):
            level = LOWEST_LEVEL if name == "summary" else int(name[1]) if name[0] == "h" else 0
            self._begin(self._outer if closes else kind, 0 if closes else level)
            self._piece.is_head = name in ("tr", "th") and not closes
            if not closes and (anchor := _ID.search(content)):
                self._piece.anchor = anchor[1]
        elif name in _BREAKS:
            if self.kind == "row":
                self._add(" ")
            else:
                self._begin(self._outer)

    @property
    def _outer(self) -> Kind:
        return "paragraph" if self.kind == "heading" else self.kind

    def _taken_from(self, begun: _Open) -> tuple[list[Part], str]:
        """The parts since something was opened, taken out, and the text before them."""
        parts = self._piece.parts
        inside = [part for part in parts[begun.at :] if part != _NOTHING]
        before = text_of(parts[max(0, begun.at - 4) : begun.at])
        del parts[begun.at :]
        return inside, before

    def _superscript(self, *, closes: bool) -> None:
        if not closes:
            self._superscripts.append(_Open(len(self._piece.parts)))
            self._add(_NOTHING)
            return
        if not self._superscripts:
            return
        begun = self._superscripts.pop()
        inside, before = self._taken_from(begun)
        text = text_of(inside)
        cited = [part for part in inside if isinstance(part, Cited)]
        if cited and not any(map(str.isalnum, text)):
            inside = [*cited]
        elif numbers := cited_by_superscript(text, before):
            inside = [Cited(numbers)]
        elif len(inside) == 1 and before[-1:].strip():
            inside = [Verbatim(raised(text))]
        for part in inside:
            self._add(part)
