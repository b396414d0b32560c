"""A .yaml of passages: each with its numbers, and what the numbers stand for.

    title: Harbour rules
    references:
      "28": {title: Harbour Act, url: https://example.org/act}
    passages:
      - {text: Boats moor at the north quay., citations: [28], section: [Moorings, Boats]}

A text is taken as it is, its line breaks as spaces: brackets in it are text, not markers.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from index.documents.document import DocumentSpec, check_visible
from index.documents.passages import Passage
from index.documents.reading.marker_forms import MAX_MARKER_CHARS
from index.documents.reading.plain import MAX_HEADING_CHARS
from index.documents.reading.sentences import MAX_PASSAGE_CHARS, Reading, too_many_citations
from index.errors import CorpusError, Problem
from index.files.lined_yaml import LinedYaml, parse_yaml, validation_problems

__all__ = [
    "METADATA_KEYS",
    "PASSAGE_FILE_SUFFIXES",
    "WrittenPassage",
    "control_problems",
    "control_reason",
    "is_passage_file",
    "parse_passage_file",
    "passages_of",
    "read_passage_file",
    "with_passage",
    "without_references",
]

PASSAGE_FILE_SUFFIXES = (".yaml", ".yml")
METADATA_KEYS = (
    "title",
    "source_url",
    "licence",
    "licence_url",
    "attribution",
    "language",
    "contiguous",
    "example",
    "aliases",
    "references",
)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What may not stand in a text: it can hide or reorder what people read."""

_ONE_LINE = 100_000
"""Wider than any text: none is folded."""
_LINE_BREAK = re.compile(r"[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class WrittenPassage:
    """A passage to be written into a file, and what its number is to stand for there."""

    text: str
    reference: str
    url: str | None = None
    heading: str | None = None


def _as_number(value: Any) -> Any:
    """`28`, `"28"` and `"[28]"` are one number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip().strip("[]").strip() if isinstance(value, str) else value


_Number = Annotated[
    str, Field(min_length=1, max_length=MAX_MARKER_CHARS), BeforeValidator(_as_number)
]


_Heading = Annotated[
    str, Field(min_length=1, max_length=MAX_HEADING_CHARS), AfterValidator(check_visible)
]


def _as_list(value: Any) -> Any:
    """One heading alone is a list of one, and none is none."""
    match value:
        case None:
            return []
        case str():
            return [value]
        case list():
            return value
    raise ValueError("must be a heading, or a list of headings")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    text: str
    citations: list[_Number] = Field(default_factory=list)
    section: list[_Heading] = Field(default_factory=list)

    _one_heading = field_validator("section", mode="before")(_as_list)


class _Entries(BaseModel):
    model_config = ConfigDict(strict=True)

    passages: list[Any]


def with_passage(
    content: bytes | None, file: str, title: str, written: WrittenPassage
) -> tuple[bytes, str]:
    """A file of passages with one more, and its number: the next that nothing in it has.

    Without `content` a new file, with this title. Raises CorpusError where it is no such file.
    """
    value: dict[str, Any] = {"title": title, "contiguous": False}
    if content is not None:
        value = dict(parse_passage_file(content, file).value)
    references = {str(key): one for key, one in (value.pop("references", None) or {}).items()}
    passages = list(value.pop("passages", None) or [])
    cited = {one for passage in passages for one in _cited(passage)}
    numbers = (int(key) for key in cited.union(references) if key.isdecimal())
    number = str(1 + max(numbers, default=0))
    reference = {"title": written.reference} | ({"url": written.url} if written.url else {})
    passage: dict[str, Any] = {"text": written.text, "citations": [number]}
    if written.heading:
        passage["section"] = [written.heading]
    references[number] = reference
    return _as_file(value, references, [*passages, passage]), number


def without_references(content: bytes, file: str, addresses: Container[str]) -> bytes | None:
    """A file of passages without those whose numbers stand for one of these addresses.

    None where no passage would be left. Raises CorpusError where it is no such file.
    """
    value = dict(parse_passage_file(content, file).value)
    references = {str(key): one for key, one in (value.pop("references", None) or {}).items()}
    gone = {str(_as_number(key)) for key, one in references.items() if one.get("url") in addresses}
    left = [
        passage for passage in value.pop("passages", None) or [] if gone.isdisjoint(_cited(passage))
    ]
    kept = {key: one for key, one in references.items() if one.get("url") not in addresses}
    return _as_file(value, kept, left) if left else None


def _cited(passage: Mapping[str, Any]) -> set[str]:
    """The numbers of a passage that was read already, however they are written."""
    return {str(_as_number(one)) for one in passage.get("citations") or ()}


def _as_file(
    value: Mapping[str, Any], references: Mapping[str, Any], passages: Sequence[Any]
) -> bytes:
    written = {**value, "references": dict(references), "passages": list(passages)}
    text: str = yaml.safe_dump(written, allow_unicode=True, sort_keys=False, width=_ONE_LINE)
    return text.encode()


def control_reason(text: str) -> str | None:
    """What is wrong with a text that holds a control character."""
    match = _CONTROL.search(text)
    return match and (
        f"the control character U+{ord(match[0]):04X}; "
        "delete it, for it can hide or reorder what people read"
    )


def control_problems(source: LinedYaml) -> list[Problem]:
    """Every value and key of `source` that holds a control character."""
    if not _CONTROL.search(source.text):
        return []
    return [
        source.problem(path, reason)
        for path, text in _strings((), source.value)
        if (reason := control_reason(text))
    ]


def is_passage_file(file: str) -> bool:
    """Whether a document's file is a .yaml of passages, by its name."""
    return file.lower().endswith(PASSAGE_FILE_SUFFIXES)


def read_passage_file(spec: DocumentSpec, content: bytes) -> Reading:
    """Read the passages of `spec` from the bytes of its .yaml. Raises CorpusError for bad YAML.

    The metadata of the document are those of `spec`; what the file says of them is not read.
    """
    return passages_of(parse_passage_file(content, spec.file), spec.id)


def parse_passage_file(content: bytes, file: str) -> LinedYaml:
    """Parse the file into a mapping; raises CorpusError where it is none."""
    source = parse_yaml(content, file)
    if not isinstance(source.value, dict):
        reason = "holds no title and passages; start it with: title:"
        raise CorpusError([Problem(file, 1, reason)])
    return source


def passages_of(source: LinedYaml, document: str) -> Reading:
    """The passages of a parsed file, each at its line, with what is wrong in the errors."""
    reading = Reading()
    for key in source.value:
        if key not in METADATA_KEYS and key != "passages":
            reason = f"unknown key {key!r}; delete it or correct its spelling"
            reading.errors.append(source.problem((str(key),), reason))
    reading.errors.extend(control_problems(source))
    try:
        entries = _Entries.model_validate(source.value).passages
    except ValidationError as error:
        reading.errors.extend(validation_problems(error, source))
        return reading
    if not entries:
        reason = "holds no passage; put at least one into passages"
        reading.errors.append(source.problem(("passages",), reason))
    misshapen: list[Problem] = []
    beyond: list[Problem] = []
    for position, given in enumerate(entries):
        place = ("passages", position)
        try:  # one by one, since very many entries of a model take long to be kept
            entry = _Entry.model_validate(given)
        except ValidationError as error:
            misshapen.extend(validation_problems(error, source, under=place))
            continue
        text = " ".join(filter(None, map(str.strip, _LINE_BREAK.split(entry.text))))
        if against := _reason_against(text, entry.citations):
            beyond.append(source.problem(place, against))
        else:
            line, citations, section = source.lines.of(place), entry.citations, entry.section
            reading.passages.append(
                Passage(document, line, text, tuple(citations), section=tuple(section))
            )
    reading.errors.extend(misshapen or beyond)
    if misshapen:
        reading.passages.clear()
    return reading


def _reason_against(text: str, citations: Sequence[str]) -> str | None:
    """Why a passage cannot be taken."""
    if not text:
        return "a passage without text; write its text, or delete it"
    if len(text) > MAX_PASSAGE_CHARS:
        return (
            f"a passage of {len(text):,} characters; {MAX_PASSAGE_CHARS:,} are the most, "
            "so split it"
        )
    return too_many_citations(citations)


def _strings(
    path: tuple[str | int, ...], value: Any
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every string in `value`, keys included, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _strings((*path, str(key)), str(key))
            yield from _strings((*path, str(key)), below)
    elif isinstance(value, list):
        for position, below in enumerate(value):
            yield from _strings((*path, position), below)
