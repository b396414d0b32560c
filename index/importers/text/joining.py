"""The lines of a chunk to its text: hyphens at line ends, and scripts without spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.importers.text.lines import Line
from index.text.lexicon import is_english_word

__all__ = ["Vocabulary", "joined", "vocabulary_of"]

_HYPHENS = "-\u2010"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_HYPHENS}][^\W\d_]+)*")
_BROKEN = re.compile(
    rf"(?<![^\W\d_])(?P<left>[^\W\d_]{{1,40}})(?P<sign>[{_HYPHENS}\u00ad])[ \t]*\n[ \t]*"
    r"(?P<right>[^\W\d_]{1,40})"
)
_HYPHENATED = re.compile(
    rf"(?:^|[^\w-])(?P<left>[^\W_]+(?:[{_HYPHENS}][^\W_]+)*)[{_HYPHENS}\u00ad]$"
)
_BEGINS = re.compile(r"[^\W\d_]+")
_KEPT = frozenset(
    """
    well self non half cross high low long short anti ill multi all ex co pre post semi inter
    two three four five six ten twenty thirty forty fifty quasi full part first second third
    """.split()
)
"""A hyphen behind these is one of the word, where the text does not tell."""
_UNSPACED = re.compile(r"[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60]")
"""Ideographs, kana and their punctuation: no space stands between two of them."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a text in lower case, those that a line's end breaks left out.

    `breaks_words` where one that is broken at a line's end stands whole elsewhere; other texts
    break lines behind the hyphens of words alone.
    """

    words: frozenset[str]
    breaks_words: bool = False

    def keeps(self, one: str, two: str) -> bool:
        """Whether a hyphen between two parts of a word is one of the word."""
        whole, hyphenated = one + two in self.words, f"{one}-{two}" in self.words
        if whole != hyphenated:
            return hyphenated
        if is_english_word(one + two):
            return False
        if one in _KEPT or (is_english_word(one) and is_english_word(two)):
            return True
        known = one in self.words or f"{one}s" in self.words
        return known and (two in self.words or not self.breaks_words)


def vocabulary_of(text: str) -> Vocabulary:
    """The words of a text, and what its hyphens are."""
    folded = text.casefold().replace("\u2010", "-")
    words = frozenset(_WORD.findall(_BROKEN.sub(" ", folded)))
    breaks_words = any(
        found["sign"] == "\u00ad" or found["left"] + found["right"] in words
        for found in _BROKEN.finditer(folded)
    )
    return Vocabulary(words, breaks_words)


def joined(lines: Sequence[Line], vocabulary: Vocabulary) -> str:
    """The text of lines, a break for each of the source's; words broken by a hyphen are whole.

    The break behind such a word stands for the one within it.
    """
    pieces = [lines[0].text]
    held = ""
    for before, line in pairwise(lines):
        breaks = held + ("\n" * (line.number - before.number) or " ")
        held = ""
        broken = _HYPHENATED.search(before.text[-60:])
        if broken and line.text[:1].isalnum():
            if not _keeps_hyphen(broken["left"], before.text[-1], line.text, vocabulary):
                pieces[-1] = pieces[-1][:-1]
            rest, _, others = line.text.partition(" ")
            pieces += [rest, breaks, others] if others else [rest]
            held = "" if others else breaks
        elif _UNSPACED.match(before.text[-1]) and _UNSPACED.match(line.text):
            pieces.append(line.text)
        else:
            pieces += [breaks, line.text]
    return "".join(pieces)


def _keeps_hyphen(left: str, sign: str, right: str, vocabulary: Vocabulary) -> bool:
    if sign == "\u00ad":
        return False
    begins = _BEGINS.match(right)
    if not begins or not right[0].islower() or not left[-1].isalpha():
        return True
    return vocabulary.keeps(left.casefold().replace("\u2010", "-"), begins[0].casefold())
