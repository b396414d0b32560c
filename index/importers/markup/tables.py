"""Tables to rows: which cells stand in a row, and which name its columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.importers.markup.parsing import Element, tag_of

__all__ = ["Cell", "Grid", "is_layout", "read_grid"]

MAX_COLUMNS = 100
"""No cell spans more columns, nor rows beyond these."""

MAX_TITLE_CHARS = 200

_SENTENCE_ENDS = (".", "!", "?", "\u3002", "\uff01", "\uff1f", "\u061f")
_PARTS = frozenset(("thead", "tbody", "tfoot"))
_CELLS = frozenset(("td", "th"))
_LAID_OUT = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "form", "main", "article", "nav"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands in one row and column: here first, or spanning them from elsewhere."""

    element: Element
    spans: Literal["", "from above", "from before"] = ""

    @property
    def is_header(self) -> bool:
        return tag_of(self.element) == "th"


@dataclass(slots=True)
class Grid:
    """A table: by their elements the rows that name its columns, and those that say something."""

    header: dict[Element, list[Cell]] = field(default_factory=dict)
    rows: dict[Element, list[Cell]] = field(default_factory=dict)
    titles: set[Element] = field(default_factory=set)
    """Rows that say what the rows below them are."""
    width: int = 0
    place: str = ""
    """What a link to the table ends with."""


def is_layout(table: Element) -> bool:
    """Whether a table only sets paragraphs side by side, or below each other."""
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return True
    cells = 0
    rows = 0
    for row in _own_rows(table):
        rows += 1
        for cell in _cells(row):
            cells += 1
            if tag_of(cell) == "th":
                return False
            if any(tag_of(one) in _LAID_OUT for one in cell):
                return True
    return cells <= rows  # one column, or none


def read_grid(table: Element) -> Grid:
    """The grid of a table; a row that holds another table, or prose alone, is left out of it.

    A cell that spans rows stands in each of them; one that spans columns in the first.
    """
    grid = Grid()
    below: dict[int, _Reaching] = {}
    in_header = True
    for row in _own_rows(table):
        line, is_own = _line(row, below)
        grid.width = max(grid.width, len(line))
        if not is_own or any(_holds_table(cell) for cell in _cells(row)):
            continue
        own = [cell for cell in line if not cell.spans]
        all_headers = all(cell.is_header for cell in line)
        if in_header and ((len(own) > 1 and all_headers) or _is_head(row)):
            grid.header[row] = line
        elif all_headers or _is_title(own):
            grid.titles.add(row)
        elif len(own) == 1 and _span(own[0].element, "colspan") > 1:
            in_header = False  # prose from side to side is read as such
        else:
            in_header = False
            grid.rows[row] = line
    return grid


@dataclass(slots=True)
class _Reaching:
    """A cell that reaches down so many rows more, and whether this is its first column."""

    rows: int
    element: Element
    is_first: bool


def _line(row: Element, below: dict[int, _Reaching]) -> tuple[list[Cell], bool]:
    """The cells of a row with those that reach down to it, and whether it has any of its own."""
    line: list[Cell] = []
    cells = _cells(row)
    for cell in cells:
        _take_from_above(line, below)
        tall = _span(cell, "rowspan")
        wide = max(1, min(_span(cell, "colspan"), MAX_COLUMNS - len(line)))
        reaches = tall > 1 and len(line) < MAX_COLUMNS
        for column in range(len(line), len(line) + wide if reaches else 0):
            below[column] = _Reaching(tall - 1, cell, column == len(line))
        line.append(Cell(cell))
        line.extend(Cell(cell, "from before") for _ in range(wide - 1))
    if cells:
        _take_from_above(line, below)
    return line, bool(cells)


def _take_from_above(line: list[Cell], below: dict[int, _Reaching]) -> None:
    """Go on to the next column that no cell from above stands in."""
    while (reaching := below.get(len(line))) is not None:
        reaching.rows -= 1
        if not reaching.rows:
            del below[len(line)]
        line.append(Cell(reaching.element, "from above" if reaching.is_first else "from before"))


def _span(cell: Element, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return int(value) if value.isdecimal() and len(value) < 5 else 1


def _own_rows(table: Element) -> Iterator[Element]:
    for child in table:
        name = tag_of(child)
        if name == "tr":
            yield child
        elif name in _PARTS:
            yield from (row for row in child if tag_of(row) == "tr")


def _cells(row: Element) -> Sequence[Element]:
    return [cell for cell in row if tag_of(cell) in _CELLS]


def _is_title(own: Sequence[Cell]) -> bool:
    """Whether a row is one cell from side to side that says no sentence."""
    if len(own) != 1 or _span(own[0].element, "colspan") < 2:
        return False
    text = "".join(own[0].element.itertext()).strip()
    return len(text) <= MAX_TITLE_CHARS and not text.endswith(_SENTENCE_ENDS)


def _is_head(row: Element) -> bool:
    parent = row.getparent()
    return parent is not None and tag_of(parent) == "thead"


def _holds_table(cell: Element) -> bool:
    return next(cell.iter("{*}table"), None) is not None
