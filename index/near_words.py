"""The words of one library as arrays, and those near a misspelt one.

No question makes it look at every word. Near words are looked for among those that begin alike,
of like length, whose sets of letters differ by no more than the edits could; words that begin
otherwise are one edit of the first letters away, and are spelt out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

__all__ = ["NearWords"]


class NearWords:
    """Finds known words near others. `words` says in how many passages each occurs.

    Distances are optimal string alignments: one insertion, deletion, substitution or swap of
    neighbours each (rapidfuzz's OSA).
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self.words = words
        known = [word for word in words if word.isalpha()]
        letters, starts = _letters(known)
        lengths = np.diff(starts)
        firsts = letters[starts[:-1]]
        order = np.lexsort((lengths, firsts))
        self._sorted = [known[at] for at in order.tolist()]
        masks = np.uint32(1) << (letters & 31).astype(np.uint32)
        # Words of no letter there are none, so that every slice is its word's own.
        self._masks = _reduced(np.bitwise_or, masks, starts)[order]
        keys = (firsts[order].astype(np.int64) << 32) | lengths[order]
        found, opens = np.unique(keys, return_index=True)
        ends = np.append(opens, len(keys))[1:]
        buckets = zip(found.tolist(), opens.tolist(), ends.tolist(), strict=True)
        self._buckets = {key: (start, end) for key, start, end in buckets}
        self._firsts = [chr(code) for code in np.unique(firsts).tolist()]

    def within(self, word: str, edits: int) -> list[tuple[int, str]]:
        """The words at most `edits` from `word`, each with its distance, in no order.

        Words that begin otherwise are found at a distance of 1 only.
        """
        found: list[tuple[int, str]] = []
        mask = np.bitwise_or.reduce(np.uint32(1) << (_codes(word) & 31).astype(np.uint32))
        for length in range(len(word) - edits, len(word) + edits + 1):
            start, end = self._buckets.get((ord(word[0]) << 32) | length, (0, 0))
            # An edit puts at most one letter in and takes one out.
            differing = np.bitwise_count(self._masks[start:end] ^ mask)
            for at in np.flatnonzero(differing <= 2 * edits).tolist():
                other = self._sorted[start + at]
                distance = OSA.distance(word, other, score_cutoff=edits)
                if distance <= edits:
                    found.append((distance, other))
        begun_otherwise = {word[1:], word[1::-1] + word[2:]}
        for first in self._firsts:
            begun_otherwise |= {first + word, first + word[1:]}
        found += [
            (1, other)
            for other in begun_otherwise
            if other in self.words and other[0] != word[0] and other.isalpha()
        ]
        return found


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
