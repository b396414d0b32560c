"""Questions with a right passage and passages that look like it, from sets in BEIR's form."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.answering.searcher import Searcher
from index.evaluation import read_set
from index.evaluation.sets import NO_TITLE
from index.library.library import IndexedLibrary
from index.meaning.texts import passage_text
from tests.bench.confidence import LEARNED_FROM
from tests.training.rewordings import detokenised, reworded

__all__ = ["Embed", "Example", "Group", "drawn", "read_examples"]

MOST = 10
"""Passages of one kind that may be drawn as wrong ones."""
REACH = 3
"""How many passages before and after the right one are its neighbours."""
AS_TOKENS = 0.3
UNDER_TITLE = 0.6

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Vectors of texts, of length one, shape (texts, dimensions)."""
Titled = tuple[str, str]
"""A title, or nothing, and a passage's text."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question, what answers it, and what does not though it looks so, by how that was found."""

    question: str
    right: tuple[Titled, ...]
    lexical: tuple[Titled, ...]
    near: tuple[Titled, ...]
    beside: tuple[Titled, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A question as it is asked and as it was written, and passages of which the first answers."""

    asked: str
    written: str
    passages: tuple[str, ...]


def read_examples(path: Path, embed: Embed) -> list[Example]:
    """The examples of the set at `path` whose passages all stand in its first part."""
    question_set = read_set(path)
    library = IndexedLibrary.build(question_set.corpus)
    searcher = Searcher([library])
    passages = list(library.passages)
    end = int(LEARNED_FROM * len(passages))
    place = {question_set.ids[one.document, one.line]: at for at, one in enumerate(passages)}
    titles = {document.spec.id: document.spec.title for document in library.documents}
    texts = [(titles[one.document].replace(NO_TITLE, ""), one.text) for one in passages[:end]]
    asked = [
        one
        for one in question_set.judged
        if one.answerable and all(place[id_] < end for id_ in one.grades)
    ]
    vectors = embed([text for _, text in texts])
    likeness = embed([one.text for one in asked]) @ vectors.T
    examples = []
    for question, row in zip(asked, likeness, strict=True):
        right = {place[id_] for id_ in question.grades}
        ranked = searcher.answer(question.text).ranked
        found = (
            [hit.position.passage for hit in ranked if hit.position is not None],
            np.argsort(-row)[: MOST + len(right)].tolist(),
            sorted({at + step for at in right for step in range(-REACH, REACH + 1)}),
        )
        kinds = [
            tuple(texts[at] for at in kind if 0 <= at < end and at not in right)[:MOST]
            for kind in found
        ]
        if all(kinds):
            examples.append(Example(question.text, tuple(texts[at] for at in right), *kinds))
    return examples


def drawn(examples: Sequence[Example], others: int, chance: random.Random) -> Iterator[Group]:
    """Groups of 1 + `others` passages without end, every example once a round."""
    while True:
        for example in chance.sample(examples, len(examples)):
            kinds = [example.lexical, example.near, example.beside, example.lexical[:4]]
            wrong: dict[Titled, None] = {}
            for kind in [*chance.sample(kinds, len(kinds)), *[example.lexical + example.near] * 4]:
                wrong[chance.choice(kind)] = None
            if len(wrong) < others:
                continue
            clean = _as_it_is if chance.random() < AS_TOKENS else detokenised
            under_title = chance.random() < UNDER_TITLE
            passages = tuple(
                passage_text(clean(text), [title] if title and under_title else [])
                for title, text in (chance.choice(example.right), *list(wrong)[:others])
            )
            written = clean(example.question)
            yield Group(reworded(written, chance), written, passages)


def _as_it_is(text: str) -> str:
    return text
