"""What the operator may change in one library: a server's own, or the shared one."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from filelock import FileLock

from bot.errors import LimitReachedError
from bot.libraries import publishing
from bot.libraries.indexes import INDEX_FOLDER, Indexes
from bot.libraries.progress import shown_progress
from bot.libraries.publishing import Publication, Revision, load_documents, load_revision
from bot.libraries.rules import (
    all_but,
    check_known,
    check_new,
    check_passages,
    check_room,
    ids_of,
    in_its_place,
    taken_ids,
    twin_of,
)
from bot.settings.settings import Settings, load_settings
from bot.store import SHARED, Action, DocumentChange, Person, Store, StoredRevision
from index.documents.corpus import MAX_SOURCE_BYTES, Corpus, Source, read_corpus
from index.documents.differences import (
    Differences,
    DocumentDifference,
    compare,
    compare_documents,
)
from index.documents.document import Document
from index.documents.editing import (
    Folder,
    check_editable,
    corpus_file,
    read_folder,
    with_added,
    with_replaced,
    without,
)
from index.documents.passages import Passage
from index.documents.uploads import Upload, read_upload
from index.errors import CorpusError, FootnoteError, Problem
from index.files.regular import cause_of, read_regular_file
from index.importers.formats import format_of

__all__ = ["Edit", "Editor", "SharedEditor", "open_editor", "open_shared_editor"]

COMMAND_LINE = Person(None, "command line")
LOCK_NAME = "corpus.lock"
BEYOND_LIMIT = {
    "duplicate": (
        "{path} is in {library} already, byte for byte, as {document!r}; nothing was changed"
    ),
    "too_many_documents": (
        "{library} holds {documents:,} documents, and {limit:,} are the most; remove one, or raise "
        "FOOTNOTE_MAX_SERVER_DOCUMENTS"
    ),
    "too_many_passages": (
        "{library} holds {passages:,} passages, and with these {total:,}; {limit:,} are the most. "
        "Remove a document, or raise FOOTNOTE_MAX_SERVER_PASSAGES"
    ),
}
"""What the operator is told; people in Discord are told it in words of the locales."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change that is ready: what it would change, what to tell, and `apply`, which makes it.

    `same` is True where the documents would be those that are served already; `difference` is that
    of the one document that gets another file. `titles` are those of all documents, by their ids.
    """

    differences: Differences
    apply: Callable[[], Publication]
    notes: tuple[str, ...] = ()
    same: bool = False
    difference: DocumentDifference | None = None
    titles: Mapping[str, str] = field(default_factory=dict)


class Editor:
    """One library of the store: a server's own."""

    def __init__(
        self, store: Store, settings: Settings, owner: int, data: Path, indexes: Indexes
    ) -> None:
        self.owner = owner
        self._indexes = indexes
        self.data = data
        self._store = store
        self._settings = settings

    @property
    def name(self) -> str:
        return "the shared library" if self.owner == SHARED else f"server {self.owner}'s library"

    @property
    def option(self) -> str:
        """What chooses this library on the command line."""
        return "" if self.owner == SHARED else f" --server {self.owner}"

    @cached_property
    def current(self) -> Revision | None:
        """The revision that is served now, as every edit of this editor starts from it."""
        return load_revision(self._store, self.owner, self._indexes)

    @property
    def stored(self) -> StoredRevision | None:
        return self._store.libraries.current(self.owner)

    def history(self) -> list[StoredRevision]:
        """The kept revisions, newest first."""
        return self._store.libraries.history(self.owner)

    def changes(self) -> dict[int, list[DocumentChange]]:
        """What the kept revisions did to the documents, by number, where that is known."""
        return self._store.libraries.changes(self.owner)

    def served(self) -> tuple[Document, ...]:
        """The documents of the current revision."""
        stored = self.stored
        if stored is None:
            return ()
        return tuple(load_documents(self._store, self.owner, stored.number, self._indexes))

    def others(self) -> dict[int, int]:
        """The servers that have a library of their own, with its current revision."""
        current = self._store.libraries.changes_since(0).current
        return {owner: number for owner, number in sorted(current.items()) if owner != SHARED}

    def read(self, path: Path, given: Mapping[str, Any], *, replaces: str | None = None) -> Upload:
        """Read a file as a document to be added, or in the place of the one of the id `replaces`.

        Raises CorpusError, FootnoteError.
        """
        max_bytes, max_passages = self._bounds()
        content = _read(path, max_bytes)
        old = None if replaces is None else self._document(replaces).spec
        with self._told(path=path):
            check_new(content, all_but(replaces, self._sources))
        try:
            upload = read_upload(
                path.name,
                content,
                like=old,
                keep=old.keep if old is not None and format_of(path.name) == old.format else (),
                taken_ids=self._taken_ids(),
                max_bytes=max_bytes,
                max_passages=max_passages,
                **given,
            )
            return upload if old is None else upload.in_place_of(old)
        except CorpusError as error:
            place = str(path.absolute())  # else taken for a file of the corpus folder
            problems = [Problem(place, problem.line, problem.reason) for problem in error.problems]
            raise CorpusError(problems) from None

    def check_alone(self, upload: Upload, path: Path) -> None:
        """Raise FootnoteError where a document is there that the upload may be meant to replace."""
        if twin := twin_of(upload.document.spec, self._documents):
            raise FootnoteError(
                f"{twin!r} in {self.name} has that title or file name; nothing was changed. "
                f"Put the file in its place: footnote library replace {twin} {path}{self.option}; "
                "or have both: give --beside"
            )

    def adding(self, upload: Upload, _: Path) -> Edit:
        """The upload as one more document; raises FootnoteError beyond the server's limits."""
        with self._told():
            check_room(len(self._sources), self._settings.max_server_documents)
        self._check_passages(upload)
        return self._edit([*self._sources, upload.source], "add")

    def replacing(self, upload: Upload, _: Path) -> Edit:
        """The upload in the place of the document of its id; raises as `adding` does."""
        old = self._document(upload.document.id)
        self._check_passages(upload, old)
        edit = self._edit(in_its_place(upload.source, self._sources), "replace")
        difference = compare_documents(old, upload.document)

        def apply() -> Publication:
            publication = edit.apply()
            self._store.followed.unfollow(self.owner, old.id)  # a page would write over the file
            return publication

        return replace(edit, apply=apply, same=difference.same, difference=difference)

    def removing(self, document: str) -> Edit:
        """The library without `document`. UnknownDocumentError."""
        self._check_known(document, [source.spec.id for source in self._sources])
        return self._edit(all_but(document, self._sources), "remove")

    def rolling_back(self, number: int) -> Edit:
        """The documents of a kept revision as a new one. UnknownRevisionError."""
        return self._edit(self._store.libraries.load_documents(self.owner, number), "rollback")

    def purging(self, document: str) -> Edit:
        """Every revision without `document`. UnknownDocumentError."""
        self._check_known(document, self._store.libraries.document_ids(self.owner))
        others = [passage for passage in self._passages if passage.document != document]

        def apply() -> Publication:
            return publishing.purge(
                self._store, self.owner, document, by=COMMAND_LINE, indexes=self._indexes
            )

        return Edit(compare(self._passages, others), apply)

    @cached_property
    def _sources(self) -> Sequence[Source]:
        if self.current is None:
            return ()
        return self._store.libraries.load_documents(self.owner, self.current.number)

    @property
    def _passages(self) -> Sequence[Passage]:
        return self.current.library.passages if self.current else ()

    @property
    def _documents(self) -> Sequence[Document]:
        """What is edited."""
        return self.current.library.documents if self.current else ()

    def _document(self, document: str) -> Document:
        """The document of that id; UnknownDocumentError."""
        known = {one.id: one for one in self._documents}
        self._check_known(document, list(known))
        return known[document]

    def _taken_ids(self) -> set[str]:
        """The ids that a new document cannot have."""
        shared = SharedEditor(self._store, self._settings, SHARED, self.data, self._indexes)
        try:
            searched = shared.served()
        except CorpusError:  # no matter of this server's
            searched = ()
        return taken_ids(searched, self._sources)

    def _bounds(self) -> tuple[int, int]:
        """The most bytes and passages of one document."""
        return self._settings.max_file_bytes, self._settings.max_document_passages

    def _check_passages(self, upload: Upload, old: Document | None = None) -> None:
        passages = len(self._passages) - (0 if old is None else len(old.passages))
        more, limit = len(upload.document.passages), self._settings.max_server_passages
        with self._told():
            check_passages(passages, more, limit)

    @contextmanager
    def _told(self, **fields: object) -> Iterator[None]:
        """What is beyond a limit, in words for the operator."""
        try:
            yield
        except LimitReachedError as error:
            words = BEYOND_LIMIT[error.key]
            raise FootnoteError(words.format(library=self.name, **fields, **error.fields)) from None

    def _check_known(self, document: str, ids: list[str]) -> None:
        if not ids:
            raise FootnoteError(f"{self.name} holds no documents, so no {document!r} either")
        check_known(document, ids)

    def _edit(self, sources: Sequence[Source], action: Action) -> Edit:
        corpus = read_corpus(sources)
        return self._compared(corpus, lambda: self._publish(corpus, sources, action))

    def _compared(self, corpus: Corpus, apply: Callable[[], Publication], *notes: str) -> Edit:
        served = self.current.library.documents if self.current else ()
        same = self.current is not None and served == corpus.documents
        titles = {one.id: one.title for one in (*served, *corpus.documents)}
        differences = compare(self._passages, corpus.passages)
        return Edit(differences, apply, notes, same, titles=titles)

    def _publish(self, corpus: Corpus, sources: Sequence[Source], action: Action) -> Publication:
        store, owner, old = self._store, self.owner, self.current
        return publishing.publish(
            store, owner, sources, old=old, by=COMMAND_LINE, action=action, corpus=corpus,
            indexes=self._indexes,
        )  # fmt: skip


class SharedEditor(Editor):
    """The shared library: its documents are those of the corpus folder.

    What is added and removed goes into the folder first, and is then published as a refresh: at its
    start the bot compares the folder with the last revision that was read from it.
    """

    @cached_property
    def _first_look(self) -> Folder:
        return read_folder(self.data, self._settings.fetched)

    @property
    def folder(self) -> Corpus:
        """The folder as it was when this editor first looked. CorpusError."""
        return self._first_look[0]

    def served(self) -> tuple[Document, ...]:
        """The documents of the current revision; before the first one, those of the folder."""
        return super().served() if self.stored else self.folder.documents

    def adding(self, upload: Upload, path: Path) -> Edit:
        """The file put into the folder, with an entry in corpus.yaml. SetupError, CorpusError."""
        check_editable(self.data)

        def apply() -> Publication:
            fetched = self._settings.fetched
            edited = with_added(self.data, self.folder, upload.document, path, fetched)
            with self._alone(), edited as folder:
                return self._publish(*folder, "refresh")

        after = Corpus((*self.folder.documents, upload.document))
        return self._compared(after, apply, *self._unread(), f"{self._file} gets an entry")

    def replacing(self, upload: Upload, path: Path) -> Edit:
        """The file in the place of the one in the folder. SetupError, CorpusError."""
        check_editable(self.data)
        in_folder = self._document(upload.document.id)

        def apply() -> Publication:
            fetched = self._settings.fetched
            edited = with_replaced(self.data, self.folder, upload.document, path, fetched)
            with self._alone(), edited as folder:
                return self._publish(*folder, "refresh")

        new, documents = upload.document, self.folder.documents
        after = Corpus(tuple(new if known.id == new.id else known for known in documents))
        note = self._where(path, in_folder.spec.file)
        edit = self._compared(after, apply, *self._unread(), note)
        served = {known.id: known for known in super()._documents}
        difference = compare_documents(served.get(new.id, in_folder), new)
        same = difference.same and compare_documents(in_folder, new).same
        return replace(edit, same=same, difference=difference)

    def removing(self, document: str) -> Edit:
        """The folder without the entry of `document`, whose file stays. SetupError, CorpusError."""
        check_editable(self.data)
        self._check_known(document, [known.id for known in self.folder.documents])
        kept = tuple(known for known in self.folder.documents if known.id != document)
        if not kept:
            raise FootnoteError(
                f"{document!r} is the last document of {self._file}, and one must stay; "
                "add another first"
            )

        def apply() -> Publication:
            edited = without(self.data, self.folder, document, self._settings.fetched)
            with self._alone(), edited as folder:
                return self._publish(*folder, "refresh")

        stays = f"{self._file} loses the entry; the file that it names stays in the folder"
        return self._compared(Corpus(kept), apply, *self._unread(), stays)

    def refreshing(self) -> Edit:
        """The folder as it is, with what was fetched for it. CorpusError."""
        return self._compared(self.folder, lambda: self._publish(*self._first_look, "refresh"))

    def rolling_back(self, number: int) -> Edit:
        """A kept revision served again; the folder stays as it is."""
        again = "`/index refresh`, and a start after the folder has changed, serve the folder again"
        note = f"{self._file} stays as it is: {again}"
        return replace(super().rolling_back(number), notes=(note,))

    def purging(self, document: str) -> Edit:
        """Refused while corpus.yaml lists the document, as the folder would bring it back."""
        if document in {known.id for known in self.folder.documents}:
            raise FootnoteError(
                f"{self._file} still lists {document!r}, which would bring it back; remove it "
                f"first: footnote library remove {document}"
            )
        note = f"a file of it in {self._file.parent} is not touched; delete it there yourself"
        return replace(super().purging(document), notes=(note,))

    @property
    def _file(self) -> Path:
        return corpus_file(self.data)

    @property
    def _sources(self) -> Sequence[Source]:
        return self._first_look[1]

    @property
    def _documents(self) -> Sequence[Document]:
        return self.folder.documents

    def _taken_ids(self) -> set[str]:
        return ids_of(self.folder.documents)

    def _bounds(self) -> tuple[int, int]:
        """Those of the folder: the operator's own files are not limited as servers' are."""
        return MAX_SOURCE_BYTES, MAX_SOURCE_BYTES

    def _where(self, path: Path, listed: str) -> str:
        """Where a file comes to lie that takes the place of another of the folder."""
        folder = self._file.parent
        if path.resolve().is_relative_to(folder.resolve()):
            return f"{path} stays where it is, and {self._file} names it"
        if path.suffix.lower() == Path(listed).suffix.lower():
            return f"{folder / listed} gets what {path} holds"
        return f"{path} is copied beside {folder / listed}, and {self._file} names the copy"

    def _unread(self) -> tuple[str, ...]:
        """A note where the folder is not what is served, since all of it is published."""
        if self.current is None or self.current.library.documents == self.folder.documents:
            return ()
        note = (
            f"{self._file} already differs from revision {self.current.number}, which is served; "
            "all of the folder is published, and the counts hold all of it"
        )
        return (note,)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep a second command line from editing the folder at the same time."""
        self._settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(self._settings.state / LOCK_NAME, mode=0o600):
            yield


def _read(path: Path, max_bytes: int) -> bytes:
    """The bytes of a regular file; raises FootnoteError for anything else."""
    try:
        return read_regular_file(path, max_bytes)
    except (OSError, ValueError) as error:
        advice = "split it" if getattr(error, "errno", 0) == errno.EFBIG else "give a text file"
        raise FootnoteError(f"{path} cannot be read: {cause_of(error)}; {advice}") from None


@contextmanager
def open_editor(server: int | None, data: Path) -> Iterator[Editor]:
    """The library of `server`, or the shared one, in the store of the settings. StoreError."""
    if server is None:
        with open_shared_editor(data) as editor:
            yield editor
        return
    settings = load_settings()
    with Store.open(settings.state, settings.database()) as store:
        yield Editor(store, settings, server, data, _indexes(settings))


@contextmanager
def open_shared_editor(data: Path) -> Iterator[SharedEditor]:
    """The shared library, in the store of the settings. StoreError."""
    settings = load_settings()
    with Store.open(settings.state, settings.database()) as store:
        yield SharedEditor(store, settings, SHARED, data, _indexes(settings))


def _indexes(settings: Settings) -> Indexes:
    return Indexes(settings.state / INDEX_FOLDER, shown_progress)
