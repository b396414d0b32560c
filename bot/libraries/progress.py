"""How far a long build is: a bar for people at a terminal, a line now and then for a log."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.libraries.indexing_child import Stage

__all__ = ["HowFar", "logged_progress", "shown_progress"]

log = logging.getLogger("footnote.indexes")

LOG_EVERY_S = 10.0

Tell = Callable[[Stage, int, int], None]


@dataclass(slots=True)
class HowFar:
    """How far one build is, for whoever looks: passages indexed, or bytes read."""

    stage: Stage = "reading"
    done: int = 0
    total: int = 0

    def tell(self, stage: Stage, done: int, total: int) -> None:
        """Keep what a build tells."""
        self.stage, self.done, self.total = stage, done, total


@contextmanager
def shown_progress() -> Iterator[Tell]:
    """A bar on standard error if that is a terminal, else `logged_progress`."""
    if not sys.stderr.isatty():
        with logged_progress() as tell:
            yield tell
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)
    with bar:
        task = bar.add_task("")

        def show(stage: Stage, done: int, total: int) -> None:
            counted = stage == "indexing"
            bar.update(
                task,
                description=f"{stage} passages" if counted else stage,
                completed=done if counted else 0,
                total=total if counted else None,
            )

        yield show


@contextmanager
def logged_progress() -> Iterator[Tell]:
    """Lines in the log of what takes longer than some seconds."""
    last = time.monotonic()

    def write(stage: Stage, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < LOG_EVERY_S:
            return
        last = time.monotonic()
        if stage == "indexing":
            log.info("indexing: %s of %s passages", f"{done:,}", f"{total:,}")
        else:
            log.info("%s a large library", stage)

    yield write
