"""A library made ready for questions: its documents, its engine and its citation numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from index.analysis import analyser_for
from index.corpus import Corpus, Document
from index.engines import Engine
from index.engines.exact import ExactEngine
from index.errors import UnknownDocumentError
from index.passages import Passage, citation_keys, normalise_citation

__all__ = ["IndexedLibrary"]


@dataclass(frozen=True)
class IndexedLibrary:
    """One revision of a library, immutable once built: swapping a reference to it is a refresh.

    `words` counts in how many passages each normalised word occurs, stop words included.
    """

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    engine: Engine
    words: Mapping[str, int]
    _positions: dict[tuple[str, str], list[int]] = field(repr=False)

    @classmethod
    def build(cls, corpus: Corpus) -> IndexedLibrary:
        """Analyse and index all passages of `corpus`."""
        terms: list[list[str]] = []
        words: Counter[str] = Counter()
        for document in corpus.documents:
            analyser = analyser_for(document.spec.language)
            for passage in document.passages:
                tokens = list(analyser.tokens(passage.text))
                terms.append([token.term for token in tokens if token.term is not None])
                words.update({token.word for token in tokens})
        passages = corpus.passages
        positions: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position, passage in enumerate(passages):
            keys = dict.fromkeys(
                key for number in passage.citations for key in citation_keys(number)
            )
            for key in keys:
                positions[passage.document, key].append(position)
        return cls(corpus.documents, passages, ExactEngine(terms), words, dict(positions))

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

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

    def find(self, number: str) -> list[Passage]:
        """All passages that carry `number`, in the documents' order."""
        key = normalise_citation(number)
        return [
            self.passages[position]
            for document in self.documents
            for position in self._positions.get((document.id, key), ())
        ]


def nearest(number: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The known citation numbers closest to `number`: by value for figures, else by spelling."""
    if number.isdecimal():
        figures = [other for other in known if other.isdecimal()]
        figures.sort(key=lambda other: (abs(int(other) - int(number)), int(other)))
        return sorted(figures[:limit], key=int)
    matches = process.extract(number, list(known), scorer=Levenshtein.distance, limit=limit)
    return [match[0] for match in matches]
