"""What a question got: the passages that answer it, or why there is none."""

from __future__ import annotations

from collections.abc import Collection as Terms
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from index.answering.confidence import Outcome, Reason
from index.documents.document import Document
from index.documents.passages import Passage
from index.library.collection import Position
from index.text.analysis import analyser_for

__all__ = ["MAX_HITS", "Answer", "Hit"]

MAX_HITS = 5
NEAREST = 3


@dataclass(frozen=True)
class Hit:
    """A passage of an answer, or one that was looked up.

    `position` tells where it stands in the collection that was searched; one that a button brought
    back from an earlier revision has none. `document` is as the collection sees it, whose id may be
    another than `passage` names. `parts` is what each feature added to `score`, `signals` what the
    confidence was made of; `terms` are those of the question. `spans` are given where the matches
    are known already.
    """

    passage: Passage
    document: Document
    score: float = 0.0
    confidence: float = 0.0
    position: Position | None = None
    terms: Terms[str] = frozenset()
    parts: Mapping[str, float] = field(default_factory=dict)
    signals: Mapping[str, float] = field(default_factory=dict)
    spans: tuple[tuple[int, int], ...] | None = None

    @cached_property
    def matches(self) -> tuple[tuple[int, int], ...]:
        """The [start, end) offsets of matched words in the passage's text."""
        if self.spans is not None:
            return self.spans
        if not self.terms:
            return ()
        tokens = analyser_for(self.document.spec.language).tokens(self.passage.text)
        return _merged((token.start, token.end) for token in tokens if token.term in self.terms)

    def as_json(self) -> dict[str, Any]:
        return {
            **self.passage.as_json(),
            "score": round(self.score, 4),
            "matches": [list(span) for span in self.matches],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got: one to five hits, or none and the reason for the silence.

    `ranked` are all candidates, best first, whether or not they answer the question; the first
    `count` of them do. `confidence` is that of the first. A look-up, of a number, a phrase or a
    question that was pointed to its passage, finds or does not: all that it finds counts.
    `taken_over` are the words of earlier questions that counted, as they were typed there.
    `spellings` are the question with each spelling that may be meant, where no hit tells which.
    `is_close` is where the first is shown as the closest. Where the question is in another language
    than all documents, `asked_in` is that one's code and `answered_in` are theirs.
    """

    question: str
    ranked: tuple[Hit, ...] = ()
    count: int = 0
    confidence: float = 0.0
    reason: Reason | None = None
    corrected: str | None = None
    taken_over: tuple[str, ...] = ()
    is_lookup: bool = False
    is_close: bool = False
    spellings: tuple[str, ...] = ()
    asked_in: str | None = None
    answered_in: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Whether the hits answer the question for sure, the first may, or none does."""
        if self.count:
            return Outcome.SURE
        return Outcome.CLOSEST if self.is_close else Outcome.SILENT

    @property
    def closest(self) -> Hit | None:
        """The one passage that is shown as the closest, which may not answer; None elsewhere."""
        return self.ranked[0] if self.outcome is Outcome.CLOSEST else None

    @property
    def answered(self) -> bool:
        return self.count > 0

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages that answer the question, best first."""
        return self.ranked[: self.count]

    @property
    def more(self) -> tuple[Hit, ...]:
        """The candidates that follow the hits."""
        return self.ranked[self.count : self.count + MAX_HITS] if self.count else ()

    @property
    def nearest(self) -> tuple[Hit, ...]:
        """What came closest where there is no hit; it answers nothing."""
        return () if self.count else self.ranked[:NEAREST]

    def as_json(self) -> dict[str, Any]:
        """The object that `footnote ask --json` prints."""
        return {
            "question": self.question,
            "outcome": self.outcome,
            "answered": self.answered,
            "confidence": round(self.confidence, 4),
            "reason": self.reason,
            "corrected": self.corrected,
            "taken_over": list(self.taken_over),
            "hits": [hit.as_json() for hit in self.hits],
            "closest": [self.closest.as_json()] if self.closest else [],
        }


def _merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those that overlap made one: bigrams share a character."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)
