"""A file that a moderator hands in, to a document: what is wrong is told, what is open guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import count
from operator import attrgetter
from typing import Any

from pydantic import ValidationError

from index.documents.corpus import Source, read_document
from index.documents.document import Document, DocumentSpec
from index.documents.guessing import LANGUAGE_CHARS, guess_language, guess_layout, guess_markers
from index.documents.markers import normalise_citation
from index.documents.passage_files import (
    METADATA_KEYS,
    PASSAGE_FILE_SUFFIXES,
    control_reason,
    parse_passage_file,
    passages_of,
)
from index.documents.reading import Layout, Markers
from index.errors import CorpusError, Problem
from index.files.lined_yaml import LinedYaml, decode_utf8, validation_problems

__all__ = ["UPLOAD_SUFFIXES", "Upload", "read_upload"]

UPLOAD_SUFFIXES = (".txt", ".md", *PASSAGE_FILE_SUFFIXES)
MAX_BYTES = 2_000_000
MAX_PASSAGES = 20_000
MAX_LINE_CHARS = 100_000
"""A longer line is no text that a person wrote, and slow to split into sentences."""

MAX_TITLE_READ = 1000
"""An id is made from so much of a title."""

_MAX_NAME = 100
_MAX_ID = 64
_KINDS = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Upload:
    """A document read from an upload: `source` is what to keep, `guessed` what was not given."""

    document: Document
    source: Source
    warnings: tuple[Problem, ...] = ()
    guessed: Mapping[str, str] = field(default_factory=dict)


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
    taken_ids: Collection[str] = (),
    max_bytes: int = MAX_BYTES,
    max_passages: int = MAX_PASSAGES,
) -> Upload:
    """Read a file into a document whose id is none of `taken_ids`.

    What is given here goes before what a .yaml says of itself. Raises CorpusError, and nothing
    else, with every problem as `file_name:line: what is wrong, and what to do`.
    """
    stem, suffix = _name_parts(file_name)
    file = stem + suffix
    if suffix not in UPLOAD_SUFFIXES:
        reason = f"is none of {', '.join(UPLOAD_SUFFIXES)}; save it as one of them"
        raise CorpusError([Problem(file, 1, reason)])
    _check_bytes(file, content, max_bytes)
    given = _given(title=title, source_url=source_url, licence=licence, language=language)
    guessed: dict[str, str] = {}
    if suffix in PASSAGE_FILE_SUFFIXES:
        document, warnings = _read_yaml(file, content, given, guessed, taken_ids)
        for name, value in (("layout", layout), ("markers", markers)):
            if value is not None:
                reason = f"{name} is of no use to a file of passages; it is passed over"
                warnings.append(Problem(file, 1, reason))
    else:
        given.setdefault("title", re.sub(r"[\s_-]+", " ", stem).strip() or stem)
        given |= _given(layout=layout, markers=markers)
        document, warnings = _read_text(file, content, given, guessed, taken_ids)
    if len(document.passages) > max_passages:
        line = document.passages[max_passages].line
        reason = (
            f"holds {len(document.passages):,} passages; {max_passages:,} are the most, so split it"
        )
        raise CorpusError([Problem(file, line, reason)])
    source = Source(document.spec, content, file)
    return Upload(document, source, tuple(warnings), guessed)


def _check_bytes(file: str, content: bytes, max_bytes: int) -> None:
    """Refuse what is no text, or too much of it, before anything is read."""
    problem = ""
    line = 1
    if len(content) > max_bytes:
        problem = f"{len(content):,} bytes; {max_bytes:,} are the most, so split it"
    elif not content.removeprefix(b"\xef\xbb\xbf").strip():
        problem = "is empty; put at least one sentence in it"
    elif kind := next((kind for magic, kind in _KINDS if content.startswith(magic)), None):
        problem = f"looks like {kind}, not text; save what it says as plain text"
    elif content.startswith(_UTF16_MARKS) or _looks_like_utf16(content):
        problem = "looks like UTF-16; save the file as UTF-8"
    elif b"\x00" in content:
        line = content.count(b"\n", 0, content.index(b"\x00")) + 1
        problem = "holds a NUL byte and so looks like a binary file; save it as plain text"
    if problem:
        raise CorpusError([Problem(file, line, problem)])


def _looks_like_utf16(content: bytes) -> bool:
    """Without a mark: a tenth of the bytes on one side are NUL, and none on the other."""
    start = content[:4096]
    low, high = start[::2].count(0), start[1::2].count(0)
    return min(low, high) == 0 and max(low, high) * 20 >= len(start)


def _read_text(
    file: str,
    content: bytes,
    given: dict[str, Any],
    guessed: dict[str, str],
    taken_ids: Collection[str],
) -> tuple[Document, list[Problem]]:
    text = decode_utf8(content, file)
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if len(line) > MAX_LINE_CHARS:
            reason = (
                f"a line of {len(line):,} characters; {MAX_LINE_CHARS:,} are the most, "
                "so break it into sentences"
            )
            raise CorpusError([Problem(file, number, reason)])
    if "language" not in given:
        guessed["language"] = guess_language(text)
    if "layout" not in given:
        language = str(given.get("language", guessed.get("language", "en")))
        guessed["layout"] = "prose" if file.endswith(".md") else guess_layout(text, language)
    if "markers" not in given:
        guessed["markers"] = guess_markers(text)
    document_id = _id(file, given, taken_ids)
    spec, problems = _spec(LinedYaml(file, {}), document_id, given, guessed)
    if spec is None:
        raise CorpusError(problems)
    return read_document(spec, content)


def _read_yaml(
    file: str,
    content: bytes,
    given: dict[str, Any],
    guessed: dict[str, str],
    taken_ids: Collection[str],
) -> tuple[Document, list[Problem]]:
    source = parse_passage_file(content, file)
    metadata = {
        key: " ".join(value.split()) if isinstance(value, str) else value
        for key, value in source.value.items()
        if key in METADATA_KEYS and value is not None
    }
    document_id = _id(file, metadata | given, taken_ids)
    reading = passages_of(source, document_id)
    if "language" not in metadata | given:
        # As many passages as there are characters to look at.
        texts = (passage.text for passage in reading.passages[:LANGUAGE_CHARS])
        guessed["language"] = guess_language("\n".join(texts))
    spec, problems = _spec(source, document_id, metadata | given, guessed)
    problems.extend(reading.errors)
    if spec is None or problems:
        raise CorpusError(sorted(set(problems), key=attrgetter("line", "reason")))
    document = Document(spec, tuple(reading.passages))
    carried = {normalise_citation(n) for passage in document.passages for n in passage.citations}
    for number in spec.references:
        if number not in carried:
            reason = f"no passage carries the number {number!r} of the references"
            reading.warnings.append(source.problem(("references", number), reason))
    return document, reading.warnings


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
    stem = re.sub(r"[^\w. -]+", "_", unicodedata.normalize("NFC", stem[:MAX_TITLE_READ])).strip(
        ". "
    )[:_MAX_NAME]
    suffix = re.sub(r"[^\w]+", "_", suffix)[:20].lower()
    return stem or "document", f".{suffix}" if suffix else ""


def _id(file: str, values: Mapping[str, Any], taken_ids: Collection[str]) -> str:
    """An id after the title, or else after the file's name."""
    title = values.get("title")
    slug = _slug(title if isinstance(title, str) else "") or _slug(file.rpartition(".")[0])
    return _free_id(slug or "document", taken_ids)


def _slug(text: str) -> str:
    # Cut first: to normalise a long run of combining marks takes the square of its length.
    start = re.sub(r"[\u2010-\u2015]", "-", text[:MAX_TITLE_READ])
    ascii_text = unicodedata.normalize("NFKD", start)
    ascii_text = ascii_text.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:_MAX_ID].rstrip("-")


def _free_id(slug: str, taken_ids: Collection[str]) -> str:
    """`slug`, or the first of slug-2, slug-3 … that is not taken."""
    if slug not in taken_ids:
        return slug
    for number in count(2):
        ending = f"-{number}"
        candidate = slug[: _MAX_ID - len(ending)].rstrip("-") + ending
        if candidate not in taken_ids:
            return candidate
    raise AssertionError  # count never ends
