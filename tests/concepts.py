"""A model of meaning made of a few words that mean the same, for tests of all that asks one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.meaning.model import DIMENSIONS, Vectors

__all__ = ["ConceptModel"]

CONCEPTS = {"doctor": "physician", "doctors": "physician", "cost": "price", "fee": "price"}
SAYS_LITTLE = frozenset("a an the is are was of for in on to who what where do does how".split())


class ConceptModel:
    """Vectors of texts by the concepts of their words; a passage answers as far as it is alike."""

    def __init__(self) -> None:
        self.read: list[str] = []
        """All texts that vectors were made of, and passages that were read, in order."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        self.read += texts
        return np.stack([_vector(text) for text in texts])

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        self.read += passages
        alike = np.stack([_vector(text) for text in passages]) @ _vector(question)
        return (12 * alike - 4).astype(np.float32)


def _vector(text: str) -> NDArray[np.float32]:
    vector = np.full(DIMENSIONS, 1e-3, dtype=np.float32)
    for word in re.findall(r"\w+", text.lower()):
        if word not in SAYS_LITTLE:
            vector[crc32(CONCEPTS.get(word, word).encode()) % DIMENSIONS] += 1
    return vector / np.float32(np.linalg.norm(vector))
