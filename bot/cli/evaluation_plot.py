"""A report as a picture: bars with their intervals, and what each threshold would do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from index.answering.confidence import BALANCED
from index.evaluation.measures import CurvePoint
from index.evaluation.report import EvaluationReport, MeanFigures, SetFigures

__all__ = ["draw"]

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
"""Okabe and Ito's palette, which colour-blind people can tell apart; our own system is first."""
BARS = ("S@1", "MRR@10")
CURVES_A_ROW = 3
MAX_NAMES_CHARS = 45
"""Names of sets that are longer together are written aslant."""
MIN_ANSWERED = 0.05
"""Below this share of the questions the precision jumps with every single one."""
DPI = 150


def draw(report: EvaluationReport, path: Path) -> None:
    """Write the picture to `path`, in the format of its suffix. Raises OSError."""
    groups: list[tuple[str, MeanFigures]] = [(figures.name, figures) for figures in report.sets]
    if report.mean:
        groups.append(("mean", report.mean))
    curves = math.ceil(len(report.sets) / CURVES_A_ROW)
    columns = min(CURVES_A_ROW, len(report.sets))
    aslant = sum(len(name) for name, _ in groups) > MAX_NAMES_CHARS
    bars = 5.5 if aslant else 4.2
    width = max(9.0, 4.5 * columns, 1.6 * len(groups) * len(BARS))
    figure = Figure(figsize=(width, bars + 4.0 * curves), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    ratios = [bars, 4.0 * curves]
    above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=ratios)[:, 0]
    for axes, measure in zip(above.subplots(1, len(BARS), squeeze=False)[0], BARS, strict=True):
        _draw_bars(axes, groups, measure, aslant=aslant)
    grid = below.subplots(curves, columns, squeeze=False, sharey=True)
    places = [axes for row in grid for axes in row]
    for axes, figures in zip(places, report.sets, strict=False):
        _draw_curve(axes, figures, report.threshold)
    for axes in places[len(report.sets) :]:
        axes.set_visible(False)
    for row in grid:
        row[0].set_ylabel("precision of the first hit")
    handles, labels = above.axes[0].get_legend_handles_labels()
    dots, names = places[0].get_legend_handles_labels()
    above.legend(handles + dots, labels + names, loc="outside upper center", ncols=4, frameon=False)
    figure.savefig(path)


def _draw_bars(
    axes: Axes, groups: Sequence[tuple[str, MeanFigures]], measure: str, *, aslant: bool
) -> None:
    """A group of bars a set, one a system, with the 95 % interval on each."""
    names = list(groups[0][1].systems)
    width = 0.8 / len(names)
    for order, name in enumerate(names):
        estimates = [figures.systems[name].estimate.figures()[measure] for _, figures in groups]
        at = [group + (order - (len(names) - 1) / 2) * width for group in range(len(groups))]
        values = [figure.value for figure in estimates]
        below = [max(0.0, figure.value - figure.low) for figure in estimates]
        above = [max(0.0, figure.high - figure.value) for figure in estimates]
        axes.bar(at, values, width, label=name, color=COLOURS[order % len(COLOURS)])
        axes.errorbar(at, values, [below, above], fmt="none", ecolor="black", capsize=2, lw=1)
    axes.set_xticks(range(len(groups)), [name for name, _ in groups])
    if aslant:
        for tick in axes.get_xticklabels():
            tick.set(rotation=30, horizontalalignment="right", rotation_mode="anchor")
    axes.set_title(f"{measure}, with 95 % intervals")
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    _tidy(axes)


def _draw_curve(axes: Axes, figures: SetFigures, threshold: float) -> None:
    """Precision of the first hit over the share of questions answered.

    Our own has two dots: left of the first is sure, up to the second closest, and beyond it silent.
    """
    for order, system in enumerate(figures.systems.values()):
        colour = COLOURS[order % len(COLOURS)]
        points = [point for point in system.curve if point.answered >= MIN_ANSWERED]
        answered = [point.answered for point in points]
        precision = [point.precision for point in points]
        axes.plot(
            answered, precision, color=colour, lw=2 if order == 0 else 1.2, zorder=3 - order / 10
        )
        if order == 0:
            _draw_dot(axes, system.curve, threshold, f"sure, from {threshold:.2f}", colour, colour)
            least = BALANCED.closest
            _draw_dot(axes, system.curve, least, f"shown, from {least:.2f}", colour, "white")
    axes.set_title(f"{figures.name}, half of it dropped" if figures.halved else figures.name)
    axes.set_xlabel("share of questions answered")
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    _tidy(axes)


def _draw_dot(
    axes: Axes, points: Sequence[CurvePoint], threshold: float, label: str, edge: str, face: str
) -> None:
    at = [point for point in points if point.threshold >= threshold]
    if at:
        dot = at[-1]
        style: dict[str, Any] = {
            "ms": 8,
            "mec": edge,
            "mfc": face,
            "color": edge,
            "ls": "",
            "zorder": 4,
        }
        axes.plot(dot.answered, dot.precision, "o", label=label, **style)


def _tidy(axes: Axes) -> None:
    axes.grid(axis="y", color="#dddddd", lw=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
