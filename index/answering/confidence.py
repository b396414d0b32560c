"""When to answer, with how many passages, and what to say instead."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from index.answering.candidates import Candidates, Floats
from index.answering.question import FIXED_SHARE, Particular

__all__ = ["THRESHOLD", "Reason", "confidence", "spread"]

THRESHOLD = 0.50
"""The least confidence with which the first passage is an answer."""

SHARE, MATCHED, PLAIN, LACKS, BIAS = 4.0, 4.8, 2.0, -2.0, -6.2
STRANGER = {Particular.NUMBER: -5.0, Particular.NAME: -4.0, Particular.ACRONYM: -2.0}
"""A logistic model of five signals, weighed between development sets with half of their documents
dropped and data/questions.yaml; the bias puts 95 % of its answerable questions over the threshold.
"""
HALF = 0.5
CLOSE = 1.0
"""How far below the first one's score a further hit may lie; e to its power are the odds."""


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
    EMPTY_LIBRARY = "empty_library"
    NEW_QUESTION = "new_question"


def confidence(candidates: Candidates) -> Floats:
    """How likely each passage answers the question, 0 to 1, shape (candidates,).

    Five signals: the share of the question's idf that the passage or its title matches, how much
    that is in words as rare as can be, the share among the words that are no names, whether the
    passage lacks the year, time or number that is asked for, and whether it lacks a particular name
    or number of the question. Unknown words weigh as the rarest; a mended word counts half.
    """
    words, shares = candidates.question.words, candidates.shares_in_context
    mass, whole_mass = candidates.question_terms.mass, candidates.question.mass
    if not whole_mass:
        return np.zeros(candidates.count)
    certainty = np.array([FIXED_SHARE if word.mended else 1.0 for word in words])
    costs = np.array([STRANGER[word.particular] if word.particular else 0.0 for word in words])
    matched = mass * shares * certainty
    mass_of_full = (shares > HALF) @ mass
    cost_of_stranger = np.where(shares <= HALF, costs, 0.0).min(axis=1)
    plain = ~candidates.are_names
    plain_mass = plain @ mass
    plain_share = np.full(candidates.count, HALF)
    np.divide((plain * matched).sum(axis=1), plain_mass, out=plain_share, where=plain_mass > 0)
    log_odds = (
        SHARE * matched.sum(axis=1) / whole_mass
        + MATCHED * np.log1p(mass_of_full / candidates.collection.idf(""))
        + PLAIN * plain_share
        + LACKS * candidates.lack_type
        + cost_of_stranger
        + BIAS
    )
    confidences: Floats = 1 / (1 + np.exp(-log_odds))
    return confidences


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
