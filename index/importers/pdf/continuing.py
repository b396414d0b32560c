"""What goes on in the next column, or behind a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.importers.papers import is_caption
from index.importers.pdf.kinds import Told
from index.importers.pdf.paragraphs import BULLET, ends_sentence

__all__ = ["joined"]

_REFERRING = re.compile(
    r"(?:\(|,|\b(?:in|see|of|from|by|and|or|with|to|both|bei|in|siehe|und|voir|et|dans|en|y))$",
    re.IGNORECASE,
)


def joined(told: Sequence[Told]) -> list[Told]:
    """What goes on in the next column, or behind a figure, made one with its beginning."""
    made: list[Told] = []
    open_at: int | None = None
    for one in told:
        last = made[-1] if made else None
        before = made[open_at] if open_at is not None else None
        if one.kind == "heading":
            open_at = None
        elif last is not None and (_refers(last, one) or _goes_on_in_caption(last, one)):
            _join(last, one)
            continue
        elif one.kind in ("paragraph", "item"):
            if before is not None and _goes_on(before, one):
                _join(before, one)
                continue
            open_at = len(made)
        made.append(one)
    return made


def _join(before: Told, one: Told) -> None:
    before.lines.extend(one.lines)
    before.column = one.column


def _refers(before: Told, one: Told) -> bool:
    """Whether what looks like a caption is a figure that the end of a column speaks of."""
    return (
        one.kind == "caption"
        and before.kind in ("paragraph", "item")
        and before.column != one.column
        and bool(_REFERRING.search(before.lines[-1].text))
    )


def _goes_on_in_caption(before: Told, one: Told) -> bool:
    """Whether the end of a caption stands at the top of the next column."""
    return (
        before.kind == "caption"
        and one.kind == "paragraph"
        and before.column != one.column
        and is_caption(before.lines[0].text)
        and one.lines[0].text[:1].islower()
        and _goes_on(before, one)
    )


def _goes_on(before: Told, one: Told) -> bool:
    """Whether a paragraph has no end, and another could go on with it."""
    text = before.lines[-1].text
    if one.first or ends_sentence(text) or abs(before.lines[-1].size - one.lines[0].size) > 0.4:
        return False
    begins = one.lines[0].text.lstrip("\"'(\u201c\u2018[")[:1]
    if begins.islower():
        return True
    full = before.lines[-1].right > before.lines[-1].edges[1] - 2.5 * before.lines[-1].size
    return before.column != one.column and full and not BULLET.match(one.lines[0].text)
