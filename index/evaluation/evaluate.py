"""Question sets and systems to a report, and to run files that any scorer reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.answering.confidence import BALANCED
from index.evaluation.measures import DEPTH, MEASURES, Estimate, estimate
from index.evaluation.outcomes import outcomes
from index.evaluation.report import (
    Change,
    EvaluationReport,
    KindFigures,
    MeanFigures,
    SetFigures,
    SystemFigures,
    Typos,
)
from index.evaluation.scoring import (
    Track,
    ablate,
    drop_half_silence,
    judge,
    measure,
    typo_figures,
    untold,
)
from index.evaluation.sets import JudgedQuestion, QuestionSet
from index.evaluation.silence import Judgement, Silence, silence, threshold_curve
from index.evaluation.systems import FOOTNOTE, Ranked, System

__all__ = ["Options", "evaluate", "write_run"]


@dataclass(frozen=True, slots=True)
class Options:
    """What to do beside the plain figures; `run` is a folder for our own system's run files."""

    drop_half: bool = False
    typos: bool = False
    ablate: bool = False
    run: Path | None = None


def evaluate(
    sets: Sequence[QuestionSet],
    systems: Sequence[System],
    options: Options,
    track: Track = untold,
) -> EvaluationReport:
    """Measure every system on every set; the first system is our own.

    Raises OSError where the run files cannot be written.
    """
    measured = []
    for seed, question_set in enumerate(sets):
        system_figures = {}
        for system in systems:
            run = options.run if system is systems[0] else None
            labelled = _labelled(track, f"{question_set.name}, {system.name}")
            system_figures[system.name] = _system(
                question_set, system, options, run, seed, labelled
            )
        labelled = _labelled(track, question_set.name)
        changes = ablate(question_set, track=labelled) if options.ablate else {}
        halved = _halved(question_set, options)
        measured.append(_set_figures(question_set, system_figures, changes, halved=halved))
    return EvaluationReport(
        BALANCED.sure, tuple(measured), _mean(measured) if len(measured) > 1 else None
    )


def _halved(question_set: QuestionSet, options: Options) -> bool:
    """Whether half of the documents are dropped: never where a list says what is unanswerable."""
    listed = question_set.form == "questions" and bool(question_set.unanswerable)
    return options.drop_half and not listed


def _labelled(track: Track, prefix: str) -> Track:
    def told(questions: Sequence[JudgedQuestion], label: str) -> Iterable[JudgedQuestion]:
        return track(questions, f"{prefix}: {label}")

    return told


def _system(
    question_set: QuestionSet,
    system: System,
    options: Options,
    run: Path | None,
    seed: int,
    track: Track,
) -> SystemFigures:
    """Everything about one system on one set."""
    ranker = system.build(question_set.corpus)
    questions = question_set.questions if run else question_set.judged
    rankings = [ranker.rank(question.text) for question in track(questions, "questions")]
    if run:
        write_run(run, question_set, rankings)
        judged_rankings = [
            ranked for one, ranked in zip(questions, rankings, strict=True) if one.judged
        ]
        questions, rankings = question_set.judged, judged_rankings
    values = estimate(measure(question_set, questions, rankings), seed)
    judgements = judge(question_set, questions, rankings)
    kinds = _kinds(question_set, rankings, judgements)
    quiet = silence(judgements)
    if _halved(question_set, options):
        quiet, pooled = drop_half_silence(question_set, system, track)
        judgements = pooled or judgements
    typos = None
    if options.typos:
        clean = float(values.means[MEASURES.index("MRR@10")])
        typos = Typos(clean, typo_figures(question_set, ranker, track))
    return SystemFigures(
        values, quiet, typos, kinds, outcomes(judgements, seed), threshold_curve(judgements)
    )


def _kinds(
    question_set: QuestionSet, rankings: Sequence[Ranked], judgements: Sequence[Judgement]
) -> dict[str, KindFigures]:
    """The figures of each kind of question, in the set's order; nothing where no kind is given."""
    kinds: dict[str, list[tuple[Ranked, Judgement]]] = {}
    for ranked, judgement in zip(rankings, judgements, strict=True):
        if judgement.question.kind:
            kinds.setdefault(judgement.question.kind, []).append((ranked, judgement))
    return {kind: _kind(question_set, members) for kind, members in kinds.items()}


def _kind(question_set: QuestionSet, members: Sequence[tuple[Ranked, Judgement]]) -> KindFigures:
    questions = [judgement.question for _, judgement in members]
    values = measure(question_set, questions, [ranked for ranked, _ in members])
    answered = [judgement.answered for _, judgement in members if judgement.answered is not None]
    return KindFigures(
        answerable=bool(len(values)),
        questions=len(members),
        success=float(values[:, 0].mean()) if len(values) else None,
        reciprocal_rank=float(values[:, 2].mean()) if len(values) else None,
        answered=float(np.mean(answered)) if answered else None,
    )


def _set_figures(
    question_set: QuestionSet,
    systems: Mapping[str, SystemFigures],
    ablation: Mapping[str, Change],
    *,
    halved: bool,
) -> SetFigures:
    return SetFigures(
        systems=systems,
        ablation=ablation,
        name=question_set.name,
        form=question_set.form,
        documents=len(question_set.corpus.documents),
        passages=len(question_set.corpus.passages),
        answerable=len(question_set.answerable),
        unanswerable=len(question_set.unanswerable),
        halved=halved,
    )


def _mean(sets: Sequence[SetFigures]) -> MeanFigures:
    """The mean over the sets, each of the same weight; of a figure, over the sets that have it."""
    systems = {}
    for name in sets[0].systems:
        all_figures = [figures.systems[name] for figures in sets]
        silences = [one.silence for one in all_figures if one.silence is not None]
        typos = [one.typos for one in all_figures if one.typos is not None]
        systems[name] = SystemFigures(
            Estimate.mean([one.estimate for one in all_figures]),
            Silence.mean(silences) if silences else None,
            _mean_typos(typos) if typos else None,
        )
    ablation = {
        feature: Change(
            float(np.mean([one.ablation[feature].success for one in sets])),
            float(np.mean([one.ablation[feature].reciprocal_rank for one in sets])),
        )
        for feature in sets[0].ablation
    }
    return MeanFigures(systems, ablation)


def _mean_typos(typos: Sequence[Typos]) -> Typos:
    return Typos(
        float(np.mean([one.clean for one in typos])), float(np.mean([one.typo for one in typos]))
    )


def write_run(folder: Path, question_set: QuestionSet, rankings: Sequence[Ranked]) -> None:
    """Write `<set>.trec`, the top 10 before abstaining, and `<set>.confidence.tsv`.

    `rankings` belong to `question_set.questions`. The score of a TREC line only tells the rank,
    10 down to 1: scorers sort by it, and close scores would tie in their single precision. Raises
    OSError where `folder` cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run, confidences = [], ["query-id\tconfidence"]
    for question, ranked in zip(question_set.questions, rankings, strict=True):
        confidences.append(f"{question.id}\t{ranked.confidence:.12g}")
        ids = question_set.ranked_ids(ranked.places)[:DEPTH]
        run += [
            f"{question.id} Q0 {sentence} {rank} {DEPTH + 1 - rank} {FOOTNOTE}"
            for rank, sentence in enumerate(ids, 1)
        ]
    _write(folder / f"{question_set.name}.trec", run)
    _write(folder / f"{question_set.name}.confidence.tsv", confidences)


def _write(path: Path, lines: Sequence[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
