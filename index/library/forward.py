"""What each passage of a library is made of: its words as numbers, in arrays."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from index.text.answer_type import DATE_WORDS, NUMBER_WORDS, TIME_WORDS, is_year

__all__ = ["Forms", "Forward", "Sign", "signs"]


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
    found: dict[str, int] = {}
    for words, sign in (
        (DATE_WORDS, Sign.DATE),
        (NUMBER_WORDS, Sign.NUMBER),
        (TIME_WORDS, Sign.TIME),
    ):
        for word in words:
            found[word] = found.get(word, 0) | sign.value
    return found


_OF_WORDS = _signs_of_words()
# As whole numbers: adding up flags costs more than all else that is done for a new word.
_CAPITAL = Sign.CAPITAL.value
_DIGITS = (Sign.NUMBER | Sign.DIGIT).value
_YEAR_SIGNS = (Sign.NUMBER | Sign.DIGIT | Sign.DATE | Sign.YEAR).value


def signs(word: str, *, capital: bool) -> int:
    """The signs of a normalised word, printed with a capital or not."""
    found = _OF_WORDS.get(word, 0)
    if word[:1].isdigit():
        found = _YEAR_SIGNS if is_year(word) else _DIGITS
    return found | _CAPITAL if capital else found


@dataclass
class Forms:
    """The printed forms of a library, numbered as they are met: the word, term and signs of each.

    The term of a stop word is -1.
    """

    words: array[int] = field(default_factory=lambda: array("i"))
    terms: array[int] = field(default_factory=lambda: array("i"))
    signs: array[int] = field(default_factory=lambda: array("B"))

    def add(self, word: int, term: int, found: int) -> int:
        """The number of a new form."""
        self.words.append(word)
        self.terms.append(term)
        self.signs.append(found)
        return len(self.words) - 1


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

    @classmethod
    def of(
        cls,
        sizes: NDArray[np.int64],
        chunks: Sequence[NDArray[np.int32]],
        opens: NDArray[np.bool_],
        forms: Forms,
        frequencies: NDArray[np.int64],
    ) -> Forward:
        """The forms of passages that have `sizes` of them, in `chunks` one after another."""
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
        )
