"""Questions that are look-ups: a number, a phrase in quotation marks, one with a known passage."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from index.answering.question import WH_WORDS, likeliest_language
from index.documents.reading.markers import normalise_citation
from index.library.collection import Collection, Position
from index.text.analysis import analyser_for
from index.text.chat import in_full
from index.text.small_talk import without_filler

__all__ = [
    "PointedQuestion",
    "PointedQuestions",
    "digest_of_text",
    "numbers_asked",
    "numbers_named",
    "phrase_asked",
    "plain_text",
]

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


@dataclass(frozen=True, slots=True)
class PointedQuestion:
    """A question that somebody pointed to the passage that answers it.

    That is a `document` of a library of the collection, by its number there; the passage stood at
    `passage` of it, and has the `digest` of its text still, wherever it stands by now.
    """

    question: str
    library: int
    document: str
    passage: int
    digest: str


_SAME_ASKED = {"which": "what", "whom": "who"}

Key = tuple[frozenset[str], frozenset[str]]
"""The terms of a question, and the words that say what is asked of them."""


class PointedQuestions:
    """Finds the passage of a question that asks the same as a pointed one, in any order of words.

    The same terms, asked with the same wh-word: who built it is no answer to when it was built.
    """

    def __init__(self, pointed: Iterable[PointedQuestion], collection: Collection) -> None:
        self._collection = collection
        self._by_key: dict[Key, PointedQuestion] = {}
        self._found: dict[PointedQuestion, Position | None] = {}
        for one in pointed:
            if key := _key_of(one.question, collection.languages):
                self._by_key[key] = one

    def find(self, text: str) -> Position | None:
        """Where the passage stands; None for other questions, and where it is gone."""
        if not self._by_key:
            return None
        key = _key_of(text, self._collection.languages)
        one = None if key is None else self._by_key.get(key)
        if one is None:
            return None
        if one not in self._found:
            self._found[one] = self._position(one)
        return self._found[one]

    def _position(self, one: PointedQuestion) -> Position | None:
        before = 0
        for document in self._collection.libraries[one.library].documents:
            passages = document.passages
            if document.id == one.document:
                likely = range(one.passage, min(one.passage + 1, len(passages)))
                for place in (*likely, *range(len(passages))):
                    if digest_of_text(passages[place].text) == one.digest:
                        return Position(one.library, before + place)
            before += len(passages)
        return None


def digest_of_text(text: str) -> str:
    """What tells the text of a passage from others, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(4096)
def _key_of(text: str, languages: tuple[str, ...]) -> Key | None:
    """What a question asks; None where it has no terms."""
    language = likeliest_language(text, languages)
    if language == "en":
        text = in_full(text, lambda _: False)
    tokens = list(analyser_for(language).tokens(without_filler(text)))
    terms = frozenset(token.term for token in tokens if token.term is not None)
    words = frozenset(token.word for token in tokens if token.term is None)
    if language == "en":
        words = frozenset(_SAME_ASKED.get(word, word) for word in words.intersection(WH_WORDS))
    return (terms, words) if terms else None
