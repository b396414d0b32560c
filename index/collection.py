"""What one place searches: libraries at fixed revisions, with their statistics summed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from index.aliases import Aliases, shipped_rows
from index.engines import inverse_document_frequency
from index.library import IndexedLibrary
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
