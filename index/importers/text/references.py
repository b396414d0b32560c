"""References in plain text: where their lists begin and end, their numbers, and their labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.importers.blocks import Cited, Entry, Part
from index.importers.entries import is_references_heading, printed_entry
from index.importers.text.forms import is_cited, is_terminated
from index.importers.text.pieces import Piece

__all__ = ["References", "list_ranges", "listed_entries", "with_labels"]

MIN_PROSE_CHARS = 120
SCANNED_CHARS = 400
MAX_BRIEF_ENTRY = 200

_ENTRY_SIGNS = re.compile(
    r"https?://|\bdoi\b|\b10\.\d{4,9}/|\bIS[BS]N\b|\bPMID\b|\barXiv\b|\bRFC \d{3,5}\b|\bet al\b"
    r"|[(\[]\d{4}[a-z]?[)\]]|\(\w{3,9} \d{4}\)|, (?:19|20)\d\d\.?$"
    r"|[.,:;]\s(?:[A-Z]\w{2,8}\s)?(?:19|20)\d\d\.(?:\s|$)"
    r"|\b(?:Retrieved|Archived|Accessed|Abgerufen|Consulté|Consultado)\b|\b(?:University )?Press\b"
    r"|\bpp?\.\s?\d|\b[Vv]ol(?:\.|ume)\s?\d|\d\s?\(\d{1,4}\)\s?[:,]|\d:\s?[eE]?\d+|\d[-–]\d+\.?$"
    r"|[“\"《『「].{5,150}[.,]?[”\"》』」]"
)
_NUMBERS = re.compile(r"\[(\d{1,3}(?:\s?[-‐-–,;]\s?\d{1,3})*)\]")
_BRACKET = re.compile(r"\s?\[([^\[\]]{1,60})\]")
_MARKER = re.compile(
    r"\d{1,4}[a-z]?|[a-z]{1,2}|[A-Z]|(?:notes?|nb|n|fn|ref|web)\.? ?\d{1,3}", re.IGNORECASE
)
_SENTENCE_STARTS = re.compile(r"\s*$|\s*[A-Z\u201c\"'(]")


@dataclass(frozen=True, slots=True)
class References:
    """What the lists of a text say: `entries` by number or label, `labels` those with letters."""

    entries: dict[str, Entry]
    labels: frozenset[str]


def _looks_like_entry(text: str) -> bool:
    """Whether a text has what sources are told by: a year in brackets, pages, an address."""
    signs = len(_ENTRY_SIGNS.findall(text[:SCANNED_CHARS]))
    return signs > 1 or (signs == 1 and len(text) <= MAX_BRIEF_ENTRY)


def listed_entries(lists: Iterable[Sequence[Piece]], others: Iterable[Piece]) -> References:
    """What the numbers and labels of some lists stand for; `others` are the pieces that cite.

    Entries without numbers, `^ …`, are counted where as many are cited as there are.
    """
    most_cited = _most_cited(others)
    by_label: dict[str, Entry] = {}
    for pieces in sorted(lists, key=len, reverse=True):
        found = [printed for piece in pieces if (printed := printed_entry(piece.text))]
        uncounted = [entry for label, entry in found if not label]
        if len(uncounted) == most_cited and not any(map(str.isdecimal, by_label)):
            by_label.update((str(at), entry) for at, entry in enumerate(uncounted, start=1))
        for label, entry in found:
            if label and entry.title:
                by_label.setdefault(label, entry)
    labels = frozenset(label for label in by_label if not _MARKER.fullmatch(label))
    return References(by_label, labels)


def _most_cited(pieces: Iterable[Piece]) -> int:
    return max(
        (
            int(number)
            for piece in pieces
            for marker in _NUMBERS.findall(piece.text)
            for number in re.findall(r"\d+", marker)
        ),
        default=0,
    )


def with_labels(text: str, labels: frozenset[str]) -> tuple[Part, ...]:
    """A text with its labels made citations: `[RFC2119]`, `[Smi20; Lee01]`.

    A label stays in the text as a word of it, except behind the end of a sentence.
    """
    if not labels or "[" not in text:
        return (text,)
    parts: list[Part] = []
    taken = 0
    for bracket in _BRACKET.finditer(text):
        if not (numbers := _labels_in(bracket[1], labels)):
            continue
        before = text[taken : bracket.start()]
        behind = is_terminated(before[-20:]) and _SENTENCE_STARTS.match(text, bracket.end())
        parts += [before if behind else text[taken : bracket.end()], Cited(numbers)]
        taken = bracket.end()
    return tuple(part for part in (*parts, text[taken:]) if part)


def _labels_in(inner: str, labels: frozenset[str]) -> tuple[str, ...]:
    """The labels of a bracket, if nothing else stands in it but a place behind the first one."""
    whole = " ".join(inner.split())
    if whole in labels:
        return (whole,)
    parts = [part.strip() for part in re.split(r"[,;]", whole)]
    if all(part in labels for part in parts):
        return tuple(parts)
    return (parts[0],) if parts[0] in labels else ()


def list_ranges(
    pieces: Sequence[Piece], sure: set[int], skipped: set[int], *, is_copied: bool
) -> Iterator[tuple[int, range]]:
    """Each list of references: where its heading stands, and where its entries do.

    `sure` are headings that are known, `skipped` what is none; a list ends at a heading that is
    none of a list and has prose below it. Of a page that `is_copied`, all is in the list that is
    not prose for sure.
    """
    heading: int | None = None
    begin = 0
    entries = _Entries(is_copied)
    for at, piece in enumerate(pieces):
        if at in skipped:
            continue
        is_head = piece.form == "short" or at in sure
        if is_head and is_references_heading(piece.text):
            if heading is not None:
                yield heading, range(begin, at)
            heading, begin, entries = at, at + 1, _Entries(is_copied)
        elif heading is not None and (at in sure or _ends_list(pieces, at, sure, entries)):
            yield heading, range(begin, at)
            heading = None
        elif piece.form != "short":
            entries.take(piece.text)
    if heading is not None:
        yield heading, range(begin, len(pieces))


@dataclass(slots=True)
class _Entries:
    """What a list has held so far, and so what is none of it."""

    is_copied: bool
    count: int = 0
    labelled: int = 0

    def take(self, text: str) -> None:
        self.count += 1
        self.labelled += printed_entry(text) is not None

    def refuse(self, text: str) -> bool:
        """Whether a text is prose: it cites, or is long and no source.

        The first text is prose sooner, as is one without a label behind entries with labels.
        """
        if printed_entry(text):
            return False
        if is_cited(text):
            return True
        is_long = len(text) >= MIN_PROSE_CHARS
        if not self.is_copied and not self.count:
            return is_terminated(text) and not _looks_like_entry(text)
        if not self.is_copied and self.count == self.labelled:
            return is_terminated(text) and is_long
        return is_terminated(text) and is_long and not _looks_like_entry(text)


def _ends_list(pieces: Sequence[Piece], at: int, sure: set[int], entries: _Entries) -> bool:
    piece = pieces[at]
    if piece.form == "prose":
        return entries.refuse(piece.text)
    if piece.form != "short" or printed_entry(piece.text):
        return False
    ahead = at + 1
    while ahead < len(pieces) and ahead - at <= 2 and pieces[ahead].form == "short":
        ahead += 1
    return (
        ahead < len(pieces)
        and pieces[ahead].form == "prose"
        and ahead not in sure
        and entries.refuse(pieces[ahead].text)
    )
