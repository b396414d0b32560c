"""What one place searches: libraries at fixed revisions, with their statistics summed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.documents.document import Document
from index.engines.bm25 import inverse_document_frequency
from index.errors import UnknownDocumentError
from index.library.library import IndexedLibrary
from index.library.spelling import Speller
from index.text.aliases import Aliases, shipped_aliases

__all__ = ["Collection", "Position"]


class Position(NamedTuple):
    """Where a passage stands: in which library of a collection, and where in that one."""

    library: int
    passage: int


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
        self.speller = Speller(library.near_words for library in self.libraries)
        # The documents' rows behind the shipped ones.
        self.aliases = {
            code: Aliases((), code, [shipped_aliases(code), *self._tables(code)])
            for code in self.languages
        }

    def _tables(self, language: str) -> Iterator[Aliases]:
        for library in self.libraries:
            if language in library.aliases:
                yield library.aliases[language]

    def documents_in_order(self) -> list[Document]:
        """The documents of all libraries."""
        return [document for library in self.libraries for document in library.documents]

    @property
    def example(self) -> str | None:
        """A first question to try, of the last library that has one: a server's own goes first."""
        examples = [library.example for library in self.libraries if library.example]
        return examples[-1] if examples else None

    def find(self, numbers: Iterable[str], document_id: str | None = None) -> list[Position]:
        """Where the passages stand that carry any of the citation numbers, a number's in a row.

        Of one document or of all; the passages of a library come before those of the next.
        Raises UnknownDocumentError.
        """
        self._check_document(document_id)
        numbers = tuple(numbers)
        return [
            Position(which, position)
            for which, library in enumerate(self.libraries)
            for position in dict.fromkeys(
                at for number in numbers for at in library.find(number, document_id)
            )
        ]

    def known_citations(self, document_id: str | None = None) -> list[str]:
        """The normalised citation numbers that find a passage of one document or of any.

        Raises UnknownDocumentError.
        """
        self._check_document(document_id)
        ids = [document.id for document in self.documents_in_order()]
        chosen = ids if document_id is None else [document_id]
        known = (library.known_citations(chosen) for library in self.libraries)
        return list(dict.fromkeys(chain.from_iterable(known)))

    def _check_document(self, document_id: str | None) -> None:
        ids = [document.id for document in self.documents_in_order()]
        if document_id is not None and document_id not in ids:
            raise UnknownDocumentError(document_id, ids)

    def frequency(self, term: str) -> int:
        """In how many passages a term occurs."""
        frequency = 0
        for library in self.libraries:
            frequency += library.engine.frequency(term)
        return frequency

    def idf(self, term: str) -> float:
        """Lucene's idf of a term; one that no passage has gets the highest."""
        return inverse_document_frequency(self.passages, self.frequency(term))

    def word_idf(self, word: str) -> float:
        """The idf of a normalised word, stop words too."""
        frequency = sum(library.words.get(word, 0) for library in self.libraries)
        return inverse_document_frequency(self.passages, frequency)

    def gram_idfs(self, keys: NDArray[np.uint64]) -> NDArray[np.float64]:
        """The idf of each character 4-gram of words, from the words that hold it."""
        counts = sum(
            (library.letter_groups.counted(keys) for library in self.libraries),
            start=np.zeros(len(keys), dtype=np.int64),
        )
        frequencies = np.minimum(counts, self.passages)
        rest = self.passages - frequencies
        idfs: NDArray[np.float64] = np.log(1 + (rest + 0.5) / (frequencies + 0.5))
        return idfs

    def rare_in_all(
        self, library: IndexedLibrary, terms: NDArray[np.int64], most: int
    ) -> NDArray[np.bool_]:
        """Which terms of `library`, by their numbers, at most so many passages hold in all."""
        if len(self.libraries) == 1:
            return library.forward.frequencies[terms] <= most
        texts = library.term_texts(terms.tolist())
        return np.array([self.frequency(text) <= most for text in texts], dtype=np.bool_)
