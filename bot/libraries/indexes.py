"""The indexes of large libraries: built in a process of their own, saved, and mapped from there.

A saved index lies in `<state>/index/<digest>/`. The digest tells the documents and the versions it
was made with, so that an index is used for nothing else, and never needs to be brought up to date.
Each process that serves one maps a copy of its own: what happens to the folder meanwhile does it no
harm, and is mended from what is served.
"""

from __future__ import annotations

import errno
import logging
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

from bot.libraries.indexing_child import (
    LISTED,
    MAX_WARNINGS,
    BuildMessage,
    BuildOutcome,
    BuildProgress,
    Job,
    Stage,
    size_of,
)
from bot.libraries.progress import logged_progress
from bot.store.errors import StoreError, StoreFullError
from bot.work.processes import Processes, ProcessesClosedError, ProcessNotStartedError, Worker
from index.arrays.folder import (
    UNFINISHED,
    FolderStamp,
    UnusableFolderError,
    check_folder,
    is_untouched,
)
from index.documents.corpus import Corpus, Source, read_corpus, readings_of, with_readings
from index.documents.differences import Differences, compare
from index.documents.document import Document
from index.errors import CorpusError, Problem, first_problems
from index.library.library import EXACT_UP_TO, IndexedLibrary
from index.library.saving import load_library, save_library

__all__ = [
    "INDEX_FOLDER",
    "BuildNeededError",
    "Indexes",
    "IndexingStoppedError",
    "Made",
    "Old",
    "Tell",
]

log = logging.getLogger("footnote.indexes")

INDEX_FOLDER = "index"
"""Where saved indexes lie in the state folder."""
LARGE_BYTES = 250_000
"""Documents of more than this are read in a process of their own: 4,000 short sentences."""
KEPT_UNUSED_S = 3600.0
"""How long an index stays that no current revision uses: another process may just have made it."""

STOPPING = "the index was not built, as the bot is being stopped"

Tell = Callable[[Stage, int, int], None]
Shown = Callable[[], AbstractContextManager[Tell]]


class IndexingStoppedError(StoreError):
    """The process that built an index was ended before it was done."""


class BuildNeededError(Exception):
    """A library that was wanted at once has to be built by a process of its own."""


@dataclass(frozen=True, slots=True)
class Old:
    """What new documents are compared with: a library, its digest and, when asked, its sources."""

    library: IndexedLibrary
    digest: str
    sources: Callable[[], Sequence[Source]]


@dataclass(frozen=True, slots=True)
class Made:
    """A library made ready; `same` is True where it is the old one, whose passages it has.

    `readings` are what importers made of its documents that were not read before, by their ids.
    """

    library: IndexedLibrary
    differences: Differences
    warnings: tuple[Problem, ...]
    same: bool = False
    readings: Mapping[str, bytes] = field(default_factory=dict)


class Indexes:
    """Makes libraries ready. Synchronous, and safe to use from many threads."""

    def __init__(self, folder: Path, shown: Shown = logged_progress) -> None:
        """Save in `folder`; `shown` gives what shows people how far a long build is."""
        self._folder = folder
        self._shown = shown
        self._processes = Processes("bot.libraries.indexing_child")
        self._stamps: WeakKeyDictionary[IndexedLibrary, FolderStamp] = WeakKeyDictionary()
        self._mending = Lock()
        self._told: set[str] = set()

    @property
    def closed(self) -> bool:
        """Whether the bot is being stopped, so that nothing is built any more."""
        return self._processes.closed

    def make(
        self, digest: str, sources: Sequence[Source], old: Old | None, corpus: Corpus | None = None
    ) -> Made:
        """Read, compare and index documents. Raises CorpusError, StoreError.

        `corpus` is what they were read to, where that is known; then they are indexed here.
        """
        if corpus is None and self.is_for_child(sources, old.library if old else None):
            outcome = self._compared(digest, sources, old)
            if outcome.same and old is not None:
                return Made(old.library, outcome.differences, outcome.warnings, same=True)
            if outcome.saved:
                # Where it was there already, its warnings are with it.
                library, warnings = self.load(digest, lambda: sources)
            else:  # a small one
                read = with_readings(sources, outcome.readings)
                library, warnings = IndexedLibrary.build(read_corpus(read)), outcome.warnings
            return Made(library, outcome.differences, warnings, readings=outcome.readings)
        corpus = corpus or read_corpus(sources)
        differences = compare(old.library.passages if old else (), corpus.passages)
        if old is not None and corpus.documents == old.library.documents:
            return Made(old.library, differences, corpus.warnings, same=True)
        library, warnings = self._built(digest, corpus)
        readings = readings_of(sources, corpus)
        return Made(library, differences.brief(LISTED), warnings, readings=readings)

    def compare(self, sources: Sequence[Source], old: Old | None) -> Differences:
        """What documents would change. Raises CorpusError, StoreError."""
        if self.is_for_child(sources, old.library if old else None):
            return self._compared(None, sources, old).differences
        return compare(old.library.passages if old else (), read_corpus(sources).passages)

    def load(
        self,
        digest: str,
        sources: Callable[[], Sequence[Source]],
        tell: Tell | None = None,
        *,
        at_once: bool = False,
    ) -> tuple[IndexedLibrary, tuple[Problem, ...]]:
        """The saved library of that digest with its warnings, or one made of `sources`.

        `tell` is told how far it is made. Raises CorpusError, StoreError, and with `at_once`
        BuildNeededError. A disk that takes nothing is no reason not to serve.
        """
        saved = self._mapped(digest)
        if saved is not None:
            return saved
        documents = sources()
        try:
            if self.is_for_child(documents, None):
                if at_once:
                    raise BuildNeededError
                outcome = self._run(
                    Job(documents, None, self._folder / digest, compares=False), tell
                )
                if outcome.saved and (saved := self._mapped(digest)) is not None:
                    return saved
            return self._built(digest, read_corpus(documents))
        except IndexingStoppedError:
            raise
        except StoreError as error:
            log.warning("%s; until then it is made in memory at each start", error)
        corpus = read_corpus(documents)
        return IndexedLibrary.build(corpus), first_problems(corpus.warnings, MAX_WARNINGS)

    def documents(self, digest: str, sources: Callable[[], Sequence[Source]]) -> Sequence[Document]:
        """The documents alone, as cheaply as can be. Raises CorpusError, StoreError."""
        saved = self._mapped(digest)
        if saved is not None:
            return saved[0].documents
        unread = sources()
        if self.is_for_child(unread, None):
            return self.load(digest, lambda: unread)[0].documents
        return read_corpus(unread).documents

    def is_sound(self, digest: str, library: IndexedLibrary) -> bool:
        """Whether nobody touched the saved index of a library, or it has none; cheap."""
        stamp = self._stamps.get(library)
        return stamp is None or is_untouched(self._folder / digest, stamp)

    def save_anew(self, digest: str, library: IndexedLibrary, warnings: Sequence[Problem]) -> None:
        """Save a library whose saved index is not what it was; the log says what was wrong.

        A disk that takes nothing is told there too, once.
        """
        folder = self._folder / digest
        with self._mending:
            stamp = self._stamps.get(library)
            if stamp is None or is_untouched(folder, stamp):
                return
            try:
                found = check_folder(folder)
                if found.checksum == stamp.checksum:  # the same bytes, brought back or copied
                    self._stamps[library] = found
                    return
                wrong = f"{folder} cannot be used: it holds another library"
            except UnusableFolderError as error:
                wrong = str(error)
            try:
                self._stamps[library] = save_library(folder, library, warnings)
            except OSError as error:
                said = f"{wrong}; it cannot be saved anew ({error.strerror}), but is served on"
                if said not in self._told:
                    log.warning("%s", said)
                    self._told.add(said)
            else:
                log.warning("%s; it was saved anew from what is served", wrong)
                self._told.clear()

    def remove(self, digests: Iterable[str]) -> None:
        """Remove the indexes of these digests at once, where there are any."""
        for digest in digests:
            shutil.rmtree(self._folder / digest, ignore_errors=True)

    def saved(self) -> list[str]:
        """The digests of all indexes that are saved now; beside them, what is being written."""
        return [path.name for path in self._folder.iterdir()] if self._folder.is_dir() else []

    def remove_unused(self, used: Collection[str]) -> None:
        """Remove the indexes that are none of `used`, and were saved over an hour ago.

        What was saved since may be about to be published, here or by another process.
        """
        for name in set(self.saved()).difference(used):
            path = self._folder / name
            try:
                age = time.time() - path.stat().st_mtime
            except OSError:
                continue  # another process was faster
            if age >= KEPT_UNUSED_S:
                shutil.rmtree(path, ignore_errors=True)

    def close(self) -> None:
        """End the builds that are under way; whoever waits for one gets IndexingStoppedError."""
        self._processes.close()

    def is_for_child(self, sources: Sequence[Source], old: IndexedLibrary | None) -> bool:
        """Whether these, or what they are compared with, take a process of their own.

        A document that no importer has read yet does: a page of a few kilobytes may take a second.
        """
        if any(one.spec.format is not None and one.reading is None for one in sources):
            return True
        return size_of(sources) > LARGE_BYTES or (old is not None and old.is_large)

    def _compared(
        self, digest: str | None, sources: Sequence[Source], old: Old | None
    ) -> BuildOutcome:
        """Have documents read, compared and, with a digest, saved by a process of its own."""
        folder = None if digest is None else self._folder / digest
        if old is not None and old.library.is_large and (self._folder / old.digest).is_dir():
            try:
                return self._run(Job(sources, self._folder / old.digest, folder))
            except UnusableFolderError as error:
                log.warning("%s; compared with the documents in the store instead", error)
                self._distrust(old.library)
        return self._run(Job(sources, None if old is None else old.sources(), folder))

    def _distrust(self, library: IndexedLibrary) -> None:
        """Have the saved index of a library read and mended, though its files look the same."""
        if (stamp := self._stamps.get(library)) is not None:
            self._stamps[library] = replace(stamp, files=())

    def _mapped(self, digest: str) -> tuple[IndexedLibrary, tuple[Problem, ...]] | None:
        """A saved library; None, and a line in the log, for one that cannot be trusted."""
        if not (self._folder / digest).is_dir():
            return None
        try:
            saved = load_library(self._folder / digest)
        except UnusableFolderError as error:
            log.warning("%s; it is built anew", error)
            return None
        self._stamps[saved.library] = saved.stamp
        if saved.refusal is not None:
            where = self._folder / digest
            log.warning("%s is kept in memory: no copy can be made (%s)", where, saved.refusal)
        return saved.library, saved.warnings

    def _built(self, digest: str, corpus: Corpus) -> tuple[IndexedLibrary, tuple[Problem, ...]]:
        """A library built in this process, and saved if it is large."""
        total = sum(len(document.passages) for document in corpus.documents)
        warnings = first_problems(corpus.warnings, MAX_WARNINGS)
        if total <= EXACT_UP_TO:
            return IndexedLibrary.build(corpus), warnings
        with self._shown() as tell:
            library = IndexedLibrary.build(corpus, lambda done: tell("indexing", done, total))
            tell("saving", 0, 1)
            try:
                save_library(self._folder / digest, library, warnings)
            except OSError as error:
                raise _not_saved(error) from None
        return self._mapped(digest) or (library, warnings)

    def _run(self, job: Job, also: Tell | None = None) -> BuildOutcome:
        """Have a job done by a process of its own, and wait for it; `also` is told how far.

        Raises UnusableFolderError for the saved library that is compared with.
        """
        with self._shown() as tell, self._process() as worker:
            for answer in _answers(job, worker.connection):
                match answer:
                    case BuildProgress(stage, done, total):
                        tell(stage, done, total)
                        if also is not None:
                            also(stage, done, total)
                    case BuildOutcome():
                        return answer
                    case UnusableFolderError():
                        raise answer
                    case OSError():
                        raise _not_saved(answer)
                    case problems:
                        raise CorpusError(problems)
            status = worker.process.wait()
        if self.closed:
            raise IndexingStoppedError(STOPPING)
        raise IndexingStoppedError(
            f"the process that builds the index ended early (status {status}), and what was served "
            "is served on; see what the log says before this, have more memory free, and try again"
        )

    @contextmanager
    def _process(self) -> Iterator[Worker]:
        """A process that builds; what it leaves unfinished is removed, however this is left."""
        try:
            with self._processes.started() as worker:
                try:
                    yield worker
                finally:
                    self._processes.end(worker)
                    for folder in self._folder.glob(f"*.{worker.process.pid}-*{UNFINISHED}"):
                        shutil.rmtree(folder, ignore_errors=True)
        except ProcessesClosedError:
            raise IndexingStoppedError(STOPPING) from None
        except ProcessNotStartedError as error:
            raise IndexingStoppedError(
                f"the index was not built, as no process can be started ({error}); "
                "have more memory and processes allowed"
            ) from None


def _answers(job: Job, connection: Connection) -> Iterator[BuildMessage]:
    """What a process answers, until it has gone."""
    with suppress(EOFError, OSError):
        job.send(connection)
        while True:
            yield connection.recv()


def _not_saved(error: OSError) -> StoreError:
    kind = StoreFullError if error.errno in (errno.ENOSPC, errno.EDQUOT) else StoreError
    reason = error.strerror or str(error)
    return kind(f"the index cannot be saved ({reason}); check the state folder and its disk")
