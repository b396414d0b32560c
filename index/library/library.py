"""A library made ready for questions: its documents, its engine and its citation numbers."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from sys import intern

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from index.arrays.fields import private_bytes, to_arrays
from index.arrays.strings import WordCounts
from index.documents.corpus import Corpus
from index.documents.document import Document, DocumentSpec
from index.documents.packed import PackedPassages, PassageTable
from index.documents.reading.markers import normalise_citation
from index.engines.bm25 import Engine
from index.engines.exact import ExactEngine
from index.engines.postings import Postings
from index.engines.search import PostingsEngine
from index.library.building import PostingsBuilder
from index.library.citations import CitationPositions
from index.library.forward import Forward
from index.library.letter_groups import LetterGroups
from index.library.near_words import NearWords, WordShapes
from index.text.aliases import Aliases, aliases_of
from index.text.analysis import analyser_for

__all__ = ["EXACT_UP_TO", "IndexedLibrary", "LibraryArrays", "engine_name", "nearest"]

EXACT_UP_TO = 4000
"""The most passages that the exact engine serves; above, postings are worth being made."""
OBJECTS_BYTES = 10_000
"""What the objects of a library, and of what searches it, take beside all else."""
SPEC_BYTES, PER_SPEC_BYTE = 3000, 9
"""What a document takes beside its passages, and what each byte of its entry as JSON does."""


@dataclass(frozen=True, eq=False)
class LibraryArrays:
    """All that a library is searched by: a large one is saved and mapped as it is here."""

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
        builder = PostingsBuilder(progress)
        for document in corpus.documents:
            analyser = analyser_for(document.spec.language)
            for passage in document.passages:
                builder.add(passage.text, analyser, passage.surroundings)
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


class IndexedLibrary:
    """One revision of a library, immutable once built: swapping a reference to it is a refresh.

    Its passages, terms and words stand in `arrays`, and a passage is known by its position among
    all of them. rank-bm25 serves up to `exact_up_to` passages, postings larger libraries.
    """

    def __init__(
        self,
        specs: Sequence[DocumentSpec],
        arrays: LibraryArrays,
        exact_up_to: int = EXACT_UP_TO,
    ) -> None:
        ids = [spec.id for spec in specs]
        self.arrays = arrays
        self.passages = PackedPassages(arrays.passages, ids)
        self.documents = tuple(
            Document(spec, PackedPassages.of_document(arrays.passages, ids, which))
            for which, spec in enumerate(specs)
        )
        self.forward, self.words, self.letter_groups = arrays.forward, arrays.words, arrays.groups
        self.near_words = NearWords(arrays.words, arrays.shapes)
        self._terms = arrays.postings.terms
        self._ends: list[int] = arrays.passages.starts[1:].tolist()
        self.aliases = _aliases(specs)
        self.is_large = len(self.passages) > exact_up_to
        self.engine: Engine = (
            PostingsEngine(arrays.postings)
            if self.is_large
            else _exact_engine(arrays.forward, self._terms.strings)
        )
        self.nbytes = self._bytes(specs)

    @classmethod
    def build(
        cls,
        corpus: Corpus,
        progress: Callable[[int], None] | None = None,
        exact_up_to: int = EXACT_UP_TO,
    ) -> IndexedLibrary:
        """Analyse and index all passages of `corpus`.

        `progress` is told now and then how many passages have been indexed; it may raise to stop.
        """
        specs = [document.spec for document in corpus.documents]
        return cls(specs, LibraryArrays.of(corpus, progress), exact_up_to)

    def _bytes(self, specs: Sequence[DocumentSpec]) -> int:
        """About the bytes of memory that all of it takes, once much was asked of it.

        What is mapped from a file counts for nothing: the system takes it back where memory is
        wanted.
        """
        remembering = (self._terms, self.words.numbers, self.arrays.citations.keys)
        return (
            OBJECTS_BYTES
            + private_bytes(to_arrays(self.arrays).values())
            + self.engine.nbytes
            + sum(numbering.remembered_bytes for numbering in remembering)
            + sum(table.nbytes for table in self.aliases.values())
            + sum(SPEC_BYTES + PER_SPEC_BYTE * len(spec.model_dump_json()) for spec in specs)
        )

    def term_numbers(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """The numbers that `forward` has for terms; -1 for those that no passage holds."""
        return np.array([self._terms.get(term, -1) for term in terms], dtype=np.int64)

    def term_texts(self, numbers: Iterable[int]) -> list[str]:
        """The terms that `forward` has these numbers for."""
        return [self._terms.strings[number] for number in numbers]

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

    def document_at(self, position: int) -> Document:
        """The document that the passage at `position` is of."""
        return self.documents[bisect_right(self._ends, position)]

    def is_lead(self, position: int) -> bool:
        """Whether the passage there opens a document whose passages follow each other."""
        which = bisect_right(self._ends, position)
        opening = self._ends[which - 1] if which else 0
        return position == opening and self.documents[which].spec.contiguous

    def around(self, position: int, reach: int) -> range:
        """The positions up to `reach` away within the same document, that passage's among them."""
        which = bisect_right(self._ends, position)
        opening = self._ends[which - 1] if which else 0
        return range(max(opening, position - reach), min(self._ends[which], position + reach + 1))

    def find(self, number: str, document_id: str | None = None) -> list[int]:
        """The positions of all passages that carry a citation number, of one document or of all."""
        key = normalise_citation(number)
        return [
            position
            for document in self.documents
            if document_id in {None, document.id}
            for position in self.arrays.citations.find(document.id, key)
        ]

    def known_citations(self, documents: Iterable[str]) -> Iterator[str]:
        """The normalised numbers that find a passage of any of the documents with these ids."""
        return self.arrays.citations.known(documents)


def _aliases(specs: Iterable[DocumentSpec]) -> dict[str, Aliases]:
    """The tables of the documents' own rows, by language."""
    rows: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for spec in specs:
        rows[spec.language] += map(tuple, spec.aliases)
    return {code: aliases_of(tuple(own), code) for code, own in rows.items() if own}


def _exact_engine(forward: Forward, terms: Iterable[str]) -> ExactEngine:
    """The engine of a small library, over the terms of its passages and their sections."""
    texts = [intern(term) for term in terms]  # one string for all libraries that hold it
    numbers = forward.terms[forward.forms]
    passages = []
    for section, (start, end) in zip(
        forward.sections.numbers.tolist(), pairwise(forward.starts.tolist()), strict=True
    ):
        own = [number for number in numbers[start:end].tolist() if number >= 0]
        more = forward.sections.of_section(section).tolist() if section else ()
        own_terms = set(own)
        own += [number for number in more if number not in own_terms]
        passages.append([texts[number] for number in own])
    return ExactEngine(passages)


def engine_name(passages: int) -> str:
    """The name of the engine that serves a library of so many passages, without making one."""
    if passages <= EXACT_UP_TO:
        return ExactEngine([]).name
    return PostingsEngine(PostingsBuilder().postings()).name


def nearest(number: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The known citation numbers closest to `number`: by value for figures, else by spelling.

    What shares less than half of its characters with every one has none.
    """
    if number.isdecimal():
        figures = [other for other in known if other.isdecimal()]
        figures.sort(key=lambda other: (abs(int(other) - int(number)), int(other)))
        return sorted(figures[:limit], key=int)
    most = len(number) // 2
    matches = process.extract(
        number, list(known), scorer=Levenshtein.distance, limit=limit, score_cutoff=most
    )
    return [match[0] for match in matches]
