"""A passage: one cited sentence of a document, at its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Passage"]


@dataclass(frozen=True, slots=True)
class Passage:
    """One cited sentence of a document.

    `line` counts from 1 in the source file; `citations` are the numbers as printed, in order;
    `text` is the source minus its citation markers, and offsets anywhere in Footnote index it;
    `section` are the headings that it stands under, the outermost first.
    """

    document: str
    line: int
    text: str
    citations: tuple[str, ...] = ()
    flags: tuple[str, ...] = field(default=(), compare=False)
    section: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "line": self.line,
            "citations": list(self.citations),
            "text": self.text,
            "section": list(self.section),
        }
