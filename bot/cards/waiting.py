"""What is said to those who wait, while they do."""

from __future__ import annotations

from bot.libraries.progress import HowFar
from bot.locales import say

__all__ = ["preparing_words", "turn_words"]


def preparing_words(how_far: HowFar) -> str:
    """How far the documents are made ready that a question is asked of."""
    if how_far.stage == "indexing" and how_far.total:
        share = f"{how_far.done / how_far.total:.0%}"
        return say("waiting.preparing_share", share=share)
    return say("waiting.preparing")


def turn_words(before: int) -> str:
    """How many files are read before one's own."""
    return say("waiting.turn", count=before) if before else say("waiting.reading")
