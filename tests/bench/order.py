"""How often the right passage is first, by what its meaning counts: a grid of both weights."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import click
import numpy as np
from numpy.typing import NDArray

from index.answering.meaning import MEANING_WEIGHTS
from index.answering.searcher import Searcher
from index.library.library import IndexedLibrary
from index.meaning import Model, Reader, Remembering
from tests.bench.confidence import not_learned_from, set_given

__all__ = ["order"]

LIKENESS = (0.0, 12.0, 24.0, 36.0, 48.0, 72.0)
READING = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class _Candidates:
    """What counts of a question's candidates, shape (candidates,), and which of them answer."""

    by_words: NDArray[np.float64]
    likeness: NDArray[np.float64]
    reading: NDArray[np.float64]
    right: NDArray[np.bool_]

    def is_right(self, likeness: float, reading: float) -> bool:
        scores = self.by_words + likeness * self.likeness + reading * self.reading
        return bool(len(scores)) and bool(self.right[int(np.argmax(scores))])


@click.command()
@click.argument("paths", metavar="PATH[=DATA]...", nargs=-1, required=True)
def order(paths: tuple[str, ...]) -> None:
    """Print S@1 of the sets at PATHs; a list in YAML is asked of the documents in DATA.

    Ten candidates are read, those that are best by the shipped weights, whatever the weights
    tried. Of sets in BEIR's form only the part is asked that the model was not made on.
    """
    groups: dict[str, list[_Candidates]] = {}
    reader = Reader(Remembering(Model()))
    for given in paths:
        path, _, data = given.partition("=")
        question_set = set_given(path, data)
        library = IndexedLibrary.build(question_set.corpus)
        reader.prepare_at_once(library)
        searcher = Searcher([library], meaning=reader)
        ids = not_learned_from(question_set)
        for question in question_set.judged:
            if not question.answerable or question.id not in ids:
                continue
            ranked = searcher.answer_by_meaning(question.text).ranked
            places = [(hit.passage.document, hit.passage.line) for hit in ranked]
            rows = np.array([[hit.score, *list(hit.signals.values())[-2:]] for hit in ranked])
            rows = rows.reshape(-1, 3)
            of_meaning = rows[:, 1:] @ np.array(list(MEANING_WEIGHTS.values()))
            right = np.array([question_set.ids[place] in question.grades for place in places])
            groups.setdefault(data or path, []).append(
                _Candidates(rows[:, 0] - of_meaning, rows[:, 1], rows[:, 2], right)
            )
    click.echo(f"{'likeness':>8} {'reading':>8} {'mean':>6}  {'  '.join(groups)}")
    for likeness, reading in product(LIKENESS, READING):
        shares = [
            float(np.mean([one.is_right(likeness, reading) for one in some]))
            for some in groups.values()
        ]
        cells = "  ".join(f"{share:.3f}" for share in shares)
        click.echo(f"{likeness:8.0f} {reading:8.1f} {np.mean(shares):6.3f}  {cells}")
