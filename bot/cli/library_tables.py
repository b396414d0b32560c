"""What `footnote library` prints: tables for people, objects for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cards.markdown import row_in_words
from bot.locales import say
from index.documents.differences import Differences, DocumentDifference
from index.documents.document import Document

if TYPE_CHECKING:  # the store is loaded late, see bot/cli/library.py
    from bot.store import DocumentChange, StoredRevision

__all__ = [
    "describe_revision",
    "document_json",
    "id_json",
    "print_by_document",
    "print_difference",
    "print_history",
    "print_listing",
    "print_servers",
    "revision_json",
]


def print_listing(console: Console, documents: Sequence[Document]) -> None:
    """The documents of a library, with ids that are never cut."""
    table = _table()
    # An id is there to be copied: rather is the table too wide.
    widest = max(len(document.id) for document in documents)
    table.add_column("document", no_wrap=True, min_width=widest)
    table.add_column("title", overflow="fold")
    for heading in ("passages", "cited", "numbers"):
        table.add_column(heading, justify="right")
    table.add_column("file", overflow="fold")
    for document in documents:
        counts = (len(document.passages), document.cited, document.numbers)
        figures = [f"{count:,}" for count in counts]
        table.add_row(document.id, Text(document.title), *figures, Text(document.spec.file))
    console.print(table, crop=False)


def print_difference(console: Console, difference: DocumentDifference, most: int | None) -> None:
    """The passages that change, go and come, `most` of each kind, and the numbers that are lost."""
    kinds = (
        ("changed", [("-", old, "+", new) for old, new in difference.changed]),
        ("removed", [("-", old) for old in difference.removed]),
        ("added", [("+", new) for new in difference.added]),
    )
    for kind, entries in kinds:
        for entry in entries[:most]:
            for sign, passage in zip(entry[::2], entry[1::2], strict=True):
                numbers = "".join(f" [{number}]" for number in passage.citations)
                text = f"{sign} {row_in_words(passage)[0]}{numbers}"
                console.print(text, markup=False, soft_wrap=True)
        if most is not None and (more := len(entries) - most) > 0:
            console.print(f"  and {more:,} more {kind}; --all shows all", markup=False)
    if difference.lost_numbers:
        numbers = ", ".join(difference.lost_numbers)
        console.print(f"no passage carries any more: {numbers}", markup=False, soft_wrap=True)


def print_by_document(
    console: Console, differences: Differences, titles: Mapping[str, str]
) -> None:
    """How many passages come, go and change, by the title of their document."""
    from bot.cards.reports import counts_words  # noqa: PLC0415 - it knows the store

    for document, counts in differences.by_document.items():
        text = f"{titles.get(document, document)} ({document}): {counts_words(*counts)}"
        console.print(text, markup=False, soft_wrap=True)


def print_history(
    console: Console,
    revisions: Sequence[StoredRevision],
    changes: Mapping[int, Sequence[DocumentChange]],
) -> None:
    """Who published what, and when."""
    from bot.cards.reports import deed_words  # noqa: PLC0415 - it knows the store

    table = _table("revision", "when (UTC)", "by")
    table.add_column("what", overflow="fold")
    for revision in revisions:
        what = deed_words(revision, revisions, changes.get(revision.number, ()))
        when = _minute(revision.created_at)
        table.add_row(str(revision.number), when, Text(revision.by.name), Text(what))
    console.print(table)


def _table(*headings: str) -> Table:
    return Table(
        *headings, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0)
    )


def describe_revision(revision: StoredRevision) -> str:
    """A revision in half a sentence: its number, what made it, who and when."""
    what, when = say(f"action.{revision.action}"), _minute(revision.created_at)
    return f"revision {revision.number}, {what} by {revision.by.name}, {when} UTC"


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


def document_json(document: Document) -> dict[str, Any]:
    """A row of the listing."""
    return {
        "id": document.id,
        "title": document.title,
        "passages": len(document.passages),
        "cited": document.cited,
        "numbers": document.numbers,
        "file": document.spec.file,
    }


def revision_json(
    revision: StoredRevision, changes: Sequence[DocumentChange] | None = None
) -> dict[str, Any]:
    """A revision with all that is known of it; `changes` are what it did to documents."""
    documents = None if changes is None else [asdict(change) for change in changes]
    return {
        "revision": revision.number,
        "created_at": revision.created_at.isoformat(),
        "by": revision.by.name,
        "by_id": id_json(revision.by.id),
        "action": revision.action,
        "added": revision.counts.added,
        "removed": revision.counts.removed,
        "changed": revision.counts.changed,
        "unchanged": revision.counts.unchanged,
        "seconds": revision.seconds,
        "documents": documents,
    }


def id_json(number: int | None) -> str | None:
    """A Discord id as Discord writes it: many programs cannot hold so large a number."""
    return None if number is None else str(number)


def print_servers(console: Console, servers: Mapping[int, int]) -> None:
    """The servers with libraries of their own, with their current revisions."""
    table = _table("server with a library of its own", "revision")
    for owner, number in servers.items():
        table.add_row(str(owner), str(number))
    console.print(table, crop=False)
