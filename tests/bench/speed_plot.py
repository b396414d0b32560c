"""Latency against size, log-log: the engine alone and the whole question side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tests.bench.measure import Figures

__all__ = ["plot"]


def plot(measured: Sequence[Figures], file: Path) -> None:
    """Draw the p50 of every engine at every size, with the p95 as a thin line."""
    figure = Figure(figsize=(11, 4.6), layout="constrained")
    FigureCanvasAgg(figure)
    panels: Any = figure.subplots(1, 2, sharey=True)
    titles = {"search": "Engine alone, top 10, words analysed", "ask": "The whole question"}
    for axes, (kind, title) in zip(panels, titles.items(), strict=True):
        for number, name in enumerate(dict.fromkeys(one.engine for one in measured)):
            rows = sorted((one for one in measured if one.engine == name), key=_passages)
            sizes = [one.passages for one in rows]
            latencies = [getattr(one, kind) for one in rows]
            colour = f"C{number}"
            axes.plot(sizes, [one.p50 for one in latencies], "o-", color=colour, label=name)
            axes.plot(sizes, [one.p95 for one in latencies], color=colour, lw=0.7, alpha=0.6)
        axes.set(xscale="log", yscale="log", title=title, xlabel="sentences")
        axes.grid(visible=True, which="major", alpha=0.3)
    panels[0].set_ylabel("milliseconds: p50, and p95 thin")
    panels[0].legend()
    figure.savefig(file, dpi=130)


def _passages(one: Figures) -> int:
    return one.passages
