"""Gaps, grouped by likeness and counted, without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import discord

from bot.cards.layout import MAX_TEXT, card, notice
from bot.cards.markdown import escape, one_line
from bot.locales import say
from bot.store import Gap
from index.text.likeness import AlikeQuestions

__all__ = ["gaps_card"]

SHOWN = 20
QUESTION_CHARS = 120


def gaps_card(
    gaps: Sequence[Gap], groups: Sequence[AlikeQuestions], *, keeping: bool
) -> discord.ui.LayoutView:
    """The largest groups with their counts; `groups` hold positions in `gaps`."""
    if not gaps:
        return notice(say("gaps.none" if keeping else "gaps.not_kept"))
    lines = []
    for group in groups[:SHOWN]:
        kinds = Counter(gaps[position].kind for position in group.positions)
        times = say("gaps.times", count=len(group.positions))
        if kinds["thumbs_down"]:
            times += say("gaps.of_these_down", count=kinds["thumbs_down"])
        question = escape(one_line(group.question, QUESTION_CHARS))
        lines.append(say("gaps.line", times=times, question=question))
    if more := len(groups) - len(lines):
        lines.append(say("status.more", count=more))
    heading = say("gaps.heading", count=len(gaps), groups=len(groups))
    text = "\n".join(lines)
    return card([heading, text[: MAX_TEXT - len(heading) - 10]])
