"""`footnote eval`: figures of question sets for people, machines and other scorers."""

from __future__ import annotations

from bot.evaluation.command import evaluate

__all__ = ["evaluate"]
