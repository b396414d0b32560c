"""When to answer, with how many passages, and what to say instead."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

__all__ = ["THRESHOLD", "Reason", "spread"]

THRESHOLD = 0.40
"""The least share of the question's idf that a passage must match to be an answer."""
CLOSE = 0.90
"""A further hit stands beside the first from this share of its score and of its confidence."""


class Reason(StrEnum):
    """Why a question got no hit: the whole list."""

    EMPTY_QUESTION = "empty_question"
    TOO_LONG = "too_long"
    NO_CONTENT_WORDS = "no_content_words"
    NO_MATCH = "no_match"
    LOW_CONFIDENCE = "low_confidence"
    EMPTY_LIBRARY = "empty_library"


def spread(scores: Sequence[float], confidences: Sequence[float], limit: int) -> int:
    """How many of the ranked candidates are hits: those close to the first one."""
    if not scores:
        return 0
    count = 0
    for score, confidence in zip(scores[:limit], confidences[:limit], strict=True):
        if score < CLOSE * scores[0] or confidence < CLOSE * confidences[0]:
            break
        count += 1
    return count
