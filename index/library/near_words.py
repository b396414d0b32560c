"""The words of one library as arrays, and those near a misspelt one.

No question makes it look at every word. Near words are looked for among those that begin alike,
of like length, whose sets of letters differ by no more than the edits could; words that begin
otherwise are one edit of the first letters away, and are spelt out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from index.arrays.strings import WordCounts, as_memory

__all__ = ["NearWords", "WordShapes"]


@dataclass(frozen=True, eq=False)
class WordShapes:
    """Words of letters by their first letter and length: what near words are looked for in.

    `words` are the words' numbers and `masks` the sets of their letters, shape (words of letters,).
    Bucket i has those in [opens[i], opens[i + 1]); `keys`, ascending, are first letter << 32 |
    length. `firsts` are the first letters.
    """

    words: NDArray[np.int32]
    masks: NDArray[np.uint32]
    keys: NDArray[np.int64]
    opens: NDArray[np.int64]
    firsts: NDArray[np.uint32]

    @classmethod
    def of(cls, words: Iterable[str]) -> WordShapes:
        """Sort `words`, which are numbered in this order."""
        numbered = [(number, word) for number, word in enumerate(words) if word.isalpha()]
        letters, starts = _letters([word for _, word in numbered])
        lengths = np.diff(starts)
        firsts = letters[starts[:-1]]
        order = np.lexsort((lengths, firsts))
        masks = np.uint32(1) << (letters & 31).astype(np.uint32)
        keys = (firsts[order].astype(np.int64) << 32) | lengths[order]
        distinct, opens = np.unique(keys, return_index=True)
        return cls(
            np.array([number for number, _ in numbered], dtype=np.int32)[order],
            # Words of no letter there are none, so that every slice is its word's own.
            _reduced(np.bitwise_or, masks, starts)[order],
            distinct,
            np.append(opens, len(keys)).astype(np.int64),
            np.unique(firsts),
        )


class NearWords:
    """Finds known words near others. `words` says in how many passages each occurs.

    Distances are optimal string alignments: one insertion, deletion, substitution or swap of
    neighbours each (rapidfuzz's OSA).
    """

    def __init__(self, words: WordCounts, shapes: WordShapes) -> None:
        """`shapes` are those of `words`."""
        self.words = words
        self._shapes = shapes
        self._keys = as_memory(shapes.keys, "q")
        self._opens = as_memory(shapes.opens, "q")
        self._firsts = [chr(code) for code in self._shapes.firsts.tolist()]

    def within(self, word: str, edits: int) -> list[tuple[int, str]]:
        """The words at most `edits` from `word`, each with its distance, in no order.

        Words that begin otherwise are found at a distance of 1 only.
        """
        near: list[tuple[int, str]] = []
        strings, shapes = self.words.numbers.strings, self._shapes
        mask = np.bitwise_or.reduce(np.uint32(1) << (_codes(word) & 31).astype(np.uint32))
        for length in range(len(word) - edits, len(word) + edits + 1):
            start, end = self._bucket((ord(word[0]) << 32) | length)
            # An edit puts at most one letter in and takes one out.
            differing = np.bitwise_count(shapes.masks[start:end] ^ mask)
            for number in shapes.words[start:end][differing <= 2 * edits].tolist():
                other = strings[number]
                distance = OSA.distance(word, other, score_cutoff=edits)
                if distance <= edits:
                    near.append((distance, other))
        begun_otherwise = {word[1:], word[1::-1] + word[2:]}
        for first in self._firsts:
            begun_otherwise |= {first + word, first + word[1:]}
        near += [
            (1, other)
            for other in self.words.numbers.among(begun_otherwise)
            if other[0] != word[0] and other.isalpha()
        ]
        return near

    def _bucket(self, key: int) -> tuple[int, int]:
        """Where the words of a first letter and a length stand among those of letters."""
        at = bisect_left(self._keys, key)
        if at == len(self._keys) or self._keys[at] != key:
            return 0, 0
        return self._opens[at], self._opens[at + 1]


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _letters(words: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The code points of all words in a row, and where each begins, with the end."""
    starts = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum([len(word) for word in words], out=starts[1:])
    return _codes("".join(words)), starts


def _reduced(function: Any, values: NDArray[Any], starts: NDArray[np.int64]) -> NDArray[Any]:
    """`function` over each slice, none of them empty."""
    return function.reduceat(values, starts[:-1]) if len(starts) > 1 else values
