"""Fits the coefficients of the confidence: a logistic regression over question sets.

Each set has the same weight, and so have its answerable and its unanswerable questions. Sets in
BEIR's form are asked with half of their documents dropped, with five seeds. Questions whose first
passage is wrong though another one answers teach nothing, and are left out. Every question is asked
in three forms: as it is, cut to its content words, and without capitals and with a typo.

With `--meaning` those signals are fitted that what passages mean joins. The model was made on the
first part of the sets in BEIR's form: without `--all` only questions of their last part are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from index.answering.confidence import BY_MEANING, BY_WORDS
from index.answering.searcher import Searcher
from index.documents.corpus import CORPUS_SUFFIXES, load_corpus
from index.evaluation import JudgedQuestion, QuestionSet, read_set
from index.evaluation.measures import auroc
from index.evaluation.silence import DROP_SEEDS, answered_at, drop_half
from index.evaluation.typos import with_typo
from index.library.library import IndexedLibrary
from index.meaning import Model, Reader, Remembering
from index.text.analysis import analyser_for

__all__ = ["LEARNED_FROM", "Example", "confidence", "fit", "not_learned_from", "set_given"]

RIDGE = 1.0
"""How strongly coefficients are drawn towards nothing, in units of the signals' spread."""
ROUNDS = 50
LEARNED_FROM = 0.8
"""The share of a set's passages, from its start, that the model was made on."""
Floats = NDArray[np.float64]
Form = Callable[[JudgedQuestion, str], JudgedQuestion]
"""A question as it may be asked, in a language."""


@dataclass(frozen=True, slots=True)
class Example:
    """The signals of a question's first passage, and what a sure answer would be."""

    signals: Floats
    answerable: bool
    right: bool


def fit(rows: Floats, positive: NDArray[np.bool_], weights: Floats) -> Floats:
    """The coefficients and the bias, shape (columns + 1,), by iteratively reweighted least squares.

    Hastie, Tibshirani & Friedman, "The Elements of Statistical Learning", 2009, section 4.4.1, with
    a ridge on all but the bias. `weights` are those of the rows, shape (rows,).
    """
    spread = np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1.0)
    design = np.column_stack([rows / spread, np.ones(len(rows))])
    penalty = np.diag([RIDGE] * rows.shape[1] + [0.0])
    coefficients = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        likely = 1 / (1 + np.exp(-design @ coefficients))
        slope = design.T @ (weights * (positive - likely)) - penalty @ coefficients
        curvature = (design.T * (weights * likely * (1 - likely))) @ design + penalty
        coefficients = coefficients + np.linalg.solve(curvature, slope)
    return np.append(coefficients[:-1] / spread, coefficients[-1])


def _examples(
    question_set: QuestionSet,
    asked: Sequence[JudgedQuestion],
    forms: Sequence[Form],
    reader: Reader | None,
) -> Iterator[Example]:
    library = IndexedLibrary.build(question_set.corpus)
    if reader is not None:
        reader.prepare_at_once(library)
    searcher = Searcher([library], meaning=reader)
    language = question_set.corpus.documents[0].spec.language
    for question in (form(question, language) for question in asked for form in forms):
        answer = searcher.answer_by_meaning(question.text)
        if answer.is_lookup or not answer.ranked:
            continue
        first = answer.ranked[0]
        place = (first.passage.document, first.passage.line)
        right = question_set.ids.get(place) in question.grades
        yield Example(np.array(list(first.signals.values())), question.answerable, right)


def set_given(path: str, data: str) -> QuestionSet:
    """The set at a path; a list in YAML is asked of the documents in `data`."""
    is_list = Path(path).suffix in CORPUS_SUFFIXES
    return read_set(Path(path), load_corpus(Path(data)) if is_list else None)


def not_learned_from(question_set: QuestionSet) -> set[str]:
    """The ids of the questions whose passages all stand in the part that no model learned from."""
    if question_set.form != "beir":
        return {question.id for question in question_set.judged}
    passages = [(one.document, one.line) for one in question_set.corpus.passages]
    end = int(LEARNED_FROM * len(passages))
    late = {question_set.ids[place] for place in passages[end:]}
    return {one.id for one in question_set.judged if set(one.grades) <= late}


def _keywords(question: JudgedQuestion, language: str) -> JudgedQuestion:
    """The question cut to its content words, without capitals."""
    tokens = analyser_for(language).tokens(question.text)
    words = [question.text[one.start : one.end].lower() for one in tokens if one.term is not None]
    return replace(question, text=" ".join(words))


def _mistyped(question: JudgedQuestion, language: str) -> JudgedQuestion:
    return replace(question, text=with_typo(question.text.lower(), 0, language))


def _as_written(question: JudgedQuestion, _: str) -> JudgedQuestion:
    return question


FORMS: tuple[Form, ...] = (_as_written, _keywords, _mistyped)


def _halves(question_set: QuestionSet) -> Iterator[QuestionSet]:
    if question_set.unanswerable:
        yield question_set
        return
    halves = (drop_half(question_set, seed) for seed in DROP_SEEDS)
    yield from (half for half in halves if half is not None)


def _weights(examples: Sequence[Example]) -> Floats:
    """Each kind of question of a set weighs 500 in all."""
    answerable = np.array([one.answerable for one in examples])
    weights: Floats = np.where(
        answerable, 500 / max(answerable.sum(), 1), 500 / max((~answerable).sum(), 1)
    )
    return weights


@click.command()
@click.argument("paths", metavar="PATH[=DATA][@WEIGHT]...", nargs=-1, required=True)
@click.option("--meaning", is_flag=True, help="Ask what passages mean too.")
@click.option("--all", "all_questions", is_flag=True, help="Ask what the model was made on, too.")
@click.option("--as-written", is_flag=True, help="Ask in one form alone.")
def confidence(
    paths: tuple[str, ...], *, meaning: bool, all_questions: bool, as_written: bool
) -> None:
    """Fit the confidence on the sets at PATHs; a list in YAML is asked of the documents in DATA.

    A set weighs WEIGHT, 1 where none is given, and 0 where it is only measured.
    """
    reader = Reader(Remembering(Model())) if meaning else None
    weighing = BY_MEANING if meaning else BY_WORDS
    forms = FORMS[:1] if as_written else FORMS
    groups: dict[str, list[Example]] = {}
    set_weights: dict[str, float] = {}
    for given in paths:
        source, _, weight = given.partition("@")
        path, _, data = source.partition("=")
        set_weights[data or path] = float(weight or 1)
        question_set = set_given(path, data)
        everything = {one.id for one in question_set.judged}
        ids = everything if all_questions else not_learned_from(question_set)
        for half in _halves(question_set):
            asked = [question for question in half.judged if question.id in ids]
            groups.setdefault(data or path, []).extend(_examples(half, asked, forms, reader))
    kept = {
        name: [one for one in examples if one.right or not one.answerable]
        for name, examples in groups.items()
    }
    rows = np.array([one.signals for examples in kept.values() for one in examples])
    positive = np.array([one.answerable for examples in kept.values() for one in examples])
    found = fit(
        rows,
        positive,
        np.concatenate([set_weights[name] * _weights(one) for name, one in kept.items()]),
    )
    shipped = np.append(list(weighing.signals.values()), weighing.bias)
    for name, now, then in zip([*weighing.signals, "bias"], shipped, found, strict=True):
        click.echo(f"{name:16} {now:8.2f} -> {then:8.2f}")
    for name, examples in groups.items():
        table = np.array([[*one.signals, 1.0] for one in examples])
        yes = np.array([one.answerable for one in examples])
        for label, coefficients in (("shipped", shipped), ("fitted", found)):
            odds = table @ coefficients
            un5, un10 = (answered_at(odds[yes], odds[~yes], share) for share in (0.05, 0.1))
            area = auroc(odds[yes], odds[~yes])
            click.echo(f"{name[-40:]:40} {label:8} AUROC {area:.3f} un5 {un5:.3f} un10 {un10:.3f}")
