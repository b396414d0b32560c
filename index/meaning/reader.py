"""The passages of libraries by what they mean: vectors beside each library, in memory alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol
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
ASKED = 0.22
"""How much nearer an answer and its question are together than a passage under its headings is.

So that answers get no start over other passages: found on the questions of tests/chat to tune on.
"""

_Which = NDArray[np.integer[Any]] | slice


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

    @classmethod
    def of_none(cls, count: int) -> _Kept:
        codes = np.zeros((count, DIMENSIONS), dtype=np.int8)
        return cls(codes, np.zeros(count, dtype=np.float32))

    def likeness(self, vector: Vectors, at: _Which) -> NDArray[np.float64]:
        products = self.codes[at].astype(np.float32) @ vector
        likeness: NDArray[np.float64] = (products * self.scales[at]).astype(np.float64)
        return likeness


@dataclass(frozen=True, slots=True)
class _Passages:
    """What is kept of some passages, and of the questions that they answer.

    `asked` are the places of their questions, shape (passages,), and -1 where there is none.
    """

    own: _Kept
    questions: _Kept
    asked: NDArray[np.int32]

    def likeness(self, vector: Vectors, at: _Which) -> NDArray[np.float64]:
        likeness = self.own.likeness(vector, at)
        asked = self.asked[at]
        answers = np.flatnonzero(asked >= 0)
        if len(answers):
            likeness[answers] += self.questions.likeness(vector, asked[answers]) - ASKED
        return likeness


class Reader:
    """Tells how near passages are to a question in meaning, and how well they answer it.

    What it keeps of a library goes with the library. It may be used by several threads.
    """

    def __init__(self, model: TextModel) -> None:
        self._model = model
        self._kept: WeakKeyDictionary[IndexedLibrary, _Passages] = WeakKeyDictionary()
        self._lock = Lock()

    def is_to_prepare(self, library: IndexedLibrary) -> bool:
        """Whether all passages of a library are worth reading, and have not been read."""
        return self._is_fit(library) and not self.has_prepared(library)

    def _is_fit(self, library: IndexedLibrary) -> bool:
        return len(library.passages) <= MOST_PASSAGES and knows(library.languages)

    def prepare(self, library: IndexedLibrary) -> Iterator[int]:
        """Read all passages of a library, so that the nearest are found; yields how many so far."""
        total = len(library.passages)
        own = _Kept.of_none(total)
        yield from self._fill(own, lambda at: _alone(library, at))
        asked, questions = _questions(library, range(total))
        of_questions = _Kept.of_none(len(questions))
        for _ in self._fill(of_questions, questions.__getitem__):
            yield total
        with self._lock:
            self._kept[library] = _Passages(own, of_questions, asked)

    def _fill(self, kept: _Kept, text_at: Callable[[int], str]) -> Iterator[int]:
        """Read the texts a few at a time; yields how many so far."""
        total = len(kept.scales)
        for start in range(0, total, STEP):
            end = min(start + STEP, total)
            few = _Kept.of(self._model.vectors([text_at(at) for at in range(start, end)]))
            kept.codes[start:end], kept.scales[start:end] = few.codes, few.scales
            yield end

    def prepare_at_once(self, library: IndexedLibrary) -> None:
        """Read all passages of a library that are worth reading, which takes some ms each."""
        if self.is_to_prepare(library):
            deque(self.prepare(library), maxlen=0)

    def has_prepared(self, library: IndexedLibrary) -> bool:
        """Whether the nearest passages of a library are found."""
        with self._lock:
            return library in self._kept

    def bytes_for(self, library: IndexedLibrary) -> int:
        """The bytes of memory that what is read of a library takes at most."""
        if not self._is_fit(library):
            return 0
        each = DIMENSIONS + np.dtype(np.float32).itemsize
        place = np.dtype(np.int32).itemsize
        passages, headings = len(library.passages), library.forward.sections.count
        return passages * (each + place) + headings * each

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
        """How near passages of a library are to a vector, shape (passages,).

        That is a cosine, and for an answer two, with its question and with what it says.
        """
        with self._lock:
            kept = self._kept.get(library)
        if kept is not None:
            return kept.likeness(vector, np.array(passages, dtype=np.intp))
        asked, questions = _questions(library, passages)
        made = self._model.vectors([*(_alone(library, at) for at in passages), *questions])
        few = np.arange(len(passages))
        own, of_questions = _Kept.of(made[: len(few)]), _Kept.of(made[len(few) :])
        return _Passages(own, of_questions, asked).likeness(vector, few)

    def scores(
        self, question: str, library: IndexedLibrary, passages: Sequence[int]
    ) -> NDArray[np.float64]:
        """How well passages of a library answer a question, in log-odds, shape (passages,)."""
        return self._model.scores(question, [_text(library, at) for at in passages]).astype(
            np.float64
        )


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


def _text(library: IndexedLibrary, at: int) -> str:
    """A passage as the model reads it: under its title and headings."""
    passage = library.passages[at]
    title = library.document_at(at).spec.title
    return passage_text(passage.text, [title, *passage.surroundings])


def _alone(library: IndexedLibrary, at: int) -> str:
    """The same where it has a vector: without them where it answers, since its question has one."""
    passage = library.passages[at]
    return _text(library, at) if passage.question is None else passage.text


def _questions(
    library: IndexedLibrary, passages: Sequence[int]
) -> tuple[NDArray[np.int32], list[str]]:
    """The place of each passage's question, -1 for none, among those given beside: each once."""
    places: dict[str, int] = {}
    if not library.forward.sections.numbers.any():  # which is soon known
        return np.full(len(passages), -1, dtype=np.int32), []
    asked = [
        -1
        if (one := library.passages[at].question) is None
        else places.setdefault(one, len(places))
        for at in passages
    ]
    return np.array(asked, dtype=np.int32), list(places)
