"""The command `footnote library fetch`: what corpus.yaml has fetched, now."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from bot.settings.settings import Settings, load_settings
from index.documents.corpus import fetched_entries
from index.documents.listing import Entry
from index.errors import FootnoteError, SetupError

if TYPE_CHECKING:
    from bot.fetching.corpus import EntryReport

__all__ = ["fetch"]

out = Console(highlight=False)


@click.command()
def fetch(data: Path) -> None:
    """Fetch what corpus.yaml names by address, sitemap or archive, and publish what changed.

    Their hosts must be allowed: FOOTNOTE_FETCH_HOSTS. What cannot be fetched stays as it was.
    """
    # Imported late, as SQLAlchemy takes longer than all that the other commands need.
    from bot.libraries.editing import open_shared_editor  # noqa: PLC0415

    settings = load_settings()
    entries = fetched_entries(data)
    if not entries:
        raise FootnoteError(
            "corpus.yaml names nothing that is fetched; give an entry address:, sitemap: or "
            "archive: in the place of file:"
        )
    reports = asyncio.run(_fetch(settings, entries))
    with open_shared_editor(data) as editor:
        publication = editor.refreshing().apply()
    number = publication.revision.number
    outcome = "is published" if publication.is_new else "stays the current one"
    out.print(f"revision {number} {outcome}", markup=False, soft_wrap=True)
    if any(report.outcome == "failed" for report in reports):
        raise click.exceptions.Exit(1)


async def _fetch(settings: Settings, entries: Sequence[Entry]) -> list[EntryReport]:
    """Fetch the entries, one after another, and say of each what came of it. SetupError."""
    # Imported late, as aiohttp takes longer than all that the other commands need.
    from bot.fetching import fetcher as fetching  # noqa: PLC0415
    from bot.fetching.corpus import fetch_entry, forget_others  # noqa: PLC0415

    fetcher = fetching.Fetcher(settings)
    reports: list[EntryReport] = []
    try:
        for entry in entries:
            reports.append(await fetch_entry(fetcher, entry, settings.fetched))
            _print_report(reports[-1])
        forget_others(settings.fetched, entries)
    except OSError as error:
        reason = f"{settings.fetched} cannot be written to: {error.strerror or error}"
        raise SetupError(f"{reason}; check who may write there, or give FOOTNOTE_STATE") from None
    finally:
        fetcher.close()
    return reports


def _print_report(report: EntryReport) -> None:
    stay = "; what was fetched before stays" if report.files else ""
    counted = f"{report.files:,} file{'' if report.files == 1 else 's'}"
    said = f"failed{stay}" if report.outcome == "failed" else f"{report.outcome}, {counted}"
    for line in (f"{report.entry.spec.id}: {said}", *(f"  {note}" for note in report.notes)):
        out.print(line, markup=False, soft_wrap=True)
