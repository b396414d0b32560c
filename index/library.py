"""A library made ready for questions: its documents, its engine and its citation numbers."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from index.analysis import analyser_for
from index.corpus import Corpus, Document
from index.engines import Engine
from index.engines.building import PostingsBuilder
from index.engines.exact import ExactEngine
from index.engines.postings import PostingsEngine
from index.errors import UnknownDocumentError
from index.forward import Forward
from index.letter_groups import LetterGroups
from index.near_words import NearWords
from index.passages import Passage, citation_keys, normalise_citation

__all__ = ["EXACT_UP_TO", "IndexedLibrary", "engine_name"]

EXACT_UP_TO = 4000
"""The most passages that the exact engine serves; above, postings are worth being made."""


@dataclass(frozen=True)
class IndexedLibrary:
    """One revision of a library, immutable once built: swapping a reference to it is a refresh.

    `words` counts in how many passages each normalised word occurs, stop words included.
    """

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    engine: Engine
    words: Mapping[str, int]
    forward: Forward = field(repr=False)
    _term_numbers: Mapping[str, int] = field(repr=False)
    _positions: dict[tuple[str, str], list[int]] = field(repr=False)

    @classmethod
    def build(cls, corpus: Corpus, progress: Callable[[int], None] | None = None) -> IndexedLibrary:
        """Analyse and index all passages of `corpus`.

        `progress` is told now and then how many passages have been indexed; it may raise to stop.
        """
        passages = corpus.passages
        builder = PostingsBuilder(progress)
        for document in corpus.documents:
            analyser = analyser_for(document.spec.language)
            for passage in document.passages:
                builder.add(passage.text, analyser)
        words, terms, forward = builder.words(), builder.terms(), builder.forward()
        small = len(passages) <= EXACT_UP_TO
        engine: Engine = _exact(forward, terms) if small else PostingsEngine(builder.postings())
        positions: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position, passage in enumerate(passages):
            keys = dict.fromkeys(
                key for number in passage.citations for key in citation_keys(number)
            )
            for key in keys:
                positions[passage.document, key].append(position)
        library = cls(corpus.documents, passages, engine, words, forward, terms, dict(positions))
        if not small:  # no question waits for what takes long
            _ = library.near_words, library.letter_groups
        return library

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

    @cached_property
    def near_words(self) -> NearWords:
        """For the mending of spelling; made at first use."""
        return NearWords(self.words)

    @cached_property
    def letter_groups(self) -> LetterGroups:
        """The character 4-grams of `words`; made at first use."""
        return LetterGroups.of(
            list(self.words), np.array(list(self.words.values()), dtype=np.int64)
        )

    def term_numbers(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """The numbers that `forward` has for terms; -1 for those that no passage holds."""
        return np.array([self._term_numbers.get(term, -1) for term in terms], dtype=np.int64)

    def term_texts(self, numbers: Sequence[int]) -> list[str]:
        """The terms that `forward` has these numbers for."""
        return [self._terms[number] for number in numbers]

    @cached_property
    def _terms(self) -> list[str]:
        return list(self._term_numbers)

    def word_numbers(self, words: Sequence[str]) -> list[int]:
        """The numbers that `forward` has for normalised words; -1 for unknown ones."""
        return [self._word_numbers.get(word, -1) for word in words]

    @cached_property
    def _word_numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}

    @property
    def example(self) -> str | None:
        """A first question to try, from the first document that has one."""
        return next((d.spec.example for d in self.documents if d.spec.example), None)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the documents, each once, in the documents' order."""
        return tuple(dict.fromkeys(document.spec.language for document in self.documents))

    def document(self, document_id: str) -> Document:
        """The document with that id; raises UnknownDocumentError."""
        try:
            return self._documents[document_id]
        except KeyError:
            raise UnknownDocumentError(document_id, list(self._documents)) from None

    def is_lead(self, passage: Passage) -> bool:
        """Whether the passage opens a document whose passages follow each other."""
        document = self.document(passage.document)
        return document.spec.contiguous and passage is document.passages[0]

    def position(self, passage: Passage) -> int:
        """Where a passage of this library stands in `passages`."""
        at = self._found(passage)
        if at is None:
            raise ValueError(f"{passage} is not of this library")
        return at

    def _found(self, passage: Passage) -> int | None:
        """Where a passage stands; None for one of another library, however alike."""
        if passage.document not in self._ranks:
            return None
        order = self._order(passage)
        at = bisect_left(self.passages, order, key=self._order)
        while at < len(self.passages) and self._order(self.passages[at]) == order:
            if self.passages[at] is passage:
                return at
            at += 1
        return None

    def around(self, passage: Passage, reach: int) -> list[int]:
        """Where a passage and those of its document up to `reach` away stand; [] if not here."""
        at = self._found(passage)
        if at is None:
            return []
        near = range(max(0, at - reach), min(len(self.passages), at + reach + 1))
        return [one for one in near if self.passages[one].document == passage.document]

    def _order(self, passage: Passage) -> tuple[int, int]:
        return self._ranks[passage.document], passage.line

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {document.id: rank for rank, document in enumerate(self.documents)}

    def find(self, number: str) -> list[Passage]:
        """All passages that carry `number`, in the documents' order."""
        key = normalise_citation(number)
        return [
            self.passages[position]
            for document in self.documents
            for position in self._positions.get((document.id, key), ())
        ]


def _exact(forward: Forward, terms: Iterable[str]) -> ExactEngine:
    """The engine of a small library, over the terms of its passages."""
    texts = [*terms]
    numbers = forward.terms[forward.forms]
    bounds = pairwise(forward.starts.tolist())
    spans = [numbers[start:end] for start, end in bounds]
    return ExactEngine([[texts[at] for at in span[span >= 0].tolist()] for span in spans])


def engine_name(passages: int) -> str:
    """The name of the engine that serves a library of so many passages, without making one."""
    if passages <= EXACT_UP_TO:
        return ExactEngine([]).name
    return PostingsEngine(PostingsBuilder().postings()).name


def nearest(number: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The known citation numbers closest to `number`: by value for figures, else by spelling."""
    if number.isdecimal():
        figures = [other for other in known if other.isdecimal()]
        figures.sort(key=lambda other: (abs(int(other) - int(number)), int(other)))
        return sorted(figures[:limit], key=int)
    matches = process.extract(number, list(known), scorer=Levenshtein.distance, limit=limit)
    return [match[0] for match in matches]
