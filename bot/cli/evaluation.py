"""The command `footnote eval`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.evaluation_tables import print_follow_ups, print_report
from bot.cli.meaning import searcher_of
from bot.cli.terminal import print_json
from bot.libraries.meaning import ReadingRoom
from bot.settings.settings import load_settings
from index.documents.corpus import CORPUS_SUFFIXES, load_corpus
from index.documents.document import LANGUAGE_CODE
from index.errors import CorpusError, FootnoteError, SetupError
from index.evaluation import (
    BASELINES,
    BY_WORDS,
    EvaluationReport,
    JudgedQuestion,
    Options,
    QuestionSet,
    System,
    footnote,
    measure_follow_ups,
    read_follow_ups,
    read_set,
)
from index.evaluation import evaluate as evaluate_sets
from index.evaluation.scoring import Track
from index.library.library import IndexedLibrary

__all__ = ["evaluate"]

QUESTIONS = "questions.yaml"
"""The list beside corpus.yaml that is asked where no PATH is given."""
PLOT_SUFFIXES = {".png", ".svg", ".pdf"}
PRINTED_WIDTH = 120
"""Columns of a table that goes to a file or a pipe."""


def _check_plot(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in PLOT_SUFFIXES:
        raise click.BadParameter(f"must end in one of {', '.join(sorted(PLOT_SUFFIXES))}")
    return path


def _check_language(_: click.Context, __: click.Parameter, code: str | None) -> str | None:
    if code is not None and not LANGUAGE_CODE.fullmatch(code):
        raise click.BadParameter("must be a language code of two or three letters, such as ja")
    return code


@click.command("eval")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--run", metavar="DIR", type=click.Path(path_type=Path),
    help="Write each set's rankings, SET.trec, and confidences, SET.confidence.tsv, to DIR.",
)  # fmt: skip
@click.option(
    "--report", is_flag=True,
    help="Ask the questions that a list marks `report: true` instead: nothing is tuned on them.",
)  # fmt: skip
@click.option(
    "--language", metavar="CODE", callback=_check_language,
    help="The language of BEIR folders, such as ja; their metadata.language goes without saying.",
)  # fmt: skip
@click.option("--no-baselines", is_flag=True, help="Leave rank-bm25 out, for speed.")
@click.option(
    "--unanswerable", type=click.Choice(["drop-half"]),
    help="Measure silence on BEIR folders too, with half of their documents dropped.",
)  # fmt: skip
@click.option("--ablate", is_flag=True, help="Tell what each feature of the rerank is worth.")
@click.option("--typos", is_flag=True, help="Tell what one typo in a question costs.")
@click.option(
    "--followups", "conversations", metavar="FILE.yaml", type=click.Path(path_type=Path),
    help="Measure conversations instead: questions that lean on the ones before.",
)  # fmt: skip
@click.option(
    "--plot", metavar="FILE.png", type=click.Path(dir_okay=False, path_type=Path),
    callback=_check_plot, help="Draw the figures. Needs the extra: footnote[eval]",
)  # fmt: skip
def evaluate(
    *,
    data: Path,
    paths: tuple[Path, ...],
    as_json: bool,
    run: Path | None,
    report: bool,
    language: str | None,
    no_baselines: bool,
    unanswerable: str | None,
    ablate: bool,
    typos: bool,
    conversations: Path | None,
    plot: Path | None,
    peers: Sequence[System] = (),
) -> None:
    """Measure how often the right passage is first, and silence where there is none.

    PATH is a BEIR folder (corpus.jsonl, queries.jsonl, qrels/*.tsv) or a list of questions in YAML
    over the documents of --data. Default: the questions.yaml beside those documents.
    """
    if conversations is not None:
        if paths:
            raise click.UsageError("--followups measures FILE.yaml alone; leave PATH out")
        if report or language:
            raise click.UsageError("--followups goes without --report and --language")
        _evaluate_follow_ups(conversations, data, as_json=as_json)
        return
    draw = _drawer() if plot else None
    sets = _read(paths, data, language, marked=report)
    systems = [*_footnotes(sets), *(() if no_baselines else BASELINES), *peers]
    options = Options(unanswerable == "drop-half", typos, ablate, run)
    with _writing(run), _progress(shown=not as_json) as track:
        found = evaluate_sets(sets, systems, options, track)
    if as_json:
        print_json(found.as_json())
    else:
        console = Console(highlight=False)
        print_report(console if console.is_terminal else _plain(), found)
    if plot and draw:
        with _writing(plot):
            draw(found, plot)


def _footnotes(sets: Iterable[QuestionSet]) -> list[System]:
    """Footnote as it is set up, and by words alone where meaning is asked of any of the sets."""
    room = ReadingRoom.open(load_settings().meaning, remembering=True)
    languages = [
        {document.spec.language for document in question_set.corpus.documents}
        for question_set in sets
    ]
    if not any(room.state_for(codes) == "serves" for codes in languages):
        return [footnote()]
    return [footnote(reader=room.reader, always=room.always), footnote(name=BY_WORDS)]


def _evaluate_follow_ups(path: Path, data: Path, *, as_json: bool) -> None:
    corpus = load_corpus(data, load_settings().fetched)
    try:
        conversations = read_follow_ups(path, corpus)
    except CorpusError as error:
        folder = path.parent.absolute()
        problems = [replace(problem, file=str(folder / problem.file)) for problem in error.problems]
        raise CorpusError(problems) from None
    searcher = searcher_of(IndexedLibrary.build(corpus))
    follow_ups = measure_follow_ups(path.stem, conversations, searcher)
    if as_json:
        print_json(follow_ups.as_json())
    else:
        console = Console(highlight=False)
        print_follow_ups(console if console.is_terminal else _plain(), follow_ups)


def _plain() -> Console:
    return Console(highlight=False, width=PRINTED_WIDTH)


def _drawer() -> Callable[[EvaluationReport, Path], None]:
    """The function that draws, loaded before the long work. Raises SetupError without its extra."""
    try:
        import_module("matplotlib")
    except ImportError:
        reason = "--plot needs matplotlib; install it with: pip install 'footnote[eval]'"
        raise SetupError(reason) from None
    draw: Callable[[EvaluationReport, Path], None] = import_module("bot.cli.evaluation_plot").draw
    return draw


def _read(
    paths: Sequence[Path], data: Path, language: str | None, *, marked: bool
) -> list[QuestionSet]:
    """The sets at `paths`, of lists the half that is `marked` for reports or the other.

    Files of sets are named in full, for --data is another folder.
    """
    folder = data.parent if data.suffix in CORPUS_SUFFIXES else data
    set_paths = paths or (folder / QUESTIONS,)
    has_lists = any(path.suffix in CORPUS_SUFFIXES and not path.is_dir() for path in set_paths)
    corpus = load_corpus(data, load_settings().fetched) if has_lists else None
    sets, problems = [], []
    for path in set_paths:
        try:
            sets.append(read_set(path, corpus, report=marked, language=language))
        except CorpusError as error:
            root = (path if path.is_dir() else path.parent).absolute()
            problems += [replace(issue, file=str(root / issue.file)) for issue in error.problems]
    if problems:
        raise CorpusError(problems)
    name, count = Counter(question_set.name for question_set in sets).most_common(1)[0]
    if count > 1:
        raise click.UsageError(f"{count} sets are called {name!r}; give each folder its own name")
    return sets


@contextmanager
def _writing(path: Path | None) -> Iterator[None]:
    """Turn what the system says of a file that cannot be written into words about `path`."""
    try:
        yield
    except OSError as error:
        cause = error.strerror.lower() if error.strerror else str(error)
        raise FootnoteError(f"{error.filename or path}: cannot be written ({cause})") from None


@contextmanager
def _progress(*, shown: bool) -> Iterator[Track]:
    """A bar on stderr for each run of questions, where a person looks at it."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    disable = not (shown and console.is_terminal)
    with Progress(*columns, console=console, transient=True, disable=disable) as progress:

        def track(questions: Sequence[JudgedQuestion], label: str) -> Iterable[JudgedQuestion]:
            task = progress.add_task(label, total=len(questions))
            for question in questions:
                yield question
                progress.advance(task)
            progress.remove_task(task)

        yield track
