"""What one place searches: libraries at fixed revisions, with their statistics summed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from index.aliases import Aliases, shipped_rows
from index.corpus import Document
from index.engines import inverse_document_frequency
from index.errors import UnknownCitationError, UnknownDocumentError
from index.library import IndexedLibrary, nearest
from index.passages import Passage, normalise_citation
from index.spelling import Speller

__all__ = ["Collection"]

GRAM = 4


class Collection:
    """Libraries searched as one: idf, average length and vocabulary are those of all passages."""

    def __init__(self, libraries: Sequence[IndexedLibrary]) -> None:
        self.libraries = tuple(libraries)
        self.passages = sum(library.engine.passages for library in self.libraries)
        length = sum(library.engine.length for library in self.libraries)
        self.average_length = length / self.passages if length else 1.0
        languages = [code for library in self.libraries for code in library.languages]
        self.languages = tuple(dict.fromkeys(languages)) or ("en",)
        self.documents = sum(len(library.documents) for library in self.libraries)

    def documents_in_order(self) -> list[Document]:
        """The documents of all libraries."""
        return [document for library in self.libraries for document in library.documents]

    @property
    def example(self) -> str | None:
        """A first question to try, of the last library that has one: a server's own goes first."""
        found = [library.example for library in self.libraries if library.example]
        return found[-1] if found else None

    def cite(self, number: str, document_id: str | None = None) -> list[tuple[Passage, Document]]:
        """All passages that carry `number`, each with its document, of one document or of all.

        Raises UnknownDocumentError, and UnknownCitationError with the nearest known numbers.
        """
        documents = self.documents_in_order()
        asked = [d for d in documents if document_id is None or d.id == document_id]
        if document_id is not None and not asked:
            raise UnknownDocumentError(document_id, [document.id for document in documents])
        found = [
            (passage, library.document(passage.document))
            for library in self.libraries
            for passage in library.find(number)
            if document_id is None or passage.document == document_id
        ]
        if not found:
            key = normalise_citation(number)
            known = dict.fromkeys(n for d in asked for p in d.passages for n in p.citations)
            raise UnknownCitationError(key or number, nearest(key, known))
        return found

    def frequency(self, term: str) -> int:
        """In how many passages a term occurs."""
        return sum(library.engine.frequency(term) for library in self.libraries)

    def idf(self, term: str) -> float:
        """Lucene's idf of a term; one that no passage has gets the highest."""
        return inverse_document_frequency(self.passages, self.frequency(term))

    def word_idf(self, word: str) -> float:
        """The idf of a normalised word, stop words too."""
        frequency = sum(library.words.get(word, 0) for library in self.libraries)
        return inverse_document_frequency(self.passages, frequency)

    def gram_idf(self, gram: str) -> float:
        """The idf of a character 4-gram of words, from the words that hold it."""
        frequency = min(self._grams.get(gram, 0), self.passages)
        return inverse_document_frequency(self.passages, frequency)

    @cached_property
    def speller(self) -> Speller:
        return Speller([library.words for library in self.libraries])

    @cached_property
    def _grams(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for library in self.libraries:
            for word, frequency in library.words.items():
                for gram in grams(word):
                    counts[gram] += frequency
        return counts

    @cached_property
    def aliases(self) -> dict[str, Aliases]:
        """The table of each language: the documents' rows, and in English the shipped ones."""
        rows: dict[str, list[Sequence[str]]] = {
            code: list(shipped_rows()) if code == "en" else [] for code in self.languages
        }
        for library in self.libraries:
            for document in library.documents:
                rows[document.spec.language] += document.spec.aliases
        return {code: Aliases(own, code) for code, own in rows.items()}


def grams(word: str) -> set[str]:
    """The character 4-grams of a word between marks of its ends; of a short one, itself."""
    marked = f"_{word}_"
    return {marked[i : i + GRAM] for i in range(max(1, len(marked) - GRAM + 1))}
