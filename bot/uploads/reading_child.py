"""The process that reads one uploaded file, within bounds of memory, time and what it may answer.

It takes a Reading from a connection, and after it the bytes of the file; it answers there with a
ReadUpload, or with the problems of the file.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from pydantic import TypeAdapter

from index.documents.corpus import Source
from index.documents.differences import DocumentDifference, compare_documents
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from index.documents.reading.kept import pack_reading, unpack_reading
from index.documents.uploads import Upload, read_upload
from index.errors import CorpusError, Problem, first_problems
from index.importers.blocks import Kind
from index.system import connection_of_parent, give_way, ignore_interrupts, limit_process

__all__ = ["ANSWER", "ReadUpload", "Reading", "answer_to", "main"]

PANIC = "PanicException"
"""What libraries in Rust raise where they get no memory; no module has it to be imported."""
MAX_PROBLEMS = 100
MAX_REASON = 1000
"""Characters of what is wrong in one place."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What to read: the file's name, what the moderator said of it, and its bounds.

    `given` are further arguments of `read_upload`.
    """

    file_name: str
    given: Mapping[str, Any]
    memory_bytes: int
    cpu_s: int


@dataclass(frozen=True)
class ReadUpload:
    """What was understood of a file: its entry and its reading, which holds its passages.

    `left_out` counts the blocks that are no passages, by kind; `left_texts` are the first of them.
    """

    spec: DocumentSpec
    file_name: str
    reading: bytes
    cited: int
    numbers: int
    sections: int
    warnings: tuple[Problem, ...]
    guessed: Mapping[str, str]
    left_out: Mapping[Kind, int]
    left_texts: Mapping[Kind, tuple[str, ...]]

    @classmethod
    def of(cls, upload: Upload) -> ReadUpload:
        """What leaves the process."""
        document = upload.document
        return cls(
            document.spec,
            upload.source.file_name,
            upload.source.reading or pack_reading(document),
            document.cited,
            document.numbers,
            len({passage.section for passage in document.passages if passage.section}),
            first_problems(upload.warnings, MAX_PROBLEMS),
            dict(upload.guessed),
            dict(upload.left_out),
            {kind: tuple(texts) for kind, texts in upload.left_texts.items()},
        )

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """All passages."""
        return unpack_reading(self.spec, self.reading)[0].passages

    def in_place_of(self, old: DocumentSpec) -> ReadUpload:
        """The same in the place of that document."""
        return replace(self, spec=self.spec.in_place_of(old))

    def compared_with(self, old: Document) -> DocumentDifference:
        """What it changes where it takes the place of that document; may take long."""
        return compare_documents(old, Document(self.spec, self.passages))

    def source(self, content: bytes) -> Source:
        """What to keep of the file of that content."""
        reading = None if self.spec.format is None else self.reading
        return Source(self.spec, content, self.file_name, reading)


OutOfMemory = Literal["out of memory"]
ANSWER: TypeAdapter[ReadUpload | tuple[Problem, ...] | OutOfMemory] = TypeAdapter(
    ReadUpload | tuple[Problem, ...] | OutOfMemory
)
"""The answer as JSON: bytes of others have been in this process, and nothing of it is run."""


def main() -> None:
    """Take one file from whoever started this process, and answer there."""
    ignore_interrupts()  # Ctrl-C is for whoever asked, who ends this
    give_way()  # questions are answered first
    with connection_of_parent() as connection:
        try:
            reading: Reading = connection.recv()
            content = connection.recv_bytes()
            limit_process(reading.memory_bytes, reading.cpu_s)
            connection.send_bytes(answer_to(reading, content))
        except (EOFError, ConnectionError):
            sys.exit(1)  # nobody waits for this any longer


def answer_to(reading: Reading, content: bytes) -> bytes:
    """Read the file; the ANSWER."""
    answer: ReadUpload | tuple[Problem, ...] | OutOfMemory
    try:
        answer = ReadUpload.of(read_upload(reading.file_name, content, **reading.given))
    except CorpusError as error:
        problems = first_problems(error.problems, MAX_PROBLEMS)
        answer = tuple(Problem(one.file, one.line, one.reason[:MAX_REASON]) for one in problems)
    except MemoryError:
        answer = "out of memory"
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        answer = "out of memory"
    return ANSWER.dump_json(answer)
