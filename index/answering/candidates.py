"""The candidates of a question in one library, as arrays that all features are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from index.answering.question_terms import QuestionTerms, columns_of
from index.documents.document import Document
from index.engines.bm25 import K1
from index.library.collection import Collection, Position
from index.library.forward import Sign
from index.text.analysis import analyser_for
from index.text.answer_type import AnswerType

__all__ = ["Candidates", "Where", "title_terms", "whereabouts"]

HALF = 0.5
"""A word is found where more of it is."""
MOST_TITLES = 4096
"""Titles whose terms are remembered."""

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Where(StrEnum):
    """Where a word of the question is found, as seen from a passage."""

    PASSAGE = "passage"
    TITLE = "title"
    HEADING = "heading"
    BESIDE = "beside"
    NOWHERE = "nowhere"


class Candidates:
    """The passages at `positions` of the library that is number `which`, seen with a question.

    Arrays of their words have the shape (tokens,), one candidate's after another's: `owners` says
    whose each is, `columns` which of the question's terms (-1: none).
    """

    def __init__(
        self,
        question_terms: QuestionTerms,
        collection: Collection,
        which: int,
        positions: Sequence[int],
    ) -> None:
        library = collection.libraries[which]
        self.question_terms = question_terms
        self.question = question_terms.question
        self.collection = collection
        self.library = library
        self.positions = positions
        self.passages = [library.passages[position] for position in positions]
        self.documents = [collection.document_at(Position(which, at)) for at in positions]
        self.count = len(positions)
        forward = library.forward
        places = np.array(positions, dtype=np.int64)
        opens = forward.starts[places]
        self.sizes: Ints = forward.starts[places + 1] - opens
        self.firsts: Ints = np.cumsum(self.sizes) - self.sizes
        self.owners: Ints = np.repeat(np.arange(self.count), self.sizes)
        offsets = np.arange(len(self.owners))
        forms = forward.forms[offsets + (opens - self.firsts)[self.owners]]
        self.words: NDArray[np.int32] = forward.words[forms]
        self.terms: NDArray[np.int32] = forward.terms[forms]
        self._signs: NDArray[np.uint8] = forward.signs[forms]
        opening = np.zeros(len(forms), dtype=np.bool_)
        filled = self.sizes > 0
        opening[self.firsts[filled]] = forward.opens[places[filled]]
        self._places = places
        self._term_numbers = library.term_numbers(question_terms.terms)
        self.columns = columns_of(self.terms, self._term_numbers)
        self.content: Bools = self.terms >= 0
        self.new: Bools = self.content & (self.columns < 0)
        """The content words that the question does not have."""
        self.named: Bools = self.content & ((self._signs & Sign.CAPITAL) > 0) & ~opening
        """The content words that are written with a capital inside their passage."""

    def any_of(self, tokens: Bools) -> Bools:
        """Which candidates have any of the marked words, shape (candidates,)."""
        return np.bincount(self.owners[tokens], minlength=self.count) > 0

    def signed(self, sign: Sign) -> Bools:
        """Which words have the sign, shape (tokens,)."""
        signed: Bools = (self._signs & sign) > 0
        return signed

    def _table(self, tokens: Bools) -> Bools:
        """Which terms asked for are among the marked words, shape (candidates, columns)."""
        table = np.zeros((self.count, len(self.question_terms.terms)), dtype=np.bool_)
        table[self.owners[tokens], self.columns[tokens]] = True
        return table

    @cached_property
    def present(self) -> Bools:
        """Which terms asked for each candidate has, shape (candidates, columns)."""
        return self._table(self.columns >= 0)

    @cached_property
    def present_with_title(self) -> Bools:
        """Which terms asked for each candidate or its document's title has, shape as `present`."""
        if self.collection.documents < 2:
            return self.present
        titles = [title_terms(self.collection, document) for document in self.documents]
        terms = self.question_terms.terms
        in_title = np.array([[term in title for term in terms] for title in titles], dtype=np.bool_)
        in_either: Bools = self.present | in_title
        return in_either

    @cached_property
    def present_in_context(self) -> Bools:
        """The terms of `present_with_title`, and those that the passage's headings have."""
        sections = self.library.forward.sections
        numbers = sections.numbers[self._places]
        if not numbers.any():
            return self.present_with_title
        in_context = self.present_with_title.copy()
        for number in np.unique(numbers[numbers > 0]).tolist():
            columns = columns_of(sections.of_section(number), self._term_numbers)
            in_context[np.ix_(numbers == number, columns[columns >= 0])] = True
        return in_context

    @cached_property
    def shares(self) -> Floats:
        """How much of each of the question's words each passage matches, (candidates, words)."""
        return self.question_terms.shares(self.present)

    @cached_property
    def shares_with_title(self) -> Floats:
        """How much of each word the passage and its document's title match, shape as `shares`."""
        if self.present_with_title is self.present:
            return self.shares
        return self.question_terms.shares(self.present_with_title)

    @cached_property
    def shares_in_context(self) -> Floats:
        """How much of each word passage, title and headings match, shape as `shares`."""
        if self.present_in_context is self.present_with_title:
            return self.shares_with_title
        return self.question_terms.shares(self.present_in_context)

    @cached_property
    def shares_nearby(self) -> Floats:
        """How much of each word stands in the context or in the passage before or after.

        The neighbours count where passages follow each other; the shape is that of `shares`.
        """
        nearby = self.present_in_context.copy()
        forward = self.library.forward
        beside = [
            (row, passage)
            for row, position in enumerate(self.positions)
            if self.documents[row].spec.contiguous
            for passage in self.library.around(position, 1)
        ]
        if beside:
            forms = [
                forward.forms[forward.starts[passage] : forward.starts[passage + 1]]
                for _, passage in beside
            ]
            rows = np.repeat([row for row, _ in beside], [len(own) for own in forms])
            columns = columns_of(forward.terms[np.concatenate(forms)], self._term_numbers)
            matching = columns >= 0
            nearby[rows[matching], columns[matching]] = True
        return self.question_terms.shares(nearby)

    @cached_property
    def function_word_scores(self) -> Floats:
        """BM25 over the stop words of the question, the wh-words left out, shape (candidates,)."""
        scores = np.zeros(self.count)
        words = list(dict.fromkeys(self.question.function_words))
        for word, number in zip(words, self.library.word_numbers(words), strict=True):
            if number >= 0:
                counts = np.bincount(self.owners[self.words == number], minlength=self.count)
                scores += self.collection.word_idf(word) * counts * (K1 + 1) / (counts + K1)
        return scores

    @cached_property
    def lack_type(self) -> Bools:
        """Which passages have nothing of the kind that is asked for, shape (candidates,)."""
        match self.question.type_asked:
            case AnswerType.YEAR:
                return ~self.any_of(self.new & self.signed(Sign.DATE))
            case AnswerType.TIME:
                dated = self.new & self.signed(Sign.DATE | Sign.DIGIT)
                return ~self.any_of(dated | self.signed(Sign.TIME))
            case AnswerType.COUNT:
                number = self.signed(Sign.NUMBER) & ~self.signed(Sign.YEAR)
                return ~self.any_of(self.new & number)
            case _:
                return np.zeros(self.count, dtype=np.bool_)

    @cached_property
    def are_leads(self) -> Bools:
        """Which candidates open a document whose passages follow each other."""
        return np.array([self.library.is_lead(position) for position in self.positions])


def title_terms(collection: Collection, document: Document) -> frozenset[str]:
    """The terms of a document's title; of one document alone they tell nothing."""
    if collection.documents < 2:
        return frozenset()
    return _terms(document.spec.language, document.title)


def whereabouts(candidates: Candidates, row: int) -> dict[str, Where]:
    """Where each word of the question, as it was typed, is found for one candidate."""
    question = candidates.question
    wider = (
        (Where.PASSAGE, candidates.shares),
        (Where.TITLE, candidates.shares_with_title),
        (Where.HEADING, candidates.shares_in_context),
        (Where.BESIDE, candidates.shares_nearby),
    )
    return {
        word.earlier or question.text[word.start : word.end]: next(
            (where for where, shares in wider if shares[row, at] > HALF), Where.NOWHERE
        )
        for at, word in enumerate(question.words)
    }


@lru_cache(MOST_TITLES)
def _terms(language: str, title: str) -> frozenset[str]:
    return frozenset(analyser_for(language).terms(title))
