"""The command line: `footnote`, or `python -m bot`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console

from bot.cli.evaluation import evaluate
from bot.cli.fetching import fetch
from bot.cli.library import library
from bot.cli.meaning import searcher_of
from bot.cli.prompt import questions_typed
from bot.cli.reading import read
from bot.cli.starter import create_starter
from bot.cli.terminal import (
    print_answer,
    print_documents,
    print_explanation,
    print_json,
    print_passages,
    print_problems,
)
from bot.libraries.meaning import ReadingRoom
from bot.libraries.progress import shown_progress
from bot.locales import say
from bot.settings.settings import load_settings
from index.answering.answer import MAX_HITS, Answer
from index.answering.searcher import Searcher
from index.documents.corpus import load_corpus
from index.documents.shipped import shipped_data
from index.errors import CorpusError, FootnoteError, SetupError
from index.library.library import EXACT_UP_TO, IndexedLibrary, engine_name

__all__ = ["main"]

DATA = "footnote.data"
"""Where click's context keeps the chosen corpus folder."""
EXIT_WRONG_SETUP = 78
"""EX_CONFIG of sysexits.h: starting again will not help."""

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class _Group(click.Group):
    """Turns every FootnoteError into words and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CorpusError as error:
            print_problems(err, error.problems, ctx.meta.get(DATA))
            sys.exit(1)
        except SetupError as error:
            _fail(str(error), EXIT_WRONG_SETUP)
        except FootnoteError as error:
            _fail(str(error), 1)


def _fail(message: str, status: int) -> NoReturn:
    err.print(f"footnote: {message}", markup=False, soft_wrap=True)
    sys.exit(status)


def _choose_data(ctx: click.Context, _: click.Parameter, path: Path | None) -> Path:
    """The corpus folder: of this command, of `footnote`, of the settings, or the shipped one."""
    folder = path or ctx.meta.get(DATA) or load_settings().data or shipped_data()
    ctx.meta[DATA] = folder
    return Path(folder)


_data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    callback=_choose_data,
    help="Folder of corpus.yaml. Default: FOOTNOTE_DATA, else the shipped document.",
)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="footnote", message="%(prog)s %(version)s")
def main() -> None:
    """Answers questions with the passages of a cited source, word for word, with their numbers."""


@main.command()
@click.argument("words", metavar="[QUESTION]", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--stdin", is_flag=True, help="Read a question a line; print a JSON object a line.")
@click.option(
    "-k", "limit", type=click.IntRange(min=1), default=MAX_HITS, show_default=True,
    help="The most hits; how many there are, the answer decides.",
)  # fmt: skip
@click.option(
    "--after", "previous", metavar="QUESTION", multiple=True,
    help="An earlier question that this one may lean on; again for more, the oldest first.",
)  # fmt: skip
@click.option("--nearest", is_flag=True, help="Without an answer, show all that came closest.")
@click.option("--explain", is_flag=True, help="Show what each feature gave each hit.")
@_data_option
def ask(
    data: Path,
    words: tuple[str, ...],
    *,
    as_json: bool,
    stdin: bool,
    limit: int,
    previous: tuple[str, ...],
    nearest: bool,
    explain: bool,
) -> None:
    """Answer QUESTION with the passages that answer it.

    Example: footnote ask "who ruled South Korea from 1961 to 1979?"

    Without QUESTION, at a terminal, it asks for one after another and remembers those before.
    """
    question = " ".join(words) if words else None
    is_typed = question is None and not stdin and sys.stdin.isatty()
    if not is_typed:
        _require_one_question(question, previous, stdin=stdin)
    searcher = searcher_of(_library(data), for_one=question is not None)

    def show(text: str, before: Sequence[str]) -> None:
        answer = searcher.answer(text, limit, before)
        if as_json:
            print_json(_as_json(answer, nearest=nearest))
            return
        print_answer(out, answer, nearest=nearest)
        if explain:
            print_explanation(out, answer, searcher.whereabouts(answer))

    if question is not None:
        show(question, previous)
    elif is_typed:
        (err if as_json else out).print(say("prompt.welcome"), markup=False, soft_wrap=True)
        questions = list(previous)
        for text in questions_typed():
            show(text, questions)
            questions.append(text)
    else:
        for line in sys.stdin.buffer:
            text = line.decode("utf-8", errors="replace").rstrip("\r\n")
            print_json(_as_json(searcher.answer(text, limit), nearest=nearest))


def _require_one_question(question: str | None, previous: Sequence[str], *, stdin: bool) -> None:
    """Raise UsageError for a command line that does not tell what to answer."""
    if stdin == (question is not None):
        raise click.UsageError("give either a question in quotation marks, or --stdin")
    if question is not None and not question.strip():
        raise click.UsageError("the question is empty; give one in quotation marks")
    if stdin and previous:
        raise click.UsageError("--after goes with a question, not with --stdin")


@main.command()
@click.argument("number")
@click.option("--document", metavar="ID", help="Look in this document only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@_data_option
def cite(data: Path, number: str, document: str | None, as_json: bool) -> None:
    """Print all passages that carry the citation NUMBER, such as 28."""
    passages = [hit.passage for hit in Searcher([_library(data)]).cite(number, document)]
    if not as_json:
        print_passages(out, passages)
        return
    print_json({"number": number, "passages": [passage.as_json() for passage in passages]})


@main.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@_data_option
@click.pass_context
def check(ctx: click.Context, data: Path, path: Path | None) -> None:
    """Validate the corpus in PATH and show what it holds."""
    folder = ctx.meta[DATA] = path or data
    corpus = load_corpus(folder, load_settings().fetched)
    print_problems(err, corpus.warnings, folder)
    print_documents(out, corpus.documents)
    engine = engine_name(len(corpus.passages))
    out.print(say("check.engine", engine=engine), markup=False, highlight=False)
    languages = {document.spec.language for document in corpus.documents}
    meaning = ReadingRoom.open(load_settings().meaning).state_for(languages)
    words = say("check.meaning", state=say(f"meaning.{meaning}"))
    out.print(words, markup=False, highlight=False, soft_wrap=True)


main.add_command(_data_option(evaluate))
main.add_command(library)
main.add_command(read)
library.add_command(fetch)
for _command in library.commands.values():
    _data_option(_command)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make DIR, a folder to start your own corpus from."""
    for path in create_starter(folder):
        out.print(f"wrote {path}", markup=False, soft_wrap=True)
    out.print(
        "Put your own documents in place of example.txt and its entry, then: "
        f"footnote check {folder}",
        markup=False,
        soft_wrap=True,
    )


@main.command()
@_data_option
def run(data: Path) -> None:
    """Connect to Discord and answer there until SIGTERM or Ctrl-C."""
    from bot.gateway.service import run_bot
    from bot.monitoring.logs import set_up_logging

    settings = load_settings()
    settings.discord_token()
    set_up_logging(settings)
    asyncio.run(run_bot(settings, data))


@main.command()
@click.option("--guild", "guild_id", type=int, metavar="ID", help="Register in this server only.")
@click.option("--data", expose_value=False, hidden=True, help="Of no use: it needs no documents.")
def sync(guild_id: int | None) -> None:
    """Register the commands with Discord now. `run` does so by itself when they changed."""
    from bot.gateway.service import register_commands

    count = asyncio.run(register_commands(load_settings(), guild_id))
    out.print(f"registered {count} commands", markup=False)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy all that the bot keeps to the new FILE, also while it runs."""
    from bot.store import Store

    settings = load_settings()
    with Store.open(settings.state, settings.database()) as store:
        store.backup(file)
    out.print(f"wrote {file}", markup=False, soft_wrap=True)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do it without asking.")
def restore(file: Path, *, yes: bool) -> None:
    """Bring a backup back instead of all that the bot keeps; the bot must be stopped."""
    from bot.store import restore as restore_from

    settings = load_settings()
    if not yes:
        text = f"{file} takes the place of all that is kept in {settings.state}."
        out.print(text, markup=False, soft_wrap=True)
        click.confirm("Restore it?", abort=True)
    damaged_copy = restore_from(file, settings.state, settings.database())
    if damaged_copy is not None:
        out.print(f"what was there could not be read; it is kept as {damaged_copy}", markup=False)
    out.print(f"restored from {file}", markup=False, soft_wrap=True)


@main.command()
def healthcheck() -> None:
    """Exit 0 if the running bot has its documents and is connected to Discord, 1 if not."""
    from bot.monitoring.health import ask_health

    try:
        state = asyncio.run(ask_health(load_settings().state))
    except SetupError as error:
        _fail(str(error), 1)
    if not state.connected:
        _fail("the bot runs, but is not connected to Discord", 1)
    out.print(f"connected; revision {state.revision}, {state.passages} passages", markup=False)


@main.command()
@click.option("--no-browser", is_flag=True, help="Print the address only.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: a free one.")
@_data_option
def preview(data: Path, no_browser: bool, port: int | None) -> None:
    """Try the bot in a local browser page, without a token and without Discord."""
    from bot.preview.page import run_preview

    asyncio.run(run_preview(data, open_browser=not no_browser, port=port))


def _as_json(answer: Answer, *, nearest: bool) -> dict[str, Any]:
    """The object of an answer, with the passages that came closest where they are wanted."""
    wanted = {"nearest": [hit.as_json() for hit in answer.nearest]} if nearest else {}
    return {**answer.as_json(), **wanted}


def _library(data: Path) -> IndexedLibrary:
    corpus = load_corpus(data, load_settings().fetched)
    total = sum(len(document.passages) for document in corpus.documents)
    if total <= EXACT_UP_TO:
        return IndexedLibrary.build(corpus)
    with shown_progress() as on_progress:
        return IndexedLibrary.build(corpus, lambda done: on_progress("indexing", done, total))
