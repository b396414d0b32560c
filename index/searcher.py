"""A question to an Answer: the one road through analysis, engine, confidence and highlight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.analysis import analyser_for
from index.confidence import THRESHOLD, Reason, spread
from index.corpus import Document
from index.engines import inverse_document_frequency
from index.highlight import matches
from index.library import IndexedLibrary
from index.passages import Passage

__all__ = ["CANDIDATES", "MAX_HITS", "MAX_QUESTION_CHARS", "Answer", "Hit", "Ranking", "Searcher"]

CANDIDATES = 20
"""How many passages BM25 brings up for a closer look."""
MAX_HITS = 5
MAX_QUESTION_CHARS = 1000


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage of an answer; `matches` are [start, end) offsets of matched words in its text."""

    passage: Passage
    document: Document
    score: float
    confidence: float
    matches: tuple[tuple[int, int], ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "document": self.passage.document,
            "line": self.passage.line,
            "citations": list(self.passage.citations),
            "text": self.passage.text,
            "score": round(self.score, 4),
            "matches": [list(span) for span in self.matches],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got: one to five hits, or none and the reason for the silence."""

    question: str
    confidence: float
    hits: tuple[Hit, ...] = ()
    reason: Reason | None = None
    corrected: str | None = None

    @property
    def answered(self) -> bool:
        return bool(self.hits)

    def as_json(self) -> dict[str, Any]:
        """The object that `footnote ask --json` prints."""
        return {
            "question": self.question,
            "answered": self.answered,
            "confidence": round(self.confidence, 4),
            "reason": self.reason,
            "corrected": self.corrected,
            "hits": [hit.as_json() for hit in self.hits],
        }


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates of a question, best first, before it is decided whether any is an answer.

    `reason` is set where there is nothing to rank; `confidence` is that of the first candidate.
    """

    question: str
    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0
    reason: Reason | None = None
    corrected: str | None = None


@dataclass(frozen=True, slots=True)
class _QuestionWord:
    """A content word of the question: its term in each language of the libraries, and its idf."""

    terms: frozenset[str]
    idf: float


class Searcher:
    """Answers questions over the libraries of one collection, at fixed revisions."""

    def __init__(self, libraries: Sequence[IndexedLibrary], threshold: float = THRESHOLD) -> None:
        self._libraries = tuple(libraries)
        self._threshold = threshold
        self._passages = sum(library.engine.passages for library in self._libraries)
        length = sum(library.engine.length for library in self._libraries)
        self._average_length = length / self._passages if length else 1.0
        self._languages = tuple(
            dict.fromkeys(code for library in self._libraries for code in library.languages)
        )

    def answer(self, question: str, limit: int = MAX_HITS) -> Answer:
        """Answer `question` with at most `limit` hits, best first. Never raises for its text."""
        ranking = self.rank(question)
        reason = ranking.reason
        if reason is None and ranking.confidence < self._threshold:
            reason = Reason.LOW_CONFIDENCE
        count = 0
        if reason is None:
            scores = [hit.score for hit in ranking.hits]
            confidences = [hit.confidence for hit in ranking.hits]
            count = spread(scores, confidences, max(1, min(limit, MAX_HITS)))
        return Answer(
            ranking.question, ranking.confidence, ranking.hits[:count], reason, ranking.corrected
        )

    def rank(self, question: str) -> Ranking:
        """The candidates of `question` in order, whether or not they answer it."""
        question = question.strip()
        if not self._passages:
            return Ranking(question, reason=Reason.EMPTY_LIBRARY)
        if not question:
            return Ranking(question, reason=Reason.EMPTY_QUESTION)
        if len(question) > MAX_QUESTION_CHARS:
            return Ranking(question, reason=Reason.TOO_LONG)
        words = self._words(question)
        if not words:
            return Ranking(question, reason=Reason.NO_CONTENT_WORDS)
        hits = self._rank(words)
        if not hits:
            return Ranking(question, reason=Reason.NO_MATCH)
        return Ranking(question, tuple(hits), hits[0].confidence)

    def _words(self, question: str) -> list[_QuestionWord]:
        """The content words of the question, each once, in order."""
        readings = [list(analyser_for(code).tokens(question)) for code in self._languages]
        words: dict[frozenset[str], _QuestionWord] = {}
        for tokens in zip(*readings, strict=True):
            terms = frozenset(token.term for token in tokens if token.term is not None)
            if terms and terms not in words:
                # A word is as common as its commonest reading; an unknown one has the highest idf.
                frequency = max(self._frequency(term) for term in terms)
                idf = inverse_document_frequency(self._passages, frequency)
                words[terms] = _QuestionWord(terms, idf)
        return list(words.values())

    def _frequency(self, term: str) -> int:
        return sum(library.engine.frequency(term) for library in self._libraries)

    def _rank(self, words: Sequence[_QuestionWord]) -> list[Hit]:
        """The candidates of all libraries, scored with their summed statistics, best first."""
        weights = {term: word.idf for word in words for term in word.terms}
        mass = sum(word.idf for word in words)
        ranked: list[Hit] = []
        for library in self._libraries:
            for candidate in library.engine.candidates(weights, CANDIDATES, self._average_length):
                passage = library.passages[candidate.position]
                document = library.document(passage.document)
                analyser = analyser_for(document.spec.language)
                present = set(analyser.terms(passage.text))
                matched = [word for word in words if word.terms & present]
                confidence = sum(word.idf for word in matched) / mass
                terms = frozenset().union(*(word.terms for word in matched))
                spans = matches(passage.text, analyser, terms)
                ranked.append(Hit(passage, document, candidate.score, confidence, spans))
        ranked.sort(key=lambda hit: -hit.score)  # stable: ties keep the documents' order
        return ranked[:CANDIDATES]
