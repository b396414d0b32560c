"""What in a line is a mark of the format, what is a citation number, and what is a word."""

from __future__ import annotations

import re

from index.importers.raised import RAISED

__all__ = [
    "cited_by_link",
    "cited_by_superscript",
    "is_key_a_word",
    "is_word",
    "raised",
    "without_marks",
]

_STRONG = re.compile(r"(?<=\S)\*{2,}|\*{2,}(?=\S)")
_HIGHLIGHT = re.compile(r"(?<![\w=])==(?=[^\s=])([^=\n]{1,300})(?<=[^\s=])==(?![\w=])")
_SUPERSCRIPT = re.compile(r"(?<=[\w.)])\^([^\s^]{1,20})\^")
_SUBSCRIPT = re.compile(r"(?<=[\w.)])~([^\s~]{1,20})~")

_NUMBERS = r"\d{1,4}[a-z]?(?:\s?[,;\u2010-\u2013-]\s?\d{1,4}[a-z]?){0,20}"
_BRACKETED = re.compile(
    rf"\s*\[\s*({_NUMBERS}|[a-z]{{1,2}}|(?:note|nb|n|fn|ref|web) ?\d{{1,3}})\s*\]\s*"
)
_BARE = re.compile(r"\s*(\d{1,3})\s*")
_TO_NOTE = re.compile(
    r"[^#]*#(?:user-content-)?_?(?:cite|fn|foot|ref|note|bib|end|source|cr|r?\d)", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?,;:)\]\"'\u201d\u2019\u3002\uff01\uff1f\u2026]$|[^\W\d_]{4,}$")
_FACTOR = re.compile(r"[^a-z][)\]]$")
_COUNTED = re.compile(
    r"(?:^|[^\w])(?:chapter|section|part|page|pages|step|issue|issues|pr|pull request"
    r"|figure|fig|table|version|level|lesson|day|week|unit|volume|book|question|no|number|item|phase|episode|season|appendix|annex"
    r"|article|rule|grade|tier|round|stage|v|bug|ticket|task|milestone|release)s?\.?\s*$",
    re.IGNORECASE,
)
_FIRST_WORDS = frozenset(
    "in as see by from following per according to with for and both while although like unlike "
    "both where when since also the compare based using after before at on of or but".split()
)
_BEFORE_WORD = re.compile(
    r"(?:^|\W)(?:in|see|by|from|of|as|per|cf\.|with|to|refs?\.?|and|or|than|on|at|for|via|after|like|both)\s$",
    re.IGNORECASE,
)
_FULL_STOP = re.compile(r"[.!?\u3002\uff01\uff1f][\"'\u201d\u2019)]?\s$")
_GOES_ON = re.compile(r"\s[a-z]")
_POWERS = RAISED | str.maketrans("-n", "⁻ⁿ")
_LAST_WORD = re.compile(r"([\w'\u2019.-]+)[\s,]*$")


def without_marks(text: str) -> str:
    """Text less the marks that CommonMark leaves in it: stray emphasis, backticks, highlights."""
    if "*" in text:
        text = _STRONG.sub("", text)
    if "=" in text:
        text = _HIGHLIGHT.sub(r"\1", text)
    if "^" in text:
        text = _SUPERSCRIPT.sub(lambda found: raised(found[1]), text)
    if "~" in text:
        text = _SUBSCRIPT.sub(r"\1", text)
    return text.replace("`", "")


def cited_by_link(
    text: str, href: str, label: str, before: str, *, is_raised: bool
) -> tuple[str, ...] | None:
    """The numbers that a link prints and leads to the sources of; None where it is text.

    `[[1]](#note)`, `[1]` with an address given below, `oil.[1](https://…)`; but not
    "issue [12](https://…)".
    """
    if found := _BRACKETED.fullmatch(text):
        return tuple(part.strip() for part in re.split("[,;]", found[1]))
    if not (found := _BARE.fullmatch(text)):
        return None
    if is_raised or label.strip() == found[1] or _TO_NOTE.match(href):
        return (found[1],)
    is_web = href.lower().startswith(("http://", "https://"))
    if not is_web or _COUNTED.search(before[-30:]):
        return None
    return (found[1],) if before and _SENTENCE_END.search(before[-8:].rstrip(" ")) else None


def cited_by_superscript(text: str, before: str) -> tuple[str, ...] | None:
    """The numbers that stand raised behind a word or a sentence; None for a power, or text."""
    if found := _BRACKETED.fullmatch(text):
        return tuple(part.strip() for part in re.split("[,;]", found[1]))
    numbers = re.fullmatch(r"\s*(\d{1,3}(?:\s?[,;\u2010-\u2013-]\s?\d{1,3}){0,20})\s*", text)
    is_power = bool(_FACTOR.search(before[-8:]))  # (2^64)^1
    if numbers and numbers[1] != "0" and not is_power and _SENTENCE_END.search(before[-8:]):
        return tuple(part.strip() for part in re.split("[,;]", numbers[1]))
    return None


def is_key_a_word(before: str) -> bool:
    """Whether `@key` stands where a word would, as in "as @key shows", and not behind a name."""
    last = _LAST_WORD.search(before[-80:])
    if not last or before.rstrip()[-1:] in ".!?:;(":
        return not before.rstrip().endswith("al.")
    word = last[1].rstrip(".")
    return word.casefold() in _FIRST_WORDS or not (word[:1].isupper() or word == "al")


def is_word(before: str, after: str) -> bool:
    """Whether a number in brackets stands where a word would: "in [1]", "[1] shows that"."""
    if not before.strip() or _FULL_STOP.search(before):
        return bool(_GOES_ON.match(after))
    return bool(_BEFORE_WORD.search(before[-16:]))


def raised(text: str) -> str:
    """The text of a power, in the signs for it where there are such."""
    return text.translate(_POWERS) if set(text) <= set("0123456789+-\u2212n()") else text
