"""What each passage of a library is made of: its words as numbers, in arrays."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.text.answer_type import DATE_WORDS, NUMBER_WORDS, TIME_WORDS, is_year

__all__ = ["Forms", "Forward", "SectionTerms", "Sign", "signs"]


class Sign(IntFlag):
    """What can be told from a printed word alone."""

    CAPITAL = 1
    DATE = 2
    YEAR = 4
    NUMBER = 8
    DIGIT = 16
    TIME = 32


def _signs_of_words() -> dict[str, int]:
    """The signs of the words that have some by meaning."""
    signs_by_word: dict[str, int] = {}
    for words, sign in (
        (DATE_WORDS, Sign.DATE),
        (NUMBER_WORDS, Sign.NUMBER),
        (TIME_WORDS, Sign.TIME),
    ):
        for word in words:
            signs_by_word[word] = signs_by_word.get(word, 0) | sign.value
    return signs_by_word


_OF_WORDS = _signs_of_words()
# As whole numbers: adding up flags costs more than all else that is done for a new word.
_CAPITAL = Sign.CAPITAL.value
_DIGITS = (Sign.NUMBER | Sign.DIGIT).value
_YEAR_SIGNS = (Sign.NUMBER | Sign.DIGIT | Sign.DATE | Sign.YEAR).value


def signs(word: str, *, capital: bool) -> int:
    """The signs of a normalised word, printed with a capital or not."""
    sum_of_signs = _OF_WORDS.get(word, 0)
    if word[:1].isdigit():
        sum_of_signs = _YEAR_SIGNS if is_year(word) else _DIGITS
    return sum_of_signs | _CAPITAL if capital else sum_of_signs


@dataclass
class Forms:
    """The printed forms of a library, numbered as they are met: the word, term and signs of each.

    The term of a stop word is -1.
    """

    words: array[int] = field(default_factory=lambda: array("i"))
    terms: array[int] = field(default_factory=lambda: array("i"))
    signs: array[int] = field(default_factory=lambda: array("B"))

    def add(self, word: int, term: int, signs_of_form: int) -> int:
        """Note a form by the numbers of its word and term; the number of the new form."""
        self.words.append(word)
        self.terms.append(term)
        self.signs.append(signs_of_form)
        return len(self.words) - 1


@dataclass(frozen=True, eq=False)
class SectionTerms:
    """The terms of the headings that passages stand under, each once.

    Passage p is of section `numbers[p]`, shape (passages,), and section s has the terms
    `terms[starts[s] : starts[s + 1]]`. Section 0 is that of no heading.
    """

    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]
    terms: NDArray[np.int32]

    @classmethod
    def of(cls, numbers: Sequence[int], sections: Sequence[Sequence[int]]) -> SectionTerms:
        """The sections of passages, by number, and the terms of each."""
        starts = np.zeros(len(sections) + 1, dtype=np.int64)
        np.cumsum([len(terms) for terms in sections], out=starts[1:])
        together = np.fromiter(chain.from_iterable(sections), dtype=np.int32, count=starts[-1])
        return cls(np.array(numbers, dtype=np.int32), starts, together)

    @property
    def count(self) -> int:
        """How many sections there are; 0 is none."""
        return len(self.starts) - 2

    def of_section(self, number: int) -> NDArray[np.int32]:
        """The terms of a section."""
        return self.terms[self.starts[number] : self.starts[number + 1]]


@dataclass(frozen=True, eq=False)
class Forward:
    """The forms of every passage: those of passage p are `forms[starts[p] : starts[p + 1]]`.

    `opens` says of each passage whether its first form begins at its first character: a capital
    there names nothing. `words`, `terms` (-1: stop word) and `signs` have the shape (forms,);
    `frequencies`, of shape (terms,), says in how many passages a term occurs.
    """

    starts: NDArray[np.int64]
    forms: NDArray[np.int32]
    opens: NDArray[np.bool_]
    words: NDArray[np.int32]
    terms: NDArray[np.int32]
    signs: NDArray[np.uint8]
    frequencies: NDArray[np.int64]
    sections: SectionTerms

    @classmethod
    def of(
        cls,
        sizes: NDArray[np.int64],
        chunks: Sequence[NDArray[np.int32]],
        opens: NDArray[np.bool_],
        forms: Forms,
        frequencies: NDArray[np.int64],
        sections: SectionTerms,
    ) -> Forward:
        """The forms of passages with `sizes` of them, shape (passages,), in `chunks` in a row."""
        starts = np.zeros(len(sizes) + 1, dtype=np.int64)
        np.cumsum(sizes, out=starts[1:])
        return cls(
            starts,
            np.concatenate([np.zeros(0, np.int32), *chunks]),
            opens,
            np.array(forms.words, dtype=np.int32),
            np.array(forms.terms, dtype=np.int32),
            np.array(forms.signs, dtype=np.uint8),
            frequencies,
            sections,
        )
