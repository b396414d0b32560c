"""Finds the cited passages that answer a question. Knows nothing of Discord.

A whole question, from a folder of documents to the numbers of the passage that answers it:

    >>> from pathlib import Path
    >>> from index import IndexedLibrary, Searcher, load_corpus
    >>> searcher = Searcher([IndexedLibrary.build(load_corpus(Path("data")))])
    >>> answer = searcher.answer("who ruled South Korea from 1961 to 1979?")
    >>> answer.hits[0].passage.citations
    ('3',)

`answer.hits` is empty where no passage answers, and `answer.reason` says why. `find_sources` looks
for the passages that bear out a text instead. Whatever is wrong is raised as a FootnoteError, whose
tree is drawn in index.errors.
"""

from __future__ import annotations

from index.answering.answer import Answer
from index.answering.searcher import Searcher
from index.documents.corpus import load_corpus
from index.documents.document import Document
from index.documents.passages import Passage
from index.errors import FootnoteError
from index.library.library import IndexedLibrary
from index.statements.statements import find_sources

__all__ = [
    "Answer",
    "Document",
    "FootnoteError",
    "IndexedLibrary",
    "Passage",
    "Searcher",
    "find_sources",
    "load_corpus",
]
