"""Questions grouped by likeness: those that ask for much the same in other words or order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from index.text.analysis import analyser_for

__all__ = ["AlikeQuestions", "group_alike"]

ALIKE = 75.0
"""Per cent of rapidfuzz's token_sort_ratio over stems from which two questions are alike."""
MAX_DISTINCT = 2000
"""Distinct questions that are compared with each other; later ones stand alone."""


@dataclass(frozen=True, slots=True)
class AlikeQuestions:
    """A group: its first question as it was asked, and all positions in what was given."""

    question: str
    positions: tuple[int, ...]


def group_alike(questions: Iterable[str], language: str = "en") -> list[AlikeQuestions]:
    """Group `questions`, the largest group first; equally large ones stay in order.

    A question joins the group whose first question is most like it.
    """
    analyser = analyser_for(language)
    firsts: dict[str, tuple[str, list[int]]] = {}
    for position, question in enumerate(questions):
        terms = " ".join(sorted(analyser.terms(question))) or question.casefold()
        if terms not in firsts:
            like = None
            if len(firsts) < MAX_DISTINCT:
                like = process.extractOne(
                    terms, firsts.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE
                )
            if like is None:
                firsts[terms] = (question, [])
            else:
                terms = like[0]
        firsts[terms][1].append(position)
    groups = [AlikeQuestions(first, tuple(positions)) for first, positions in firsts.values()]
    return sorted(groups, key=lambda group: -len(group.positions))
