"""A question to an Answer: the one road through analysis, engine, confidence and highlight."""

from __future__ import annotations

from collections.abc import Collection as Terms
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from index.analysis import analyser_for
from index.asked import Asked
from index.candidates import Candidates
from index.collection import Collection
from index.confidence import THRESHOLD, Reason, confidence, spread
from index.conversation import REACH, REMEMBERED, Turn, follow_up, taken_over, told
from index.corpus import Document
from index.leaning import asked_anew, is_part, leans
from index.library import IndexedLibrary
from index.lookups import numbers_asked, phrase_asked, plain_text
from index.passages import Passage
from index.question import Question, understand
from index.rerank import WEIGHTS, features

__all__ = ["CANDIDATES", "MAX_HITS", "MAX_QUESTION_CHARS", "Answer", "Hit", "Ranking", "Searcher"]

CANDIDATES = 20
"""How many passages BM25 brings up for a closer look."""
PHRASE_CANDIDATES = 200
"""How many passages are looked through for a phrase in quotation marks."""
MAX_HITS = 5
NEAREST = 3
MAX_QUESTION_CHARS = 1000


@dataclass(frozen=True)
class Hit:
    """A passage of an answer.

    `parts` is what each feature added to `score`; `asked` are the terms of the question. `spans`
    are given where the matches are known already.
    """

    passage: Passage
    document: Document
    score: float
    confidence: float
    asked: Terms[str] = frozenset()
    parts: Mapping[str, float] = field(default_factory=dict)
    spans: tuple[tuple[int, int], ...] | None = None

    @cached_property
    def matches(self) -> tuple[tuple[int, int], ...]:
        """The [start, end) offsets of matched words in the passage's text."""
        if self.spans is not None:
            return self.spans
        if not self.asked:
            return ()
        tokens = analyser_for(self.document.spec.language).tokens(self.passage.text)
        return _joined((token.start, token.end) for token in tokens if token.term in self.asked)

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
    """What a question got: one to five hits, or none and the reason for the silence.

    `more` are the candidates that follow the hits. `nearest` are the passages that came closest
    where there is no hit; they answer nothing. `taken_over` are the words of earlier questions that
    counted, as they were typed there.
    """

    question: str
    confidence: float
    hits: tuple[Hit, ...] = ()
    reason: Reason | None = None
    corrected: str | None = None
    nearest: tuple[Hit, ...] = ()
    more: tuple[Hit, ...] = ()
    taken_over: tuple[str, ...] = ()

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
            "taken_over": list(self.taken_over),
            "hits": [hit.as_json() for hit in self.hits],
        }


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates of a question, best first, before it is decided whether any is an answer.

    `reason` is set where there is nothing to rank; `confidence` is that of the first candidate.
    A look-up, of a number or a phrase, finds or does not: all its hits count.
    """

    question: str
    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0
    reason: Reason | None = None
    corrected: str | None = None
    found_by_look_up: bool = False
    taken_over: tuple[str, ...] = ()


class Searcher:
    """Answers questions over the libraries of one collection, at fixed revisions."""

    def __init__(
        self,
        libraries: Sequence[IndexedLibrary],
        threshold: float = THRESHOLD,
        weights: Mapping[str, float] = WEIGHTS,
    ) -> None:
        self.collection = Collection(libraries)
        self._threshold = threshold
        self._weights = weights

    def answer(self, question: str, limit: int = MAX_HITS, previous: Sequence[str] = ()) -> Answer:
        """Answer `question` with at most `limit` hits, best first. Never raises for its text.

        `previous` are the earlier questions of the same conversation, the oldest first.
        """
        ranking = self.rank(question, previous)
        limit = max(1, min(limit, MAX_HITS))
        if ranking.found_by_look_up:
            count, reason = min(limit, len(ranking.hits)), ranking.reason
        else:
            count = self._count(ranking.hits, limit)
            reason = ranking.reason or (None if count else Reason.LOW_CONFIDENCE)
        return Answer(
            ranking.question,
            ranking.confidence,
            ranking.hits[:count],
            reason,
            ranking.corrected,
            () if count else ranking.hits[:NEAREST],
            ranking.hits[count : count + MAX_HITS] if count else (),
            ranking.taken_over,
        )

    def rank(self, question: str, previous: Sequence[str] = ()) -> Ranking:
        """The candidates of `question` in order, whether or not they answer it."""
        question = _evened(question)
        text, anew = asked_anew(question)
        if anew and not text:
            return Ranking(question, reason=Reason.NEW_QUESTION)
        return self._turn(text, None if anew else self._recall(previous))[0]

    def _recall(self, previous: Sequence[str]) -> Turn | None:
        """What earlier questions leave to the next, each understood with those before it."""
        before: Turn | None = None
        for earlier in previous[-REMEMBERED:]:
            text, anew = asked_anew(_evened(earlier))
            before = None if anew else before
            before = self._turn(text, before)[1] or before
        return before

    def _turn(self, text: str, before: Turn | None) -> tuple[Ranking, Turn | None]:
        """The candidates of a question, and what it leaves to the next; nothing if a look-up."""
        if reason := self._unfit(text):
            return Ranking(text, reason=reason), None
        if numbers := numbers_asked(text):
            return self._cited(text, numbers), None
        if phrase := phrase_asked(text):
            return self._phrased(text, phrase), None
        asked = understand(text, self.collection)
        if asked.small_talk and (before is None or asked.asks is None):
            return Ranking(text, reason=Reason.SMALL_TALK), None
        hits = self._hits(asked, CANDIDATES)
        sure = self._count(hits, 1) > 0
        if before is not None and leans(asked, sure=sure):
            joined = follow_up(asked, before, (hit.passage for hit in hits))
            found = self._hits(joined, CANDIDATES, before)
            if not sure or is_part(asked) or self._count(found, 1):
                asked, hits = joined, found
        turn = Turn(asked, tuple(hit.passage for hit in hits[: self._count(hits, MAX_HITS)]))
        if not hits:
            reason = Reason.NO_MATCH if asked.words else Reason.NO_CONTENT_WORDS
            return Ranking(text, reason=reason), turn
        best = hits[0]
        corrected = None
        if asked.was_mended:
            analyser = analyser_for(best.document.spec.language)
            corrected = asked.corrected(analyser.terms(best.passage.text))
        taken = taken_over(asked, best.passage, best.document) if before is not None else ()
        ranking = Ranking(text, tuple(hits), best.confidence, None, corrected, taken_over=taken)
        return ranking, turn

    def _count(self, hits: Sequence[Hit], limit: int) -> int:
        """How many of the candidates are an answer's hits."""
        scores, confidences = [hit.score for hit in hits], [hit.confidence for hit in hits]
        return spread(scores, confidences, limit, self._threshold)

    def marked(self, question: str, found: Iterable[tuple[Passage, Document]]) -> list[Hit]:
        """Known passages as hits of `question`, with its words marked, in the order given."""
        terms = understand(_evened(question)[:MAX_QUESTION_CHARS], self.collection).terms
        return [Hit(passage, document, 0.0, 0.0, terms) for passage, document in found]

    def _unfit(self, text: str) -> Reason | None:
        if not self.collection.passages:
            return Reason.EMPTY_LIBRARY
        if not text:
            return Reason.EMPTY_QUESTION
        return Reason.TOO_LONG if len(text) > MAX_QUESTION_CHARS else None

    def _cited(self, text: str, numbers: Sequence[str]) -> Ranking:
        """The passages that carry any of the citation numbers, a number's after the other's."""
        hits = tuple(
            Hit(passage, library.document(passage.document), 1.0, 1.0)
            for library in self.collection.libraries
            for passage in dict.fromkeys(p for number in numbers for p in library.find(number))
        )
        if not hits:
            return Ranking(text, reason=Reason.UNKNOWN_CITATION, found_by_look_up=True)
        return Ranking(text, hits, 1.0, found_by_look_up=True)

    def _phrased(self, text: str, phrase: str) -> Ranking:
        """The passages that hold a phrase word for word, best first."""
        wanted, _ = plain_text(phrase)
        asked = understand(phrase, self.collection)
        hits = []
        for hit in self._hits(asked, PHRASE_CANDIDATES) if asked.words else ():
            plain, offsets = plain_text(hit.passage.text)
            start = plain.find(wanted)
            if start >= 0:
                span = (offsets[start], offsets[start + len(wanted) - 1] + 1)
                hits.append(replace(hit, confidence=1.0, spans=(span,)))
        if not hits:
            return Ranking(text, reason=Reason.PHRASE_NOT_FOUND, found_by_look_up=True)
        return Ranking(text, tuple(hits), 1.0, found_by_look_up=True)

    def _hits(self, question: Question, most: int, before: Turn | None = None) -> list[Hit]:
        """The candidates of all libraries by BM25 with summed statistics, then reranked.

        After another question they are joined by the passages around its answer.
        """
        if not question.words:
            return []
        collection = self.collection
        weights = {
            term: collection.idf(term) * question.words[owner].weight
            for term, owner in question.owners.items()
        }
        libraries = collection.libraries
        found = [
            (candidate.score, at, candidate.position)
            for at, library in enumerate(libraries)
            for candidate in library.engine.candidates(weights, most, collection.average_length)
        ]
        found.sort(key=lambda candidate: -candidate[0])  # stable: ties keep the documents' order
        places = [(at, position) for _, at, position in found[:most]]
        for passage in before.found[:1] if before is not None else ():
            for at, library in enumerate(libraries):
                around = library.around(passage, REACH)
                places += [(at, position) for position in around if (at, position) not in places]
        asked = Asked(question)
        hits: list[tuple[Hit, int]] = []
        for at, library in enumerate(libraries):
            ranks = [rank for rank, place in enumerate(places) if place[0] == at]
            if ranks:
                positions = [places[rank][1] for rank in ranks]
                hits += zip(self._looked_at(asked, library, positions, before), ranks, strict=True)
        hits.sort(key=lambda ranked: (-ranked[0].score, ranked[1]))
        return [hit for hit, _ in hits]

    def _looked_at(
        self, asked: Asked, library: IndexedLibrary, positions: Sequence[int], before: Turn | None
    ) -> list[Hit]:
        """The passages at `positions` as hits, in that order."""
        seen = Candidates(asked, self.collection, library, positions)
        parts, sure = features(seen, self._weights), confidence(seen)
        if before is not None:
            leaning, sure = told(seen, sure, before)
            parts |= leaning
        names, terms = list(parts), asked.question.terms
        rows = np.stack(list(parts.values()), axis=1) if parts else np.zeros((seen.count, 0))
        hits = zip(seen.passages, seen.documents, rows.tolist(), sure.tolist(), strict=True)
        return [
            Hit(passage, document, sum(row), certain, terms, dict(zip(names, row, strict=True)))
            for passage, document, row, certain in hits
        ]


def _evened(question: str) -> str:
    """`question` with single spaces: patterns try every way to share out a run of them.

    One that is too long stays so, and is not looked at.
    """
    return " ".join(question.split())


def _joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those that overlap made one: bigrams share a character."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)
