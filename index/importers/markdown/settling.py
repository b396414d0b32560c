"""Pieces as a whole: places, lists of references and of links, and whether numbers are printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from index.importers.blocks import Cited, Entry
from index.importers.entries import address_in, is_references_heading, printed_entry
from index.importers.markdown.headings import Places
from index.importers.markdown.pieces import LOWEST_LEVEL, Piece

__all__ = ["Settled", "settle"]

MAX_ENTRY_CHARS = 600

_NUMBER = r"\d{1,4}[a-z]?"
_PRINTED = re.compile(rf"\[({_NUMBER})(?:\s?[,;\u2010-\u2013-]\s?{_NUMBER}){{0,20}}\]")
_BEHIND_SENTENCE = re.compile(
    rf"[.!?\u3002\uff01\uff1f\u2026][\"'\u201d\u2019)\u00bb]{{0,2}}\s?"
    rf"\[({_NUMBER}|[a-z]|(?:note|nb|n) ?\d{{1,3}})(?:\s?[,;\u2010-\u2013-]\s?{_NUMBER}){{0,20}}\]"
)
_DETACHED = re.compile(
    r"(?<=[^\s\[\]]) \[(\d{1,3})(?:\s?[,;\u2010-\u2013-]\s?\d{1,3}){0,20}\](?=[\s.,;:)\]]|$)"
)
_ENTRY = re.compile(r"^[ \t]*\[(\d{1,4})\]:?[ \t]+(?=\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Settled:
    """The pieces that become blocks, and what holds of all of them."""

    pieces: list[Piece]
    title: str | None
    prints_markers: bool


def settle(pieces: Sequence[Piece], references: dict[str, Entry]) -> Settled:
    """Tell places and lists of references and links; what entries say is added to `references`."""
    placed = list(_placed(pieces))
    printed = {
        match[1] for piece in placed if _is_text(piece) for match in _PRINTED.finditer(piece.text)
    }
    _tell_references(placed, printed, references)
    _tell_printed_entries(placed, references)
    _tell_navigation(placed)
    return Settled(placed, _title(placed), _prints_markers(placed, references))


def _title(pieces: Sequence[Piece]) -> str | None:
    """The first heading, where it is the only one of the highest level."""
    headings = [piece for piece in pieces if piece.kind == "heading"]
    tops = {piece.place for piece in headings if piece.level == 1}
    is_title = len(tops) == 1 and headings[0].level == 1
    return " ".join(headings[0].text.split()) or None if is_title else None


def _is_text(piece: Piece) -> bool:
    return piece.kind in ("paragraph", "item", "row")


def _placed(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces with their places; behind an aside the heading before it holds again."""
    places = Places()
    heading: Piece | None = None
    around: list[Piece | None] = []
    again: Piece | None = None
    for piece in pieces:
        if piece.kind == "open":
            around.append(heading)
            continue
        if piece.kind == "close":
            before = around.pop() if around else heading
            if before and heading is not before and heading and heading.level == LOWEST_LEVEL:
                heading = again = before
            continue
        if not any(map(str.isalnum, piece.text)):
            continue
        if piece.kind == "heading":
            piece.place = places.place_of(piece.text, piece.anchor)
            heading, again = piece, None
        elif again and _is_text(piece):
            heading, again = replace(again), None
            yield heading
        piece.place = piece.place or (heading.place if heading else "")
        yield piece


def _tell_references(
    pieces: Sequence[Piece], printed: set[str], references: dict[str, Entry]
) -> None:
    """What stands under a heading of references, and is an entry, is no text."""
    under = 0
    for piece in pieces:
        if piece.kind == "heading":
            if not under or piece.level <= under:
                under = piece.level if is_references_heading(piece.text) else 0
        elif under and piece.kind in ("paragraph", "item") and len(piece.text) <= MAX_ENTRY_CHARS:
            text = " ".join(piece.text.split())
            if piece.number and str(piece.number) in printed:
                _refer(references, str(piece.number), Entry(text, piece.url or address_in(text)))
            elif (entry := printed_entry(text)) and entry[0] in printed:
                _refer(references, entry[0], replace(entry[1], url=piece.url or entry[1].url))
            elif not _is_source(piece, text):
                continue
            piece.kind, piece.steps = "reference", 0


def _is_source(piece: Piece, text: str) -> bool:
    """Whether an entry without a number is one: it leads somewhere, and mostly says where."""
    address = address_in(text)
    letters = sum(map(str.isalnum, text.replace(address or "", "")))
    return piece.linked * 2 > letters or bool(address and (piece.kind == "item" or not letters))


def _tell_printed_entries(pieces: Sequence[Piece], references: dict[str, Entry]) -> None:
    """`[1] …` at the beginning of paragraphs, where `[1]` stands in others."""
    candidates = [
        piece
        for piece in pieces
        if piece.kind in ("paragraph", "item") and _ENTRY.match(piece.text)
    ]
    if not candidates:
        return
    within: set[str] = set()
    for piece in pieces:
        if _is_text(piece):
            begins = _ENTRY.match(piece.text)
            text = piece.text[begins.end() :] if begins else piece.text
            within.update(match[1] for match in _PRINTED.finditer(_ENTRY.sub("", text)))
    for piece in candidates:
        labels = list(_ENTRY.finditer(piece.text))
        if not any(begin[1] in within for begin in labels):
            continue
        piece.kind = "reference"
        ends = [begin.start() for begin in labels[1:]] + [len(piece.text)]
        for begin, end in zip(labels, ends, strict=True):
            text = " ".join(piece.text[begin.end() : end].split())
            url = address_in(text) or (piece.url if len(labels) == 1 else None)
            _refer(references, begin[1], Entry(text, url))


def _refer(references: dict[str, Entry], number: str, entry: Entry) -> None:
    if entry.title and number not in references:
        references[number] = entry


def _tell_navigation(pieces: Sequence[Piece]) -> None:
    """A list of nothing but links leads elsewhere, and says nothing."""
    for list_id, items in groupby(pieces, key=lambda piece: piece.list_id):
        together = list(items)
        if not list_id or len(together) < 2:
            continue
        if all(item.kind == "item" and _is_link(item) for item in together):
            for item in together:
                item.kind = "navigation"


def _is_link(item: Piece) -> bool:
    letters = sum(map(str.isalnum, item.text))
    return item.linked * 10 >= letters * 9 and not any(
        isinstance(part, Cited) for part in item.parts
    )


def _prints_markers(pieces: Sequence[Piece], references: dict[str, Entry]) -> bool:
    """Whether numbers in brackets are citations, going by where they stand and what they are."""
    cited = {
        number
        for piece in pieces
        for part in piece.parts
        if isinstance(part, Cited)
        for number in part.numbers
    }
    behind: set[str] = set()
    apart: set[str] = set()
    opens = 0
    for piece in pieces:
        if not _is_text(piece):
            continue
        text = "".join(part if isinstance(part, str) else " x " for part in piece.parts)
        behind.update(match[1] for match in _BEHIND_SENTENCE.finditer(text))
        apart.update(match[1] for match in _DETACHED.finditer(text))
        apart.update(match[1] for match in _PRINTED.finditer(text) if match[1] in references)
        opens += bool(_ENTRY.match(text))
    if cited:  # some numbers lead to their sources, and others of the same do not
        beside = {
            str(int(number) + way) for number in cited if number.isdecimal() for way in (-1, 1)
        }
        return len(behind) >= 3 or not beside.isdisjoint((behind | apart) - cited)
    is_series = {"1", "2"} <= apart and "0" not in apart
    return bool(behind) or is_series or not apart.isdisjoint(references) or opens >= 2
