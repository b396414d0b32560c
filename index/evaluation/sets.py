"""A question set: questions, the sentences that answer them, and the corpus they are asked of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.documents.corpus import Corpus
from index.documents.document import Document
from index.errors import CorpusError, Problem
from index.files.regular import cause_of, read_regular_file

__all__ = [
    "NO_TITLE",
    "Form",
    "JudgedQuestion",
    "Place",
    "QuestionSet",
    "has_title",
    "read_source",
]

NO_TITLE = "\u2013"
"""The title of a document that came without one: it has no word that a question could match."""

MAX_SET_BYTES = 2_000_000_000

Place = tuple[str, int]
"""Where a passage stands: the id of its document and its line."""
Form = Literal["beir", "questions"]


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question; `grades` holds the sentences that answer it, by id, with grades above 0.

    A judged question without any is unanswerable. An unjudged one is ranked, never measured.
    """

    id: str
    text: str
    grades: Mapping[str, int]
    kind: str = ""
    judged: bool = True

    @property
    def answerable(self) -> bool:
        return bool(self.grades)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions over one corpus; `ids` names the sentence at each place as the grades do."""

    name: str
    form: Form
    corpus: Corpus
    questions: tuple[JudgedQuestion, ...]
    ids: Mapping[Place, str]

    @property
    def judged(self) -> tuple[JudgedQuestion, ...]:
        return tuple(question for question in self.questions if question.judged)

    @property
    def answerable(self) -> tuple[JudgedQuestion, ...]:
        return tuple(question for question in self.questions if question.answerable)

    @property
    def unanswerable(self) -> tuple[JudgedQuestion, ...]:
        return tuple(question for question in self.judged if not question.answerable)

    def ranked_ids(self, places: Iterable[Place]) -> tuple[str, ...]:
        """The ids of ranked places, each once: several passages of a line share its id."""
        return tuple(dict.fromkeys(self.ids[place] for place in places))


def has_title(document: Document) -> bool:
    """Whether the source gave `document` a title."""
    return document.title != NO_TITLE


def read_source(path: Path, shown: str, advice: str) -> bytes:
    """The bytes of a file; raises CorpusError under the name `shown`, with what to do about it."""
    try:
        return read_regular_file(path, MAX_SET_BYTES)
    except (OSError, ValueError) as error:
        reason = f"cannot be read ({cause_of(error)}); {advice}"
        raise CorpusError([Problem(shown, 1, reason)]) from None
