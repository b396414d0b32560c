"""Questions that are look-ups: a citation number, or a phrase in quotation marks."""

from __future__ import annotations

import re

from index.documents.reading.markers import normalise_citation

__all__ = ["numbers_asked", "numbers_named", "phrase_asked", "plain_text"]

MAX_RANGE_NAMED = 100
_BETWEEN = re.compile(r"[,;&+]|\]\s*\[|(?<!\s)\s+(?:and|or)\s+", re.IGNORECASE)
_RANGE_NAMED = re.compile(r"(\d{1,4})\]?\s*[-\u2010-\u2015]\s*\[?(\d{1,4})")

_NUMBER = r"\[?\s*(?P<number>\d{1,4}[a-z]?|note\s\d{1,3})\s*\]?"
_CITATION = re.compile(
    rf"""
    \s*(?: \[\s*(?P<bare>[^\[\]\n]{{1,20}}?)\s*\]
      | (?: (?:what|which|where)(?:'s|\s+is|\s+are|\s+does|\s+do)?\s+
          | (?:please\s+)?(?:show|give|find|look\s+up|open|see)\s+(?:me\s+)? )?
        (?:the\s+)?(?:cite|citation|citations|footnote|reference|ref|source|passage)s?
        \s*(?:number|no\.?|nr\.?|\#|for|:)?\s*{_NUMBER}(?:\s+(?:say|says|about|mean|support|from))?
      | (?:what\s+does|show\s+me|show|what\s+is|what's)\s+
        \[\s*(?P<quoted>[^\[\]\n]{{1,20}}?)\s*\](?:\s+(?:say|mean|about))?
    )\s*[?.!]*\s*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BRACKETED = re.compile(r"\[([^\[\]\n]{1,20})\]")
_RUN = re.compile(r"\s*(?:\[[^\[\]\n]{1,20}\][\s,]*){2,20}[?.!]*\s*")
_QUOTED = re.compile(
    r"""\s*["\u201c\u201d\u201e\u00ab]([^"\u201c\u201d\u201e\u00ab\u00bb]+)["\u201d\u201c\u00bb]\s*[?.!]*\s*"""
)
_SAME = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


def numbers_asked(text: str) -> tuple[str, ...]:
    """The citation numbers of "[28]", "[28][33]" or "what is citation 28"; () for other texts."""
    text = " ".join(text.split())  # the patterns try every way to share out a run of spaces
    if _RUN.fullmatch(text):
        return tuple(found.strip() for found in _BRACKETED.findall(text))
    match = _CITATION.fullmatch(text)
    if match is None:
        return ()
    return (match["bare"] or match["number"] or match["quoted"],)


def numbers_named(text: str) -> tuple[str, ...]:
    """The citation numbers that a look-up names: "28", "[28][33]", "3, 5 and 9", "18-21".

    A range is given as it stands, and as each number within it, at most 100.
    """
    named: list[str] = []
    for part in _BETWEEN.split(text):
        number = normalise_citation(part)
        found = _RANGE_NAMED.fullmatch(number)
        if found:
            first, last = sorted((int(found[1]), int(found[2])))
            named.append(f"{first}\u2013{last}")
            named += map(str, range(first, min(last, first + MAX_RANGE_NAMED - 1) + 1))
        elif number:
            named.append(number)
    return tuple(dict.fromkeys(named))


def phrase_asked(text: str) -> str | None:
    """The phrase of a question that is one pair of quotation marks; None for other texts."""
    match = _QUOTED.fullmatch(text)
    return match[1].strip() or None if match else None


def plain_text(text: str) -> tuple[str, list[int]]:
    """`text` with case, quotation marks and runs of space evened out, and each sign's offset."""
    signs: list[str] = []
    offsets: list[int] = []
    for offset, sign in enumerate(text.translate(_SAME)):
        plain = " " if sign.isspace() else sign.lower()
        if plain == " " and signs and signs[-1] == " ":
            continue
        signs += plain
        offsets += [offset] * len(plain)
    return "".join(signs), offsets
