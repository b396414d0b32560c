"""What kind of thing a question asks for, and whether a passage has one. English only, so far."""

from __future__ import annotations

import re
from enum import StrEnum

__all__ = [
    "DATE_WORDS",
    "NUMBER_WORDS",
    "TIME_WORDS",
    "AnswerType",
    "is_number",
    "is_year",
    "type_asked",
]

NUMBER_WORDS = frozenset(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million billion trillion dozen dozens hundreds thousands millions half twice
    """.split()
)
DATE_WORDS = frozenset(
    """
    january february march april may june july august september october november december century
    decade spring summer autumn winter monday tuesday wednesday thursday friday saturday sunday
    """.split()
)
TIME_WORDS = frozenset(
    """
    after before during since until later ago then era decades centuries earlier following while
    """.split()
)
_YEAR_WORD = re.compile(r"1\d\d\d|20\d\d")
_ASKED = re.compile(
    r"""
    \b(?: (?P<year>(?:what|which)\s+(?:year|date|day|month|century|decade))
      | (?P<count>how\s+(?:many|much|long|far|old|tall|big|large|high|deep|often|fast|heavy))
      | (?P<time>when)
      | who|whom|whose|what|which|where|why|how
    )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


class AnswerType(StrEnum):
    """Kinds that can be told from a passage's words alone."""

    YEAR = "year"
    TIME = "time"
    COUNT = "count"


def type_asked(question: str) -> AnswerType | None:
    """The kind of answer a question wants, where its first question word says so."""
    match = _ASKED.search(question)
    kind = match.lastgroup if match else None
    return AnswerType(kind) if kind else None


def is_year(word: str) -> bool:
    """Whether a normalised word is a year of the last thousand."""
    return _YEAR_WORD.fullmatch(word) is not None


def is_number(word: str) -> bool:
    """Whether a normalised word is a number in digits or letters."""
    return word[0].isdigit() or word in NUMBER_WORDS
