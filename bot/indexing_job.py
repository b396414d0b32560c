"""What is asked of the process that builds indexes, and what it answers, as bytes on its pipes.

A job is a line of JSON and the bytes of the documents after it. The answers are lines of JSON, one
`Progress` after another, and at the end an `Outcome` or a `Failure`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from pydantic import TypeAdapter

from index.corpus import DocumentSpec, Source
from index.differences import Differences
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

    new: Sequence[Source]
    old: Path | Sequence[Source] | None
    folder: Path | None
    compares: bool = True

    def write(self, pipe: IO[bytes]) -> None:
        """Write it as `read` takes it; raises OSError where the reader has gone."""
        old = self.old if isinstance(self.old, Path) else None
        both = [one for one in (self.new, self.old) if not isinstance(one, Path | None)]
        entries = [[(each.spec, each.file_name, len(each.content)) for each in one] for one in both]
        pipe.write(_TOLD.dump_json(_Told(entries, old, self.folder, self.compares)) + b"\n")
        for one in both:
            for each in one:
                pipe.write(each.content)

    @classmethod
    def read(cls, pipe: IO[bytes]) -> Job:
        """Read what `write` wrote."""
        told = _TOLD.validate_json(pipe.readline())
        new, *others = [
            tuple(Source(spec, pipe.read(size), file_name) for spec, file_name, size in entries)
            for entries in told.entries
        ]
        return cls(new, told.old or (others[0] if others else None), told.folder, told.compares)


@dataclass(frozen=True, slots=True)
class _Told:
    """The line before the bytes, with sizes in their place."""

    entries: list[list[tuple[DocumentSpec, str, int]]]
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
