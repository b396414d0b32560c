"""What was read of a file, to be kept beside its bytes: a newer importer leaves it as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from index.documents.document import Document, DocumentSpec, Reference
from index.documents.passages import Passage
from index.errors import Problem, first_problems

__all__ = ["pack_reading", "unpack_reading"]

MAX_WARNINGS = 100


@dataclass(frozen=True, slots=True)
class _KeptReading:
    """The passages without the document's id, what the file says of itself, and what was odd."""

    title: str
    language: str
    references: dict[str, Reference]
    passages: list[
        tuple[int, str, tuple[str, ...], tuple[str, ...], tuple[str, ...], str, tuple[str, ...]]
    ]
    warnings: list[tuple[int, str]]


_KEPT = TypeAdapter(_KeptReading)


def pack_reading(document: Document, warnings: Sequence[Problem] = ()) -> bytes:
    """What `unpack_reading` makes the same document of."""
    spec = document.spec
    kept = _KeptReading(
        spec.title,
        spec.language,
        dict(spec.references),
        [
            (one.line, one.text, one.citations, one.flags, one.section, one.place, one.columns)
            for one in document.passages
        ],
        [(problem.line, problem.reason) for problem in first_problems(warnings, MAX_WARNINGS)],
    )
    return _KEPT.dump_json(kept)


def unpack_reading(spec: DocumentSpec, reading: bytes) -> tuple[Document, list[Problem]]:
    """The document of `spec` as it was read, with what was odd.

    Raises pydantic's ValidationError for bytes that are no reading.
    """
    kept = _KEPT.validate_json(reading)
    passages = tuple(Passage(spec.id, *fields) for fields in kept.passages)
    warnings = [Problem(spec.file, line, reason) for line, reason in kept.warnings]
    said = {"title": kept.title, "language": kept.language, "references": kept.references}
    return Document(spec.model_copy(update=said), passages), warnings
