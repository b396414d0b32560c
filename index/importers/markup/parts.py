"""The parts of a block, put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, takewhile

from index.importers.blocks import Cited, Part, Verbatim

__all__ = ["merged", "on_one_line", "row_of"]


def merged(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts, texts that follow each other made one."""
    for kind, run in groupby(parts, key=type):
        if kind is str:
            yield "".join(part for part in run if isinstance(part, str))
        elif kind is Verbatim:
            yield Verbatim("".join(part.text for part in run if isinstance(part, Verbatim)))
        else:
            yield from run


def on_one_line(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts of a cell, without white space around it and tabs within."""
    last = len(parts) - 1
    for at, part in enumerate(parts):
        if isinstance(part, Cited):
            yield part
            continue
        text = (part if isinstance(part, str) else part.text).replace("\t", " ")
        text = text.lstrip() if at == 0 else text
        text = text.rstrip() if at == last else text
        if text:
            yield text if isinstance(part, str) else Verbatim(text)


def row_of(cells: Sequence[Sequence[Part]]) -> tuple[tuple[Part, ...], int, int]:
    """The parts of a row, a tab between its cells, from its first cell that has text to its last.

    Returns them, and where among the cells they begin and end. A number stands behind the text of
    its cell, and that of a cell without text behind the cell before.
    """
    with_text = [at for at, cell in enumerate(cells) if any(not isinstance(p, Cited) for p in cell)]
    if not with_text:
        return (), 0, 0
    begin, end = with_text[0], with_text[-1] + 1
    row: list[Part] = []
    cited: list[Part] = []
    for at, cell in enumerate(cells):
        leading = list(takewhile(lambda part: isinstance(part, Cited), cell))
        cited += leading
        if len(leading) < len(cell):
            row += ["\t"] if at > begin else []
            row += [*cell[len(leading) :], *cited]
        else:
            row += cited if row else []
            row += ["\t"] if begin < at < end else []
        if row:
            cited = []
    return tuple(row), begin, end
