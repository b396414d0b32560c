"""Questions that a document itself answers: headings that ask, and lines of `Q:` and `A:`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.importers.blocks import Block, written

__all__ = ["QUESTION_LEVEL", "holds_questions", "is_question", "questions_told"]

QUESTION_LEVEL = 99
"""The level of a question without one: under all headings."""

_QUESTION_SIGNS = "?\uff1f\u061f\u037e"
_SIGN = r"\s?\d{0,3}\s?[:.)\uff1a]\s*"
_ASKS = re.compile(
    rf"\s*(?:q(?:uestion)?|f(?:rage)?|p(?:regunta)?|\uc9c8\ubb38|\ubb38|\u8cea\u554f|\u554f|\u95ee){_SIGN}(?=\S)",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    rf"\s*(?:a(?:nswer|ntwort)?|r(?:[e\u00e9]ponse|espuesta)?|\ub2f5\ubcc0|\ub2f5|\u56de\u7b54|\u7b54){_SIGN}(?=\S)",
    re.IGNORECASE,
)


def is_question(heading: str) -> bool:
    """Whether a heading asks."""
    return heading.rstrip(" \t\"'\u201d\u2019)*_").endswith(tuple(_QUESTION_SIGNS))


def holds_questions(lines: Iterable[str]) -> bool:
    """Whether lines are questions and answers, marked so: two pairs at least."""
    pairs = 0
    asked = False
    for line in lines:
        pairs += asked and bool(_ANSWERS.match(line))
        asked = bool(_ASKS.match(line))
    return pairs > 1


def questions_told(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, with each `Q: … A: …` made a heading that asks and the paragraph that answers.

    Question and answer stand in one block, on lines of their own, or in two that follow.
    """
    answering = False
    for at, block in enumerate(blocks):
        first = block.parts[0] if block.parts else None
        if block.kind not in ("paragraph", "item") or not isinstance(first, str):
            answering = False
            yield block
            continue
        if answering and (begins := _ANSWERS.match(first)):
            answering = False
            yield replace(block, parts=(first[begins.end() :], *block.parts[1:]), steps=0)
            continue
        answering = False
        asks = _ASKS.match(first)
        if not asks:
            yield block
        elif parted := _parted(block, first, asks.end()):
            yield from parted
        elif at + 1 < len(blocks) and _begins_answer(blocks[at + 1]):
            answering = True
            parts = (first[asks.end() :], *block.parts[1:])
            yield replace(block, kind="heading", parts=parts, level=QUESTION_LEVEL, steps=0)
        else:
            yield block


def _begins_answer(block: Block) -> bool:
    return block.kind in ("paragraph", "item") and bool(_ANSWERS.match(written(block)))


def _parted(block: Block, first: str, begin: int) -> tuple[Block, Block] | None:
    """Question and answer of one block, where the answer begins on a line of its own."""
    at = 0
    for line in first.splitlines(keepends=True):
        if at and (answers := _ANSWERS.match(first, at)):
            question = replace(
                block, kind="heading", parts=(first[begin:at],), level=QUESTION_LEVEL, steps=0
            )
            parts = (first[answers.end() :], *block.parts[1:])
            below = block.line + first.count("\n", 0, answers.end())
            return question, replace(block, parts=parts, line=below, steps=0)
        at += len(line)
    return None
