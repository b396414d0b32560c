"""What one place searches: libraries at fixed revisions, with their statistics summed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.documents.document import Document
from index.engines.bm25 import inverse_document_frequency
from index.errors import UnknownDocumentError
from index.library.library import IndexedLibrary
from index.library.spelling import Speller
from index.text.aliases import Aliases, Rows, aliases_of, shipped_aliases

__all__ = ["Collection", "Position", "seen_ids"]


class Position(NamedTuple):
    """Where a passage stands: in which library of a collection, and where in that one."""

    library: int
    passage: int


def seen_ids(ids: Iterable[str], taken: AbstractSet[str]) -> dict[str, str]:
    """The ids that documents are seen under where others have those of `taken`: by their own ids.

    That is its own id, or the first of id-2, id-3 … that nobody has. No two are seen under one, and
    each id's depends on no order.
    """
    ids = tuple(ids)
    used = {*ids, *taken}
    return {
        own: own
        if own not in taken
        else next(other for n in count(2) if (other := f"{own}-{n}") not in used)
        for own in ids
    }


class Collection:
    """Libraries searched as one: idf, average length and vocabulary are those of all passages.

    No two documents are seen under one id: where an earlier library has that of a document, it is
    seen under another. Its passages keep the id that it has in its library.
    """

    def __init__(self, libraries: Sequence[IndexedLibrary], words: Rows = ()) -> None:
        """`words` are forms that mean the same here, whatever language they are asked in."""
        self.libraries = tuple(libraries)
        self.words = words
        self.passages = sum(library.engine.passages for library in self.libraries)
        length = sum(library.engine.length for library in self.libraries)
        self.average_length = length / self.passages if length else 1.0
        languages = [code for library in self.libraries for code in library.languages]
        self.languages = tuple(dict.fromkeys(languages)) or ("en",)
        self.documents = sum(len(library.documents) for library in self.libraries)
        self.speller = Speller(library.near_words for library in self.libraries)
        # The documents' rows behind the shipped ones, and those of the place behind all.
        self.aliases = {
            code: Aliases((), code, [shipped_aliases(code), *self._tables(code)])
            for code in self.languages
        }
        self.seen_ids = _seen_ids_of(self.libraries)
        """The ids that each library's documents are seen under, by those that they have there."""
        self._seen = tuple(map(_as_seen, self.libraries, self.seen_ids))

    def _tables(self, language: str) -> Iterator[Aliases]:
        for library in self.libraries:
            if language in library.aliases:
                yield library.aliases[language]
        if self.words:
            yield aliases_of(self.words, language)

    def documents_in_order(self) -> list[Document]:
        """The documents of all libraries, as they are seen."""
        return [document for seen in self._seen for document in seen.values()]

    def documents_of(self, library: int) -> list[Document]:
        """The documents of one library, as they are seen."""
        return list(self._seen[library].values())

    def document_at(self, position: Position) -> Document:
        """The document of the passage there, as it is seen."""
        library = self.libraries[position.library]
        return self._seen[position.library][library.document_at(position.passage).id]

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
        numbers = tuple(numbers)
        return [
            Position(which, position)
            for which, own_id in self._having(document_id)
            for position in dict.fromkeys(
                at for number in numbers for at in self.libraries[which].find(number, own_id)
            )
        ]

    def known_citations(self, document_id: str | None = None) -> list[str]:
        """The normalised citation numbers that find a passage of one document or of any.

        Raises UnknownDocumentError.
        """
        known: dict[str, None] = {}
        for which, own_id in self._having(document_id):
            own_ids = self.seen_ids[which] if own_id is None else [own_id]
            known |= dict.fromkeys(self.libraries[which].known_citations(own_ids))
        return list(known)

    def _having(self, document_id: str | None) -> list[tuple[int, str | None]]:
        """The library that has the document seen under that id, and its id there; or all, None.

        Raises UnknownDocumentError.
        """
        if document_id is None:
            return [(which, None) for which in range(len(self.libraries))]
        for which, ids in enumerate(self.seen_ids):
            for own_id, seen_id in ids.items():
                if seen_id == document_id:
                    return [(which, own_id)]
        raise UnknownDocumentError(document_id, [seen.id for seen in self.documents_in_order()])

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


def _seen_ids_of(libraries: Iterable[IndexedLibrary]) -> tuple[Mapping[str, str], ...]:
    taken: set[str] = set()
    seen = []
    for library in libraries:
        seen.append(seen_ids([document.id for document in library.documents], taken))
        taken.update(seen[-1].values())
    return tuple(seen)


def _as_seen(library: IndexedLibrary, ids: Mapping[str, str]) -> dict[str, Document]:
    """The documents of a library under the ids given, by those that they have in it."""
    return {
        document.id: document
        if ids[document.id] == document.id
        else Document(document.spec.model_copy(update={"id": ids[document.id]}), document.passages)
        for document in library.documents
    }
