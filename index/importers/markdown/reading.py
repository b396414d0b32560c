"""Markdown to blocks."""

from __future__ import annotations

import re

from index.errors import CorpusError, Problem
from index.importers.blocks import MAX_BLOCKS, Block, Entry, Imported
from index.importers.encodings import MAX_TEXT_CHARS, decode
from index.importers.markdown.collecting import Collector
from index.importers.markdown.front_matter import FrontMatter, split_front_matter
from index.importers.markdown.parser import parse
from index.importers.markdown.settling import Settled, settle

__all__ = ["read"]


_BREAKS = re.compile(r"\r\n?")


def read(file: str, content: bytes) -> Imported:
    """The blocks of a Markdown file, and what its footnotes and numbers stand for.

    Raises CorpusError for what is no text, or beyond the bounds.
    """
    text, warnings = decode(file, content)
    if len(text) > MAX_TEXT_CHARS:
        reason = f"{len(text):,} characters; {MAX_TEXT_CHARS:,} are the most, so split the file"
        raise CorpusError([Problem(file, 1, reason)])
    front, body = split_front_matter(_BREAKS.sub("\n", text))
    parsed = parse(file, body)
    reader = Collector(file, parsed.env)
    if front.has_bibliography:
        parsed.env["cites_by_key"] = True
    reader.read(parsed)
    reader.read_inline_notes()
    settled = settle(reader.pieces, reader.references)
    return _imported(file, front, settled, reader.references, warnings)


def _imported(
    file: str,
    front: FrontMatter,
    settled: Settled,
    references: dict[str, Entry],
    warnings: tuple[str, ...],
) -> Imported:
    blocks = [
        Block(
            piece.kind,  # type: ignore[arg-type]  # the ends of asides are gone
            tuple(piece.parts),
            piece.line,
            piece.place,
            piece.level,
            piece.steps,
            piece.columns,
        )
        for piece in settled.pieces
    ]
    if front.text.strip():
        blocks.insert(0, Block("front matter", (front.text,)))
    if len(blocks) > MAX_BLOCKS:
        reason = f"{len(blocks):,} paragraphs, items and rows; {MAX_BLOCKS:,} are the most"
        raise CorpusError([Problem(file, 1, f"{reason}, so split the file")])
    return Imported(
        tuple(blocks),
        references,
        front.title or settled.title,
        front.language,
        front.licence,
        front.source_url,
        settled.prints_markers,
        (*warnings, *front.warnings),
    )
