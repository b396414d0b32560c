"""What holds for all that an element holds."""

from __future__ import annotations

from dataclasses import dataclass

from index.importers.blocks import Kind, Part
from index.importers.markup.elements import HEADINGS, KINDS, VERBATIM, fixed_kind
from index.importers.markup.parsing import Element, tag_of
from index.importers.markup.tables import Grid

__all__ = ["OPENING", "TERM_LEVEL", "Context", "Treatment", "ends_with_answer", "inner_context"]

TERM_LEVEL = 90
"""The level of a term or a summary, under all headings; those within others are deeper."""
DEEPEST_LEVEL = 98
OPENING = frozenset(("dl", "details"))
"""What ends the headings in it."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is made of an element, where its name does not say it.

    `parts` stand in its place and in that of all it holds. Else it is read as the element of HTML
    that is called `read_as`; `kind` is that of every block in it, `level` that of a heading.
    """

    parts: tuple[Part, ...] | None = None
    read_as: str = ""
    kind: Kind | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for all that an element holds."""

    element: Element
    name: str
    kind: Kind = "paragraph"
    is_fixed: bool = False
    level: int = 0
    steps: int = 0
    depth: int = 0
    is_verbatim: bool = False
    grid: Grid | None = None
    columns: tuple[str, ...] = ()

    @property
    def term_level(self) -> int:
        """The level of the terms of the list that this is, or stands in."""
        return min(TERM_LEVEL + self.depth - 1, DEEPEST_LEVEL)


def inner_context(
    element: Element, name: str, treatment: Treatment | None, outer: Context
) -> Context:
    """The context of what an element holds."""
    kind, is_fixed, level = outer.kind, outer.is_fixed, outer.level
    own = treatment.kind if treatment else None
    if not is_fixed:
        if fixed := own or fixed_kind(element, name):
            kind, is_fixed = fixed, True
        elif name in KINDS and kind != "heading" and (kind != "front matter" or name in HEADINGS):
            kind = KINDS[name]
            level = HEADINGS.get(name, 0)
    depth = outer.depth + (name in OPENING)
    if kind == "heading" and outer.kind != "heading":
        level = treatment.level if treatment and treatment.level else level
        # A heading within an answer stands under what was asked.
        level = (
            level if level and not depth else min(TERM_LEVEL + depth - (not level), DEEPEST_LEVEL)
        )
    return Context(
        element,
        name,
        kind,
        is_fixed,
        level,
        0 if name in ("ul", "dl") else outer.steps,
        depth,
        outer.is_verbatim or name in VERBATIM,
        None if name == "table" else outer.grid,
        outer.columns,
    )


def ends_with_answer(element: Element) -> bool:
    """Whether what follows a list of terms is none of their answers."""
    last = next((tag_of(child) for child in reversed(element) if tag_of(child)), "")
    return last != "dt"
