"""A file of any format to passages, references and what was left out, with what is open guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from index.documents.document import Document, DocumentSpec, Reference
from index.documents.passage_files import is_passage_file
from index.documents.passages import Passage
from index.documents.reading.assembling import QUOTED, read_blocks
from index.documents.reading.guessing import LANGUAGE_CHARS, guess_language, guess_markers
from index.documents.reading.markers import citation_keys, normalise_citation
from index.documents.reading.sentences import Markers
from index.errors import CorpusError, Problem
from index.importers.blocks import Block, Cited, Entry, Imported, Kind, written
from index.importers.encodings import MAX_TEXT_CHARS
from index.importers.formats import Format, format_of, import_file

__all__ = [
    "IMPORTER",
    "MAX_NAME",
    "UNTOLD",
    "ImportedDocument",
    "as_imported",
    "import_document",
    "read_import",
]

IMPORTER = 1
"""The version of the importers and of what assembles their blocks: counted up where they read a
file otherwise than before, so that a refresh shows what changes."""
UNTOLD = "und"
"""The code of a language that is not told, or not known."""

MAX_REFERENCE_TITLE = 200
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """What was understood of a file. `guessed` names what was neither told nor in the file.

    `left_texts` are the beginnings of the first blocks that were left out, by kind.
    """

    passages: Sequence[Passage]
    references: Mapping[str, Reference]
    left_out: Mapping[Kind, int]
    left_texts: Mapping[Kind, Sequence[str]]
    warnings: tuple[Problem, ...]
    language: str
    markers: Markers
    title: str | None = None
    licence: str | None = None
    source_url: str | None = None
    guessed: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What `footnote read --json` prints."""
        keys = ("text", "citations", "section", "place", "columns")
        passages = [passage.as_json() for passage in self.passages]
        return {
            "title": self.title,
            "language": self.language,
            "passages": [{key: passage[key] for key in keys} for passage in passages],
            "references": {
                number: reference.model_dump() for number, reference in self.references.items()
            },
            "left_out": dict(self.left_out),
            "warnings": [str(problem) for problem in self.warnings],
        }


def read_import(
    file: str,
    content: bytes,
    file_format: Format,
    *,
    document: str = "document",
    language: str | None = None,
    usual_language: str | None = None,
    markers: Markers | None = None,
    references: Mapping[str, Entry] | None = None,
    keep: Collection[Kind] = (),
) -> ImportedDocument:
    """Read a file; `references` are those of a bibliography beside it. Raises CorpusError.

    `language` goes before what the file says, `usual_language` before a guess.
    """
    imported = import_file(file, content, file_format)
    guessed: dict[str, str] = {}
    language = language or imported.language or usual_language
    if language is None:
        guessed["language"] = language = guess_language(_sample(imported.blocks))
    if markers is None:
        markers = _guess_markers(imported)
        if imported.prints_markers:
            guessed["markers"] = markers
    reading = read_blocks(
        imported, document=document, file=file, markers=markers, language=language, keep=keep
    )
    if reading.errors:
        raise CorpusError(reading.errors)
    known, against = _references(reading.passages, {**imported.references, **(references or {})})
    return ImportedDocument(
        tuple(reading.passages),
        known,
        dict(reading.left_out),
        dict(reading.left_texts),
        (*reading.warnings, *(Problem(file, 1, reason) for reason in against)),
        language,
        markers,
        _cut(imported.title, MAX_NAME),
        _cut(imported.licence, MAX_NAME),
        imported.source_url,
        guessed,
    )


def as_imported(spec: DocumentSpec, size: int = 0) -> DocumentSpec:
    """An entry of corpus.yaml, whose file has `size` bytes, with its importer chosen.

    A text of lines stays without one, as does a text too large for one.
    """
    told = spec.model_fields_set
    file_format = spec.format or format_of(spec.file) or "text"
    if spec.format is None:
        is_lines = spec.layout == "lines" and (file_format == "text" or "layout" in told)
        is_large = file_format == "text" and size > MAX_TEXT_CHARS
        if is_passage_file(spec.file) or is_lines or is_large:
            return spec
    chosen: dict[str, object] = {"format": file_format, "importer": IMPORTER, "layout": "prose"}
    if "language" not in told:
        chosen["language"] = UNTOLD
    if "markers" not in told:
        chosen["markers"] = "trailing"
    return spec.model_copy(update=chosen)


def import_document(spec: DocumentSpec, content: bytes) -> tuple[Document, list[Problem]]:
    """Read a document by the importer of its format, with what was odd; raises CorpusError."""
    assert spec.format is not None  # noqa: S101 - the caller looks
    read = read_import(
        spec.file,
        content,
        spec.format,
        document=spec.id,
        language=None if spec.language == UNTOLD else spec.language,
        markers=spec.markers,
        keep=spec.keep,
    )
    said: dict[str, object] = {
        "language": read.language,
        "references": {**read.references, **spec.references},
    }
    if spec.own_title and read.title:
        said["title"] = read.title
    return Document(spec.model_copy(update=said), read.passages), list(read.warnings)


def _sample(blocks: Sequence[Block]) -> str:
    """Text enough to tell its language by."""
    texts: list[str] = []
    length = 0
    for block in blocks:
        if block.kind in QUOTED and length < LANGUAGE_CHARS:
            texts.append(written(block))
            length += len(texts[-1])
    return "\n".join(texts)


def _guess_markers(imported: Imported) -> Markers:
    """Numbers that a format marks follow their sentence; of printed ones it is guessed."""
    marked = any(isinstance(part, Cited) for block in imported.blocks for part in block.parts)
    if marked or not imported.prints_markers:
        return "trailing"
    texts = (written(block) for block in imported.blocks if block.kind in QUOTED)
    return guess_markers("\n".join(" ".join(text.split()) for text in texts))


def _references(
    passages: Sequence[Passage], entries: Mapping[str, Entry]
) -> tuple[dict[str, Reference], list[str]]:
    """What the numbers of the passages stand for, and what is wrong with single ones."""
    carried = {key for passage in passages for number in passage.citations
               for key in citation_keys(number)}  # fmt: skip
    known: dict[str, Reference] = {}
    against: list[str] = []
    for number, entry in entries.items():
        key = normalise_citation(number)
        title = _cut(entry.title, MAX_REFERENCE_TITLE)
        if key not in carried or not title:
            continue
        try:
            known[key] = Reference(title=title, url=entry.url or None)
        except ValidationError:
            against.append(f"the address of number {number!r} cannot be used; it has none now")
            known[key] = Reference(title=title)
    return known, against


def _cut(text: str | None, most: int) -> str | None:
    """Text on one line of so many characters at most."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())
    return (words if len(words) <= most else f"{words[: most - 1]}\u2026") or None
