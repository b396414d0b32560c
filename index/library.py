"""A library made ready for questions: its documents, its engine and its citation numbers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from index.analysis import analyser_for
from index.citations import CitationPositions
from index.corpus import Corpus, Document, DocumentSpec
from index.engines import Engine
from index.engines.building import PostingsBuilder
from index.engines.exact import ExactEngine
from index.engines.postings import Postings, PostingsEngine
from index.errors import UnknownDocumentError
from index.forward import Forward
from index.letter_groups import LetterGroups
from index.near_words import NearWords, WordShapes
from index.packed import PackedPassages, PassageTable
from index.passages import Passage, normalise_citation
from index.strings import Numbering, WordCounts

__all__ = ["EXACT_UP_TO", "IndexedLibrary", "LibraryArrays", "engine_name", "nearest"]

EXACT_UP_TO = 4000
"""The most passages that the exact engine serves; above, postings are worth being made."""


@dataclass(frozen=True, eq=False)
class LibraryArrays:
    """All that a large library is searched by: it is saved, mapped and shared as it stands here."""

    passages: PassageTable
    postings: Postings
    words: WordCounts
    shapes: WordShapes
    groups: LetterGroups
    forward: Forward
    citations: CitationPositions

    @classmethod
    def of(cls, corpus: Corpus, progress: Callable[[int], None] | None = None) -> LibraryArrays:
        """Analyse and index all passages of `corpus`."""
        builder = _filled(corpus, progress)
        # First what the postings use up.
        words, forward = builder.words(), builder.forward()
        documents = [document.passages for document in corpus.documents]
        return cls(
            PassageTable.of(documents),
            builder.postings(),
            words,
            WordShapes.of(words),
            LetterGroups.of(words),
            forward,
            CitationPositions.of(chain.from_iterable(documents)),
        )


@dataclass(frozen=True, eq=False)
class IndexedLibrary:
    """One revision of a library, immutable once built: swapping a reference to it is a refresh.

    `words` counts in how many passages each normalised word occurs, stop words included; `forward`
    has the numbers of `terms` and `words`. `arrays` is None for a small library, whose passages are
    objects and whose engine is the exact one.
    """

    documents: tuple[Document, ...]
    passages: Sequence[Passage] = field(repr=False)
    engine: Engine
    terms: Numbering = field(repr=False)
    words: WordCounts = field(repr=False)
    forward: Forward = field(repr=False)
    citations: CitationPositions = field(repr=False)
    arrays: LibraryArrays | None = field(default=None, repr=False)

    @classmethod
    def build(cls, corpus: Corpus, progress: Callable[[int], None] | None = None) -> IndexedLibrary:
        """Analyse and index all passages of `corpus`.

        `progress` is told now and then how many passages have been indexed; it may raise to stop.
        """
        if sum(len(document.passages) for document in corpus.documents) > EXACT_UP_TO:
            specs = [document.spec for document in corpus.documents]
            return cls.of_arrays(specs, LibraryArrays.of(corpus, progress))
        builder = _filled(corpus, progress)
        terms, forward, passages = builder.terms, builder.forward(), corpus.passages
        engine = _exact(forward, terms.strings)
        citations = CitationPositions.of(passages)
        return cls(corpus.documents, passages, engine, terms, builder.words(), forward, citations)

    @classmethod
    def of_arrays(cls, specs: Sequence[DocumentSpec], arrays: LibraryArrays) -> IndexedLibrary:
        """A large library, of what is said of its documents and of its arrays."""
        ids = [spec.id for spec in specs]
        passages = PackedPassages(arrays.passages, ids)
        documents = tuple(
            Document(spec, PackedPassages.of_document(arrays.passages, ids, which))
            for which, spec in enumerate(specs)
        )
        return cls(
            documents,
            passages,
            PostingsEngine(arrays.postings),
            arrays.postings.terms,
            arrays.words,
            arrays.forward,
            arrays.citations,
            arrays,
        )

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

    @cached_property
    def near_words(self) -> NearWords:
        """For the mending of spelling; made at first use."""
        return NearWords(self.words, self.arrays.shapes if self.arrays else None)

    @cached_property
    def letter_groups(self) -> LetterGroups:
        """The character 4-grams of `words`; made at first use."""
        return self.arrays.groups if self.arrays else LetterGroups.of(self.words)

    def term_numbers(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """The numbers that `forward` has for terms; -1 for those that no passage holds."""
        return np.array([self.terms.get(term, -1) for term in terms], dtype=np.int64)

    def term_texts(self, numbers: Iterable[int]) -> list[str]:
        """The terms that `forward` has these numbers for."""
        return [self.terms.strings[number] for number in numbers]

    def word_numbers(self, words: Iterable[str]) -> list[int]:
        """The numbers that `forward` has for normalised words; -1 for unknown ones."""
        return [self.words.numbers.get(word, -1) for word in words]

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
        return document.spec.contiguous and passage == document.passages[0]

    def position(self, passage: Passage) -> int:
        """Where a passage of this library stands in `passages`."""
        at = self._found(passage)
        if at is None:
            raise ValueError(f"{passage} is not of this library")
        return at

    def _found(self, passage: Passage) -> int | None:
        """Where the first passage like this one stands; None for one that is not here."""
        if passage.document not in self._ranks:
            return None
        order = self._order(passage)
        at = bisect_left(self.passages, order, key=self._order)
        while at < len(self.passages) and self._order(self.passages[at]) == order:
            if self.passages[at] == passage:
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
            for position in self.citations.find(document.id, key)
        ]

    def known_citations(self, documents: Iterable[str]) -> Iterator[str]:
        """The normalised numbers that find a passage of any of the documents with these ids."""
        return self.citations.known(documents)


def _filled(corpus: Corpus, progress: Callable[[int], None] | None) -> PostingsBuilder:
    """A builder that has taken all passages of `corpus`."""
    builder = PostingsBuilder(progress)
    for document in corpus.documents:
        analyser = analyser_for(document.spec.language)
        for passage in document.passages:
            builder.add(passage.text, analyser)
    return builder


def _exact(forward: Forward, terms: Iterable[str]) -> ExactEngine:
    """The engine of a small library, over the terms of its passages."""
    texts = list(terms)
    numbers = forward.terms[forward.forms]
    spans = [numbers[start:end] for start, end in pairwise(forward.starts.tolist())]
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
