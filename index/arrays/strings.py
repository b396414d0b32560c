"""Many strings in two arrays, made into objects one by one as they are asked for.

Three hundred thousand words, or a million sentences, cost the bytes of their text and can be mapped
from a file; as Python strings they would cost several times that in each process.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from index.arrays.fields import places_in

__all__ = ["Numbering", "StringLists", "Strings", "WordCounts", "as_memory"]

REMEMBERED = 4096
"""The most look-ups that a numbering keeps: questions repeat terms."""
LOOK_UP_BYTES = 170
SHARE_REMEMBERED = 4
"""One for so many strings: what is asked of a small library is to take less than it does."""


@dataclass(frozen=True, eq=False)
class Strings:
    """Strings in order: string i is bytes [offsets[i], offsets[i + 1]) of `blob`, in UTF-8."""

    blob: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Strings:
        """Pack `texts`."""
        blob, offsets = bytearray(), array("q", [0])
        for text in texts:
            blob += _encoded(text)
            offsets.append(len(blob))
        return cls(np.frombuffer(blob, dtype=np.uint8), np.array(offsets, dtype=np.int64))

    @cached_property
    def _memory(self) -> tuple[memoryview[int], memoryview[int]]:
        return as_memory(self.blob, "B"), as_memory(self.offsets, "q")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, number: int) -> str:
        blob, offsets = self._memory
        return str(blob[offsets[number] : offsets[number + 1]], "utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))


@dataclass(frozen=True, eq=False)
class StringLists:
    """A short list of strings for each of many: list i is numbers[starts[i] : starts[i + 1]]."""

    starts: NDArray[np.int64]
    numbers: NDArray[np.int32]
    strings: Strings

    @classmethod
    def of(cls, lists: Iterable[Iterable[str]]) -> StringLists:
        """Pack `lists`, in which few different strings come back many times."""
        known: dict[str, int] = {}
        starts, numbers = array("q", [0]), array("i")
        for one in lists:
            numbers.extend(known.setdefault(text, len(known)) for text in one)
            starts.append(len(numbers))
        return cls(
            np.array(starts, dtype=np.int64),
            np.array(numbers, dtype=np.int32),
            Strings.of(known),
        )

    @cached_property
    def _memory(self) -> tuple[memoryview[int], memoryview[int]]:
        return as_memory(self.starts, "q"), as_memory(self.numbers, "i")

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, at: int) -> tuple[str, ...]:
        starts, numbers = self._memory
        return tuple(self.strings[number] for number in numbers[starts[at] : starts[at + 1]])


@dataclass(frozen=True, eq=False)
class Numbering(Mapping[str, int]):
    """Distinct strings to their numbers, which count from 0 in the strings' order.

    `hashes` are XXH3's, ascending, and `order` has the number of the string of each.
    """

    strings: Strings
    hashes: NDArray[np.uint64]
    order: NDArray[np.int32]

    @classmethod
    def of(cls, distinct: Iterable[str]) -> Numbering:
        """Number `distinct` strings."""
        strings = Strings.of(distinct)
        hashes = _hashes(strings)
        order = np.argsort(hashes, kind="stable")
        return cls(strings, hashes[order], order.astype(np.int32))

    @cached_property
    def find(self) -> Callable[[str], int | None]:
        """Gives the number of a string, or None: faster than `get`, for whoever keeps it."""
        # Of the arrays and not of this object, which goes with its last reference so.
        find = partial(_find, self.strings, as_memory(self.hashes, "Q"), as_memory(self.order, "i"))
        return lru_cache(self.remembered)(find)

    @property
    def remembered(self) -> int:
        """How many look-ups are kept."""
        return min(REMEMBERED, len(self.strings) // SHARE_REMEMBERED)

    @property
    def remembered_bytes(self) -> int:
        """About the bytes of memory that they take, once there are so many."""
        return LOOK_UP_BYTES * self.remembered

    def __getitem__(self, text: str) -> int:
        number = self.find(text)
        if number is None:
            raise KeyError(text)
        return number

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self.find(text) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self.strings)

    def __len__(self) -> int:
        return len(self.strings)

    def among(self, texts: Iterable[str]) -> list[str]:
        """Those of `texts` that are numbered; cheaper than one look-up each."""
        wanted = list(texts)
        likely = np.flatnonzero(places_in(self.hashes, _hashes(wanted)) >= 0).tolist()
        return [wanted[one] for one in likely if wanted[one] in self]


@dataclass(frozen=True, eq=False)
class WordCounts(Mapping[str, int]):
    """In how many passages each normalised word occurs; `counts` has shape (words,)."""

    numbers: Numbering
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, words: Mapping[str, int]) -> WordCounts:
        """Pack `words`."""
        counts = np.fromiter(words.values(), dtype=np.int64, count=len(words))
        return cls(Numbering.of(words), counts)

    def __getitem__(self, word: str) -> int:
        return int(self.counts[self.numbers[word]])

    def __contains__(self, word: object) -> bool:
        return word in self.numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.counts)


def as_memory(values: NDArray[np.generic], code: str) -> memoryview[int]:
    """A flat array as a memoryview of struct's `code`: one look-up costs a tenth of NumPy's."""
    if not values.size:  # which cannot be cast
        return memoryview(array(code))
    return memoryview(values.data).cast("B").cast(code)  # type: ignore[call-overload, no-any-return]


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _hashes(texts: Iterable[str]) -> NDArray[np.uint64]:
    return np.array([xxh3_64_intdigest(_encoded(text)) for text in texts], dtype=np.uint64)


def _find(
    strings: Strings, hashes: memoryview[int], order: memoryview[int], text: str
) -> int | None:
    """The number of a string; the hash leads to it, the text decides."""
    wanted = xxh3_64_intdigest(_encoded(text))
    at = bisect_left(hashes, wanted)
    while at < len(hashes) and hashes[at] == wanted:
        if strings[order[at]] == text:
            return order[at]
        at += 1
    return None
