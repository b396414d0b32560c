"""A file that a moderator hands in, to a document: what is wrong is told, what is open guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

from pydantic import ValidationError

from index.documents.corpus import Source, read_document
from index.documents.document import Document, DocumentSpec
from index.documents.ids import MAX_READ, free_id, slug_of
from index.documents.importing import IMPORTER, read_import
from index.documents.passage_files import (
    METADATA_KEYS,
    PASSAGE_FILE_SUFFIXES,
    control_reason,
    parse_passage_file,
    passages_of,
)
from index.documents.reading.guessing import (
    LANGUAGE_CHARS,
    guess_language,
    guess_layout,
    guess_markers,
)
from index.documents.reading.kept import pack_reading
from index.documents.reading.markers import normalise_citation
from index.documents.reading.sentences import Layout, Markers
from index.errors import CorpusError, Problem
from index.files.lined_yaml import LinedYaml, validation_problems
from index.importers.blocks import Kind
from index.importers.encodings import decode
from index.importers.formats import SUFFIXES, TEXTS, Format, format_of

__all__ = ["ARCHIVES", "UPLOAD_SUFFIXES", "Upload", "max_upload_bytes", "read_upload"]

UPLOAD_SUFFIXES = (*SUFFIXES, *PASSAGE_FILE_SUFFIXES)
MAX_BYTES = 2_000_000
MARKED_TIMES = 5
"""So many times the bytes may a file have in which much stands beside its text."""
ARCHIVES: tuple[Format, ...] = ("docx", "epub", "pdf")
"""Formats that are no text, and take more to be read."""
MAX_PASSAGES = 20_000
MAX_LINE_CHARS = 100_000
"""A longer line is no text that a person wrote, and slow to split into sentences."""

_MAX_NAME = 100
_AS_TEXT = "save what it says as plain text"
_KINDS = (
    (b"\x89PNG", "a PNG image", _AS_TEXT),
    (b"\xff\xd8\xff", "a JPEG image", _AS_TEXT),
    (b"GIF8", "a GIF image", _AS_TEXT),
    (b"%PDF-", "a PDF", "name it so: .pdf"),
    (b"PK\x03\x04", "an office document or a ZIP archive", "name it so: .docx or .epub"),
    (b"\x1f\x8b", "a gzip archive", _AS_TEXT),
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A document read from an upload: `source` is what to keep, `guessed` what was not given.

    `left_out` counts the blocks that are no passages, by kind; `left_texts` are the first of them.
    """

    document: Document
    source: Source
    warnings: tuple[Problem, ...] = ()
    guessed: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[Kind, int] = field(default_factory=dict)
    left_texts: Mapping[Kind, Sequence[str]] = field(default_factory=dict)

    def in_place_of(self, old: DocumentSpec) -> Upload:
        """The same under the id of `old`, with what is said of that one and not of this."""
        spec = self.document.spec.in_place_of(old)
        passages = tuple(replace(one, document=spec.id) for one in self.document.passages)
        source = replace(self.source, spec=spec)
        return replace(self, document=Document(spec, passages), source=source)


def read_upload(
    file_name: str,
    content: bytes,
    *,
    title: str | None = None,
    source_url: str | None = None,
    licence: str | None = None,
    language: str | None = None,
    layout: Layout | None = None,
    markers: Markers | None = None,
    keep: Sequence[Kind] = (),
    like: DocumentSpec | None = None,
    taken_ids: Collection[str] = (),
    max_bytes: int = MAX_BYTES,
    max_passages: int = MAX_PASSAGES,
) -> Upload:
    """Read a file into a document whose id is none of `taken_ids`.

    What is given here goes before what the file says of itself; `keep` are kinds of blocks that
    become passages too. What neither says is as `like` has it: its title and language, and its
    layout and markers where it is of the same format. A file in which much stands beside its text
    may have five times `max_bytes`. Raises CorpusError, and nothing else, with every problem as
    `file_name:line: what is wrong, and what to do`.
    """
    stem, suffix = _name_parts(file_name)
    file = stem + suffix
    if suffix not in UPLOAD_SUFFIXES:
        reason = f"is none of {', '.join(UPLOAD_SUFFIXES)}; save it as one of them"
        raise CorpusError([Problem(file, 1, reason)])
    file_format = format_of(file)
    _check_bytes(file, content, max_upload_bytes(file, max_bytes))
    given = _given(title=title, source_url=source_url, licence=licence, language=language)
    layouts = _given(layout=layout, markers=markers)
    usual = {} if like is None else _usual(like, file_format)
    if file_format is None:
        upload = _read_yaml(file, content, given, usual, taken_ids)
        useful: tuple[str, ...] = ()
    else:
        upload = _read_file(file, content, file_format, given | layouts, usual, keep, taken_ids)
        useful = ("layout", "markers") if file_format in TEXTS else ("markers",)
    for name in [name for name in layouts if name not in useful]:
        reason = f"{name} is of no use to a {suffix}; it is passed over"
        upload = replace(upload, warnings=(*upload.warnings, Problem(file, 1, reason)))
    passages = upload.document.passages
    if len(passages) > max_passages:
        line = passages[max_passages].line
        reason = f"holds {len(passages):,} passages; {max_passages:,} are the most, so split it"
        raise CorpusError([Problem(file, line, reason)])
    return upload


def max_upload_bytes(file_name: str, max_bytes: int) -> int:
    """The most bytes of a file of that name, where a text may have `max_bytes`."""
    return max_bytes if _is_written(file_name) else max_bytes * MARKED_TIMES


def _usual(like: DocumentSpec, file_format: Format | None) -> dict[str, Any]:
    """What is taken from a document that a file of that format is read like."""
    usual: dict[str, Any] = {"title": like.title, "language": like.language}
    if file_format is not None and format_of(like.file) == file_format:
        usual["markers"] = like.markers
        if file_format in TEXTS:
            usual["layout"] = like.layout
    return usual


def _is_written(file_name: str) -> bool:
    """Whether a file of that name is a text that people write as it is read."""
    file_format = format_of(file_name)
    return file_format is None or file_format in TEXTS


def _check_bytes(file: str, content: bytes, max_bytes: int) -> None:
    """Refuse what is too much, or no text where it should be, before anything is read."""
    problem = ""
    if len(content) > max_bytes:
        problem = f"{len(content):,} bytes; {max_bytes:,} are the most, so split it"
    elif not content.removeprefix(b"\xef\xbb\xbf").strip():
        problem = "is empty; put at least one sentence in it"
    elif _is_written(file) and (
        known := next((one for one in _KINDS if content.startswith(one[0])), None)
    ):
        _, kind, advice = known
        problem = f"looks like {kind}, not text; {advice}"
    elif file.endswith(PASSAGE_FILE_SUFFIXES) and b"\x00" in content:
        problem = "holds a NUL byte and so looks like a binary file, or UTF-16; save it as UTF-8"
    if problem:
        raise CorpusError([Problem(file, 1, problem)])


def _check_lines(file: str, content: bytes) -> None:
    """Refuse lines that no person wrote."""
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", content), start=1):
        if len(line) > MAX_LINE_CHARS:
            length = len(line.decode(errors="replace"))
            if length > MAX_LINE_CHARS:
                reason = (
                    f"a line of {length:,} characters; {MAX_LINE_CHARS:,} are the most, "
                    "so break it into sentences"
                )
                raise CorpusError([Problem(file, number, reason)])


def _read_file(
    file: str,
    content: bytes,
    file_format: Format,
    given: Mapping[str, Any],
    usual: Mapping[str, Any],
    keep: Sequence[Kind],
    taken_ids: Collection[str],
) -> Upload:
    """Read a text of lines as it is, and everything else by the importer of its format."""
    is_text = file_format in TEXTS
    if is_text:
        _check_lines(file, content)
    stem = file.rpartition(".")[0]
    told = {"title": re.sub(r"[\s_-]+", " ", stem).strip() or stem, **usual, **given}
    document_id = _id(file, told, taken_ids)
    _checked(file, document_id, told)  # before anything takes long
    guessed: dict[str, str] = {}
    layout = told.get("layout")
    if is_text and (layout == "lines" or (layout is None and file_format == "text")):
        text, _ = decode(file, content)
        language = told.get("language") or guess_language(text)
        if layout is None:
            guessed["layout"] = layout = guess_layout(text, language)
        if layout == "lines":
            if "language" not in told:
                guessed = {"language": language, **guessed}
            if "markers" not in told:
                guessed["markers"] = guess_markers(text)
            source = Source(_checked(file, document_id, told | guessed), content, file)
            document, warnings = read_document(source)
            return Upload(document, source, tuple(warnings), guessed)
    upload = _read_import(file, content, file_format, document_id, told, given, keep)
    return replace(upload, guessed={**guessed, **upload.guessed})


def _read_import(
    file: str,
    content: bytes,
    file_format: Format,
    document_id: str,
    told: Mapping[str, Any],
    given: Mapping[str, Any],
    keep: Sequence[Kind],
) -> Upload:
    """Read a file by the importer of its format; what is `given` goes before what it says.

    What is `told` beyond that goes before a guess.
    """
    read = read_import(
        file,
        content,
        file_format,
        document=document_id,
        language=given.get("language"),
        usual_language=told.get("language"),
        markers=told.get("markers"),
        keep=keep,
    )
    values = {
        "title": read.title or told["title"],
        "language": read.language,
        "markers": read.markers,
        "licence": read.licence,
        "source_url": read.source_url,
        **given,
        "layout": "prose",
        "format": file_format,
        "keep": list(keep),
        "importer": IMPORTER,
    }
    spec = _checked(file, document_id, values)
    spec = spec.model_copy(update={"references": dict(read.references)})
    document = Document(spec, read.passages)
    source = Source(spec, content, file, pack_reading(document, read.warnings))
    return Upload(document, source, read.warnings, read.guessed, read.left_out, read.left_texts)


def _checked(file: str, document_id: str, values: Mapping[str, Any]) -> DocumentSpec:
    """The entry of a document that says nothing of itself; raises CorpusError."""
    spec, problems = _spec(LinedYaml(file, {}), document_id, values, {})
    if spec is None:
        raise CorpusError(problems)
    return spec


def _read_yaml(
    file: str,
    content: bytes,
    given: Mapping[str, Any],
    usual: Mapping[str, Any],
    taken_ids: Collection[str],
) -> Upload:
    """Read a file of passages."""
    guessed: dict[str, str] = {}
    source = parse_passage_file(content, file)
    metadata = {
        key: " ".join(value.split()) if isinstance(value, str) else value
        for key, value in source.value.items()
        if key in METADATA_KEYS and value is not None
    }
    values = {**usual, **metadata, **given}
    document_id = _id(file, values, taken_ids)
    reading = passages_of(source, document_id)
    if "language" not in values:
        # As many passages as there are characters to look at.
        texts = (passage.text for passage in reading.passages[:LANGUAGE_CHARS])
        guessed["language"] = guess_language("\n".join(texts))
    spec, problems = _spec(source, document_id, values, guessed)
    problems.extend(reading.errors)
    if spec is None or problems:
        raise CorpusError(sorted(set(problems), key=attrgetter("line", "reason")))
    document = Document(spec, tuple(reading.passages))
    carried = {normalise_citation(n) for passage in document.passages for n in passage.citations}
    for number in spec.references:
        if number not in carried:
            reason = f"no passage carries the number {number!r} of the references"
            reading.warnings.append(source.problem(("references", number), reason))
    return Upload(document, Source(spec, content, file), tuple(reading.warnings), guessed)


def _given(**values: str | None) -> dict[str, Any]:
    """What was given, with the white space that people leave around it taken off."""
    tidy = {name: " ".join(value.split()) for name, value in values.items() if value is not None}
    return {name: value for name, value in tidy.items() if value}


def _spec(
    source: LinedYaml, document_id: str, values: Mapping[str, Any], guessed: Mapping[str, str]
) -> tuple[DocumentSpec | None, list[Problem]]:
    """The entry of the document, or what is wrong with it."""
    problems = [
        source.problem((name,), reason)
        for name, value in values.items()
        if isinstance(value, str) and (reason := control_reason(value))
    ]
    entry = {"id": document_id, "file": source.file, **guessed, **values}
    try:
        spec = DocumentSpec.model_validate(entry)
    except ValidationError as error:
        return None, [*problems, *validation_problems(error, source)]
    if problems:
        return None, problems
    references = {normalise_citation(key): value for key, value in spec.references.items()}
    return spec.model_copy(update={"references": references}), []


def _name_parts(file_name: str) -> tuple[str, str]:
    """The last component of a path of any system, made harmless, as stem and lower-case suffix."""
    last = re.split(r"[/\\]", file_name)[-1]
    stem, dot, suffix = last.rpartition(".")
    if not dot:
        stem, suffix = last, ""
    stem = re.sub(r"[^\w. -]+", "_", unicodedata.normalize("NFC", stem[:MAX_READ])).strip(". ")[
        :_MAX_NAME
    ]
    suffix = re.sub(r"[^\w]+", "_", suffix)[:20].lower()
    return stem or "document", f".{suffix}" if suffix else ""


def _id(file: str, values: Mapping[str, Any], taken_ids: Collection[str]) -> str:
    """An id after the title, or else after the file's name."""
    title = values.get("title")
    slug = slug_of(title if isinstance(title, str) else "") or slug_of(file.rpartition(".")[0])
    return free_id(slug or "document", taken_ids)
