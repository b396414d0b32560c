"""Tokens to pieces: what is a heading, an item, a row, a footnote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it.token import Token

from index.importers.blocks import Block, Entry, Kind, Verbatim, written
from index.importers.entries import address_in
from index.importers.markdown.headings import bold_heading, is_heading_line
from index.importers.markdown.parser import Parsed, parse
from index.importers.markdown.pieces import LOWEST_LEVEL, Piece, joined
from index.importers.markdown.writing import Writer

__all__ = ["Collector"]

MAX_PARTS = 3
"""Parts of a text that are Markdown again, such as a note in a fence, nest so deep."""

_TASK = re.compile(r"\[[ xX]\]\s+")
_TEXT_FENCE = re.compile(
    r"\{(?:note|warning|tip|important|hint|caution|danger|error|attention|seealso|admonition"
    r"|topic|sidebar|versionadded|versionchanged|deprecated|epigraph|dropdown|tab-item|card)\}.*"
)
"""MyST's fences around text."""
_OPTION = re.compile(r":[\w-]+:(?:[ \t].*)?")
_SPACES = re.compile(r"\s+")
_PIPED = re.compile(r"\s*[|+].*")


@dataclass(slots=True)
class _List:
    """A list that is open: whose steps its items are, and the number of the last."""

    steps: int
    is_ordered: bool
    number: int


@dataclass(slots=True)
class _Table:
    """A table: the names of its columns, the row that is being read, and the part of it."""

    columns: list[str] = field(default_factory=list)
    row: Piece | None = None
    is_head: bool = True
    in_cell: bool = False
    cells: int = 0


@dataclass(slots=True)
class Collector:
    """Goes through the tokens of a file, and collects its pieces and references."""

    file: str
    env: dict[str, Any]
    pieces: list[Piece] = field(default_factory=list)
    references: dict[str, Entry] = field(default_factory=dict)
    _before: int = 0
    _level: int = 0
    _lists: list[_List] = field(default_factory=list)
    _list_id: int = 0
    _steps: int = 0
    _table: _Table = field(default_factory=_Table)
    _is_term: bool = False
    _definitions: int = 0
    _term: Piece | None = None
    _notes: list[tuple[str, list[Piece]]] = field(default_factory=list)

    def read(self, parsed: Parsed, before: int = 0, depth: int = 0) -> None:
        """Add the pieces of a text that begins behind so many lines."""
        outer, self._before = self._before, before
        self._number_inline_notes()
        for token in parsed.tokens:
            kind = token.type
            if kind == "inline":
                self._inline(token)
            elif kind in ("fence", "code_block"):
                self._code(token, depth)
            elif kind == "heading_open":
                self._level = int(token.tag[1])
            elif kind in ("blockquote_open", "aside_open"):
                self.pieces.append(Piece("open"))
            elif kind in ("blockquote_close", "aside_close"):
                self.pieces.append(Piece("close"))
            elif kind.startswith("footnote_reference"):
                self._note(token)
            elif not self._list_token(token):
                self._table_token(token)
        self._before = outer

    def read_inline_notes(self) -> None:
        """Add the notes that stand within the text, `^[words]`."""
        for note in self.env["footnotes"]["list"].values():
            if "number" in note:
                writer = Writer("reference", note.get("line", 1), self.env, self.references)
                self._refer(note["number"], writer.write(note["tokens"]))

    def _number_inline_notes(self) -> None:
        notes = self.env["footnotes"]
        taken = {label.removeprefix(":") for label in notes["refs"]}
        count = 0
        for note in notes["list"].values():
            if "label" not in note and "number" not in note:
                count += 1
                while str(count) in taken:
                    count += 1
                note["number"] = str(count)
                taken.add(str(count))

    def _list_token(self, token: Token) -> bool:
        """Open or close a list or what is in it."""
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                is_ordered = token.type == "ordered_list_open"
                outer = self._lists[-1].steps if self._lists else 0
                if is_ordered and not outer:
                    self._steps += 1
                    outer = self._steps
                self._list_id += not self._lists
                start = int(token.attrGet("start") or 1) if is_ordered else 1
                self._lists.append(_List(outer, is_ordered, start - 1))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._lists[-1].number += 1
            case "dt_open" | "dl_close":
                self._is_term = token.type == "dt_open"
                self._end_term()
            case "dd_open" | "dd_close":
                self._definitions += token.nesting
            case "list_item_close":
                pass
            case _:
                return False
        return True

    def _end_term(self) -> None:
        if self._term:  # a term of which nothing is said
            self.pieces.append(self._term)
            self._term = None

    def _table_token(self, token: Token) -> None:
        match token.type:
            case "table_open":
                self._table = _Table()
            case "thead_close":
                self._table.is_head = False
            case "tr_open" if not self._table.is_head:
                line = self._line(token)
                self._table.cells = 0
                self._table.row = Piece("row", line=line, columns=tuple(self._table.columns))
            case "th_open" | "td_open":
                self._table.in_cell = True
                if self._table.row and token.type == "td_open" and self._table.cells:
                    self._table.row.add("\t")
                self._table.cells += 1
            case "th_close" | "td_close":
                self._table.in_cell = False
            case "tr_close" if self._table.row:
                self.pieces.append(self._table.row)
                self._table.row = None

    def _line(self, token: Token) -> int:
        return self._before + (token.map[0] + 1 if token.map else 1)

    def _write(self, kind: Kind, tokens: Sequence[Token], line: int) -> list[Piece]:
        return Writer(kind, line, self.env, self.references).write(tokens)

    def _inline(self, token: Token) -> None:
        """The text of a paragraph, a heading or a cell, or HTML."""
        tokens, line = token.children or [], self._line(token)
        level, self._level = self._level, 0
        if token.meta.get("is_title"):
            level = LOWEST_LEVEL
        if level:
            self._add_heading(self._write("heading", tokens, line), level)
        elif self._table.in_cell:
            self._cell(self._write("row", tokens, line))
        elif self._is_term:
            self._is_term = False
            self._term = next(iter(self._write("item", tokens, line)), None)
        else:
            self._paragraph(token, tokens, line)

    def _cell(self, pieces: Sequence[Piece]) -> None:
        """The text of a cell, on one line."""
        parts = [part for piece in pieces for part in piece.parts]
        table = self._table
        if table.row is None:
            table.columns.append(" ".join(written(Block("row", tuple(parts))).split()))
            return
        for part in parts:
            table.row.add(_SPACES.sub(" ", part) if isinstance(part, str) else part)

    def _add_heading(self, pieces: Sequence[Piece], level: int) -> None:
        for at, piece in enumerate(pieces):
            if piece.kind == "heading" and not at:
                piece.level = level
            self.pieces.append(piece)

    def _paragraph(self, token: Token, tokens: list[Token], line: int) -> None:
        kind: Kind = "item" if self._lists or self._definitions else "paragraph"
        is_html = bool(token.meta.get("is_html"))
        if self._lists and tokens and tokens[0].type == "text":
            tokens[0].content = _TASK.sub("", tokens[0].content, count=1)
        if not is_html:
            alone = not (self._lists or self._definitions or self._notes)
            if split := bold_heading(tokens, alone=alone):
                end, rest = split
                self._add_heading(self._write("heading", tokens[:end], line), LOWEST_LEVEL)
                lines = sum(token.type.endswith("break") for token in tokens[: rest + 1])
                line, tokens = line + lines, tokens[rest + 1 :]
            elif alone and (hashed := is_heading_line(token.content)):
                tokens[0].content = tokens[0].content.lstrip("#")
                self._add_heading(self._write("heading", tokens, line), len(hashed[1]))
                return
            elif alone and all(map(_PIPED.fullmatch, token.content.split("\n"))):
                self._piped(token.content, line)
                return
        for piece in self._write(kind, tokens, line):
            self._add_paragraph(piece)

    def _add_paragraph(self, piece: Piece) -> None:
        """Add a piece; a term stands before what is said of it."""
        if self._term and piece.kind == "item":
            term, self._term = self._term, None
            piece.parts = joined([*term.parts, "\n: ", *piece.parts])
            piece.line = term.line
        if self._lists and piece.kind == "item":
            innermost = self._lists[-1]
            piece.steps, piece.list_id = innermost.steps, self._list_id
            piece.number = innermost.number if innermost.is_ordered else 0
        self.pieces.append(piece)

    def _piped(self, content: str, line: int) -> None:
        """Rows of a table that CommonMark does not know, or the lines of a verse."""
        for below, text in enumerate(content.split("\n")):
            cells = [cell.strip() for cell in text.strip().strip("|+").split("|")]
            if any(map(str.isalnum, text)):
                tokens = self._parsed_line("\t".join(cells))
                self.pieces.extend(self._write("row", tokens, line + below))

    def _parsed_line(self, text: str) -> list[Token]:
        tokens = parse(self.file, text, self.env).tokens
        return next((token.children or [] for token in tokens if token.type == "inline"), [])

    def _code(self, token: Token, depth: int) -> None:
        """Code; and a fence of MyST around text, whose text is read."""
        line = self._line(token)
        if not (depth < MAX_PARTS and token.type == "fence" and _TEXT_FENCE.fullmatch(token.info)):
            self.pieces.append(Piece("code", [Verbatim(token.content)], line))
            return
        lines = token.content.split("\n")
        options = next((at for at, text in enumerate(lines) if not _OPTION.fullmatch(text)), 0)
        self.pieces.append(Piece("open"))
        title = token.info.partition("}")[2].strip()
        if title:
            self._add_heading(self._write("heading", self._parsed_line(title), line), LOWEST_LEVEL)
        text = "\n" * options + "\n".join(lines[options:])
        outer = self._lists, self._term
        self._lists, self._term = [], None
        self.read(parse(self.file, text, self.env), line, depth + 1)
        self._lists, self._term = outer
        self.pieces.append(Piece("close"))

    def _note(self, token: Token) -> None:
        """Begin or end what a footnote says."""
        if token.type == "footnote_reference_open":
            self._notes.append((token.meta["label"], self.pieces))
            self.pieces = []
        elif self._notes:
            note, (label, self.pieces) = self.pieces, self._notes.pop()
            self._refer(label, note)

    def _refer(self, label: str, note: Sequence[Piece]) -> None:
        """Add what a footnote says to what is left out, and to what its label stands for."""
        told = [piece for piece in note if piece.kind not in ("open", "close")]
        for piece in told:
            piece.kind = "code" if piece.kind == "code" else "reference"
            piece.level = piece.steps = 0
            self.pieces.append(piece)
        words = " ".join(" ".join(piece.text for piece in told if piece.kind != "code").split())
        url = next((piece.url for piece in told if piece.url), None) or address_in(words)
        if words or url:
            self.references.setdefault(label, Entry(words or url or "", url))
