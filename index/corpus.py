"""corpus.yaml and its files to documents; everything wrong is told as `file:line: reason`."""

from __future__ import annotations

import errno
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from index.errors import CorpusError, Problem
from index.files import cause_of, read_regular_file
from index.packed import PackedPassages
from index.passage_files import control_problems, is_passage_file, read_passage_file
from index.passages import Passage, normalise_citation
from index.reading import Layout, Markers, read_passages
from index.yaml_files import LinedYaml, decode_utf8, parse_yaml, validation_problems

__all__ = [
    "CORPUS_SUFFIXES",
    "Corpus",
    "Document",
    "DocumentSpec",
    "Reference",
    "Source",
    "load_corpus",
    "read_corpus",
    "read_document",
    "read_sources",
]

CORPUS_FILE = "corpus.yaml"
CORPUS_SUFFIXES = (".yaml", ".yml")
MAX_SOURCE_BYTES = 2_000_000_000

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def _as_key(value: Any) -> Any:
    """A number that YAML read as an integer (`28:`) is the citation `28`."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _check_address(address: str | None) -> str | None:
    if address is not None and not _WEB_ADDRESS.fullmatch(address):
        raise ValueError("must be a web address that starts with https:// or http://")
    return address


WebAddress = Annotated[str, Field(max_length=1000)]


def _check_visible(text: str) -> str:
    if not any(sign.isprintable() and not sign.isspace() for sign in text):
        raise ValueError("holds nothing that can be seen")
    return text


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_check_visible)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Reference(_Strict):
    """What a citation number stands for."""

    title: Name
    url: WebAddress | None = None

    _address = field_validator("url")(_check_address)


class DocumentSpec(_Strict):
    """One entry of corpus.yaml."""

    id: str
    title: Name
    file: str = Field(min_length=1, max_length=300)
    source_url: WebAddress | None = None
    licence: Name | None = None
    licence_url: WebAddress | None = None
    attribution: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    example: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    language: str = "en"
    layout: Layout = "lines"
    markers: Markers = "leading"
    contiguous: bool = True
    aliases: list[Annotated[list[Name], Field(min_length=2, max_length=20)]] = Field(
        default_factory=list
    )
    references: Mapping[Annotated[str, BeforeValidator(_as_key)], Reference] = Field(
        default_factory=dict
    )

    _addresses = field_validator("source_url", "licence_url")(_check_address)

    @field_validator("id")
    @classmethod
    def _check_id(cls, value: str) -> str:
        if not _ID.fullmatch(value):
            raise ValueError("must be 1 to 64 lower-case letters, digits and hyphens")
        return value

    @field_validator("language")
    @classmethod
    def _check_language(cls, value: str) -> str:
        if not _LANGUAGE.fullmatch(value):
            raise ValueError("must be a language code of two or three letters, such as en")
        return value


class _CorpusFile(_Strict):
    documents: list[DocumentSpec] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Document:
    """One source file as it was read: what corpus.yaml says of it, and its passages in order."""

    spec: DocumentSpec
    passages: Sequence[Passage]

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def title(self) -> str:
        return self.spec.title

    @property
    def cited(self) -> int:
        """How many passages carry at least one number."""
        if isinstance(self.passages, PackedPassages):
            return self.passages.cited
        return sum(bool(passage.citations) for passage in self.passages)

    @property
    def numbers(self) -> int:
        """How many distinct numbers the passages carry."""
        if isinstance(self.passages, PackedPassages):
            return self.passages.numbers
        return len({number for passage in self.passages for number in passage.citations})

    def reference(self, citation: str) -> Reference | None:
        """What `citation` stands for, where corpus.yaml says it."""
        return self.spec.references.get(normalise_citation(citation))


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
            document, odd = read_document(source.spec, source.content)
        except CorpusError as error:
            problems.extend(error.problems)
        else:
            documents.append(document)
            warnings.extend(odd)
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
    seen: set[str] = set()
    for position, spec in specs:
        if counts[spec.id] > 1 and spec.id in seen:
            reason = f"the id {spec.id!r} is used twice; give each document its own"
            problems.append(source.problem(("documents", position, "id"), reason))
        seen.add(spec.id)
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
