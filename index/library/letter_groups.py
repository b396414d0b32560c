"""The character 4-grams of words as numbers, and in how many passages their words stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays.fields import places_in
from index.arrays.strings import WordCounts

__all__ = ["GRAM", "LetterGroups", "gram_keys"]

GRAM = 4
_BITS = 16
"""Of a letter's code point; what lies beyond the first plane shares keys, and tells a little less.
"""

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class LetterGroups:
    """The 4-grams of a library's words, between marks of their ends; a short word is one itself.

    `keys`, in order, and `counts` have the shape (grams,); the grams of word w, each once, are
    `grams[starts[w] : starts[w + 1]]`, as places in `keys`. A count is the sum over the words that
    hold the gram of the passages they stand in.
    """

    keys: Keys
    counts: NDArray[np.int32]
    starts: Ints
    grams: NDArray[np.int32]

    @classmethod
    def of(cls, words: WordCounts) -> LetterGroups:
        """The groups of a library's words."""
        keys, owners = gram_keys(list(words))
        # By sorting: NumPy's own search for distinct values takes several times as long.
        distinct = _distinct(keys)
        grams = np.searchsorted(distinct, keys)
        # A word counts once for a gram that it holds twice.
        pairs = _distinct((owners << 32) | grams)
        owners, grams = pairs >> 32, pairs & 0xFFFFFFFF
        counts = np.bincount(grams, words.counts[owners], len(distinct))
        starts = np.searchsorted(owners, np.arange(len(words) + 1))
        return cls(distinct, counts.astype(np.int32), starts, grams.astype(np.int32))

    def counted(self, keys: Keys) -> Ints:
        """The count of each of `keys`; 0 for those that no word has."""
        places = self.places(keys)
        return np.where(places >= 0, self.counts[places], 0) if len(self.keys) else 0 * places

    def places(self, keys: Keys) -> Ints:
        """Where each of `keys` stands; -1 for those that no word has."""
        return places_in(self.keys, keys)

    def of_words(self, words: NDArray[np.int32], owners: Ints) -> tuple[Ints, NDArray[np.int32]]:
        """The grams of each of `words`, as places, one word's after another's, and their owners."""
        opens = self.starts[words]
        held = self.starts[words + 1] - opens
        ends = np.cumsum(held)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(opens - (ends - held), held)
        return np.repeat(owners, held), self.grams[places]


def _distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Each of the values once, in order."""
    ordered = np.sort(values)
    is_first = np.ones(len(ordered), dtype=np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def gram_keys(words: Sequence[str]) -> tuple[Keys, Ints]:
    """The keys of all grams of `words` in their order, and which word each is of."""
    marked = "".join(f"_{word}_" for word in words)
    letters = np.frombuffer(marked.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    lengths = np.array([len(word) + 2 for word in words], dtype=np.int64)
    firsts = np.cumsum(lengths) - lengths
    held = np.maximum(1, lengths - GRAM + 1)
    owners = np.repeat(np.arange(len(lengths)), held)
    offsets = np.arange(len(owners)) - np.repeat(np.cumsum(held) - held, held)
    places = firsts[owners] + offsets
    ends = (firsts + lengths)[owners]
    padded = np.concatenate([letters, np.zeros(GRAM, dtype=letters.dtype)]).astype(np.uint64)
    padded &= np.uint64((1 << _BITS) - 1)
    keys = np.zeros(len(owners), dtype=np.uint64)
    for offset in range(GRAM):
        # A word of one letter is shorter than a gram: 0 fills it up.
        letter = np.where(places + offset < ends, padded[places + offset], np.uint64(0))
        keys = (keys << np.uint64(_BITS)) | letter
    return keys, owners
