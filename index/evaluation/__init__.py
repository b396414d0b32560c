"""How well Footnote answers: BEIR folders and question lists to figures, beside baselines."""

from __future__ import annotations

from index.evaluation.evaluate import Options, evaluate
from index.evaluation.followups import FollowUps, measure_follow_ups, read_follow_ups
from index.evaluation.measures import MEASURES
from index.evaluation.reading import read_set
from index.evaluation.report import EvaluationReport
from index.evaluation.scoring import ablate, drop_half_silence, figures, typo_figures
from index.evaluation.sets import JudgedQuestion, QuestionSet
from index.evaluation.systems import BASELINES, BY_WORDS, Ranked, Ranker, System, footnote

__all__ = [
    "BASELINES",
    "BY_WORDS",
    "MEASURES",
    "EvaluationReport",
    "FollowUps",
    "JudgedQuestion",
    "Options",
    "QuestionSet",
    "Ranked",
    "Ranker",
    "System",
    "ablate",
    "drop_half_silence",
    "evaluate",
    "figures",
    "footnote",
    "measure_follow_ups",
    "read_follow_ups",
    "read_set",
    "typo_figures",
]
