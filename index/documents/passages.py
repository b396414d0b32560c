"""A passage: one cited sentence of a document, at its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from index.documents.reading.questions import is_question

__all__ = ["CELL_END", "Passage"]

CELL_END = "\t"
"""Between the cells of a row of a table; no cell holds one."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One cited sentence of a document, an answer of a few, or a row of a table.

    `line` counts from 1 in the source file; `citations` are the numbers as printed, in order;
    `text` is the source minus its citation markers, and offsets anywhere in Footnote index it;
    `section` are the headings that it stands under, the outermost first. `place` is where in the
    source it stands: "#History" is what a link to it ends with, "page 3" what to turn to. The text
    of a row are its cells with CELL_END between them, and `columns` their names, as many or none.
    """

    document: str
    line: int
    text: str
    citations: tuple[str, ...] = ()
    flags: tuple[str, ...] = field(default=(), compare=False)
    section: tuple[str, ...] = ()
    place: str = ""
    columns: tuple[str, ...] = ()

    @property
    def surroundings(self) -> tuple[str, ...]:
        """What stands beside its text and finds it, too: its headings and columns."""
        return self.section + self.columns

    @property
    def question(self) -> str | None:
        """The heading that it stands under where that asks, so that it is an answer; else None."""
        is_answer = self.section and not self.columns and is_question(self.section[-1])
        return self.section[-1] if is_answer else None

    def as_json(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "line": self.line,
            "citations": list(self.citations),
            "text": self.text,
            "section": list(self.section),
            "place": self.place,
            "columns": list(self.columns),
        }
