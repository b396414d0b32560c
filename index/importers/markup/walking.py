"""A tree of elements to blocks, in one pass and without recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.entities import html5

from lxml import etree

from index.errors import CorpusError, Problem
from index.importers.blocks import MAX_BLOCKS, Block, Cited, Kind, Part, Verbatim, written
from index.importers.encodings import MAX_TEXT_CHARS
from index.importers.markup.contexts import (
    OPENING,
    TERM_LEVEL,
    Context,
    Treatment,
    ends_with_answer,
    inner_context,
)
from index.importers.markup.elements import (
    BLOCKS,
    HEADINGS,
    figures_of,
    is_empty,
    is_left_out,
    place_around,
    place_of,
)
from index.importers.markup.parsing import Element, tag_of
from index.importers.markup.parts import merged, on_one_line, row_of
from index.importers.markup.tables import Cell, Grid, is_layout, read_grid

__all__ = ["LEFT_OUT", "TERM_LEVEL", "Rule", "Treatment", "blocks_of", "text_of"]

MAX_REPEATED_CHARS = 200
"""What a cell that spans rows says is repeated in each of them, up to this length."""
_PLACED = frozenset("p li dt dd tr table figure blockquote pre details summary a span".split())
_GROUPS = frozenset(("section", "div", "article"))
_SAID: frozenset[Kind] = frozenset(("paragraph", "item", "row", "heading", "code"))
_QUOTED: frozenset[Kind] = frozenset(("paragraph", "item", "row"))


LEFT_OUT = Treatment(parts=())

Rule = Callable[[Element], Treatment | None]
"""Told an element on the way down; None leaves it to what HTML says."""


def _no_rule(_: Element) -> Treatment | None:
    return None


def blocks_of(file: str, root: Element, rule: Rule = _no_rule) -> list[Block]:
    """The blocks of an element; a heading without words ends what is under those of its level.

    Hidden elements are left out, as are scripts, controls and pictures; navigation, captions and
    code are told by their kinds. Raises CorpusError where it holds more than a document may.
    """
    walk = _Walk(file, rule)
    walk.over(root)
    return walk.blocks


def text_of(element: Element, rule: Rule = _no_rule) -> str:
    """What an element says, on one line, its citations left out. Raises CorpusError."""
    return " ".join(" ".join(map(written, blocks_of("text", element, rule))).split())


@dataclass(slots=True)
class _Walk:
    """Blocks in the making, and the block that is."""

    file: str
    rule: Rule
    keeps_signs: bool = False
    """Whether what has neither letter nor figure is a block, too."""
    blocks: list[Block] = field(default_factory=list)
    chars: int = 0
    line: int = 1
    lists: int = 0
    term: int = 0
    """The level of the term that the walk is under, 0 for none."""
    parts: list[Part] = field(default_factory=list)
    context: Context | None = None
    """That of the block, once it has text."""
    begun: int = 1
    has_break: bool = False
    own_place: str = ""
    group_place: str = ""
    section_place: str = ""
    cells: dict[Element, tuple[Part, ...]] = field(default_factory=dict)
    """What the cells say that span rows or columns."""

    def over(self, root: Element) -> None:
        """Walk over an element and all it holds."""
        first = self._enter(root, Context(root, ""))
        if first is None:
            return
        way: list[tuple[Context, Iterator[Element]]] = [(first, iter(root))]
        while way:
            context, children = way[-1]
            child = next(children, None)
            if child is None:
                way.pop()
                self._leave(context)
                if way:
                    self._add(context.element.tail, way[-1][0])
            elif inner := self._enter(child, context):
                way.append((inner, iter(child)))
            else:
                self._add(child.tail, context)
        self._end_block()

    def _enter(self, element: Element, outer: Context) -> Context | None:
        """Begin an element; None where its inside is not walked over."""
        self.line = max(self.line, element.sourceline or 0)
        if isinstance(element, etree._Entity):  # noqa: SLF001 - it has no other name
            self._add(html5.get(f"{element.name};", element.text), outer)
            return None
        treatment = self.rule(element)
        if treatment is not None and treatment.parts is not None:
            for part in treatment.parts:
                self._put(part, outer)
            return None
        name = (treatment.read_as if treatment else "") or tag_of(element)
        if name in BLOCKS or name == "hr":
            self._end_block()
        if not name or name == "hr" or self._is_taken(element, name, outer):
            return None
        context = self._counted(inner_context(element, name, treatment, outer))
        if context is not None:
            self._note_place(context, outer)
            self._add(element.text, context)
        return context

    def _counted(self, context: Context) -> Context | None:
        """The context of a list with its number, of a table with its rows; None for a row told."""
        element, name, grid = context.element, context.name, context.grid
        if name == "ol":
            self.lists += 1
            return replace(context, steps=self.lists)
        if name == "table" and not (context.is_fixed or is_layout(element)):
            return self._with_grid(context)
        if name == "tr" and grid is not None:
            if element in grid.header or element in grid.rows:
                self._add_row(context, grid)
                return None
            if element in grid.titles:
                return replace(context, kind="caption", is_fixed=True)
        return context

    def _leave(self, context: Context) -> None:
        if context.name in BLOCKS:
            self._end_block()
        level = context.term_level
        if context.name in OPENING and self.term >= level and ends_with_answer(context.element):
            self._append(Block("heading", (), self.line, self.section_place, level))
            self.term = level - 1 if level > TERM_LEVEL else 0

    def _is_taken(self, element: Element, name: str, outer: Context) -> bool:
        """Whether an element is done with: left out, a break, a raised number."""
        if name == "br":
            if self.has_break:
                self._end_block()  # two breaks set paragraphs apart
            elif self.parts:
                follows = (element.tail or "").lstrip(" \t")
                line = self.line
                self._put(" " if follows.startswith("\n") else "\n", outer)
                self.line, self.has_break = line, True
            return True
        if name in ("sup", "sub") and (figures := figures_of(element, name)):
            self._put(figures, outer)
            return True
        if name == "button" and outer.kind == "heading":  # it opens the answer
            return False
        return is_left_out(element, name)

    def _add(self, text: str | None, context: Context) -> None:
        """Add text of the source."""
        if text:
            self._put(Verbatim(text) if context.is_verbatim else text, context)

    def _put(self, part: Part, context: Context) -> None:
        if isinstance(part, Cited):
            self._begin(context)
            self.parts.append(part)
            return
        text = part if isinstance(part, str) else part.text
        if not text.isspace():
            self._begin(context)
            self.has_break = False
        if self.context is not None:
            self.parts.append(part)
            self._count(len(text))
        self.line += text.count("\n")

    def _begin(self, context: Context) -> None:
        if self.context is None:
            self.context = context
            self.begun = self.line

    def _count(self, chars: int) -> None:
        self.chars += chars
        if self.chars > MAX_TEXT_CHARS:
            reason = f"more than {MAX_TEXT_CHARS:,} characters of text; split the file"
            raise CorpusError([Problem(self.file, self.line, reason)])

    def _append(self, block: Block) -> None:
        if len(self.blocks) >= MAX_BLOCKS:
            reason = f"more than {MAX_BLOCKS:,} paragraphs, items and rows; split the file"
            raise CorpusError([Problem(self.file, self.line, reason)])
        self.blocks.append(block)

    def _end_block(self) -> None:
        context, parts = self.context, tuple(merged(self.parts))
        self.parts, self.context, self.has_break = [], None, False
        if context is None:
            return
        last = self.blocks[-1] if self.blocks else None
        has_words = any(map(str.isalnum, written(Block("paragraph", parts))))
        if not has_words and not self.keeps_signs:
            if last and last.kind in _QUOTED and any(isinstance(part, Cited) for part in parts):
                self.blocks[-1] = replace(last, parts=(*last.parts, *parts))
            return
        place = self.own_place or (self.group_place if context.kind == "heading" else "")
        self.own_place = self.group_place = ""
        if context.kind == "heading":
            is_term = context.level >= TERM_LEVEL
            self.term = context.level if is_term else 0
            self.section_place = place or (self.section_place if is_term else "")
        level = context.level if context.kind == "heading" else 0
        place = place or self.section_place
        self._append(Block(context.kind, parts, self.begun, place, level, context.steps))

    def _note_place(self, context: Context, outer: Context) -> None:
        """Note what leads to the block that begins here."""
        if self.context is not None and outer.kind != "heading":
            return
        element, name = context.element, context.name
        place = place_of(element)
        if not place:
            return
        if context.kind == "heading":
            if name in HEADINGS or not self.own_place:
                self.own_place = place
        elif name in _GROUPS:
            self.group_place = place
        elif name in _PLACED and (name not in ("a", "span") or is_empty(element)):
            self.own_place = place

    def _with_grid(self, table: Context) -> Context:
        """The context of a table, with its rows and the names of their columns."""
        grid = read_grid(table.element)
        grid.place = place_of(table.element) or place_around(table.element)
        if not grid.rows:
            return table
        names: list[list[str]] = [[] for _ in range(grid.width)]
        for line in grid.header.values():
            for column, cell in enumerate(line):
                name = " ".join(written(Block("row", self._cell(cell.element))).split())
                if name and name not in names[column]:
                    names[column].append(name)
        columns = tuple(map(" ".join, names)) if any(names) else ()
        return replace(table, grid=grid, columns=columns)

    def _add_row(self, row: Context, grid: Grid) -> None:
        """Make a row a block; those that name the columns, and empty ones, are none."""
        at = self.line
        cells = [self._shown(cell) for cell in grid.rows.get(row.element, ())]
        parts, begin, end = row_of(cells)
        if any(map(str.isalnum, written(Block("row", parts)))):
            place = place_of(row.element) or grid.place or self.section_place
            columns = row.columns[begin:end] if end <= len(row.columns) else ()
            self._append(Block("row", parts, at, place, columns=columns))

    def _shown(self, cell: Cell) -> tuple[Part, ...]:
        """What a cell says in one row and column."""
        if cell.spans == "from before":
            return ()
        parts = self._cell(cell.element)
        if not cell.spans:
            return parts
        length = len(written(Block("row", parts)))
        self._count(length if length <= MAX_REPEATED_CHARS else 0)
        return parts if length <= MAX_REPEATED_CHARS else ()

    def _cell(self, element: Element) -> tuple[Part, ...]:
        """What a cell says; what is no text of it, such as a caption, becomes a block by itself."""
        if (known := self.cells.get(element)) is not None:
            return known
        inside = _Walk(self.file, self.rule, keeps_signs=True, line=self.line)
        inside.over(element)
        self._count(inside.chars)
        parts: list[Part] = []
        for block in inside.blocks:
            if block.kind in _SAID:
                parts += [" ", *block.parts] if parts else block.parts
            else:
                self._append(block)
        cell = tuple(merged(on_one_line(parts)))
        if element.get("rowspan") or element.get("colspan"):
            self.cells[element] = cell
        return cell
