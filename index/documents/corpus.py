"""corpus.yaml and its files to documents; everything wrong is told as `file:line: reason`."""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field, ValidationError

from index.documents.document import Document, DocumentSpec, Strict
from index.documents.passage_files import control_problems, is_passage_file, read_passage_file
from index.documents.passages import Passage
from index.documents.reading import read_passages
from index.errors import CorpusError, Problem
from index.files.lined_yaml import LinedYaml, decode_utf8, parse_yaml, validation_problems
from index.files.regular import cause_of, read_regular_file

__all__ = [
    "CORPUS_SUFFIXES",
    "Corpus",
    "Source",
    "load_corpus",
    "read_corpus",
    "read_document",
    "read_sources",
]

CORPUS_FILE = "corpus.yaml"
CORPUS_SUFFIXES = (".yaml", ".yml")
MAX_SOURCE_BYTES = 2_000_000_000


class _CorpusFile(Strict):
    documents: list[DocumentSpec] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Source:
    """A document before it is read: what is said of it, its bytes, and the name its file had."""

    spec: DocumentSpec
    content: bytes = field(repr=False)
    file_name: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of one library, and what was odd about them."""

    documents: tuple[Document, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def passages(self) -> tuple[Passage, ...]:
        return tuple(passage for document in self.documents for passage in document.passages)


def load_corpus(folder: Path) -> Corpus:
    """Read `folder`/corpus.yaml (or that file itself) and all the files that it names.

    Raises CorpusError with every problem that was found, in the order of the files.
    """
    return read_corpus(read_sources(folder))


def read_sources(folder: Path) -> tuple[Source, ...]:
    """The documents that `folder`/corpus.yaml (or that file itself) names, not yet read.

    Raises CorpusError where one cannot be had, with every problem of the others too.
    """
    path = folder if folder.suffix in CORPUS_SUFFIXES else folder / CORPUS_FILE
    shown = path.name
    try:
        content = read_regular_file(path, MAX_SOURCE_BYTES)
    except (OSError, ValueError) as error:
        reason = (
            f"cannot be read ({cause_of(error)}); give a folder that holds a {CORPUS_FILE}, "
            "or make one with: footnote init"
        )
        raise CorpusError([Problem(shown, 1, reason)]) from None
    listing = parse_yaml(content, shown)
    specs, problems = _specs(listing)
    entries: list[Source | CorpusError] = []
    for position, spec in specs:
        try:
            content = _read_source(path.parent, spec, listing, position)
        except CorpusError as error:
            entries.append(error)
        else:
            entries.append(Source(spec, content, spec.file))
    sources = tuple(entry for entry in entries if isinstance(entry, Source))
    if problems or len(sources) < len(entries):
        for entry in entries:
            problems.extend(_problems(entry) if isinstance(entry, Source) else entry.problems)
        raise CorpusError(problems)
    return sources


def read_corpus(sources: Iterable[Source]) -> Corpus:
    """Read documents from their bytes; raises CorpusError with every problem that was found."""
    problems: list[Problem] = []
    warnings: list[Problem] = []
    documents: list[Document] = []
    for source in sources:
        try:
            document, document_warnings = read_document(source.spec, source.content)
        except CorpusError as error:
            problems.extend(error.problems)
        else:
            documents.append(document)
            warnings.extend(document_warnings)
    if problems:
        raise CorpusError(problems)
    return Corpus(tuple(documents), tuple(warnings))


def read_document(spec: DocumentSpec, content: bytes) -> tuple[Document, list[Problem]]:
    """Read a document from its bytes, with what was odd; raises CorpusError."""
    if is_passage_file(spec.file):
        reading = read_passage_file(spec, content)
    else:
        reading = read_passages(
            decode_utf8(content, spec.file),
            document=spec.id,
            file=spec.file,
            layout=spec.layout,
            markers=spec.markers,
            language=spec.language,
        )
    if reading.errors:
        raise CorpusError(reading.errors)
    return Document(spec, tuple(reading.passages)), reading.warnings


def _problems(source: Source) -> tuple[Problem, ...]:
    """What is wrong with a document."""
    try:
        read_document(source.spec, source.content)
    except CorpusError as error:
        return error.problems
    return ()


def _specs(source: LinedYaml) -> tuple[list[tuple[int, DocumentSpec]], list[Problem]]:
    """The entries that are right, with their positions, and what is wrong with the others."""
    if not isinstance(source.value, dict) or "documents" not in source.value:
        reason = "has no list of documents; start it with: documents:"
        raise CorpusError([Problem(source.file, 1, reason)])
    if hidden := control_problems(source):
        raise CorpusError(hidden)
    entries = source.value["documents"]
    try:
        _CorpusFile.model_validate(source.value)
    except ValidationError as error:
        problems = validation_problems(error, source)
    else:
        problems = []
    specs: list[tuple[int, DocumentSpec]] = []
    for position, entry in enumerate(entries if isinstance(entries, list) else []):
        try:
            specs.append((position, DocumentSpec.model_validate(entry)))
        except ValidationError:
            continue  # already among the problems
    counts = Counter(spec.id for _, spec in specs)
    ids: set[str] = set()
    for position, spec in specs:
        if counts[spec.id] > 1 and spec.id in ids:
            reason = f"the id {spec.id!r} is used twice; give each document its own"
            problems.append(source.problem(("documents", position, "id"), reason))
        ids.add(spec.id)
    return specs, problems


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
