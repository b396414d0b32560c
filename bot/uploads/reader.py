"""Reads uploaded files: each in a process of its own, one of a server and two in all at a time."""

from __future__ import annotations

import logging
from pathlib import PurePath
from typing import Any

from bot.uploads.reading_child import ANSWER, Reading, ReadUpload
from bot.work.pools import Pool
from bot.work.processes import Processes, ProcessesClosedError, ProcessNotStartedError
from bot.work.turns import Ticket, Turns
from index.documents.document import DocumentSpec
from index.documents.uploads import ARCHIVES
from index.errors import CorpusError, FootnoteError, Problem
from index.importers.formats import format_of
from index.system import ended_past_cpu_time

__all__ = ["UploadReader"]

log = logging.getLogger("footnote.uploads")

AT_ONCE = 2
MOST_WAITING = 40
MOST_WAITING_OF_ONE = 10
MEMORY_BYTES = 256_000_000
"""Private memory of a process that reads; a quarter of it is taken by Python and its libraries."""
CPU_S = 20
TIMES_FOR_ARCHIVES = (2.0, 1.5)
"""So many times that memory and that time may a file take that is no text."""
WALL_S = 120.0
"""A machine with no time for the process does not keep others waiting for longer."""
MAX_ANSWER_BYTES = 16_000_000
"""A document may bring 2 MB of references with it, and its passages say their sections."""
MEGABYTE = 1_000_000
MAX_NAME = 100


class UploadReader:
    """Whoever wants a file read joins, waits for the turn, and reads it then."""

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES, cpu_s: int = CPU_S) -> None:
        self._turns = Turns(
            AT_ONCE, most_waiting=MOST_WAITING, most_waiting_of_one=MOST_WAITING_OF_ONE
        )
        self._threads = Pool("uploads", AT_ONCE)
        self._processes = Processes("bot.uploads.reading_child")
        self._memory_bytes, self._cpu_s = memory_bytes, cpu_s

    def join(self, owner: int) -> Ticket:
        """A ticket for a server, to be entered before `read`. Raises NoTurnLeftError."""
        return self._turns.join(owner)

    async def read(
        self,
        owner: int,
        file_name: str,
        content: bytes,
        *,
        like: DocumentSpec | None = None,
        **given: Any,
    ) -> ReadUpload:
        """What is understood of a file; `like` and what is `given` are as `read_upload` takes them.

        Raises CorpusError for a file that cannot be read, or takes too much to be read, and
        FootnoteError where no process can be had.
        """
        if like is not None:  # what its numbers stand for is of no use here, and may be large
            given["like"] = like.model_copy(update={"references": {}})
        memory, cpu = self._memory_bytes, self._cpu_s
        if format_of(file_name) in ARCHIVES:
            memory = int(memory * TIMES_FOR_ARCHIVES[0])
            cpu = int(cpu * TIMES_FOR_ARCHIVES[1])
        reading = Reading(file_name, given, memory, cpu)
        return await self._threads.run(owner, self._read, reading, content)

    def close(self) -> None:
        """End what is being read; whoever waits for it gets a FootnoteError."""
        self._processes.close()
        self._threads.close()

    def _read(self, reading: Reading, content: bytes) -> ReadUpload:
        try:
            answer = self._answer_of_process(reading, content)
        except ProcessesClosedError:
            raise FootnoteError("the file was not read, as the bot is being stopped") from None
        except ProcessNotStartedError as error:
            raise FootnoteError(
                f"the file was not read, as no process can be started ({error}); "
                "have more memory and processes allowed"
            ) from None
        name = PurePath(reading.file_name).name[:MAX_NAME]
        if isinstance(answer, ReadUpload):
            log.debug("%r was read: %d passages", name, len(answer.passages))  # unpacked here
            return answer
        if isinstance(answer, str):
            log.info("%r was not read: %s", name, answer)
            raise CorpusError([Problem(name, 1, f"{answer}; split it, or simplify it")])
        raise CorpusError(answer)

    def _answer_of_process(
        self, reading: Reading, content: bytes
    ) -> ReadUpload | tuple[Problem, ...] | str:
        """What a process answers, or why it has none.

        Raises ProcessesClosedError, ProcessNotStartedError.
        """
        with self._processes.started() as worker:
            try:
                worker.connection.send(reading)
                worker.connection.send_bytes(content)
                if not worker.connection.poll(WALL_S):
                    return f"takes more than {WALL_S:g} s to read on this machine now"
                answer = ANSWER.validate_json(worker.connection.recv_bytes(MAX_ANSWER_BYTES))
            except (EOFError, ConnectionError):
                return self._reason(reading, worker.process.wait())
            except OSError:  # what multiprocessing raises for a message over its bound
                return f"says more than {MAX_ANSWER_BYTES // MEGABYTE} MB about itself"
        return self._reason(reading, None) if isinstance(answer, str) else answer

    def _reason(self, reading: Reading, status: int | None) -> str:
        """Why a process ended with that status; None where it told that its memory was full."""
        if self._processes.closed:
            raise ProcessesClosedError
        if status is not None and ended_past_cpu_time(status):
            return f"takes more than {reading.cpu_s} s of computing to read"
        if status is None or status < 0:
            return f"takes more than {reading.memory_bytes // MEGABYTE} MB of memory to read"
        log.error("a process that reads uploads ended with status %d", status)
        return "cannot be read, as reading it failed"
