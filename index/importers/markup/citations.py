"""Citations that a format marks one by one, as the one citation that they are printed as."""

from __future__ import annotations

import re
from dataclasses import replace

from index.importers.blocks import Block, Cited, Part

__all__ = ["with_citations_joined"]

_OPEN = re.compile(r"[\[(]\s?$")
_COMMA = re.compile(r"\s?[,;]\s?")
_BRACKETS = re.compile(r"(\]?)(\s?[,;\u2010-\u2014-]\s?)(\[?)")
_CLOSING = {"[": "]", "(": ")"}


def with_citations_joined(block: Block) -> Block:
    """A block whose citations are one where commas or dashes hold them together.

    A dash makes `3–7` of two. The brackets that hold nothing but citations are taken away.
    """
    if not any(isinstance(part, Cited) for part in block.parts):
        return block
    parts: list[Part] = []
    for part in block.parts:
        if (isinstance(part, Cited) and not _joined(parts, part)) or not isinstance(part, Cited):
            parts.append(part)
    for at in range(1, len(parts) - 1):
        before, after = parts[at - 1], parts[at + 1]
        if not (
            isinstance(parts[at], Cited) and isinstance(before, str) and isinstance(after, str)
        ):
            continue
        opening, behind = _OPEN.search(before), after.lstrip()
        if opening and behind.startswith(_CLOSING[opening[0][0]]):
            parts[at - 1], parts[at + 1] = before[: opening.start()], behind[1:]
    return replace(block, parts=tuple(part for part in parts if part != ""))


def _joined(parts: list[Part], cited: Cited) -> bool:
    """Whether a citation was added to the one before it."""
    if len(parts) < 2:
        return False
    before, between = parts[-2], parts[-1]
    if not (isinstance(before, Cited) and isinstance(between, str)):
        return False
    held = _BRACKETS.fullmatch(between)
    if held is None or bool(held[1]) != bool(held[3]):
        return False
    first, last = before.numbers[-1], cited.numbers[0]
    if _COMMA.fullmatch(held[2]):
        numbers = (*before.numbers, *cited.numbers)
    elif first.isdecimal() and last.isdecimal():
        numbers = (*before.numbers[:-1], f"{first}{held[2].strip()}{last}", *cited.numbers[1:])
    else:
        return False
    parts[-2:] = [Cited(numbers)]
    return True
