"""corpus.yaml and its files to documents; everything wrong is told as `file:line: reason`."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.documents.document import Document, DocumentSpec
from index.documents.importing import as_imported, import_document
from index.documents.listing import Entry, listed_specs, spread
from index.documents.passage_files import is_passage_file, read_passage_file
from index.documents.passages import Passage
from index.documents.reading.kept import pack_reading, unpack_reading
from index.documents.reading.plain import read_passages
from index.errors import CorpusError, Problem
from index.files.lined_yaml import LinedYaml, parse_yaml
from index.files.regular import cause_of, read_regular_file
from index.importers.encodings import decode

__all__ = [
    "CORPUS_SUFFIXES",
    "Corpus",
    "Source",
    "fetched_entries",
    "load_corpus",
    "read_corpus",
    "read_document",
    "read_sources",
    "readings_of",
    "with_readings",
]

CORPUS_FILE = "corpus.yaml"
CORPUS_SUFFIXES = (".yaml", ".yml")
MAX_SOURCE_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A document before it is read: what is said of it, its bytes, and the name its file had.

    `reading` is what an importer made of the bytes, where one has read them already.
    """

    spec: DocumentSpec
    content: bytes = field(repr=False)
    file_name: str
    reading: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of one library, and what was odd about them."""

    documents: tuple[Document, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def passages(self) -> tuple[Passage, ...]:
        return tuple(passage for document in self.documents for passage in document.passages)


def load_corpus(folder: Path, fetched: Path | None = None) -> Corpus:
    """Read `folder`/corpus.yaml (or that file itself) and all the files that it names.

    What it has fetched is read from the folder `fetched`, where that was put. Raises CorpusError
    with every problem that was found, in the order of the files.
    """
    return read_corpus(read_sources(folder, fetched))


def read_sources(folder: Path, fetched: Path | None = None) -> tuple[Source, ...]:
    """The documents that `folder`/corpus.yaml (or that file itself) names, not yet read.

    Raises CorpusError where one cannot be had, with every problem of the others too.
    """
    path, listing = _listing_of(folder)
    specs, problems = listed_specs(listing)
    entries: list[Source | CorpusError] = []
    for position, spec, content in spread(path.parent, fetched, specs, listing, problems):
        try:
            found = content
            if found is None:
                found = _read_source(path.parent, spec, listing, position)
        except CorpusError as error:
            entries.append(error)
        else:
            entries.append(Source(as_imported(spec, len(found)), found, spec.file))
    sources = tuple(entry for entry in entries if isinstance(entry, Source))
    if problems or len(sources) < len(entries):
        for entry in entries:
            problems.extend(_problems(entry) if isinstance(entry, Source) else entry.problems)
        raise CorpusError(problems)
    return sources


def fetched_entries(folder: Path) -> list[Entry]:
    """The entries of `folder`/corpus.yaml (or of that file) that are fetched. CorpusError."""
    entries, problems = listed_specs(_listing_of(folder)[1])
    if problems:
        raise CorpusError(problems)
    return [entry for entry in entries if entry.origin is not None]


def read_corpus(sources: Iterable[Source]) -> Corpus:
    """Read documents from their bytes; raises CorpusError with every problem that was found."""
    problems: list[Problem] = []
    warnings: list[Problem] = []
    documents: list[Document] = []
    for source in sources:
        try:
            document, document_warnings = read_document(source)
        except CorpusError as error:
            problems.extend(error.problems)
        else:
            documents.append(document)
            warnings.extend(document_warnings)
    if problems:
        raise CorpusError(problems)
    return Corpus(tuple(documents), tuple(warnings))


def read_document(source: Source) -> tuple[Document, list[Problem]]:
    """Read a document from its bytes, with what was odd; raises CorpusError."""
    spec, content = source.spec, source.content
    if source.reading is not None:
        return unpack_reading(spec, source.reading)
    if spec.format is not None:
        return import_document(spec, content)
    if is_passage_file(spec.file):
        reading = read_passage_file(spec, content)
    else:
        text, odd = decode(spec.file, content)
        reading = read_passages(
            text,
            document=spec.id,
            file=spec.file,
            layout=spec.layout,
            markers=spec.markers,
            language=spec.language,
        )
        reading.warnings.extend(Problem(spec.file, 1, reason) for reason in odd)
    if reading.errors:
        raise CorpusError(reading.errors)
    return Document(spec, tuple(reading.passages)), reading.warnings


def readings_of(sources: Iterable[Source], corpus: Corpus) -> dict[str, bytes]:
    """What importers made of those sources that were not read before, by the document's id."""
    read = {document.id: document for document in corpus.documents}
    return {
        source.spec.id: pack_reading(
            read[source.spec.id],
            [warning for warning in corpus.warnings if warning.file == source.spec.file],
        )
        for source in sources
        if source.spec.format is not None and source.reading is None
    }


def with_readings(sources: Iterable[Source], readings: Mapping[str, bytes]) -> list[Source]:
    """The sources, each with its reading where one is there now."""
    return [
        replace(source, reading=readings[source.spec.id]) if source.spec.id in readings else source
        for source in sources
    ]


def _listing_of(folder: Path) -> tuple[Path, LinedYaml]:
    """The corpus.yaml that a folder means, and what it says. CorpusError."""
    path = folder if folder.suffix in CORPUS_SUFFIXES else folder / CORPUS_FILE
    try:
        content = read_regular_file(path, MAX_SOURCE_BYTES)
    except (OSError, ValueError) as error:
        reason = (
            f"cannot be read ({cause_of(error)}); give a folder that holds a {CORPUS_FILE}, "
            "or make one with: footnote init"
        )
        raise CorpusError([Problem(path.name, 1, reason)]) from None
    return path, parse_yaml(content, path.name)


def _problems(source: Source) -> tuple[Problem, ...]:
    """What is wrong with a document."""
    try:
        read_document(source)
    except CorpusError as error:
        return error.problems
    return ()


def _read_source(folder: Path, spec: DocumentSpec, source: LinedYaml, position: int) -> bytes:
    place = ("documents", position, "file")
    root = folder.resolve()
    try:
        path = (root / spec.file).resolve()
        if not path.is_relative_to(root):
            reason = (
                f"{spec.file!r} leads out of the folder of {CORPUS_FILE}; put the file inside it"
            )
            raise CorpusError([source.problem(place, reason)])
        return read_regular_file(path, MAX_SOURCE_BYTES)
    except (OSError, ValueError) as error:
        advice = "split it" if getattr(error, "errno", 0) == errno.EFBIG else "put it there"
        reason = f"the file {spec.file!r} cannot be read ({cause_of(error)}); {advice}"
        raise CorpusError([source.problem(place, reason)]) from None
    except RuntimeError:  # pathlib's word for links that lead in a circle
        reason = f"{spec.file!r} is a link that leads back to itself; put a file there"
        raise CorpusError([source.problem(place, reason)]) from None
