"""What is asked of the process that builds indexes, and what it answers, as bytes on its pipes.

A job is a line of JSON and the bytes of the documents after it. The answers are lines of JSON, one
`Progress` after another, and at the end an `Outcome` or a `Failure`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from pydantic import TypeAdapter

from index.documents.corpus import Sources
from index.documents.differences import Differences
from index.documents.document import DocumentSpec
from index.errors import Problem

__all__ = ["Answer", "Failure", "Job", "Outcome", "Progress", "Stage", "read_answers", "to_line"]

Stage = Literal["reading", "comparing", "indexing", "saving"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: documents read, or passages indexed."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done. `differences` list but the first passages, `warnings` too.

    `same` is True where the new documents read the same as the old ones, which are not saved again
    then; `saved` is False for a small library, too, which its user makes itself.
    """

    differences: Differences
    warnings: tuple[Problem, ...]
    same: bool
    saved: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """Why it was not done: `problems` of the documents, or a disk that took no more."""

    problems: tuple[Problem, ...] = ()
    disk: str = ""
    is_full: bool = False


Answer = Progress | Outcome | Failure


@dataclass(frozen=True, slots=True)
class Job:
    """Read `new`, compare it with `old` (a saved library, documents or nothing), and save it.

    Without a `folder` nothing is saved; without `compares` nothing is compared.
    """

    new: Sources
    old: Path | Sources | None
    folder: Path | None
    compares: bool = True

    def write(self, pipe: IO[bytes]) -> None:
        """Write it as `read` takes it; raises OSError where the reader has gone."""
        both = [one for one in (self.new, self.old) if isinstance(one, Sources)]
        told = _Told(
            [_Entries.of(one) for one in both],
            self.old if isinstance(self.old, Path) else None,
            self.folder,
            self.compares,
        )
        pipe.write(_TOLD.dump_json(told) + b"\n")
        for sources in both:
            for _, content in sources.entries:
                if isinstance(content, bytes):
                    pipe.write(content)

    @classmethod
    def read(cls, pipe: IO[bytes]) -> Job:
        """Read what `write` wrote."""
        told = _TOLD.validate_json(pipe.readline())
        new, *others = [entries.read(pipe) for entries in told.sources]
        return cls(new, told.old or (others[0] if others else None), told.folder, told.compares)


@dataclass(frozen=True, slots=True)
class _Entries:
    """Sources, with sizes in the place of bytes."""

    entries: list[tuple[DocumentSpec, int | tuple[Problem, ...]]]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, sources: Sources) -> _Entries:
        sizes = [
            (spec, len(content) if isinstance(content, bytes) else content)
            for spec, content in sources.entries
        ]
        return cls(sizes, sources.problems)

    def read(self, pipe: IO[bytes]) -> Sources:
        entries = tuple(
            (spec, pipe.read(size) if isinstance(size, int) else size)
            for spec, size in self.entries
        )
        return Sources(entries, self.problems)


@dataclass(frozen=True, slots=True)
class _Told:
    """The line before the bytes."""

    sources: list[_Entries]
    old: Path | None
    folder: Path | None
    compares: bool


_TOLD = TypeAdapter(_Told)
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


def to_line(answer: Answer) -> bytes:
    """An answer as `read_answers` takes it."""
    return _ANSWER.dump_json(answer) + b"\n"


def read_answers(pipe: IO[bytes]) -> Iterator[Answer]:
    """The answers, until the writer has gone."""
    for line in pipe:
        if line.endswith(b"\n"):  # else it went while it wrote
            yield _ANSWER.validate_json(line)
