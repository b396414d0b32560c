"""Other lexical engines as systems of an evaluation, where they are installed."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import Stemmer

from index.answering.ranking import CANDIDATES
from index.documents.corpus import Corpus
from index.evaluation import Ranked, Ranker, System
from index.evaluation.systems import best_places


class Bm25sRanker:
    """bm25s as its README sets it up: Lucene's formula, its short stop list, Snowball stems."""

    def __init__(self, corpus: Corpus) -> None:
        self._bm25s: Any = import_module("bm25s")
        self._stemmer = Stemmer.Stemmer("english")
        self._places = [(passage.document, passage.line) for passage in corpus.passages]
        self._index = self._bm25s.BM25(method="lucene")
        texts = [passage.text for passage in corpus.passages]
        self._index.index(self._tokens(texts), show_progress=False)

    def rank(self, question: str) -> Ranked:
        words = self._tokens([question], ids=False)[0]
        if not words:
            return Ranked((), 0.0)
        scores = np.asarray(self._index.get_scores(words), dtype=np.float64)
        return best_places(scores, self._places)

    def _tokens(self, texts: list[str], *, ids: bool = True) -> Any:
        return self._bm25s.tokenize(
            texts, stopwords="en", stemmer=self._stemmer, return_ids=ids, show_progress=False
        )


class TantivyRanker:
    """tantivy with its en_stem tokenizer: the words of the question, any of which may match."""

    def __init__(self, corpus: Corpus) -> None:
        tantivy: Any = import_module("tantivy")
        self._places = [(passage.document, passage.line) for passage in corpus.passages]
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="en_stem")
        builder.add_integer_field("position", stored=True)
        self._index = tantivy.Index(builder.build())
        writer = self._index.writer(50_000_000, 1)
        for position, passage in enumerate(corpus.passages):
            writer.add_document(tantivy.Document(text=passage.text, position=position))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def rank(self, question: str) -> Ranked:
        # Lower case keeps AND, OR and NOT words; the rest would be signs of the query language.
        words = re.sub(r"[\W_]+", " ", question.lower())
        if not words.strip():
            return Ranked((), 0.0)
        found = self._searcher.search(self._index.parse_query(words, ["text"]), CANDIDATES).hits
        positions = [self._searcher.doc(address)["position"][0] for _, address in found]
        places = tuple(self._places[position] for position in positions)
        return Ranked(places, float(found[0][0]) if found else 0.0)


def installed_peers() -> list[System]:
    """The peers that can be imported."""
    peers: dict[str, Callable[[Corpus], Ranker]] = {"bm25s": Bm25sRanker, "tantivy": TantivyRanker}
    return [System(name, build) for name, build in peers.items() if find_spec(name)]
