"""What single stretches of text look like: headings, items, lead-ins, sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = [
    "Heading",
    "asks",
    "is_cited",
    "is_lead_in",
    "is_short",
    "is_terminated",
    "item_of",
    "marked_heading",
    "numbered_heading",
    "opens_dialogue",
    "room_taken",
]

MAX_HEADING_ROOM = 150
"""The most columns of a line that may be a heading; a sign of Chinese or Korean takes two."""
MAX_TITLE_ROOM = 260
MAX_MARKED_CHARS = 1000
TAIL_CHARS = 300
"""So much of a text tells how it ends."""

_CLOSERS = "[\"')\\]”’»」』*_]*"
_MARKERS = r"(?:\s?\[[^\[\]]{1,20}\])*"
_TERMINATED = re.compile(rf"[.!?…。！？؟۔।॥።។]{_CLOSERS}{_MARKERS}$")
_ASIDE = re.compile(r"[.!?]\s\([^()]{1,60}\)$")
_ASKS = re.compile(rf"[?？؟;]{_CLOSERS}$")
_LEAD_IN = re.compile(rf"[:：]{_CLOSERS}{_MARKERS}$")
_INNER_END = re.compile(rf"[^\W\d_A-Z]{{3}}[.!?]{_CLOSERS}\s+[(\"'“A-Z]")
_HOLE = re.compile(r",\s*,|\s,|\(\s*\)")
"""Where a formula was that was lost as the text was copied."""
_NUMBER = r"\d{1,4}[a-z]?"
_CITED = re.compile(
    rf"\[(?:(?![12]\d{{3}}\]){_NUMBER}(?:\s?[-‐-–,;]\s?{_NUMBER})*|note \d+|[a-z]"
    r"|[A-Z][A-Za-z+]{0,12}\d{2,5}[a-z]?)\]"
)
"""`[28]`, `[3, 4]`, `[note 1]`, `[RFC2119]`; but years are most often an editor's."""
_OPEN_END = re.compile(
    r"[,;、，；\-–—(=+/&]$|\b(?:and|or|that|the|an?|of|to|by|as|for|if|with|from|than|is|are|was"
    r"|were|has|have|satisf(?:y|ies)|und|oder|dass|der|die|das|ist|et|ou|que|est|y|o|es|e)$",
    re.IGNORECASE,
)

_SIGNED = re.compile(r"(?P<signs>#{1,6})\s+(?P<text>\S.*?)\s*#*")
_WIKI = re.compile(r"(?P<signs>={2,6})\s*(?P<text>[^=\s](?:.*[^=\s])?)\s*={2,6}")
_NUMBERED = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,5}|[A-Z](?:\.\d{1,3}){1,5}|[IVX]{1,6}(?=\.))\.?\s+"
    r"(?P<text>[^\W_].*|[\"'“(].*)"
)
_PARTS = (
    r"(?:appendix|annex|chapter|part|section|article|book|anhang|kapitel|teil|abschnitt|artikel"
    r"|annexe|chapitre|partie|cap[ií]tulo|parte|secci[oó]n|art[ií]culo|capitolo)"
)
_NAMED_PART = re.compile(
    rf"{_PARTS}\s+(?:\d{{1,3}}|[IVXLC]{{1,6}}|[A-Z])\b[.:]?(?:\s.*)?"
    r"|(?:第\s?[\d一-鿿]{1,4}\s?[章節节編编]|제\s?\d{1,3}\s?[장절])(?:\s.*|$)",
    re.IGNORECASE,
)

_BULLET = re.compile(r"(?:[-*+•‣⁃▪●◦○–·\uf0b7]|o(?=\s{1,3}[A-Za-z\"(<\[`']))\s+(?=\S)")
_ORDERED = re.compile(
    r"(?:\((?P<inner>\d{1,3}|[a-z]|[ivx]{1,4})\)|(?P<outer>\d{1,3}|[a-z])[.)])\s+(?=\S)"
)
_DIALOGUE = re.compile(r"[^\W\d_]{1,8}\s?\d{0,3}\s?[:.)：]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading less its signs, and its level from 1."""

    text: str
    level: int


def room_taken(text: str) -> int:
    """The columns that a text takes."""
    return len(text) + sum(map("\u2e7f".__lt__, text))


def is_terminated(text: str) -> bool:
    """Whether a text ends a sentence, citations behind it or not."""
    tail = text[-TAIL_CHARS:].rstrip()
    return bool(_TERMINATED.search(tail) or _ASIDE.search(tail))


def is_lead_in(text: str) -> bool:
    """Whether a text ends with a colon, so that it belongs to what follows."""
    return bool(_LEAD_IN.search(text[-TAIL_CHARS:].rstrip()))


def is_cited(text: str) -> bool:
    """Whether a text holds a citation marker."""
    return "[" in text and bool(_CITED.search(text))


def asks(text: str) -> bool:
    """Whether a text ends as a question."""
    return bool(_ASKS.search(text[-TAIL_CHARS:].rstrip()))


def opens_dialogue(text: str) -> bool:
    """Whether a text begins as `Q:` and `A:` do."""
    return bool(_DIALOGUE.match(text))


def is_short(text: str, *, title: bool = False) -> bool:
    """Whether a text may be a heading by its length and ends: no sentence, nor part of one."""
    if not text or room_taken(text) > (MAX_TITLE_ROOM if title else MAX_HEADING_ROOM):
        return False
    if is_terminated(text) or is_cited(text) or is_lead_in(text) or _OPEN_END.search(text):
        return False
    if _HOLE.search(text) or (not title and _INNER_END.search(text)):
        return False
    first = text.split(maxsplit=1)
    begins = first[0][0].islower() and first[0].isalpha() and len(first) > 1
    return not begins and any(map(str.isalnum, text))


def marked_heading(text: str) -> Heading | None:
    """The heading of a line such as `## Lamps` or `== Lamps ==`."""
    if len(text) > MAX_MARKED_CHARS or text[:1] not in "#=":
        return None
    if found := _SIGNED.fullmatch(text):
        return Heading(found["text"], len(found["signs"]))
    if found := _WIKI.fullmatch(text):
        return Heading(found["text"], len(found["signs"]) - 1)
    return None


def numbered_heading(text: str) -> tuple[str, int] | None:
    """The number of a text such as `3.1. Lamps` or `Appendix A. Lamps`, and the level it tells."""
    if not is_short(text):
        return None
    if _NAMED_PART.fullmatch(text):
        return "", 1
    found = _NUMBERED.fullmatch(text)
    if not found or found["text"][0].islower():
        return None
    if text[found.end("number")].isspace() and "," in text and "." not in found["number"]:
        return None  # "1 Department of Lamps, Port": the number of a note
    return found["number"], found["number"].count(".") + 1


def item_of(text: str) -> tuple[int, str] | None:
    """Where the text of an item begins, and its number where it has one."""
    if bullet := _BULLET.match(text):
        return bullet.end(), ""
    if ordered := _ORDERED.match(text):
        return ordered.end(), ordered["inner"] or ordered["outer"]
    return None
