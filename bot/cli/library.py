"""The command `footnote library`: the operator looks after the libraries, also beside a bot."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from bot.cli.library_tables import (
    describe_revision,
    document_json,
    id_json,
    print_by_document,
    print_difference,
    print_history,
    print_listing,
    print_servers,
    revision_json,
)
from bot.cli.terminal import print_json, print_passages, print_problems

if TYPE_CHECKING:
    from bot.libraries.editing import Edit, Editor
    from bot.libraries.publishing import Publication
    from index.documents.uploads import Upload

__all__ = ["library"]

MAX_ID = 2**63 - 1
"""The largest number that the store can hold."""
SHOWN_PASSAGES = 3
SHOWN_DIFFERENCES = 10

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def _check_id(_: click.Context, __: click.Parameter, number: int | None) -> int | None:
    if number is not None and not 0 < number <= MAX_ID:
        raise click.BadParameter(f"{number} is no number that Discord or a revision could have")
    return number


_server_option = click.option(
    "--server",
    type=int,
    callback=_check_id,
    metavar="ID",
    help="The library of that Discord server. Default: the shared library.",
)


def _said_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say something of a document."""
    options = (
        click.option("--title", help="Shown beside every passage. Default: the file's name."),
        click.option("--source-url", metavar="URL", help="Where the document is from."),
        click.option("--licence", help="Its licence."),
        click.option("--language", metavar="CODE", help="Such as en. Default: guessed."),
        click.option("--layout", type=click.Choice(["lines", "prose"]), help="Default: guessed."),
        click.option(
            "--markers", type=click.Choice(["leading", "trailing"]), help="Default: guessed."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


_yes_option = click.option("--yes", is_flag=True, help="Do it without asking.")
_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def library() -> None:
    """Look after the libraries: the shared one, or (--server ID) a Discord server's own.

    A running bot answers from what is published here within 2 seconds.
    """


@library.command("list")
@_server_option
@_json_option
def list_(data: Path, server: int | None, *, as_json: bool) -> None:
    """Show the documents that are served, and which servers have libraries of their own.

    Example: footnote library list --server 81384788765712384
    """
    with _open_editor(server, data) as editor:
        revision, documents, servers = editor.stored, editor.served(), editor.others()
        if as_json:
            listing = {
                "server": id_json(server),
                "current": revision_json(revision) if revision else None,
                "documents": [document_json(document) for document in documents],
            }
            if server is None:
                listing["servers"] = [
                    {"server": str(owner), "revision": number} for owner, number in servers.items()
                ]
            print_json(listing)
            return
        if revision is None:
            _print_line(_capital(f"{editor.name} was never published{_first_step(editor)}"))
        else:
            _print_line(f"{_capital(editor.name)}: {describe_revision(revision)}")
            if not documents:
                command = f"footnote library add FILE{editor.option}"
                _print_line(f"It holds no documents. Add one: {command}")
        if documents:
            print_listing(out, documents)
    if server is None and servers:
        out.print()
        print_servers(out, servers)


@library.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_server_option
@_said_options
@click.option("--beside", is_flag=True, help="Also where one of that title or file name is there.")
@_yes_option
def add(
    data: Path, file: Path, server: int | None, *, beside: bool, yes: bool, **options: str | None
) -> None:
    """Add FILE, of any format that can be read, after showing how it is understood.

    Without --server it goes into the corpus folder, with an entry in corpus.yaml.

    Example: footnote library add rules.md --server 81384788765712384 --title "Our rules"
    """
    with _open_editor(server, data) as editor:
        upload = editor.read(file, options)
        if not beside:
            editor.check_alone(upload, file)
        edit = editor.adding(upload, file)
        _print_upload(upload, file)
        _make(editor, edit, "Publish?", yes=yes)


@library.command("replace")
@click.argument("document")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_server_option
@_said_options
@click.option("--all", "every", is_flag=True, help="Show all differences, not the first ones.")
@_yes_option
def replace_(
    data: Path,
    document: str,
    file: Path,
    server: int | None,
    *,
    every: bool,
    yes: bool,
    **options: str | None,
) -> None:
    """Put FILE in the place of DOCUMENT, an id that `list` shows, after showing what it changes.

    The id stays, and so does what was said of the document and FILE does not say otherwise.
    Without --server the file goes into the corpus folder.

    Example: footnote library replace hours hours-2026.md --server 81384788765712384
    """
    with _open_editor(server, data) as editor:
        upload = editor.read(file, options, replaces=document)
        edit = editor.replacing(upload, file)
        if edit.same:
            _print_line(f"{file} says what {document!r} says already; nothing was changed")
            return
        _print_upload(upload, file, passages=False)
        if edit.difference is not None:
            most = None if every else SHOWN_DIFFERENCES
            print_difference(out, edit.difference, most)
        _make(editor, edit, "Publish?", yes=yes)


@library.command()
@click.argument("document")
@_server_option
@_yes_option
def remove(data: Path, document: str, server: int | None, *, yes: bool) -> None:
    """Remove DOCUMENT, an id that `list` shows; `rollback` can bring it back.

    Without --server its entry leaves corpus.yaml, and its file stays in the folder.
    """
    with _open_editor(server, data) as editor:
        edit = editor.removing(document)
        _make(editor, edit, f"Remove {document} from {editor.name}?", yes=yes)


@library.command()
@_server_option
@_json_option
def history(data: Path, server: int | None, *, as_json: bool) -> None:
    """Show the last 20 revisions, newest first."""
    with _open_editor(server, data) as editor:
        revisions, changes = editor.history(), editor.changes()
        if as_json:
            rows = [revision_json(one, changes.get(one.number)) for one in revisions]
            print_json({"server": id_json(server), "revisions": rows})
        elif revisions:
            print_history(out, revisions, changes)
        else:
            _print_line(_capital(f"{editor.name} was never published{_first_step(editor)}"))


@library.command()
@click.argument("revision", type=int, callback=_check_id)
@_server_option
@_yes_option
def rollback(data: Path, revision: int, server: int | None, *, yes: bool) -> None:
    """Serve the documents of REVISION, a number that `history` shows, as a new revision."""
    with _open_editor(server, data) as editor:
        edit = editor.rolling_back(revision)
        if edit.same:
            _print_line(f"revision {revision} holds what is served already; nothing was changed")
        else:
            print_by_document(out, edit.differences, edit.titles)
            _make(editor, edit, f"Bring revision {revision} back?", yes=yes)


@library.command()
@click.argument("document")
@_server_option
@_yes_option
def purge(data: Path, document: str, server: int | None, *, yes: bool) -> None:
    """Delete DOCUMENT from every revision, for good. `remove` can be undone, this cannot."""
    with _open_editor(server, data) as editor:
        edit = editor.purging(document)
        question = f"Delete {document} from every revision of {editor.name}, for good?"
        report = _make(editor, edit, question, yes=yes)
    if not report.erased:
        _print_line(
            "Its bytes still lie unused in the database file, since another program was using the "
            "file or the disk has no room for a copy of it. The next purge takes them out, as does "
            "the next footnote that opens the file undisturbed: stop the bot, then start it again."
        )
    _print_line("Backups that were made earlier still hold it.")


def _open_editor(server: int | None, data: Path) -> AbstractContextManager[Editor]:
    # Imported late, as SQLAlchemy takes longer than all that the other commands need.
    from bot.libraries.editing import open_editor  # noqa: PLC0415

    return open_editor(server, data)


def _make(editor: Editor, edit: Edit, question: str, *, yes: bool) -> Publication:
    """Print what would change, ask, and do it; exits with 1 where the answer is no."""
    added, removed, changed = edit.differences.counts
    _print_line(
        f"Passages of {editor.name}: {added:,} added, {removed:,} removed, "
        f"{changed:,} changed, {edit.differences.unchanged:,} unchanged"
    )
    for note in edit.notes:
        _print_line(note)
    if not yes and not click.confirm(question):
        _print_line("nothing was changed")
        raise click.exceptions.Exit(1)
    before = editor.stored
    report = edit.apply()
    number = report.revision.number
    if before is not None and number == before.number:
        outcome = "holds the same documents and stays the current one"
    else:
        outcome = "is published; a running bot answers from it within 2 seconds"
    _print_line(f"revision {number} {outcome}")
    return report


def _first_step(editor: Editor) -> str:
    if editor.option:
        return f"; add a document: footnote library add FILE{editor.option}"
    return f"; the first start of the bot publishes what is in {editor.data}"


def _print_upload(upload: Upload, file: Path, *, passages: bool = True) -> None:
    document = upload.document
    _print_line(
        f"{document.title}: {len(document.passages):,} passages, {document.cited:,} of them cited, "
        f"{document.numbers:,} distinct numbers; its id is {document.id}"
    )
    if upload.guessed:
        guesses = ", ".join(f"{name} {value}" for name, value in upload.guessed.items())
        options = ", ".join(f"--{name}" for name in upload.guessed)
        _print_line(f"guessed: {guesses}; where that is wrong, give {options}")
    out.print()
    if passages:
        print_passages(out, document.passages[:SHOWN_PASSAGES])
    print_problems(err, upload.warnings, file.parent)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _print_line(text: str) -> None:
    out.print(text, markup=False, soft_wrap=True)
