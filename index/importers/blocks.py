"""What an importer makes of a file: blocks of text, each of a kind, and what the numbers stand for.

An importer knows its format and nothing of sentences; `documents/assembling.py` reads the sentences
and the printed markers, for all formats alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

__all__ = [
    "KINDS",
    "MAX_BLOCKS",
    "Block",
    "Cited",
    "Entry",
    "Imported",
    "Kind",
    "Part",
    "Verbatim",
    "written",
]

Kind = Literal[
    "heading",
    "paragraph",
    "item",
    "row",
    "caption",
    "code",
    "reference",
    "front matter",
    "navigation",
    "furniture",
]
"""`furniture` is what a page repeats: its running head and foot, its number."""

KINDS: tuple[Kind, ...] = get_args(Kind)
MAX_BLOCKS = 20_000
"""The most blocks of one file; an importer refuses more."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation that the format itself marks, where it stands in the text; it prints nothing.

    `numbers` are those that a reader of the file sees: `("3",)`, `("note 1",)`, `("smith2020",)`.
    """

    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Text in which nothing is a printed marker: code within a sentence, a formula."""

    text: str


Part = str | Verbatim | Cited


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a file that is read together.

    `parts` are its text less all syntax; a line break in a text stands for one of the source, and
    for a space. `line` counts from 1, in the source where it has lines, else over the blocks.
    `place` is what a link to it ends with, `#History`, or `page 3`. `level` is a heading's, from 1;
    one without words ends what is under those of its level.
    `steps` numbers the ordered list that an item is a step of, 0 for none. In a
    row a tab stands between the cells, and `columns` are their names, as many or none.
    """

    kind: Kind
    parts: tuple[Part, ...]
    line: int = 1
    place: str = ""
    level: int = 0
    steps: int = 0
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a number stands for, as the file says it: its words, and an address where it has one."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """A file as it was understood. `references` are by number, as `Cited` and markers print it.

    `prints_markers` is False where all citations are `Cited`, so that brackets are text.
    """

    blocks: tuple[Block, ...]
    references: Mapping[str, Entry] = field(default_factory=dict)
    title: str | None = None
    language: str | None = None
    licence: str | None = None
    source_url: str | None = None
    prints_markers: bool = True
    warnings: tuple[str, ...] = ()


def written(block: Block) -> str:
    """The text of a block, its citations left out."""
    return "".join(
        part if isinstance(part, str) else part.text
        for part in block.parts
        if not isinstance(part, Cited)
    )
