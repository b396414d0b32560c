"""The engines that are measured, each built from raw sentences, asked by words and by question."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import Stemmer

from index.answering.searcher import Searcher
from index.engines import postings
from index.library.library import IndexedLibrary
from index.library.saving import load_library, save_library
from index.text.analysis import analyser_for
from tests.bench.made import made_library

__all__ = ["FEW", "SUBJECTS", "Saved", "Subject"]

TOP = 10
FEW = {"rank-bm25": 10, "SQLite FTS5": 40}
"""How many questions the slow ones get."""


class Subject(Protocol):
    """An engine ready to be asked."""

    def prepare(self, words: Sequence[str]) -> Any:
        """The words as `search` takes them: analysed beforehand."""

    def search(self, prepared: Any) -> Any:
        """The ten best, from prepared words."""

    def ask(self, question: str) -> Any:
        """All that is done for a question as typed."""


@runtime_checkable
class Saved(Subject, Protocol):
    """One that is served from the disk."""

    def is_saved(self) -> bool:
        """Whether it is served from the disk at this size."""

    def save(self, folder: Path) -> None:
        """Save it."""

    def load(self, folder: Path) -> None:
        """Serve what was saved, and no more what this one was built of."""


class Footnote:
    """Footnote as a bot runs it: analysis, spelling, engine, rerank, confidence, highlight."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._serve(made_library(texts))

    def _serve(self, library: IndexedLibrary) -> None:
        self._library = library
        self._searcher = Searcher([library])
        self._analyser = analyser_for("en")

    def is_saved(self) -> bool:
        return self._library.is_large

    def save(self, folder: Path) -> None:
        save_library(folder, self._library)

    def load(self, folder: Path) -> None:
        self._serve(load_library(folder).library)

    def prepare(self, words: Sequence[str]) -> list[str]:
        terms = (self._analyser.term_of(word) for word in words)
        return list(dict.fromkeys(term for term in terms if term))

    def search(self, prepared: list[str]) -> Any:
        collection = self._searcher.collection
        weights = {term: collection.idf(term) for term in prepared}
        return collection.libraries[0].engine.candidates(weights, TOP, collection.average_length)

    def ask(self, question: str) -> Any:
        return self._searcher.answer(question).as_json()  # which marks the words


class FootnoteNumpy(Footnote):
    """The same without numba."""

    def __init__(self, texts: Sequence[str]) -> None:
        vars(postings)["find_spec"] = lambda _: None
        super().__init__(texts)


class Bm25s:
    """bm25s compiled by numba, as its README sets it up: a stop list and Snowball stems."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._bm25s: Any = import_module("bm25s")
        self._stemmer = Stemmer.Stemmer("english")
        self._index = self._bm25s.BM25(method="lucene", backend="numba")
        self._index.index(self._tokens(list(texts)), show_progress=False)
        self.search([["a"]])  # compiles

    def _tokens(self, texts: list[str], *, ids: bool = True) -> Any:
        return self._bm25s.tokenize(
            texts, stopwords="en", stemmer=self._stemmer, return_ids=ids, show_progress=False
        )

    def prepare(self, words: Sequence[str]) -> list[list[str]]:
        return [self._stemmer.stemWords(list(words))]

    def search(self, prepared: list[list[str]]) -> Any:
        return self._index.retrieve(prepared, k=TOP, n_threads=0, show_progress=False)

    def ask(self, question: str) -> Any:
        return self.search(self._tokens([question], ids=False))


class Tantivy:
    """tantivy, one writer, its English stemming analyser, in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._tantivy: Any = import_module("tantivy")
        self._stemmer = Stemmer.Stemmer("english")
        builder = self._tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="en_stem")
        self._schema = builder.build()
        index = self._tantivy.Index(self._schema)
        writer = index.writer(200_000_000, 1)
        for text in texts:
            writer.add_document(self._tantivy.Document(text=text))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._index, self._searcher = index, index.searcher()

    def prepare(self, words: Sequence[str]) -> list[str]:
        stems: list[str] = self._stemmer.stemWords(list(words))
        return stems

    def search(self, prepared: list[str]) -> Any:
        query, should = self._tantivy.Query, self._tantivy.Occur.Should
        terms = [(should, query.term_query(self._schema, "text", one)) for one in prepared]
        return self._searcher.search(query.boolean_query(terms), TOP).hits

    def ask(self, question: str) -> Any:
        words = re.sub(r"[\W_]+", " ", question.lower())
        return self._searcher.search(self._index.parse_query(words, ["text"]), TOP).hits


class Fts5:
    """SQLite's FTS5 with its Porter stemmer, in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute("CREATE VIRTUAL TABLE p USING fts5(text, tokenize='porter')")
        with self._database:
            rows = ((text,) for text in texts)
            self._database.executemany("INSERT INTO p VALUES (?)", rows)

    def prepare(self, words: Sequence[str]) -> str:
        return " OR ".join(f'"{word}"' for word in words)

    def search(self, prepared: str) -> Any:
        query = "SELECT rowid FROM p WHERE p MATCH ? ORDER BY rank LIMIT ?"
        return self._database.execute(query, (prepared, TOP)).fetchall()

    def ask(self, question: str) -> Any:
        return self.search(self.prepare(re.findall(r"\w+", question)))


class RankBm25:
    """rank-bm25's Okapi over Footnote's terms, all passages scored."""

    def __init__(self, texts: Sequence[str]) -> None:
        okapi: Any = import_module("rank_bm25").BM25Okapi
        self._analyser = analyser_for("en")
        self._index = okapi([self._analyser.terms(text) for text in texts])

    def prepare(self, words: Sequence[str]) -> list[str]:
        return [term for word in words if (term := self._analyser.term_of(word))]

    def search(self, prepared: list[str]) -> Any:
        scores = self._index.get_scores(prepared)
        best = np.argpartition(scores, -TOP)[-TOP:]
        return best[np.argsort(-scores[best])]

    def ask(self, question: str) -> Any:
        return self.search(self._analyser.terms(question))


def _all() -> dict[str, Callable[[Sequence[str]], Subject]]:
    found: dict[str, tuple[str, Callable[[Sequence[str]], Subject]]] = {
        "Footnote, fast": ("numba", Footnote),
        "Footnote, NumPy": ("numpy", FootnoteNumpy),
        "tantivy": ("tantivy", Tantivy),
        "bm25s, numba": ("bm25s", Bm25s),
        "SQLite FTS5": ("sqlite3", Fts5),
        "rank-bm25": ("rank_bm25", RankBm25),
    }
    return {name: build for name, (module, build) in found.items() if find_spec(module)}


SUBJECTS = _all()
"""Those whose packages are installed, by name."""
