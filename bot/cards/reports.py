"""What a refresh did, what is being served, and what is wrong with the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import discord

from bot.cards.failures import problem_lines
from bot.cards.layout import MAX_TEXT, card, notice
from bot.cards.markdown import escape, first_lines, one_line, quotation, row_in_words
from bot.following.follower import Checked
from bot.libraries.meaning import State
from bot.libraries.publishing import Publication, Revision
from bot.locales import say
from bot.settings.limits import Limits
from bot.store import SHARED, DocumentChange, FollowedAddress, Person, StoredRevision
from index.documents.corpus import Source
from index.documents.differences import Differences
from index.documents.document import Document

__all__ = [
    "MAX_FOLLOWED",
    "MAX_NEWS",
    "checked_words",
    "counts_words",
    "deed_words",
    "followed_words",
    "history_card",
    "name_of",
    "news_words",
    "report_blocks",
    "report_card",
    "rollback_words",
    "status_card",
]

MAX_FOLLOWED = 1600
"""Characters of all addresses together."""
MAX_NEWS = 600
ADDRESS_CHARS = 120

Titles = Mapping[str, str]
"""The titles of documents by the ids that the store has."""

SHOWN_DIFFERENCES = 3
SHOWN_DOCUMENTS = 15
SHOWN_RENAMED = 3
SHOWN_CHANGES = 3
TITLE_CHARS = 60
_SIGNS = {"added": "+", "removed": "−", "changed": "±"}
DIFFERENCE_CHARS = 160
_NOBODY = {
    "start-up": "by.start-up",
    "command line": "by.command-line",
    "schedule": "by.schedule",
    "somebody": "by.forgotten",
    "author": "by.author",
}
"""What stands in the store for a person where there is none, or none any more."""


def name_of(person: Person) -> str:
    """The name of whoever made a revision; in the language spoken where it was nobody."""
    return say(_NOBODY[person.name]) if not person.id and person.name in _NOBODY else person.name


def report_card(report: Publication) -> discord.ui.LayoutView:
    """The counts of a refresh with the first differences."""
    blocks = report_blocks(report)
    return notice(blocks[0]) if report.differences.none else card(blocks)


def report_blocks(report: Publication) -> list[str]:
    """The texts of that card."""
    differences, number = report.differences, report.revision.number
    if differences.none:
        key = "refresh.no_passage" if report.is_new else "refresh.nothing"
        return [say(key, revision=number, unchanged=differences.unchanged)]
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
    return blocks


def status_card(
    shared: Revision,
    own: Revision | None,
    *,
    own_ids: Mapping[str, str] | None = None,
    changed_at: Mapping[int, Mapping[str, datetime]] | None = None,
    limits: Limits | None = None,
    meaning: State,
    shared_searched: bool = True,
    followed: str = "",
) -> discord.ui.LayoutView:
    """The libraries that a server searches: how large they are, and their documents.

    `own_ids` are what its own documents are seen under, by the ids that they are stored under;
    `changed_at` tells by owner and id since when they are as they are. `followed` tells of the
    addresses that are followed.
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
        since = (changed_at or {}).get(revision.stored.owner, {})
        lines = [
            _document_line(document, ids.get(document.id, document.id), since.get(document.id))
            for document in revision.library.documents[:SHOWN_DOCUMENTS]
        ]
        if more := len(revision.library.documents) - len(lines):
            lines.append(say("status.more", count=more))
        lines = [_size_line(revision, limits), *_renamed(ids), *lines]
        if revision is shared and not shared_searched:
            lines = [say("status.shared_off")]
        room = (MAX_TEXT - len(followed)) // 2 - 100
        blocks.append(first_lines("\n".join([title, *lines]), room))
    if followed:
        blocks.append(followed)
    blocks.append(say("status.meaning", state=say(f"meaning.{meaning}")))
    return card(blocks)


def _size_line(revision: Revision, limits: Limits | None) -> str:
    """How many documents and passages a library has, and of a server's own how many it may."""
    documents, passages = len(revision.library.documents), len(revision.library.passages)
    counts = {"documents": f"{documents:,}", "passages": f"{passages:,}"}
    if revision.stored.owner == SHARED or limits is None:
        return say("status.size", **counts)
    most_documents, most_passages = limits.max_server_documents, limits.max_server_passages
    return say(
        "status.size_of",
        **counts,
        most_documents=f"{most_documents:,}",
        most_passages=f"{most_passages:,}",
    )


def _document_line(document: Document, seen_id: str, since: datetime | None) -> str:
    """A document with what it holds, and since when it is as it is, where that is known."""
    counts = [say("upload.passages", count=len(document.passages))]
    if document.cited:
        counts.append(say("upload.cited", count=document.cited, numbers=document.numbers))
    line = say(
        "status.document",
        title=escape(one_line(document.title, 100)),
        id=seen_id,
        counts="; ".join(counts),
    )
    if since is not None:
        line += say("status.changed", since=discord.utils.format_dt(since, "R"))
    return line


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


def history_card(
    revisions: Sequence[StoredRevision], changes: Mapping[int, Sequence[DocumentChange]]
) -> discord.ui.LayoutView:
    """The kept revisions, newest first, with who made them and what they did, by title.

    `changes` are what they did to documents, by number, where that is known.
    """
    if not revisions:
        return notice(say("history.empty"))
    lines = [
        say(
            "history.revision",
            revision=revision.number,
            when=discord.utils.format_dt(revision.created_at),
            by=escape(one_line(name_of(revision.by), 40)),
            what=deed_words(revision, revisions, changes.get(revision.number, ()), _bold),
        )
        for revision in revisions
    ]
    return card([first_lines("\n".join(lines), MAX_TEXT)])


def deed_words(
    revision: StoredRevision,
    history: Sequence[StoredRevision],
    changes: Sequence[DocumentChange],
    shown: Callable[[str], str] = lambda title: one_line(title, TITLE_CHARS),
) -> str:
    """What a revision did: `added Harbour rules: 3 passages`; `shown` makes words of a title.

    `history` are all kept revisions, newest first, in which a rollback finds what it went back to.
    """
    deed = say(f"action.{revision.action}")
    if revision.action == "rollback" and (back := _gone_back_to(revision, history)) is not None:
        deed = say("history.back", revision=back)
    counts = revision.counts
    told = counts_words(counts.added, counts.removed, counts.changed)
    if revision.action == "add" and counts.added and not counts.removed + counts.changed:
        told = say("upload.passages", count=counts.added)
    if not changes:
        return say("history.plain", deed=deed, counts=told)
    is_mixed = revision.action not in {"add", "replace", "remove"}
    signs = _SIGNS if is_mixed else {}
    titles = [
        f"{signs.get(change.what, '')} {shown(change.title)}".strip()
        for change in changes[:SHOWN_CHANGES]
    ]
    if more := len(changes) - len(titles):
        titles.append(say("status.more", count=more))
    key = "history.mixed" if is_mixed else "history.deed"
    return say(key, deed=deed, documents=", ".join(titles), counts=told)


def counts_words(added: int, removed: int, changed: int) -> str:
    """`2 added, 1 removed`."""
    counts = {"added": added, "removed": removed, "changed": changed}
    told = [say(f"history.{kind}", count=count) for kind, count in counts.items() if count]
    return ", ".join(told) or say("history.none")


def rollback_words(
    revision: int, old: Sequence[Source], new: Sequence[Source], differences: Differences
) -> str:
    """The question whether to bring a revision back, with what comes and goes for it by title.

    `old` are the documents that are served, `new` those of the revision.
    """
    old_specs, new_specs = ({one.spec.id: one.spec for one in both} for both in (old, new))
    lines = []
    for document in dict.fromkeys([*new_specs, *old_specs]):
        before, after = old_specs.get(document), new_specs.get(document)
        counts = differences.by_document.get(document)
        spec = after or before
        if spec is None or (counts is None and before == after):
            continue
        what: Literal["added", "removed", "changed"] = "changed"
        if before is None or after is None:
            what = "added" if before is None else "removed"
        told = counts_words(*(counts or (0, 0, 0)))
        lines.append(f"{escape(_SIGNS[what])} {_bold(spec.title)}: {told}")
    shown = lines[:SHOWN_DOCUMENTS]
    if more := len(lines) - len(shown):
        shown.append(say("status.more", count=more))
    unchanged = say("index.rollback.unchanged", count=differences.unchanged)
    return "\n".join([say("index.rollback.question", revision=revision), *shown, unchanged])


def _gone_back_to(revision: StoredRevision, history: Sequence[StoredRevision]) -> int | None:
    """The number of the revision whose documents a rollback serves again, where it is kept."""
    digest = revision.documents_digest
    numbers = (
        one.number
        for one in history
        if one.number < revision.number - 1 and one.documents_digest == digest
    )
    return next(numbers, None)


def _bold(title: str) -> str:
    return f"**{escape(one_line(title, TITLE_CHARS))}**"


def followed_words(addresses: Sequence[FollowedAddress], titles: Titles) -> str:
    """Every address with how it went last, those first that need a look; nothing of none."""
    if not addresses:
        return ""
    ordered = sorted(addresses, key=lambda one: (not one.is_news, not one.failures))
    lines = [say("following.heading"), *(_status(one, titles) for one in ordered)]
    return first_lines("\n".join(lines), MAX_FOLLOWED)


def checked_words(checked: Iterable[Checked], titles: Titles) -> str:
    """What came of looking at addresses."""
    lines = [say("following.heading"), *(_came_of(one, titles) for one in checked)]
    return first_lines("\n".join(lines), MAX_FOLLOWED)


def news_words(told: Sequence[FollowedAddress], titles: Titles) -> str:
    """What moderators are told once."""
    lines = [f"{_title(one, titles)}: {_trouble(one)}" for one in told]
    return first_lines("\n".join([say("following.news"), *lines]), MAX_NEWS)


def _status(one: FollowedAddress, titles: Titles) -> str:
    line = say(
        "following.address",
        title=_title(one, titles),
        address=escape(one_line(one.address, ADDRESS_CHARS)),
        hours=one.every_hours,
        when=discord.utils.format_dt(one.checked_at, "R"),
    )
    trouble = _trouble(one)
    return f"{line}\n-# {trouble}" if trouble else line


def _came_of(checked: Checked, titles: Titles) -> str:
    one = checked.followed
    if checked.is_busy:
        said = say("following.busy")
    elif checked.counts is not None:
        said = counts_words(*checked.counts)
    else:
        said = _trouble(one) or say("following.unchanged")
    return f"{_title(one, titles)}: {said}"


def _trouble(one: FollowedAddress) -> str:
    """Since when and why an address fails or is held; nothing where neither is so."""
    said = []
    if one.failing_since is not None:
        since = discord.utils.format_dt(one.failing_since, "R")
        said.append(
            say("following.failing", since=since, why=say(f"following.failure.{one.failure}"))
        )
    if one.held_since is not None:
        since = discord.utils.format_dt(one.held_since, "R")
        said.append(say("following.held", since=since, why=say(f"following.reason.{one.held}")))
    return " ".join(said)


def _title(one: FollowedAddress, titles: Titles) -> str:
    return _bold(titles.get(one.document, one.document))
