"""Postings in flat arrays: which passages hold which terms, and how often.

A term owns a slice of `positions`, the passages that hold it, and of `codes`, which name the pair
(tf, |d|) of each. There are few such pairs, a thousand in a million sentences, so that the
formula's fraction is a table over them: exact for the average length of any collection, and made
anew in microseconds for another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays.strings import Numbering

__all__ = ["SLACK", "Floats", "Ints", "Postings", "Spans"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLACK = 1 + 1e-9
"""Sums of bounds are made this much greater, as the order of a sum changes its last bits."""


@dataclass(frozen=True, eq=False)
class Postings:
    """Which passages hold which terms, how often.

    `terms` numbers the terms; term i owns [starts[i], starts[i + 1]) of `positions` (int32,
    ascending) and `codes` (uint16 or uint32), which index `counts` and `lengths`: how often the
    term is in the passage, and how many terms the passage has. `most` and `shortest` are, of each
    term, the highest count and the shortest length. `length` is the sum of all passages'.
    """

    terms: Numbering
    starts: Ints
    positions: NDArray[np.int32]
    codes: NDArray[Any]
    counts: Ints
    lengths: Ints
    most: NDArray[np.int32]
    shortest: NDArray[np.int32]
    passages: int
    length: int

    def __post_init__(self) -> None:
        # As if mapped from a file: the search is compiled for one kind of array.
        for values in (self.positions, self.codes):
            values.flags.writeable = False


@dataclass(frozen=True)
class Spans:
    """A question's terms as an engine meets them, in the question's order.

    Shape (terms,) each: slices of the postings, weights, and the most a passage can get.
    """

    starts: Ints
    ends: Ints
    weights: Floats
    bounds: Floats
