"""A report as tables for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.evaluation.followups import FollowUps
from index.evaluation.measures import MEASURES, Figure
from index.evaluation.outcomes import OUTCOMES
from index.evaluation.report import Change, EvaluationReport, MeanFigures, SetFigures, SystemFigures

__all__ = ["print_follow_ups", "print_report"]

MISSING = "\u2013"


def print_report(console: Console, report: EvaluationReport) -> None:
    """Every table of `report`, set by set, then the mean."""
    for figures in report.sets:
        _heading(console, figures.name, _size(figures))
        _print_figures(console, figures, report.threshold)
        name, own = next(iter(figures.systems.items()))
        if own.kinds:
            console.print(_kinds(name, own))
    if report.mean:
        _heading(console, "mean", f"of {len(report.sets)} sets, each of the same weight")
        _print_figures(console, report.mean, report.threshold)
    columns: list[tuple[str, Mapping[str, Change]]]
    columns = [(figures.name, figures.ablation) for figures in report.sets if figures.ablation]
    if report.mean and report.mean.ablation:
        columns.append(("mean", report.mean.ablation))
    if columns:
        _heading(console, "without a feature", "points of S@1 / MRR@10 gained or lost")
        console.print(_ablation(columns))
    note = (
        "AUROC and F1 go from 0 to 1; all else is in per cent, with the 95 % interval of a "
        "bootstrap over the questions. un5 and un10: the share of the answerable that would be "
        "answered where 5 or 10 % of the unanswerable are."
    )
    console.print(note, soft_wrap=True)


def print_follow_ups(console: Console, figures: FollowUps) -> None:
    """How many conversations of each kind end with the right passage."""
    table = _table(
        f"kind, {figures.name}", ("conversations", "right", "right without the earlier questions")
    )
    for name, kind in figures.kinds.items():
        counts = (kind.conversations, kind.right, kind.right_alone)
        table.add_row(Text(name), *map(str, counts))
    table.add_section()
    counts = (figures.all.conversations, figures.all.right, figures.all.right_alone)
    table.add_row("all", *map(str, counts))
    console.print(table)


def _heading(console: Console, name: str, details: str) -> None:
    console.print(Text.assemble((name, "bold"), f"  {details}"), soft_wrap=True)


def _size(figures: SetFigures) -> str:
    counts = [f"{figures.answerable:,} answerable"]
    if figures.unanswerable:
        counts.append(f"{figures.unanswerable:,} unanswerable")
    documents = f"{figures.documents:,} document{'' if figures.documents == 1 else 's'}"
    questions = f"{' and '.join(counts)} questions"
    return f"{questions}, {figures.passages:,} passages of {documents}"


def _print_figures(console: Console, figures: MeanFigures, threshold: float) -> None:
    console.print(_ranking(figures))
    if any(system.silence for system in figures.systems.values()):
        console.print(_silence(figures.systems, threshold))
    if any(system.outcomes for system in figures.systems.values()):
        console.print(_outcomes(figures.systems))
    if any(system.typos for system in figures.systems.values()):
        console.print(_typos(figures.systems))


def _table(first: str, headings: Iterable[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for heading in headings:
        table.add_column(Text(heading), justify="right")
    return table


def _ranking(figures: MeanFigures) -> Table:
    """The measures of every system, then how far ahead ours is of each other one."""
    table = _table("system", MEASURES)
    for name, system in figures.systems.items():
        row = system.estimate.figures()
        table.add_row(Text(name), *(_interval(row[measure]) for measure in MEASURES))
    for name, row in figures.differences().items():
        cells = (_interval(row[measure], sign="+") for measure in MEASURES)
        table.add_row(Text(f"ahead of {name}", style="dim"), *cells)
    return table


def _silence(systems: Mapping[str, SystemFigures], threshold: float) -> Table:
    table = _table(
        "silence",
        (
            "AUROC",
            "best F1",
            "un5",
            "un10",
            f"unanswerable answered at {threshold:.2f}",
            "answerable answered",
        ),
    )
    for name, system in systems.items():
        if silence := system.silence:
            shares = (
                silence.un5,
                silence.un10,
                silence.answered_unanswerable,
                silence.answered_answerable,
            )
            table.add_row(
                Text(name), f"{silence.auroc:.3f}", f"{silence.best_f1:.3f}", *map(_percent, shares)
            )
    return table


def _outcomes(systems: Mapping[str, SystemFigures]) -> Table:
    table = _table("outcome", (name for name, system in systems.items() if system.outcomes))
    for key, name in OUTCOMES.items():
        shares = [system.outcomes.get(key) for system in systems.values() if system.outcomes]
        if any(shares):
            table.add_row(name, *(_interval(share) if share else MISSING for share in shares))
    return table


def _typos(systems: Mapping[str, SystemFigures]) -> Table:
    table = _table("typos", ("MRR@10 clean", "with a typo", "loss in points"))
    for name, system in systems.items():
        if typos := system.typos:
            shares = (typos.clean, typos.typo, typos.loss)
            table.add_row(Text(name), *map(_percent, shares))
    return table


def _kinds(name: str, system: SystemFigures) -> Table:
    table = _table(f"kind, {name}", ("questions", "S@1", "MRR@10", "answered"))
    for kind, figures in system.kinds.items():
        shares = (figures.success, figures.reciprocal_rank, figures.answered)
        table.add_row(Text(kind), f"{figures.questions:,}", *map(_percent, shares))
    return table


def _ablation(columns: Sequence[tuple[str, Mapping[str, Change]]]) -> Table:
    """The features that are worth most, on the last column, come first."""
    table = _table("feature", (name for name, _ in columns))
    last_changes = columns[-1][1]
    for feature in sorted(last_changes, key=lambda feature: last_changes[feature].success):
        cells = (_change(changes[feature]) for _, changes in columns)
        table.add_row(Text(feature), *cells)
    return table


def _change(change: Change) -> str:
    return f"{100 * change.success:+.1f} / {100 * change.reciprocal_rank:+.1f}"


def _interval(figure: Figure, sign: str = "") -> str:
    value, low, high = (100 * share for share in (figure.value, figure.low, figure.high))
    return f"{value:{sign}.1f} ({low:{sign}.1f}…{high:{sign}.1f})"


def _percent(share: float | None) -> str:
    return MISSING if share is None else f"{100 * share:.1f}"
