"""A question's words as arrays: what is the same for every candidate, worked out once."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.answering.question import OTHER_FORM_SHARE, Question
from index.arrays.fields import places_in
from index.library.letter_groups import gram_keys

__all__ = ["QuestionTerms", "columns_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class QuestionTerms:
    """The terms that would match a question, each a column, and how its words are made of them.

    `holds` has the shape (columns, options): whether an option needs the term. `mass`, of shape
    (words,), is what each word weighs.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.terms = list(question.owners)
        self.owners = list(question.owners.values())
        columns = {term: column for column, term in enumerate(self.terms)}
        options = [(word, option) for word in question.words for option in word.options]
        self.holds = np.zeros((len(columns), len(options)))
        for at, (_, option) in enumerate(options):
            self.holds[[columns[term] for term in option], at] = 1.0
        self._sizes = np.array([len(option) for _, option in options], dtype=float)
        counts = np.array([len(word.options) for word in question.words], dtype=np.int64)
        self._firsts: Ints = np.cumsum(counts) - counts
        self._counted = np.full(len(options), OTHER_FORM_SHARE)
        self._counted[self._firsts] = 1.0
        for at, (word, _) in enumerate(options):
            if word.mended:
                self._counted[at] = 1.0
        self.mass = np.array([word.mass for word in question.words])

    def shares(self, present: NDArray[np.bool_]) -> Floats:
        """How much of each word is matched, shape (candidates, words).

        `present`, of shape (candidates, columns), says which terms there are.
        """
        options = present @ self.holds / self._sizes * self._counted
        shares: Floats = np.maximum.reduceat(options, self._firsts, axis=1)
        return shares

    @cached_property
    def grams(self) -> NDArray[np.uint64]:
        """The character 4-grams of the content words, each once, in order."""
        return np.unique(gram_keys(self.question.content)[0])


def columns_of(numbers: NDArray[np.int32], column_numbers: Ints) -> Ints:
    """The column of each of `numbers`; -1 for those that none of `column_numbers` is.

    A column number of -1 is that of nothing.
    """
    if not len(column_numbers):
        return np.full(len(numbers), -1)
    order = np.argsort(column_numbers)
    places = places_in(column_numbers[order], numbers)
    return np.where((places >= 0) & (numbers >= 0), order[places], -1)
