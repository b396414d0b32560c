"""The process that reads, compares and indexes a large library, so that no event loop waits.

It takes a Job from a connection, and answers there: one BuildProgress after another, and at the end
a BuildOutcome, the problems of the documents, what is wrong with the saved library that they should
be compared with, or what the disk said.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from index.arrays.folder import UnusableFolderError
from index.documents.corpus import Corpus, Source, read_corpus, readings_of
from index.documents.differences import Differences, compare
from index.documents.document import Document
from index.errors import CorpusError, Problem, first_problems
from index.library.library import IndexedLibrary
from index.library.saving import load_library, save_library
from index.system import connection_of_parent, give_way, ignore_interrupts

__all__ = [
    "LISTED",
    "MAX_WARNINGS",
    "BuildMessage",
    "BuildOutcome",
    "BuildProgress",
    "Job",
    "Stage",
    "main",
    "perform",
    "size_of",
]

LISTED = 20
"""Passages that were added, removed or changed and are told one by one."""
MAX_WARNINGS = 1000

Stage = Literal["reading", "comparing", "indexing", "saving"]
Tell = Callable[[Stage, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """How far a build is: documents read, or passages indexed."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """What was done. `differences` list but the first passages, `warnings` too.

    `same` is True where the new documents read the same as the old ones, which are not saved again
    then; `saved` is False for a small library, too, which its user makes itself. `readings` are
    what importers made of new documents, by their ids.
    """

    differences: Differences
    warnings: tuple[Problem, ...]
    same: bool
    saved: bool
    readings: Mapping[str, bytes] = field(default_factory=dict)


BuildMessage = BuildProgress | BuildOutcome | tuple[Problem, ...] | UnusableFolderError | OSError


@dataclass(frozen=True, slots=True)
class Job:
    """Read `new`, compare it with `old` (a saved library, documents or nothing), and save it.

    Without a `folder` nothing is saved; without `compares` nothing is compared.
    """

    new: Sequence[Source]
    old: Path | Sequence[Source] | None
    folder: Path | None
    compares: bool = True

    def send(self, connection: Connection) -> None:
        """Send it as `receive` takes it; raises OSError where the reader has gone."""
        old = self.old if isinstance(self.old, Sequence) else None
        connection.send(replace(self, new=(), old=self.old if old is None else ()))
        for sources in (self.new, old):
            if sources is not None:
                _send(sources, connection)

    @classmethod
    def receive(cls, connection: Connection) -> Job:
        """Receive what `send` sent; raises EOFError or OSError where the writer has gone."""
        job: Job = connection.recv()
        new = _receive(connection)
        old = _receive(connection) if isinstance(job.old, Sequence) else job.old
        return replace(job, new=new, old=old)


def perform(job: Job, tell: Tell) -> BuildOutcome:
    """Do the job, and tell how far it is.

    Raises CorpusError, OSError and, at once, UnusableFolderError where `job.old` is damaged.
    """
    old = _old_documents(job.old) if job.compares else ()
    tell("reading", 0, size_of(job.new))
    library = _saved(job.folder)
    corpus = read_corpus(job.new) if library is None else Corpus(library.documents)
    differences, same = Differences((), (), (), 0), False
    if job.compares:
        tell("comparing", 0, 1)
        before = [passage for document in old for passage in document.passages]
        differences = compare(before, corpus.passages).brief(LISTED)
        same = job.old is not None and corpus.documents == old
    warnings = first_problems(corpus.warnings, MAX_WARNINGS)
    readings = readings_of(job.new, corpus)
    if job.folder is None or same or library is not None:
        return BuildOutcome(differences, warnings, same, library is not None, readings)
    total = len(corpus.passages)
    library = IndexedLibrary.build(corpus, lambda done: tell("indexing", done, total))
    if library.is_large:
        tell("saving", 0, 1)
        save_library(job.folder, library, warnings)
    return BuildOutcome(differences, warnings, same, library.is_large, readings)


def size_of(sources: Iterable[Source]) -> int:
    """Bytes of what is to be read of all documents."""
    return sum(
        len(source.content if source.reading is None else source.reading) for source in sources
    )


def _saved(folder: Path | None) -> IndexedLibrary | None:
    """The library where another process has saved it already."""
    try:
        return load_library(folder).library if folder is not None else None
    except UnusableFolderError:
        return None


def _old_documents(old: Path | Sequence[Source] | None) -> tuple[Document, ...]:
    if old is None:
        return ()
    if isinstance(old, Path):
        return load_library(old).library.documents
    return read_corpus(old).documents


def _send(sources: Sequence[Source], connection: Connection) -> None:
    told = [(source.spec, source.file_name, source.reading is not None) for source in sources]
    connection.send(told)
    for source in sources:  # pickled, their bytes would be in memory once more
        connection.send_bytes(source.content if source.reading is None else source.reading)


def _receive(connection: Connection) -> tuple[Source, ...]:
    received = []
    for spec, file_name, is_read in connection.recv():
        content = connection.recv_bytes()  # of what was read already nothing else is needed
        received.append(Source(spec, content, file_name, content if is_read else None))
    return tuple(received)


def _answer(job: Job, tell: Tell) -> BuildMessage:
    """Do the job; what came of it."""
    try:
        return perform(job, tell)
    except CorpusError as error:
        return first_problems(error.problems, MAX_WARNINGS)
    except ConnectionError:
        raise  # it is nothing that the disk said
    except (UnusableFolderError, OSError) as error:
        return error


def main() -> None:
    """Take one job from whoever started this process, and answer there."""
    ignore_interrupts()  # Ctrl-C is for whoever asked, who ends this
    give_way()  # questions are answered first
    with connection_of_parent() as connection:
        try:
            job = Job.receive(connection)
            connection.send(_answer(job, lambda *how_far: connection.send(BuildProgress(*how_far))))
        except (EOFError, ConnectionError):
            sys.exit(1)  # nobody waits for this any longer
