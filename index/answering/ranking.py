"""The candidates of a question in their order, each with how likely it is to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.answering.answer import Hit
from index.answering.candidates import Candidates, Where, whereabouts
from index.answering.confidence import (
    BY_MEANING,
    BY_WORDS,
    Weighing,
    confidence,
    odds_by_question,
    signals,
    signals_by_question,
    with_order,
)
from index.answering.conversation import REACH, Turn, lean
from index.answering.meaning import MEANING_WEIGHTS, Meaning, Meant
from index.answering.question import Question
from index.answering.question_terms import QuestionTerms
from index.answering.rerank import WEIGHTS, features
from index.documents.document import Document
from index.documents.passages import Passage
from index.library.collection import Collection, Position

__all__ = ["CANDIDATES", "Ranking"]

CANDIDATES = 20
"""How many passages BM25 brings up for a closer look."""


class Ranking:
    """Ranks the passages of a collection by their words, and by `meaning` where that is given."""

    def __init__(
        self,
        collection: Collection,
        weights: Mapping[str, float] = WEIGHTS,
        meaning: Meaning | None = None,
    ) -> None:
        self._collection = collection
        self._weights = weights
        self._meaning = meaning

    def rank(self, question: Question, before: Turn | None = None) -> list[Hit]:
        """The candidates of all libraries, best first.

        BM25 with summed statistics brings them up. They are joined by the passages nearest in
        meaning, or after another question by those around its answer: a question that leans is
        ranked by its words, since read after the one before it finds that one's answer again.
        """
        if not question.words:
            return []
        positions = self._brought_up(question, CANDIDATES)
        meant = None
        if self._meaning is not None and before is None:
            meant = Meant(self._meaning, self._collection, question.text)
            positions += meant.nearest()
        if before is not None and before.hits and (earlier := before.hits[0].position):
            around = self._collection.libraries[earlier.library].around(earlier.passage, REACH)
            positions += [Position(earlier.library, passage) for passage in around]
        weighed = self._weigh(question, list(dict.fromkeys(positions)), before)
        if meant is None:
            return _hits(question, weighed, BY_WORDS)
        return _hits(question, _with_meaning(weighed, meant), BY_MEANING)

    def rank_by_words(self, question: Question, most: int) -> list[Hit]:
        """As many as `most` candidates, whatever they mean."""
        if not question.words:
            return []
        weighed = self._weigh(question, self._brought_up(question, most), None)
        return _hits(question, weighed, BY_WORDS)

    def whereabouts(self, question: Question, position: Position) -> dict[str, Where]:
        """Where each word of the question is found for the passage at a position."""
        terms, which = QuestionTerms(question), position.library
        return whereabouts(Candidates(terms, self._collection, which, [position.passage]), 0)

    def _brought_up(self, question: Question, most: int) -> list[Position]:
        collection = self._collection
        weights = {
            term: collection.idf(term) * question.words[owner].weight
            for term, owner in question.owners.items()
        }
        scored = [
            (candidate.score, Position(which, candidate.position))
            for which, library in enumerate(collection.libraries)
            for candidate in library.engine.candidates(weights, most, collection.average_length)
        ]
        scored.sort(key=lambda candidate: -candidate[0])  # stable: ties keep the documents' order
        return [position for _, position in scored[:most]]

    def _weigh(
        self, question: Question, positions: Sequence[Position], before: Turn | None
    ) -> list[_Weighed]:
        """The passages at the positions, weighed by their words, best first."""
        terms = QuestionTerms(question)
        weighed = [
            row
            for which in range(len(self._collection.libraries))
            for row in self._weigh_own(terms, which, positions, before)
        ]
        ranks = {position: rank for rank, position in enumerate(positions)}
        weighed.sort(key=lambda row: (-row.score, ranks[row.position]))
        return weighed

    def _weigh_own(
        self,
        question_terms: QuestionTerms,
        which: int,
        positions: Sequence[Position],
        before: Turn | None,
    ) -> list[_Weighed]:
        """Those of the positions that are of one library, in that order."""
        own = [position for position in positions if position.library == which]
        if not own:
            return []
        candidates = Candidates(
            question_terms,
            self._collection,
            which,
            [position.passage for position in own],
        )
        parts = features(candidates, self._weights)
        gained = np.zeros(len(own))
        if before is not None:
            leaning, gained = lean(candidates, before)
            parts |= leaning
        rows = np.stack(list(parts.values()), axis=1) if parts else np.zeros((len(own), 0))
        columns = zip(
            candidates.passages,
            candidates.documents,
            own,
            rows.tolist(),
            signals(candidates).tolist(),
            gained.tolist(),
            strict=True,
        )
        return [
            _Weighed(
                passage,
                document,
                position,
                sum(row),
                dict(zip(parts, row, strict=True)),
                *of_confidence,
            )
            for passage, document, position, row, *of_confidence in columns
        ]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A candidate with what each feature added to its score, and what tells of its confidence."""

    passage: Passage
    document: Document
    position: Position
    score: float
    parts: Mapping[str, float]
    signals: Sequence[float]
    log_odds: float
    meaning: Sequence[float] = ()


def _with_meaning(weighed: Sequence[_Weighed], meant: Meant) -> list[_Weighed]:
    """The candidates with what they mean added to their scores, best first."""
    scores = np.array([row.score for row in weighed])
    values = meant.values([row.position for row in weighed], scores)
    rows = []
    for row, *own in zip(weighed, *(column.tolist() for column in values.values()), strict=True):
        parts = {name: MEANING_WEIGHTS[name] * one for name, one in zip(values, own, strict=True)}
        score = row.score + sum(parts.values())
        rows.append(replace(row, score=score, parts={**row.parts, **parts}, meaning=own))
    return sorted(rows, key=lambda row: -row.score)


def _hits(question: Question, weighed: Sequence[_Weighed], weighing: Weighing) -> list[Hit]:
    """The candidates, in that order, with how likely each is to answer."""
    if not weighed:
        return []
    known = np.array([row.signals for row in weighed])
    scores = np.array([row.score for row in weighed])
    texts = [row.passage.text for row in weighed]
    rows = with_order(known, scores, texts)
    rows = np.column_stack([rows, *zip(*(row.meaning for row in weighed), strict=True)])
    odds = weighing.log_odds(rows, np.array([row.log_odds for row in weighed]))
    if weighed[0].meaning:
        answer = np.array([row.passage.question is not None for row in weighed])
        if answer.any():
            by_question = signals_by_question(rows[:, -2], rows[:, -1], texts)
            odds = np.maximum(odds, odds_by_question(by_question, answer))
    return [
        Hit(
            row.passage,
            row.document,
            row.score,
            sure,
            row.position,
            question.terms,
            row.parts,
            dict(zip(weighing.signals, values, strict=True)),
        )
        for row, sure, values in zip(weighed, confidence(odds).tolist(), rows.tolist(), strict=True)
    ]
