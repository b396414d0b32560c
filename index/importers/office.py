"""Trees that word processors and e-books give, to what is imported: notes, references, captions."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from index.importers.blocks import Block, Cited, Entry, written
from index.importers.markup.citations import with_citations_joined
from index.importers.markup.contexts import Treatment
from index.importers.markup.notes import Notes, find_notes
from index.importers.markup.parsing import Element, tag_of
from index.importers.markup.walking import Rule, blocks_of
from index.importers.papers import front_matter_told, is_caption, letters_told, references_told
from index.importers.raised import Named, cited_by

__all__ = ["Reading", "blocks_in"]

_MARKER = re.compile(r"\[\d{1,3}(?:\s?[,;\u2013-]\s?\d{1,3})*\]")
MIN_MARKERS = 3
"""A document with so many numbers in brackets cites by them, and by no raised ones."""

Reading = tuple[list[Block], dict[str, Entry], bool]
"""Blocks, what their numbers stand for, and whether numbers in brackets are citations, too."""


def blocks_in(
    file: str, root: Element, notes: Notes | None = None, also: Rule | None = None
) -> Reading:
    """The blocks of a tree; `also` tells what the format's own elements are. Raises CorpusError."""
    notes = find_notes(root) if notes is None else notes
    blocks, entries = _told(file, root, _rule(notes, also, ()))
    cites_in_brackets = _markers(blocks) >= MIN_MARKERS
    raised = () if cites_in_brackets else entries
    if entries and notes.numbers:
        _rename(notes)
    if raised or (entries and notes.numbers):
        blocks, entries = _told(file, root, _rule(notes, also, raised))
    references = {**notes.references, **entries}
    marked = any(isinstance(part, Cited) for block in blocks for part in block.parts)
    return letters_told(blocks, references), references, bool(cites_in_brackets or not marked)


def _told(file: str, root: Element, rule: Rule) -> tuple[list[Block], dict[str, Entry]]:
    blocks = [_captioned(with_citations_joined(block)) for block in blocks_of(file, root, rule)]
    return references_told(front_matter_told(blocks))


def _captioned(block: Block) -> Block:
    is_one = block.kind == "paragraph" and is_caption(written(block))
    return replace(block, kind="caption") if is_one else block


def _markers(blocks: Sequence[Block]) -> int:
    return sum(
        len(_MARKER.findall(written(block)))
        for block in blocks
        if block.kind in ("paragraph", "item")
    )


def _rename(notes: Notes) -> None:
    """Call the notes of a document so that they are told from its numbered references."""
    notes.numbers = {link: f"note {label}" for link, label in notes.numbers.items()}
    notes.references = {f"note {label}": entry for label, entry in notes.references.items()}


def _rule(notes: Notes, also: Rule | None, raised: Collection[str]) -> Rule:
    def rule(element: Element) -> Treatment | None:
        if (treatment := notes.rule(element)) is not None:
            return treatment
        if also is not None and (treatment := also(element)) is not None:
            return treatment
        if raised and tag_of(element) == "sup" and not len(element):
            cited = cited_by(_before(element), element.text or "", _known(raised))
            return Treatment(parts=(cited,)) if cited else None
        return None

    return rule


def _known(numbers: Collection[str]) -> Named:
    return lambda number: number if number in numbers else None


def _before(element: Element) -> str:
    """The text that stands before an element, as far as it is told from it directly."""
    before, parent = element.getprevious(), element.getparent()
    if before is None:
        return (parent.text if parent is not None else "") or ""
    return "".join(before.itertext())[-40:] + (before.tail or "")
