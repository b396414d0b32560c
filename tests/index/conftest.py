"""Small corpora made on the spot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from index.answering.searcher import Searcher
from index.arrays.strings import WordCounts
from index.documents.corpus import Corpus
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from index.library.library import IndexedLibrary
from index.library.near_words import NearWords, WordShapes

MakeLibrary = Callable[..., IndexedLibrary]


def make_library(*texts: str, **spec: object) -> IndexedLibrary:
    """A library of one document whose passages are `texts`."""
    document = DocumentSpec.model_validate(
        {"id": "d", "title": "A document", "file": "d.txt", "contiguous": False} | spec
    )
    passages = tuple(Passage("d", line, text) for line, text in enumerate(texts, 1))
    return IndexedLibrary.build(Corpus((Document(document, passages),)))


def make_near_words(words: Mapping[str, int]) -> NearWords:
    """Near words of a library in which each word occurs in so many passages."""
    counts = WordCounts.of(words)
    return NearWords(counts, WordShapes.of(counts))


FILLER = (
    "The harbour was closed for repairs in the winter of 1987.",
    "Farmers in the valley grow barley, oats and sugar beet.",
    "A museum of clocks stands beside the old railway station.",
    "Heavy rain flooded the cellar of the town hall twice.",
    "The choir sang at the opening of the new bridge.",
)
"""Passages that a corpus needs so that other words are rare in it."""


def make_searcher(*texts: str, **spec: object) -> Searcher:
    """A searcher over `texts` and the filler passages, which come after them."""
    return Searcher([make_library(*texts, *FILLER, **spec)])


@pytest.fixture(name="make_library")
def _make_library() -> MakeLibrary:
    return make_library
