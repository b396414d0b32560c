"""What an evaluation found, ready for tables, plots and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from index.evaluation.measures import CurvePoint, Estimate, Figure
from index.evaluation.sets import Form
from index.evaluation.silence import Silence

__all__ = [
    "Change",
    "EvaluationReport",
    "KindFigures",
    "MeanFigures",
    "SetFigures",
    "SystemFigures",
    "Typos",
]

DIGITS = 4


@dataclass(frozen=True, slots=True)
class Typos:
    """MRR@10 of the questions as they are, and with one typo each."""

    clean: float
    typo: float

    @property
    def loss(self) -> float:
        return self.clean - self.typo


@dataclass(frozen=True, slots=True)
class KindFigures:
    """One kind of question: S@1 and MRR@10 of answerable ones, the answered share of all."""

    answerable: bool
    questions: int
    success: float | None
    reciprocal_rank: float | None
    answered: float | None


@dataclass(frozen=True, slots=True)
class SystemFigures:
    """What one system did on one set, or on the mean of the sets."""

    estimate: Estimate
    silence: Silence | None = None
    typos: Typos | None = None
    kinds: Mapping[str, KindFigures] = field(default_factory=dict)
    outcomes: Mapping[str, Figure] = field(default_factory=dict)
    curve: tuple[CurvePoint, ...] = ()

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = _figures(self.estimate.figures())
        if self.silence is not None:
            found["silence"] = asdict(self.silence)
        if self.outcomes:
            found["outcomes"] = _figures(self.outcomes)
        if self.typos is not None:
            found["typos"] = {**asdict(self.typos), "loss": self.typos.loss}
        if self.kinds:
            found["kinds"] = {kind: asdict(figures) for kind, figures in self.kinds.items()}
        if self.curve:
            found["curve"] = [asdict(point) for point in self.curve]
        return found


@dataclass(frozen=True, slots=True)
class Change:
    """What dropping a feature of the rerank does to S@1 and MRR@10."""

    success: float
    reciprocal_rank: float


@dataclass(frozen=True, slots=True)
class MeanFigures:
    """The systems, our own first, and what dropping each feature changes in it."""

    systems: Mapping[str, SystemFigures]
    ablation: Mapping[str, Change] = field(default_factory=dict)

    def differences(self) -> dict[str, dict[str, Figure]]:
        """Our figures minus those of each other system, over the same questions."""
        ours, *others = self.systems.items()
        return {
            name: ours[1].estimate.minus(figures.estimate).figures() for name, figures in others
        }

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "systems": {name: figures.as_json() for name, figures in self.systems.items()}
        }
        if len(self.systems) > 1:
            found["differences"] = {
                name: _figures(figures) for name, figures in self.differences().items()
            }
        if self.ablation:
            found["ablation"] = {
                feature: {"S@1": change.success, "MRR@10": change.reciprocal_rank}
                for feature, change in self.ablation.items()
            }
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFigures(MeanFigures):
    """One set: how large it is, and what the systems did on it.

    `halved`: silence and curves are those with half of the documents dropped.
    """

    name: str
    form: Form
    documents: int
    passages: int
    answerable: int
    unanswerable: int
    halved: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "form": self.form,
            "documents": self.documents,
            "passages": self.passages,
            "answerable": self.answerable,
            "unanswerable": self.unanswerable,
            "halved": self.halved,
            **MeanFigures.as_json(self),
        }


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """All sets, and their mean where there are several."""

    threshold: float
    sets: tuple[SetFigures, ...]
    mean: MeanFigures | None = None

    def as_json(self) -> dict[str, Any]:
        """The object that `footnote eval --json` prints; shares are from 0 to 1."""
        found: dict[str, Any] = {
            "threshold": self.threshold,
            "sets": {figures.name: figures.as_json() for figures in self.sets},
        }
        if self.mean is not None:
            found["mean"] = self.mean.as_json()
        rounded: dict[str, Any] = _rounded(found)
        return rounded


def _figures(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: asdict(figure) for name, figure in figures.items()}


def _rounded(value: Any) -> Any:
    """The same object with every share rounded."""
    match value:
        case float():
            return round(value, DIGITS)
        case dict():
            return {key: _rounded(inner) for key, inner in value.items()}
        case list():
            return [_rounded(inner) for inner in value]
    return value
