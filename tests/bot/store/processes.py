"""Real processes that write to a store, started fast: their parent has imported everything."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from bot.store import Person, Store, lock_state_folder
from bot.store.errors import RevisionConflictError
from tests.bot.store.helpers import GUILD, MONA, documents_of, number_of, publish
from tests.patience import PATIENCE_S

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload([__name__])


@contextmanager
def process(
    target: Callable[..., None], *args: Any
) -> Iterator[tuple[BaseProcess, Connection[Any, Any]]]:
    """Run `target(*args, pipe)`; killed with SIGKILL at the end if it still runs."""
    ours, theirs = context.Pipe()
    started = context.Process(target=target, args=(*args, theirs), daemon=True)
    started.start()
    theirs.close()
    try:
        yield started, ours
    finally:
        started.kill()
        started.join(PATIENCE_S)
        ours.close()


def next_sent(pipe: Connection[Any, Any]) -> Any:
    """The next thing that a process says."""
    if not pipe.poll(PATIENCE_S):
        raise TimeoutError(f"the process has said nothing for {PATIENCE_S:g} s")
    return pipe.recv()


def everything_sent(pipe: Connection[Any, Any]) -> list[Any]:
    """What a process said before it ended."""
    said = []
    try:
        while True:
            said.append(next_sent(pipe))
    except (EOFError, ConnectionResetError):
        return said


def publish_for_ever(state: Path, pipe: Connection[Any, Any]) -> None:
    """Say which revision is current, then each number once it is published."""
    with Store.open(state) as store:
        number = number_of(store)
        pipe.send(number)
        while True:
            number += 1
            publish(store, documents_of(number), expected=number - 1)
            pipe.send(number)


def publish_often(
    state: Path, name: str, times: int, barrier: Barrier, pipe: Connection[Any, Any]
) -> None:
    """Try to publish so often, beside others that do; say which revisions landed."""
    with Store.open(state) as store:
        barrier.wait(PATIENCE_S)
        landed, refused = [], 0
        for _ in range(times):
            expected = number_of(store)
            try:
                number = publish(
                    store, documents_of(expected + 1), expected=expected, by=Person(None, name)
                )
            except RevisionConflictError:
                refused += 1
            else:
                landed.append(number)
    pipe.send((landed, refused))


def open_and_say(state: Path, barrier: Barrier | None, pipe: Connection[Any, Any]) -> None:
    """Open a store that may not be there yet."""
    if barrier is not None:
        barrier.wait(PATIENCE_S)
    pipe.send("opening")
    with Store.open(state) as store:
        store.check()
        pipe.send("open")


def purge_private(state: Path, pipe: Connection[Any, Any]) -> None:
    """Purge the document `private`."""
    with Store.open(state) as store:
        pipe.send("purging")
        store.libraries.purge(GUILD, "private", by=MONA)


def hold_state_folder(state: Path, pipe: Connection[Any, Any]) -> None:
    """Lock the state folder and say so, until killed."""
    with lock_state_folder(state):
        pipe.send(os.getpid())
        pipe.recv()
