"""Text to terms: the one analyser for passages and for questions.

A term is a word, NFKC-normalised, case-folded, without diacritics and possessives, stemmed by
Snowball in the document's language and, in English, brought to one spelling of the endings that
British and American writers spell apart. Chinese, Japanese and Korean text gives character bigrams.
Stop words give no term.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import Stemmer
import stopwords

__all__ = ["Analyser", "Token", "analyser_for", "is_unspaced", "normalise_word", "share_of_word"]

MAX_REMEMBERED = 500_000
"""Distinct words whose terms are remembered, so that questions cannot fill the memory."""

GRAM = 3
"""Characters in a piece of Thai, Lao, Burmese or Khmer, whose syllables are longer than Chinese."""

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'", "\uff07": "'", "`": "'"})
_MARKS = "".join(
    chr(code) for code in range(0x300, 0x1E00) if unicodedata.category(chr(code)) in {"Mn", "Mc"}
)
"""The signs that a letter carries: accents, and the vowel signs of Indic and other scripts."""
_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_SOUTH_EAST_ASIAN = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1780-\u17d3"
"""Thai, Lao, Burmese and Khmer, vowel signs included."""
_UNSPACED = _CJK + _SOUTH_EAST_ASIAN
_LETTER = rf"[^\W_{_UNSPACED}]"
_WORD = re.compile(
    rf"""
    (?:[^\W\d_{_UNSPACED}]\.){{2,}}                                       # U.S., a.k.a.
    | \d+(?:[.,]\d+)+                                                # 7.8  1,000
    | {_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*(?:['\u2019][^\W\d_]+)*    # words, 1961, G7, don't
    | [{_UNSPACED}]+
    | %
    """,
    re.VERBOSE,
)
_ASCII_WORD = re.compile(
    r"[A-Za-z][A-Za-z0-9]+(?:'[A-Za-z]+)*|(?:[A-Za-z]\.){2,}|[0-9]+(?:[.,][0-9]+)+"
    r"|[A-Za-z0-9]+(?:'[A-Za-z]+)*|%"
)
"""The same in ASCII text, where it is found faster."""
_ASCII_SEPARATORS = str.maketrans(
    {chr(code): " " for code in range(128) if not chr(code).isalnum() and chr(code) not in ".,'%"}
)
"""The ASCII characters that are in no word, to a space."""
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_IS_CJK = re.compile(rf"[{_CJK}]")
_HIRAGANA = re.compile(r"[\u3040-\u309f]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECADE = re.compile(r"(\d{2,4})'?s")
_ISE = re.compile(r"(?<=\w\w\w)is(?=(?:e[ds]?|ers?|ing|ations?)$)")
"""Snowball takes -ize off, and leaves -ise."""
_ENGLISH_ENDINGS = (
    # On stems of Snowball, so that all inflections of a word go the same way.
    (re.compile(r"(?<=\w\w\w)our$"), "or"),  # labour, labor
    (re.compile(r"(?<=\w\w\w)is$"), "iz"),  # organis, organiz
    (re.compile(r"(?<=\w\w)ys$"), "yz"),  # analys, analyz
    (re.compile(r"(?<=\w\w)enc$"), "ens"),  # defenc, defens
    (re.compile(r"(?<=\w\w)tr$"), "ter"),  # centr, center
    (re.compile(r"(?<=\w\w)ogu$"), "og"),  # dialogu, dialog
    (re.compile(r"(?<=\w\w\w\w)ll$"), "l"),  # travell, travel
    (re.compile(r"(?<=\w\w\w\w\w)mm$"), "m"),  # programm, program
    (re.compile(r"gement$"), "gment"),  # judgement, judgment
)
_MAY_BE_APART = tuple(
    ending.pattern.rpartition(")")[2].removesuffix("$") for ending, _ in _ENGLISH_ENDINGS
)


class Token(NamedTuple):
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
        self._seen: dict[str, tuple[str, str | None]] = {}

    def tokens(self, text: str) -> Iterator[Token]:
        """Yield every word of `text` in order; offsets index `text` as given."""
        seen, new = self._seen, tuple.__new__
        for match in (_ASCII_WORD if text.isascii() else _WORD).finditer(text):
            surface = match[0]
            word_and_term = seen.get(surface)
            if word_and_term is None:
                if _IS_UNSPACED.match(surface):
                    yield from self._grams(surface, match.start())
                    continue
                word_and_term = self._look_at(surface)
            # As Token(…) does, without its cost: a question reads four hundred words.
            yield new(Token, word_and_term + match.span())

    def is_spaced(self, text: str) -> bool:
        """Whether `text` is free of runs without spaces: then each of its forms is one token."""
        return text.isascii() or not is_unspaced(text)

    def forms(self, text: str) -> list[str]:
        """The words of spaced `text` as printed, in order: those of its tokens."""
        return (_ASCII_WORD if text.isascii() else _WORD).findall(text)

    def opens(self, text: str) -> bool:
        """Whether a word begins at the first character of `text`."""
        first = text[:1]
        if first.isascii():
            return first.isalnum() or first == "%"
        return _WORD.match(text) is not None

    def pieces(self, text: str) -> list[str]:
        """ASCII `text` cut where no word can be: its forms are those of the pieces.

        Cheaper than `forms` for whoever remembers what is in a piece.
        """
        return text.translate(_ASCII_SEPARATORS).split()

    def word_and_term(self, form: str) -> tuple[str, str | None]:
        """The normalised word of a printed form, and its term (None: stop word)."""
        word = normalise_word(form)
        return word, self.term_of(word)

    def terms(self, text: str) -> list[str]:
        """The terms of `text` in order, stop words left out."""
        return [token.term for token in self.tokens(text) if token.term is not None]

    def is_stop_word(self, word: str) -> bool:
        """Whether a normalised word gives no term."""
        return word in self._stop_words

    def term_of(self, word: str) -> str | None:
        """The term of one normalised word, or None for a stop word."""
        return None if not word or word in self._stop_words else self._stem(word)

    def _look_at(self, surface: str) -> tuple[str, str | None]:
        """Normalise and stem a word, and remember it."""
        if len(self._seen) >= MAX_REMEMBERED:
            self._seen.clear()
        word_and_term = self._seen[surface] = self.word_and_term(surface)
        return word_and_term

    def _grams(self, run: str, start: int) -> Iterator[Token]:
        """The pieces of a run without spaces; kana of grammar alone give no term."""
        word = unicodedata.normalize("NFKC", run)
        if len(word) != len(run):  # half-width letters that join; offsets need the printed ones
            word = run
        size = 2 if _IS_CJK.match(run) else GRAM
        if len(word) < size or word in self._stop_words or _HIRAGANA.fullmatch(word):
            grammar = word in self._stop_words or _HIRAGANA.fullmatch(word)
            yield Token(word, None if grammar else word, start, start + len(word))
            return
        for offset in range(len(word) - size + 1):
            gram = word[offset : offset + size]
            term = None if _HIRAGANA.fullmatch(gram) else gram
            yield Token(gram, term, start + offset, start + offset + size)


@cache
def analyser_for(language: str) -> Analyser:
    """The analyser of a language code; one without a Snowball stemmer keeps words whole."""
    return Analyser(language)


def is_unspaced(text: str) -> bool:
    """Whether there is writing without spaces in `text`, which gives pieces of words."""
    return _IS_UNSPACED.search(text) is not None


def share_of_word(term: str) -> float:
    """How much of a word a term stands for: 1, and less for a piece of a text without spaces.

    A word there is asked for by about as many pieces as it has characters, those that reach into
    the next word included.
    """
    if not is_unspaced(term):
        return 1.0
    return 1 / (1.5 if _IS_CJK.search(term) else GRAM - 0.5)


def normalise_word(word: str) -> str:
    """Fold case, width, diacritics, possessives and the dots of U.S. away."""
    word = unicodedata.normalize("NFKC", word).translate(_APOSTROPHES).casefold()
    if not word.isascii():
        decomposed = unicodedata.normalize("NFD", word)
        if any(_is_diacritic(char) for char in decomposed):
            word = "".join(char for char in decomposed if not _is_diacritic(char))
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


def _is_diacritic(sign: str) -> bool:
    """Whether a sign only colours its letter, as accents and the vowel points of Arabic do.

    Other classes are those of signs that join letters or make other ones of them, in Indic scripts.
    """
    placed = unicodedata.combining(sign)
    return 10 <= placed <= 36 or placed >= 200


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
    if language != "en":
        return stem

    def english(word: str) -> str:
        stemmed = stem(_ISE.sub("iz", word) if "is" in word else word)
        # Most words end otherwise, and nine patterns cost more than all else here.
        if stemmed.endswith(_MAY_BE_APART):
            for ending, common in _ENGLISH_ENDINGS:
                if ending.search(stemmed):
                    return ending.sub(common, stemmed)
        return stemmed

    return english
