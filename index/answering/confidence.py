"""When to answer, with how many passages, and what to say instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from index.answering.candidates import Bools, Candidates, Floats
from index.answering.question import FIXED_SHARE, Particular
from index.text.analysis import share_of_word

__all__ = [
    "BALANCED",
    "BY_MEANING",
    "BY_QUESTION",
    "BY_QUESTION_BIAS",
    "BY_WORDS",
    "CHOICES",
    "SIGNALS",
    "Outcome",
    "Reason",
    "Thresholds",
    "Weighing",
    "confidence",
    "odds_by_question",
    "signals",
    "signals_by_question",
    "spread",
    "with_order",
]

SIGNALS: dict[str, float] = {
    "share": 6.53,
    "matched": 5.72,
    "lacks_number": -1.15,
    "lacks_name": -1.69,
    "lacks_type": -2.21,
    "function_words": 0.18,
    "length": -1.05,
    "margin": 0.45,
    "share_gap": -2.62,
}
"""Signal to coefficient, of a logistic model.

`python -m tests.bench confidence --all` fits them, on data/questions.yaml and two development sets
with half of their documents dropped.
"""
COLUMNS = {name: column for column, name in enumerate(SIGNALS)}
NAMES = {Particular.NAME, Particular.ACRONYM}
HALF = 0.5
CLOSE = 1.0
"""How far below the first one's score a further hit may lie; e to its power are the odds."""
MOST_MARGIN = 5.0
"""A greater lead in score says no more."""
MOST_ALIKE = 6
"""How many candidates are compared with the first, for speed."""
ALIKE = 0.8
"""Passages with more of their words in common than that say the same."""
LONGEST = 64
"""Terms; a longer passage is no less likely to answer."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least confidence of a sure answer, and of a passage that is shown as the closest."""

    sure: float
    closest: float


@dataclass(frozen=True)
class Weighing:
    """A logistic model: how much each signal counts, and `bias`, in log-odds.

    `most_in_doubt` is the most of a candidate that lacks a number or name of the question.
    """

    signals: Mapping[str, float]
    bias: float
    most_in_doubt: float = np.inf
    needs_a_word: bool = True

    @cached_property
    def _coefficients(self) -> Floats:
        return np.array(list(self.signals.values()))

    def log_odds(self, rows: Floats, gained: Floats) -> Floats:
        """How likely candidates with these signals, a row each, are to answer; shape (candidates,).

        `gained` is what else speaks for each of them.
        """
        odds: Floats = rows @ self._coefficients + self.bias + gained
        lacking = rows[:, [COLUMNS["lacks_number"], COLUMNS["lacks_name"]]].any(axis=1)
        odds = np.where(lacking, np.minimum(odds, self.most_in_doubt), odds)
        if not self.needs_a_word:
            return odds
        return np.where(rows[:, COLUMNS["share"]] > 0, odds, -np.inf)


BY_WORDS = Weighing(SIGNALS, bias=-6.44, most_in_doubt=-0.45)
"""Where a number or name of the question is lacking, no answer is a balanced one."""
BY_MEANING = Weighing(
    {
        "share": 2.34,
        "matched": 2.29,
        "lacks_number": -0.28,
        "lacks_name": -0.94,
        "lacks_type": -3.46,
        "function_words": 0.17,
        "length": -0.53,
        "margin": 0.28,
        "share_gap": 1.01,
        "likeness": 2.42,
        "reading": 0.36,
    },
    bias=-3.76,
    needs_a_word=False,
)
"""Where it was asked what passages mean: `python -m tests.bench confidence --meaning` fits it, on
data/questions.yaml, on the part of selqa-dev and squad-dev that the model was not made on, and at a
twentieth of their weight on the chat questions that are not kept for reports. Where a name is
lacking, the passage may say the same by another."""

BY_QUESTION = {"likeness": 6.6, "ahead": 12.5, "reading": 0.25}
BY_QUESTION_BIAS = -5.7
"""Signal to coefficient, and the bias, where a passage answers a question that stands above it.

Other words than its own are the rule there, and words tell little. `python -m tests.bench faqs`
fits them, so that of what the FAQs to tune on do not answer a twentieth is sure, half no more than
silent.
"""

CHOICES = {
    "strict": Thresholds(0.7, 0.1),
    "balanced": Thresholds(0.4, 0.01),
    "open": Thresholds(0.25, 0.004),
}
BALANCED = CHOICES["balanced"]


class Outcome(StrEnum):
    """What a question got: an answer, a passage that may not answer it, or nothing."""

    SURE = "sure"
    CLOSEST = "closest"
    SILENT = "silent"


class Reason(StrEnum):
    """Why a question got no hit: the whole list."""

    EMPTY_QUESTION = "empty_question"
    TOO_LONG = "too_long"
    NO_CONTENT_WORDS = "no_content_words"
    SMALL_TALK = "small_talk"
    NO_MATCH = "no_match"
    LOW_CONFIDENCE = "low_confidence"
    UNKNOWN_CITATION = "unknown_citation"
    PHRASE_NOT_FOUND = "phrase_not_found"
    OTHER_LANGUAGE = "other_language"
    EMPTY_LIBRARY = "empty_library"
    NEW_QUESTION = "new_question"


def signals(candidates: Candidates) -> Floats:
    """What tells of each passage by itself whether it answers, shape (candidates, 7).

    The columns are the first seven SIGNALS. `share`: of the question's idf, what the passage, its
    title and its headings match; `matched`: how much that is, in words as rare as can be;
    `lacks_…`: whether a number or a name of the question stands neither there nor beside the
    passage; `lacks_type`: whether it has no year, time or number where one is asked for.
    Unknown words weigh as the rarest. A word that was mended counts half, unless to the only near
    spelling.
    """
    question = candidates.question
    if not question.mass:
        return np.zeros((candidates.count, len(SIGNALS) - 2))
    mass, shares = candidates.question_terms.mass, candidates.shares_in_context
    certainty = np.array([FIXED_SHARE if len(word.mended) > 1 else 1.0 for word in question.words])
    numbers = np.array([word.particular is Particular.NUMBER for word in question.words])
    names = np.array([word.particular in NAMES for word in question.words])
    of_a_word = np.array([share_of_word(next(iter(word.options[0]))) for word in question.words])
    lacking = np.zeros(shares.shape, dtype=bool)
    if numbers.any() or names.any():
        lacking = candidates.shares_nearby <= HALF
    columns = [
        (mass * shares * certainty).sum(axis=1) / question.mass,
        np.log1p((shares > HALF) @ (mass * of_a_word) / candidates.collection.idf("")),
        (lacking & numbers).any(axis=1),
        (lacking & names).any(axis=1),
        candidates.lack_type,
        candidates.function_word_scores,
        np.log(np.minimum(candidates.sizes, LONGEST) + 1),
    ]
    return np.stack(columns, axis=1).astype(float)


def with_order(known: Floats, scores: Floats, texts: Sequence[str]) -> Floats:
    """All SIGNALS of each candidate, shape (candidates, 9): `signals` and two that need the order.

    They tell how far a candidate is ahead of the best other one, in score and in its share. Those
    that say the same as the first, as where two libraries hold one document, are no rivals of it.
    """
    alike = _alike(texts)
    margin = np.clip(_ahead(scores, alike), -MOST_MARGIN, MOST_MARGIN)
    return np.column_stack([known, margin, _ahead(known[:, COLUMNS["share"]], alike)])


def signals_by_question(likeness: Floats, reading: Floats, texts: Sequence[str]) -> Floats:
    """The signals of BY_QUESTION, shape (candidates, 3): `ahead` is the lead in likeness."""
    return np.column_stack([likeness, _ahead(likeness, _alike(texts)), reading])


def odds_by_question(rows: Floats, answer: Bools) -> Floats:
    """How likely candidates with these signals are to answer, in log-odds, shape (candidates,).

    That of those that are no `answer` to a question of their document is minus infinity.
    """
    odds = rows @ np.array(list(BY_QUESTION.values())) + BY_QUESTION_BIAS
    return np.where(answer, odds, -np.inf)


def _alike(texts: Sequence[str]) -> Bools:
    """Which of the texts have nearly all words in common with the first, shape (texts,).

    Those that come far behind it are not looked at.
    """
    alike = np.zeros(len(texts), dtype=np.bool_)
    alike[0] = True
    words = [set(text.lower().split()) for text in texts[:MOST_ALIKE]]
    for place, own in enumerate(words[1:], 1):
        alike[place] = len(words[0] & own) > ALIKE * len(words[0] | own)
    return alike


def _ahead(values: Floats, alike: Bools) -> Floats:
    """Each value less the highest of the others, and of a first one's kin less that of all else.

    Where there is no other, it is less 0.
    """
    if len(values) < 2:
        return values
    first, second = np.partition(-values, 1)[:2]
    ahead: Floats = values + np.where(values == -first, second, first)
    rivals = values[~alike]
    return np.where(alike, values - (rivals.max() if len(rivals) else 0.0), ahead)


def confidence(odds: Floats) -> Floats:
    """The logistic of log-odds: 0 to 1."""
    with np.errstate(over="ignore"):
        sure: Floats = 1 / (1 + np.exp(-odds))
    return sure


def spread(
    scores: Sequence[float], confidences: Sequence[float], limit: int, threshold: float
) -> int:
    """How many of the ranked candidates are hits: none, or the first and those close to it."""
    count = 0
    for score, certain in zip(scores[:limit], confidences[:limit], strict=True):
        if certain < threshold or score < scores[0] - CLOSE:
            break
        count += 1
    return count
