"""`footnote read`: what is made of a file, before it is anybody's document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cards.markdown import headings, place_words, row_in_words
from bot.cli.terminal import print_json, print_problems
from index.documents.importing import ImportedDocument, read_import
from index.documents.reading.markers import citation_keys
from index.documents.reading.sentences import Markers
from index.errors import CorpusError, Problem
from index.files.regular import cause_of, read_regular_file
from index.importers.bibliography import Bibliography, read_bibliography
from index.importers.formats import FORMATS, SUFFIXES, Format, format_of

__all__ = ["read"]

MAX_BYTES = 10_000_000
MAX_MISSING = 10
"""Keys without an entry are named up to this many."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "file_format", type=click.Choice(FORMATS), help="Where its name errs.")
@click.option("--language", help="Of its text, such as en. Default: what it says, or a guess.")
@click.option("--markers", type=click.Choice(get_args(Markers)), help="Where its numbers stand.")
@click.option(
    "--references",
    "bibliography",
    type=click.Path(path_type=Path),
    help="A .bib or CSL-JSON of what FILE cites by key, as in [@smith2020].",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def read(
    file: Path,
    *,
    file_format: Format | None,
    language: str | None,
    markers: Markers | None,
    bibliography: Path | None,
    as_json: bool,
) -> None:
    """Show what is made of FILE: its passages, their numbers, and what is left out.

    Example: footnote read handbook.html
    """
    told = file_format or format_of(file.name)
    if told is None:
        reason = f"is none of {', '.join(SUFFIXES)}; save it as one of them, or say its --format"
        raise CorpusError([Problem(file.name, 1, reason)])
    beside = Bibliography()
    if bibliography:
        beside = read_bibliography(bibliography.name, _content(bibliography))
    document = read_import(
        file.name,
        _content(file),
        told,
        language=language,
        markers=markers,
        references=beside.entries,
    )
    if bibliography:
        against = (*beside.warnings, *_missing(document, bibliography.name))
        document = replace(document, warnings=(*document.warnings, *against))
    if as_json:
        print_json(document.as_json())
        return
    _print(Console(highlight=False), document)


def _content(path: Path) -> bytes:
    try:
        return read_regular_file(path, MAX_BYTES)
    except (OSError, ValueError) as error:
        reason = f"cannot be read ({cause_of(error)}); give a file of at most 10 MB"
        raise CorpusError([Problem(path.name, 1, reason)]) from None


def _missing(document: ImportedDocument, bibliography: str) -> list[Problem]:
    """What is cited, and stands for nothing."""
    cited = {number: None for passage in document.passages for number in passage.citations}
    keys = [key for key in cited if document.references.keys().isdisjoint(citation_keys(key))]
    if not keys:
        return []
    named = ", ".join(keys[:MAX_MISSING])
    more = f" and {len(keys) - MAX_MISSING:,} more" if len(keys) > MAX_MISSING else ""
    return [Problem(bibliography, 1, f"has no entry for {named}{more}; add what is missing")]


def _print(out: Console, document: ImportedDocument) -> None:
    table = Table(title=document.title, box=None, show_edge=False, pad_edge=False)
    for name in ("place", "numbers", "passage"):
        table.add_column(name, overflow="fold")
    section: tuple[str, ...] = ()
    for passage in document.passages:
        if passage.section != section:
            section = passage.section
            table.add_row("", "", Text(headings(section), style="bold"))
        numbers = " ".join(f"[{number}]" for number in passage.citations)
        text, _ = row_in_words(passage)
        table.add_row(Text(place_words(passage), style="dim"), Text(numbers), Text(text))
    out.print(table)
    print_problems(out, document.warnings, None)
