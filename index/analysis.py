"""Text to terms: the one analyser for passages and for questions.

A term is a word, NFKC-normalised, case-folded, without diacritics and possessives, and stemmed by
Snowball in the document's language. Stop words give no term.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import Stemmer
import stopwords

__all__ = ["Analyser", "Token", "analyser_for"]

MAX_REMEMBERED = 500_000
"""Distinct words whose terms are remembered, so that questions cannot fill the memory."""

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'", "\uff07": "'", "`": "'"})
_MARKS = "\u0300-\u036f"
_WORD = re.compile(
    rf"""
    (?:[^\W\d_]\.){{2,}}                                        # U.S., a.k.a.
    | \d+(?:[.,]\d+)+                                           # 7.8  1,000
    | [^\W_]+(?:[{_MARKS}]+[^\W_]*)*(?:['\u2019][^\W\d_]+)*        # words, 1961, G7, don't
    | %
    """,
    re.VERBOSE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECADE = re.compile(r"(\d{2,4})'?s")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: `text[start:end]`, its normalised form, and its term (None: stop word)."""

    word: str
    term: str | None
    start: int
    end: int


class Analyser:
    """Turns text of one language into terms. Made once a language by `analyser_for`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._stem = _stemmer(language)
        self._stop_words = _stop_words(language)
        self._terms: dict[str, str | None] = {}

    def tokens(self, text: str) -> Iterator[Token]:
        """Yield every word of `text` in order; offsets index `text` as given."""
        for match in _WORD.finditer(text):
            word = normalise_word(match[0])
            yield Token(word, self.term(word), match.start(), match.end())

    def terms(self, text: str) -> list[str]:
        """The terms of `text` in order, stop words left out."""
        return [token.term for token in self.tokens(text) if token.term is not None]

    def term(self, word: str) -> str | None:
        """The term of one normalised word, or None for a stop word. Remembered by word."""
        try:
            return self._terms[word]
        except KeyError:
            stop = word in self._stop_words or not word
            term = None if stop else self._stem(word)
            if len(self._terms) >= MAX_REMEMBERED:
                self._terms.clear()
            self._terms[word] = term
            return term


@cache
def analyser_for(language: str) -> Analyser:
    """The analyser of a language code; one without a Snowball stemmer keeps words whole."""
    return Analyser(language)


def normalise_word(word: str) -> str:
    """Fold case, width, diacritics, possessives and the dots of U.S. away."""
    word = unicodedata.normalize("NFKC", word).translate(_APOSTROPHES).casefold()
    if not word.isascii():
        decomposed = unicodedata.normalize("NFD", word)
        if any(unicodedata.combining(char) for char in decomposed):
            word = "".join(char for char in decomposed if not unicodedata.combining(char))
            word = unicodedata.normalize("NFC", word)
    if word == "%":
        return "percent"
    if _THOUSANDS.fullmatch(word):
        return word.replace(",", "")
    if decade := _DECADE.fullmatch(word):
        return decade[1]
    if word.endswith("."):
        word = word.replace(".", "")
    return word.removesuffix("'s").strip("'")


def _stop_words(language: str) -> frozenset[str]:
    try:
        words = stopwords.get_stopwords(language)
    except stopwords.LanguageNotAvailable:
        return frozenset()
    return frozenset(normalise_word(word) for word in words) | frozenset(words)


def _stemmer(language: str) -> Callable[[str], str]:
    try:
        stem: Callable[[str], str] = Stemmer.Stemmer(language, maxCacheSize=0).stemWord
    except KeyError:
        return str
    return stem
