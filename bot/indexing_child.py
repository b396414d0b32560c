"""The process that reads, compares and indexes a large library, so that no event loop waits.

`python -m bot.indexing_child` takes a Job from standard input and answers on standard output.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from bot.indexing_job import Answer, Failure, Job, Outcome, Progress, Stage, to_line
from index.array_folder import UnusableFolderError
from index.corpus import Corpus, Document, Source, read_corpus
from index.differences import Differences, compare
from index.errors import CorpusError, Problem
from index.library import IndexedLibrary
from index.saving import load_library, save_library

__all__ = ["LISTED", "MAX_WARNINGS", "first_warnings", "perform", "size_of"]

LISTED = 20
"""Passages that were added, removed or changed and are told one by one."""
MAX_WARNINGS = 1000
NICENESS = 10
"""Questions are answered first."""

Tell = Callable[[Stage, int, int], None]


def perform(job: Job, tell: Tell) -> Outcome:
    """Do the job, and tell how far it is. Raises CorpusError, OSError, UnusableFolderError."""
    tell("reading", 0, size_of(job.new))
    library = _saved(job.folder)
    corpus = read_corpus(job.new) if library is None else Corpus(library.documents)
    differences, same = Differences((), (), (), 0), False
    if job.compares:
        tell("comparing", 0, 1)
        old = _old_documents(job.old)
        before = [passage for document in old for passage in document.passages]
        differences = compare(before, corpus.passages).brief(LISTED)
        same = job.old is not None and corpus.documents == old
    warnings = first_warnings(corpus.warnings)
    if job.folder is None or same or library is not None:
        return Outcome(differences, warnings, same, saved=library is not None)
    total = len(corpus.passages)
    library = IndexedLibrary.build(corpus, lambda done: tell("indexing", done, total))
    if library.arrays is not None:
        tell("saving", 0, 1)
        save_library(job.folder, library, warnings)
    return Outcome(differences, warnings, same, saved=library.arrays is not None)


def first_warnings(warnings: Sequence[Problem]) -> tuple[Problem, ...]:
    """So many warnings as are kept, the last of which says how many more there are."""
    if len(warnings) <= MAX_WARNINGS:
        return tuple(warnings)
    first = warnings[MAX_WARNINGS - 1]
    more = f"and {len(warnings) - MAX_WARNINGS + 1:,} more from here on"
    return (*warnings[: MAX_WARNINGS - 1], Problem(first.file, first.line, more))


def size_of(sources: Iterable[Source]) -> int:
    """Bytes of all documents."""
    return sum(len(source.content) for source in sources)


def _saved(folder: Path | None) -> IndexedLibrary | None:
    """The library where another process has saved it already."""
    try:
        return load_library(folder)[0] if folder is not None else None
    except UnusableFolderError:
        return None


def _old_documents(old: Path | Sequence[Source] | None) -> tuple[Document, ...]:
    if old is None:
        return ()
    return load_library(old)[0].documents if isinstance(old, Path) else read_corpus(old).documents


def main() -> None:
    """Take one job from standard input, and answer on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asked, who ends this
    with suppress(OSError):  # the systemd unit forbids it; a build is as good without
        os.nice(NICENESS)
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed is no answer

    def answer(one: Answer) -> None:
        pipe.write(to_line(one))
        pipe.flush()

    job = Job.read(sys.stdin.buffer)
    try:
        answer(perform(job, lambda *how_far: answer(Progress(*how_far))))
    except CorpusError as error:
        answer(Failure(problems=first_warnings(error.problems)))
    except BrokenPipeError:
        sys.exit(1)  # nobody waits for this any longer
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        answer(Failure(disk=error.strerror or str(error), is_full=full))
    except UnusableFolderError as error:
        answer(Failure(disk=str(error)))


if __name__ == "__main__":
    main()
