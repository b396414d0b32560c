"""A plain text to blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from index.errors import CorpusError, refusal
from index.importers.blocks import MAX_BLOCKS, Block, Imported, Kind
from index.importers.encodings import MAX_TEXT_CHARS, decode
from index.importers.text.joining import vocabulary_of
from index.importers.text.kinds import Kinds, kinds_of
from index.importers.text.lines import LINE_ENDS, Line, layout_of, lines_of
from index.importers.text.pages import told_apart
from index.importers.text.paragraphs import chunks_of
from index.importers.text.pieces import Piece, pieces_of
from index.importers.text.references import References, listed_entries, with_labels
from index.importers.text.tables import header_of, table_of

__all__ = ["read"]

MAX_LINES = 200_000
"""The most lines of one file; each takes more memory than its text."""

_CITING: frozenset[Kind] = frozenset({"paragraph", "item", "row", "caption"})


def read(file: str, content: bytes) -> Imported:
    """The blocks of a text: paragraphs, items and rows, and what is left out, with its kind.

    Raises CorpusError for bytes in no known encoding, and for what is too much for one file.
    """
    text, warnings = decode(file, content)
    if len(text) > MAX_TEXT_CHARS:
        raise _too_much(file, 1, f"{len(text):,} characters; {MAX_TEXT_CHARS:,} are the most")
    if sum(map(text.count, LINE_ENDS)) > MAX_LINES:
        raise _too_much(file, MAX_LINES + 1, f"more than {MAX_LINES:,} lines")
    lines, furniture = told_apart(lines_of(text))
    layout = layout_of(lines)
    chunks = chunks_of(lines, layout)
    if len(chunks) > MAX_BLOCKS:
        beyond = chunks[MAX_BLOCKS].first.number
        raise _too_much(file, beyond, f"more than {MAX_BLOCKS:,} paragraphs, items and rows")
    pieces = pieces_of(chunks, layout, vocabulary_of(text))
    told = kinds_of(pieces, layout)
    known = _references(pieces, told)
    blocks = [*_blocks(pieces, told, known.labels), *map(_repeated, furniture)]
    if len(blocks) > MAX_BLOCKS:
        beyond = blocks[MAX_BLOCKS].line
        raise _too_much(file, beyond, f"more than {MAX_BLOCKS:,} paragraphs, items and rows")
    blocks.sort(key=lambda block: block.line)
    return Imported(tuple(blocks), known.entries, told.title, warnings=warnings)


def _too_much(file: str, line: int, what: str) -> CorpusError:
    return refusal(file, f"{what}; part it into files of their own", line)


def _references(pieces: Sequence[Piece], told: Kinds) -> References:
    carets = [piece for piece in pieces if piece.form == "caret"]
    within = {at for found in told.lists for at in found}
    outside = [
        piece for at, piece in enumerate(pieces) if piece.form == "caret" and at not in within
    ]
    lists = [[pieces[at] for at in found] for found in told.lists]
    if outside:
        lists.append(carets)
    citing = [piece for piece, kind in zip(pieces, told.kinds, strict=True) if kind in _CITING]
    return listed_entries(lists, citing)


def _repeated(line: Line) -> Block:
    return Block("furniture", (line.text,), line.number, _place(line))


def _place(line: Line) -> str:
    return f"page {line.page}" if line.page else ""


def _blocks(pieces: Sequence[Piece], told: Kinds, labels: frozenset[str]) -> Iterator[Block]:
    steps = _steps(pieces, told)
    at = 0
    while at < len(pieces):
        piece, kind = pieces[at], told.kinds[at]
        if kind == "row":
            end = at + 1
            while (
                piece.form == "row"
                and end < len(pieces)
                and told.kinds[end] == "row"
                and pieces[end].form == "row"
            ):
                end += 1
            yield from _rows(pieces[at:end], labels)
            at = end
            continue
        line = piece.chunk.first
        text = piece.body if kind == "item" else piece.text
        parts = with_labels(text, labels) if kind in _CITING else (text,)
        level = told.levels.get(at, 1) if kind == "heading" else 0
        yield Block(kind, parts, line.number, _place(line), level, steps.get(at, 0))
        at += 1


def _rows(pieces: Sequence[Piece], labels: frozenset[str]) -> Iterator[Block]:
    """The rows of a table: drawn in one piece, or with tabs in several."""
    line = pieces[0].chunk.first
    if pieces[0].form == "table":
        table = table_of(pieces[0].chunk.lines)
        if table is None:
            yield Block("code", (pieces[0].text,), line.number, _place(line))
            return
        rows, columns = table.rows, table.columns
    else:
        cells = [tuple(cell.strip() for cell in piece.text.split("\t")) for piece in pieces]
        columns = header_of(cells)
        rows = tuple(zip((piece.line for piece in pieces), cells, strict=True))[bool(columns) :]
    for number, row in rows:
        yield Block(
            "row", with_labels("\t".join(row), labels), number, _place(line), columns=columns
        )


def _steps(pieces: Sequence[Piece], told: Kinds) -> dict[int, int]:
    """Which ordered list each numbered item is a step of."""
    found: dict[int, int] = {}
    lists = 0
    for is_step, group in groupby(
        range(len(pieces)), key=lambda at: told.kinds[at] == "item" and bool(pieces[at].number)
    ):
        if is_step:
            lists += 1
            found.update(dict.fromkeys(group, lists))
    return found
