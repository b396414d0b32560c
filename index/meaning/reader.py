"""The passages of libraries by what they mean: vectors beside each library, in memory alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from index.library.library import IndexedLibrary
from index.meaning.model import DIMENSIONS, Vectors, knows
from index.meaning.texts import passage_text

__all__ = ["Reader", "Remembering"]

MOST_PASSAGES = 10_000
"""Of a larger library only the passages that its words bring up are read."""
STEP = 8
"""Passages that are read between two looks at what else is to be done."""
MOST_CODE = 127


class TextModel(Protocol):
    """What a reader reads with."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts, of length one, shape (texts, DIMENSIONS)."""

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """How well each passage answers the question, in log-odds, shape (passages,)."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Vectors in 8 bits: `codes` × `scales`, shapes (passages, DIMENSIONS) and (passages,)."""

    codes: NDArray[np.int8]
    scales: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: Vectors) -> _Kept:
        scales = np.maximum(np.abs(vectors).max(axis=1), 1e-6) / MOST_CODE
        return cls(np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32))

    def likeness(self, vector: Vectors, passages: Sequence[int] | slice) -> NDArray[np.float64]:
        products = self.codes[passages].astype(np.float32) @ vector
        likeness: NDArray[np.float64] = (products * self.scales[passages]).astype(np.float64)
        return likeness


class Reader:
    """Tells how near passages are to a question in meaning, and how well they answer it.

    What it keeps of a library goes with the library. It may be used by several threads.
    """

    def __init__(self, model: TextModel) -> None:
        self._model = model
        self._kept: WeakKeyDictionary[IndexedLibrary, _Kept] = WeakKeyDictionary()
        self._lock = Lock()

    def is_to_prepare(self, library: IndexedLibrary) -> bool:
        """Whether all passages of a library are worth reading, and have not been read."""
        return self._is_fit(library) and not self.has_prepared(library)

    def _is_fit(self, library: IndexedLibrary) -> bool:
        return len(library.passages) <= MOST_PASSAGES and knows(library.languages)

    def prepare(self, library: IndexedLibrary) -> Iterator[int]:
        """Read all passages of a library, so that the nearest are found; yields how many so far."""
        total = len(library.passages)
        codes = np.zeros((total, DIMENSIONS), dtype=np.int8)
        scales = np.zeros(total, dtype=np.float32)
        for start in range(0, total, STEP):
            some = range(start, min(start + STEP, total))
            few = _Kept.of(self._model.vectors(_texts(library, some)))
            codes[some.start : some.stop], scales[some.start : some.stop] = few.codes, few.scales
            yield some.stop
        with self._lock:
            self._kept[library] = _Kept(codes, scales)

    def prepare_at_once(self, library: IndexedLibrary) -> None:
        """Read all passages of a library that are worth reading, which takes some ms each."""
        if self.is_to_prepare(library):
            deque(self.prepare(library), maxlen=0)

    def has_prepared(self, library: IndexedLibrary) -> bool:
        """Whether the nearest passages of a library are found."""
        with self._lock:
            return library in self._kept

    def bytes_for(self, library: IndexedLibrary) -> int:
        """The bytes of memory that what is read of a library takes."""
        if not self._is_fit(library):
            return 0
        return len(library.passages) * (DIMENSIONS + np.dtype(np.float32).itemsize)

    def vector(self, question: str) -> Vectors:
        """What a question means, shape (DIMENSIONS,)."""
        vector: Vectors = self._model.vectors([question])[0]
        return vector

    def nearest(self, vector: Vectors, library: IndexedLibrary, most: int) -> list[int]:
        """The passages of a library that are nearest to a vector; none before it is prepared."""
        with self._lock:
            kept = self._kept.get(library)
        if kept is None:
            return []
        likeness = kept.likeness(vector, slice(None))
        best = np.argsort(-likeness, kind="stable")[:most]
        return [int(at) for at in best]

    def likeness(
        self, vector: Vectors, library: IndexedLibrary, passages: Sequence[int]
    ) -> NDArray[np.float64]:
        """The cosines of a vector and passages of a library, shape (passages,)."""
        with self._lock:
            kept = self._kept.get(library)
        if kept is None:
            kept = _Kept.of(self._model.vectors(_texts(library, passages)))
            passages = range(len(passages))
        return kept.likeness(vector, list(passages))

    def scores(
        self, question: str, library: IndexedLibrary, passages: Sequence[int]
    ) -> NDArray[np.float64]:
        """How well passages of a library answer a question, in log-odds, shape (passages,)."""
        return self._model.scores(question, _texts(library, passages)).astype(np.float64)


class Remembering:
    """A model that makes each text's vector once: for many libraries of the same passages."""

    def __init__(self, model: TextModel) -> None:
        self._model = model
        self._made: dict[str, Vectors] = {}

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """As the model makes them."""
        new = [text for text in dict.fromkeys(texts) if text not in self._made]
        if new:
            self._made.update(zip(new, self._model.vectors(new), strict=True))
        return np.stack([self._made[text] for text in texts])

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """As the model gives them."""
        return self._model.scores(question, passages)


def _texts(library: IndexedLibrary, passages: Sequence[int]) -> list[str]:
    """The passages as the model reads them: under their titles and headings."""
    texts = []
    for at in passages:
        passage = library.passages[at]
        title = library.document_at(at).spec.title
        texts.append(passage_text(passage.text, [title, *passage.surroundings]))
    return texts
