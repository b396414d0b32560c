"""Processes of their own for what takes long, or could take too much: started, fed and ended."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock

from index.system import start_connected

__all__ = ["ProcessNotStartedError", "Processes", "ProcessesClosedError", "Worker"]

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""NumPy's algebra takes 40 MB for each further thread when it is loaded, one a processor."""
_HERE = str(Path(str(files("bot"))).parent)


class ProcessesClosedError(Exception):
    """No process is started any more, as the bot is being stopped."""


class ProcessNotStartedError(Exception):
    """The system lets none be started, for the reason that this says."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that takes its work from the other end of the connection."""

    process: subprocess.Popen[bytes]
    connection: Connection


class Processes:
    """Starts processes that run `main` of one module; all end when this is closed.

    Synchronous, and safe to use from many threads.
    """

    def __init__(self, module: str) -> None:
        # With -P nothing in the folder that the bot was started in is taken for a part of it.
        code = f"from {module} import main; main()"
        self._command = [sys.executable, "-P", "-c", code]
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = Lock()
        self.closed = False

    @contextmanager
    def started(self) -> Iterator[Worker]:
        """A process, which is ended however this is left.

        Raises ProcessesClosedError, ProcessNotStartedError.
        """
        with self._lock:
            if self.closed:
                raise ProcessesClosedError
            try:
                worker = Worker(*self._start())
            except OSError as error:
                raise ProcessNotStartedError(error.strerror or str(error)) from None
            self._running.add(worker.process)
        try:
            yield worker
        finally:
            self.end(worker)
            worker.connection.close()

    def end(self, worker: Worker) -> None:
        """End a process now, if it has not ended by itself."""
        worker.process.kill()
        worker.process.wait()
        with self._lock:
            self._running.discard(worker.process)

    def close(self) -> None:
        """End all that run, and start no more."""
        with self._lock:
            self.closed = True
            for process in self._running:
                process.kill()

    def _start(self) -> tuple[subprocess.Popen[bytes], Connection]:
        # multiprocessing would start it with the folder that the bot was started in on its path,
        # run the bot's own `__main__` in it again, and keep one more process all the time.
        path = os.pathsep.join(filter(None, (_HERE, os.environ.get("PYTHONPATH"))))
        return start_connected(self._command, os.environ | ONE_THREAD | {"PYTHONPATH": path})
