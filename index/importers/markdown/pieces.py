"""Pieces: blocks in the making."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.importers.blocks import Cited, Kind, Part

__all__ = ["LOWEST_LEVEL", "Piece", "joined", "text_of"]

LOWEST_LEVEL = 7
"""The level of what serves as a heading and is none: a summary, a question in bold."""


def text_of(parts: Sequence[Part]) -> str:
    """What parts say, less citations."""
    return "".join(
        part if isinstance(part, str) else part.text
        for part in parts
        if not isinstance(part, Cited)
    )


@dataclass(slots=True)
class Piece:
    """A block in the making; `open` and `close` are the ends of what has headings of its own.

    `number` counts an item in its ordered list; `url` is the first address; `linked` counts the
    letters that are links' text; `list_id` is the list that it stands in; `is_head` tells a row of
    the names of columns.
    """

    kind: Kind | Literal["open", "close"]
    parts: list[Part] = field(default_factory=list)
    line: int = 1
    level: int = 0
    anchor: str = ""
    place: str = ""
    steps: int = 0
    columns: tuple[str, ...] = ()
    number: int = 0
    list_id: int = 0
    url: str | None = None
    linked: int = 0
    is_head: bool = False

    @property
    def text(self) -> str:
        """What it says, less citations."""
        return text_of(self.parts)

    def endtext_of(self) -> None:
        """Take off the space before a citation, which has no width."""
        if self.parts and isinstance(self.parts[-1], str):
            self.parts[-1] = self.parts[-1].rstrip(" \n")
            if not self.parts[-1]:
                del self.parts[-1]

    def add(self, part: Part) -> None:
        """Add text to the text before it, or what is no text."""
        if isinstance(part, str) and self.parts and isinstance(self.parts[-1], str):
            self.parts[-1] += part
        elif part != "":
            self.parts.append(part)


def joined(parts: Sequence[Part]) -> list[Part]:
    """Parts of which no two texts follow each other."""
    piece = Piece("paragraph")
    for part in parts:
        piece.add(part)
    return piece.parts
