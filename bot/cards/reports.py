"""What a refresh did, what is being served, and what is wrong with the documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import discord

from bot.cards.failures import problem_lines
from bot.cards.layout import MAX_TEXT, card, notice
from bot.cards.markdown import escape, first_lines, one_line, quotation, row_in_words
from bot.libraries.meaning import State
from bot.libraries.publishing import Publication, Revision
from bot.locales import say
from bot.store import SHARED, Person, StoredRevision

__all__ = ["history_card", "name_of", "report_card", "status_card"]

SHOWN_DIFFERENCES = 3
SHOWN_DOCUMENTS = 15
SHOWN_RENAMED = 3
DIFFERENCE_CHARS = 160
_NOBODY = {
    "start-up": "by.start-up",
    "command line": "by.command-line",
    "somebody": "by.forgotten",
}
"""What stands in the store for a person where there is none, or none any more."""


def name_of(person: Person) -> str:
    """The name of whoever made a revision; in the language spoken where it was nobody."""
    return say(_NOBODY[person.name]) if not person.id and person.name in _NOBODY else person.name


def report_card(report: Publication) -> discord.ui.LayoutView:
    """The counts of a refresh with the first differences."""
    differences, number = report.differences, report.revision.number
    if differences.none:
        text = say("refresh.nothing", revision=number, unchanged=differences.unchanged)
        return notice(text)
    added, removed, changed = differences.counts
    counts = say(
        "refresh.changed",
        revision=number,
        added=added,
        removed=removed,
        changed=changed,
        unchanged=differences.unchanged,
        seconds=report.seconds,
    )
    samples = [("\\+", passage) for passage in differences.added[:SHOWN_DIFFERENCES]]
    samples += [("−", passage) for passage in differences.removed[:SHOWN_DIFFERENCES]]
    samples += [("±", after) for _, after in differences.changed[:SHOWN_DIFFERENCES]]
    lines = []
    for sign, passage in samples:
        text, _ = row_in_words(passage)
        lines.append(f"{sign} {quotation(one_line(text, DIFFERENCE_CHARS))[2:]}")
    blocks = [counts, "\n".join(lines)]
    if report.revision.warnings:
        blocks.append(f"{say('refresh.warnings')}\n{problem_lines(report.revision.warnings, 3)}")
    return card(blocks)


def status_card(
    shared: Revision,
    own: Revision | None,
    *,
    own_ids: Mapping[str, str] | None = None,
    meaning: State,
    shared_searched: bool = True,
) -> discord.ui.LayoutView:
    """The libraries that a server searches, with their documents and counts.

    `own_ids` are what its own documents are seen under, by the ids that they are stored under.
    """
    blocks: list[str] = []
    for revision in filter(None, (shared, own)):
        ids = own_ids if revision is own and own_ids else {}
        library = "shared" if revision.stored.owner == SHARED else "own"
        title = say(
            f"status.{library}",
            revision=revision.number,
            since=discord.utils.format_dt(revision.stored.created_at),
            by=escape(one_line(_author_of(revision), 100)),
        )
        lines = [
            say(
                "status.document",
                title=escape(one_line(document.title, 100)),
                id=ids.get(document.id, document.id),
                passages=len(document.passages),
                cited=document.cited,
                numbers=document.numbers,
            )
            for document in revision.library.documents[:SHOWN_DOCUMENTS]
        ]
        if more := len(revision.library.documents) - len(lines):
            lines.append(say("status.more", count=more))
        lines = [*_renamed(ids), *lines]
        lines.append(say("status.engine", engine=revision.library.engine.name))
        if revision is shared and not shared_searched:
            lines = [say("status.shared_off")]
        blocks.append(first_lines("\n".join([title, *lines]), MAX_TEXT // 2 - 100))
    blocks.append(say("status.meaning", state=say(f"meaning.{meaning}")))
    return card(blocks)


def _renamed(ids: Mapping[str, str]) -> list[str]:
    """Which documents are seen under another id than their own, and why."""
    renamed = [(own, seen) for own, seen in ids.items() if own != seen]
    lines = [
        say("status.renamed", document=own, seen=seen) for own, seen in renamed[:SHOWN_RENAMED]
    ]
    if more := len(renamed) - len(lines):
        lines.append(say("status.more", count=more))
    return lines


def _author_of(revision: Revision) -> str:
    """Who made a revision; a moderator of whichever server is nobody's name elsewhere."""
    by = revision.stored.by
    if revision.stored.owner == SHARED and by.id is not None:
        return say("by.moderator")
    return name_of(by)


def history_card(revisions: Sequence[StoredRevision]) -> discord.ui.LayoutView:
    """The kept revisions, newest first, with who made them and what they changed."""
    if not revisions:
        return notice(say("history.empty"))
    lines = [
        say(
            "history.revision",
            revision=revision.number,
            when=discord.utils.format_dt(revision.created_at),
            by=escape(one_line(name_of(revision.by), 40)),
            action=say(f"action.{revision.action}"),
            added=revision.counts.added,
            removed=revision.counts.removed,
            changed=revision.counts.changed,
        )
        for revision in revisions
    ]
    return card([first_lines("\n".join(lines), MAX_TEXT)])
