"""Conversations in YAML: how often the last question of one finds its passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from index.answering.answer import Answer
from index.answering.searcher import Searcher
from index.documents.corpus import Corpus
from index.errors import CorpusError, Problem
from index.evaluation.sets import read_source
from index.files.lined_yaml import parse_yaml, validation_problems

__all__ = ["Conversation", "FollowUps", "KindOfFollowUp", "measure_follow_ups", "read_follow_ups"]

_ADVICE = "give a list of conversations in YAML"


class Conversation(BaseModel):
    """Questions of one person, the oldest first, and the lines that answer the last of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    questions: list[str] = Field(min_length=2)
    lines: list[int] = Field(min_length=1)
    kind: str = ""
    document: str | None = None

    def is_answered_by(self, answer: Answer) -> bool:
        """Whether the first hit is at a right line."""
        if not answer.hits:
            return False
        passage = answer.hits[0].passage
        return passage.line in self.lines and self.document in {None, passage.document}


@dataclass(frozen=True, slots=True)
class KindOfFollowUp:
    """How many conversations there are of a kind, and of how many the last answer is right."""

    conversations: int
    right: int
    right_alone: int


@dataclass(frozen=True, slots=True)
class FollowUps:
    """The figures of all conversations by kind; `alone` is without the earlier questions."""

    name: str
    kinds: dict[str, KindOfFollowUp]

    @property
    def all(self) -> KindOfFollowUp:
        kinds = self.kinds.values()
        return KindOfFollowUp(
            sum(kind.conversations for kind in kinds),
            sum(kind.right for kind in kinds),
            sum(kind.right_alone for kind in kinds),
        )

    def as_json(self) -> dict[str, Any]:
        rows = {**self.kinds, "all": self.all}
        return {
            "name": self.name,
            "kinds": {
                name: {
                    "conversations": kind.conversations,
                    "right": kind.right,
                    "right_alone": kind.right_alone,
                }
                for name, kind in rows.items()
            },
        }


def read_follow_ups(path: Path, corpus: Corpus) -> list[Conversation]:
    """Read conversations over `corpus`; raises CorpusError with every problem."""
    source = parse_yaml(read_source(path, path.name, _ADVICE), path.name)
    try:
        conversations = TypeAdapter(list[Conversation]).validate_python(source.value)
    except ValidationError as error:
        raise CorpusError(validation_problems(error, source)) from None
    if not conversations:
        raise CorpusError([Problem(path.name, 1, f"holds no conversation; {_ADVICE}")])
    places = {(passage.document, passage.line) for passage in corpus.passages}
    problems = [
        source.problem((at, "lines", index), f"no passage is at line {line}; correct the line")
        for at, one in enumerate(conversations)
        for index, line in enumerate(one.lines)
        if not any(place[1] == line and one.document in {None, place[0]} for place in places)
    ]
    if problems:
        raise CorpusError(problems)
    return conversations


def measure_follow_ups(
    name: str, conversations: Sequence[Conversation], searcher: Searcher
) -> FollowUps:
    """Ask the last question of each, after the earlier ones and alone."""
    kinds: dict[str, KindOfFollowUp] = {}
    for one in conversations:
        *previous, last = one.questions
        so_far = kinds.get(one.kind, KindOfFollowUp(0, 0, 0))
        kinds[one.kind] = KindOfFollowUp(
            so_far.conversations + 1,
            so_far.right + one.is_answered_by(searcher.answer(last, previous=previous)),
            so_far.right_alone + one.is_answered_by(searcher.answer(last)),
        )
    return FollowUps(name, kinds)
