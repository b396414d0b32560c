"""When to answer, with how many passages, and what to say instead."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

from index.question import FIXED_SHARE, Particular
from index.rerank import CandidateView

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


def confidence(view: CandidateView) -> float:
    """How likely the passage answers the question, 0 to 1.

    Five signals: the share of the question's idf that the passage or its title matches, how much
    that is in words as rare as can be, the share among the words that are no names, whether the
    passage lacks the year, time or number that is asked for, and whether it lacks a particular name
    or number of the question. Unknown words weigh as the rarest; a mended word counts half.
    """
    rarest = view.collection.idf("")
    asked = matched = plain = plain_matched = full = 0.0
    stranger = 0.0
    for word, share in zip(view.question.words, view.shares_with_title, strict=True):
        counted = word.mass * share * (FIXED_SHARE if word.mended else 1.0)
        asked += word.mass
        matched += counted
        full += word.mass if share > HALF else 0.0
        if word.particular and share <= HALF:
            stranger = min(stranger, STRANGER[word.particular])
        if not word.touches(view.names):
            plain += word.mass
            plain_matched += counted
    if not asked:
        return 0.0
    signal = (
        SHARE * matched / asked
        + MATCHED * math.log1p(full / rarest)
        + PLAIN * (plain_matched / plain if plain else HALF)
        + (LACKS if view.lacks_type else 0.0)
        + stranger
        + BIAS
    )
    return 1 / (1 + math.exp(-signal))


def spread(
    scores: Sequence[float], confidences: Sequence[float], limit: int, threshold: float
) -> int:
    """How many of the ranked candidates are hits: none, or the first and those close to it."""
    count = 0
    for score, sure in zip(scores[:limit], confidences[:limit], strict=True):
        if sure < threshold or score < scores[0] - CLOSE:
            break
        count += 1
    return count
