"""FAQs asked in other words: what is shown, and how sure; and the confidence by questions, fitted.

Each answer is left out in turn, so that its question has none, and questions that a FAQ does not
answer are asked as well. The fit is on the FAQs that are there to tune on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np
import yaml

from index.answering.answer import Answer
from index.answering.confidence import BY_QUESTION, BY_QUESTION_BIAS, signals_by_question
from index.answering.searcher import Searcher
from index.documents.corpus import Corpus
from index.documents.document import Document
from index.documents.reading.sentences import Layout
from index.documents.uploads import read_upload
from index.library.library import IndexedLibrary
from index.meaning import Model, Reader, Remembering
from tests.bench.confidence import Floats, fit

__all__ = ["faqs"]

FOLDER = Path(__file__).parents[1] / "faqs"
SETS = {"to tune on": "asked_while_tuning.yaml", "kept for reports": "asked.yaml"}
LAYOUTS: dict[str, Layout] = {".txt": "prose"}
FALSELY_SURE, FALSELY_CLOSE = 0.05, 0.5
"""The shares of unanswerable questions that may be sure, and be more than silent."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, the heading that it means, or none, and what it got."""

    question: str
    heading: str | None
    answer: Answer

    @property
    def is_right(self) -> bool:
        """Whether the first passage is the answer."""
        ranked = self.answer.ranked
        return bool(ranked) and self.heading in ranked[0].passage.section

    @property
    def kind(self) -> str:
        """What is counted of it."""
        told = "unanswerable" if self.heading is None else "right" if self.is_right else "wrong"
        return f"{told}, {self.answer.outcome}"


def _ask(document: Document, asked: list[tuple[str, str | None]], reader: Reader) -> list[_Asked]:
    library = IndexedLibrary.build(Corpus((document,)))
    reader.prepare_at_once(library)
    searcher = Searcher([library], meaning=reader)
    return [_Asked(text, heading, searcher.answer(text)) for text, heading in asked]


def _without(document: Document, heading: str) -> Document:
    left = tuple(one for one in document.passages if heading not in one.section)
    return replace(document, passages=left)


def _signals(some: list[_Asked]) -> Floats:
    """What the confidence by questions is made of, of each first passage that was read."""
    found = []
    for ranked in (one.answer.ranked for one in some):
        if ranked and "reading" in ranked[0].signals and ranked[0].passage.question:
            meant = [(hit.signals["likeness"], hit.signals["reading"]) for hit in ranked]
            likeness, reading = np.array(meant).T
            texts = [hit.passage.text for hit in ranked]
            found.append(signals_by_question(likeness, reading, texts)[0])
    return np.array(found)


def _fitted(right: list[_Asked], unanswerable: list[_Asked]) -> Iterator[tuple[str, float]]:
    """The coefficients and the bias, stretched so that both shares of the unanswerable are kept."""
    answered, unanswered = _signals(right), _signals(unanswerable)
    rows = np.concatenate([answered, unanswered])
    positive = np.arange(len(rows)) < len(answered)
    weights = np.where(positive, 50 / len(answered), 50 / len(unanswered))
    found = fit(rows, positive, weights)
    odds = unanswered @ found[:-1] + found[-1]
    sure, close = np.quantile(odds, [1 - FALSELY_SURE, 1 - FALSELY_CLOSE])
    at_sure, at_close = (np.log(one / (1 - one)) for one in (0.4, 0.01))
    stretch = (at_sure - at_close) / (sure - close)
    yield from zip(BY_QUESTION, found[:-1] * stretch, strict=True)
    yield "bias", at_sure - stretch * (sure - found[-1])


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@click.command()
def faqs() -> None:
    """Ask the FAQs of tests/faqs what they answer and what they do not."""
    reader = Reader(Remembering(Model()))
    nothing = _read("unanswered.yaml")
    right: list[_Asked] = []
    unanswerable: list[_Asked] = []
    for label, path in SETS.items():
        for name, rows in _read(path).items():
            content = (FOLDER / name).read_bytes()
            document = read_upload(name, content, layout=LAYOUTS.get(Path(name).suffix)).document
            asked = [(row["asked"], row["heading"]) for row in rows]
            got = _ask(document, [*asked, *((text, None) for text in nothing[name])], reader)
            left_out = [
                one
                for text, heading in asked
                for one in _ask(_without(document, heading), [(text, None)], reader)
            ]
            click.echo(
                f"{name}, {label}: {len(asked)} questions, {len(nothing[name])} unanswerable"
            )
            for kind, count in sorted(Counter(one.kind for one in got).items()):
                click.echo(f"  {kind:22} {count:3}")
            for kind, count in sorted(Counter(one.kind for one in left_out).items()):
                click.echo(f"  answer left out, {kind.partition(', ')[2]:7}{count:3}")
            if path == SETS["to tune on"]:
                right += [one for one in got if one.is_right]
                unanswerable += [one for one in got if one.heading is None] + left_out
    known = [*BY_QUESTION.values(), BY_QUESTION_BIAS]
    for (name, fitted), now in zip(_fitted(right, unanswerable), known, strict=True):
        click.echo(f"{name:10} {now:8.2f} -> {fitted:8.2f}")
