"""What a refresh did, what is being served, and what is wrong with the documents."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.cards.layout import MAX_TEXT, card, notice
from bot.cards.markdown import escape, one_line, quotation
from bot.librarian import Report, Revision
from bot.locales import say
from bot.store import SHARED, StoredRevision
from index.errors import Problem

__all__ = ["failure_card", "history_card", "report_card", "status_card"]

SHOWN_PROBLEMS = 10
SHOWN_DIFFERENCES = 3
SHOWN_DOCUMENTS = 15
DIFFERENCE_CHARS = 160


def report_card(report: Report) -> discord.ui.LayoutView:
    """The counts of a refresh with the first differences."""
    differences, number = report.differences, report.revision.number
    if differences.none:
        text = say("refresh.nothing", revision=number, unchanged=differences.unchanged)
        return notice(text)
    counts = say(
        "refresh.changed",
        revision=number,
        added=len(differences.added),
        removed=len(differences.removed),
        changed=len(differences.changed),
        unchanged=differences.unchanged,
        seconds=report.seconds,
    )
    samples = [("\\+", passage.text) for passage in differences.added[:SHOWN_DIFFERENCES]]
    samples += [("−", passage.text) for passage in differences.removed[:SHOWN_DIFFERENCES]]
    samples += [("±", after.text) for _, after in differences.changed[:SHOWN_DIFFERENCES]]
    lines = [f"{sign} {quotation(one_line(text, DIFFERENCE_CHARS))[2:]}" for sign, text in samples]
    blocks = [counts, "\n".join(lines)]
    if report.revision.warnings:
        blocks.append(f"{say('refresh.warnings')}\n{_problems(report.revision.warnings[:3])}")
    return card(blocks)


def failure_card(problems: Sequence[Problem]) -> discord.ui.LayoutView:
    """Why the old revision goes on serving: file, line and reason of what is wrong."""
    text = f"{say('refresh.failed')}\n{_problems(problems[:SHOWN_PROBLEMS])}"
    if len(problems) > SHOWN_PROBLEMS:
        text += "\n" + say("refresh.more_problems", count=len(problems) - SHOWN_PROBLEMS)
    return notice(text)


def status_card(*revisions: Revision | None) -> discord.ui.LayoutView:
    """The libraries that a server searches, with their documents and counts."""
    blocks: list[str] = []
    for revision in filter(None, revisions):
        whose = "shared" if revision.stored.owner == SHARED else "own"
        title = say(
            f"status.{whose}",
            revision=revision.number,
            since=discord.utils.format_dt(revision.stored.created_at),
            by=escape(one_line(revision.stored.by.name, 100)),
        )
        lines = [
            say(
                "status.document",
                title=escape(one_line(document.title, 100)),
                id=document.id,
                passages=len(document.passages),
                cited=document.cited,
                numbers=document.numbers,
            )
            for document in revision.library.documents[:SHOWN_DOCUMENTS]
        ]
        if more := len(revision.library.documents) - len(lines):
            lines.append(say("status.more", count=more))
        blocks.append("\n".join([title, *lines])[: MAX_TEXT // 2 - 10])
    return card(blocks)


def history_card(revisions: Sequence[StoredRevision]) -> discord.ui.LayoutView:
    """The kept revisions, newest first, with who made them and what they changed."""
    if not revisions:
        return notice(say("history.empty"))
    lines = [
        say(
            "history.revision",
            revision=revision.number,
            when=discord.utils.format_dt(revision.created_at),
            by=escape(one_line(revision.by.name, 40)),
            action=say(f"action.{revision.action}"),
            added=revision.counts.added,
            removed=revision.counts.removed,
            changed=revision.counts.changed,
        )
        for revision in revisions
    ]
    return card(["\n".join(lines)[:MAX_TEXT]])


def _problems(problems: Sequence[Problem]) -> str:
    return "\n".join(f"- {escape(one_line(str(problem), 300))}" for problem in problems)
