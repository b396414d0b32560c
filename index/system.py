"""What only POSIX systems have, each with what serves elsewhere.

All other modules are written for every system that Python runs on.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Protocol

__all__ = [
    "connect_to",
    "connection_of_parent",
    "ended_past_cpu_time",
    "flush_folder",
    "give_memory_back",
    "give_way",
    "hear_no_more_stops",
    "hear_stops",
    "ignore_interrupts",
    "keep_memory_level",
    "limit_process",
    "listen_at",
    "open_without_waiting",
    "start_connected",
]

with suppress(ImportError):
    import resource

IS_POSIX = os.name == "posix"
STDERR = 2
PARENT_KEY = "FOOTNOTE_PARENT"
"""What a process shows to whoever started it, where it inherits no connection."""
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
NICENESS = 10
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
"""What glibc's mallopt calls them."""
OWN_MAPPING_BYTES = 256 * 1024
ARENAS = 2
LOOPBACK = "127.0.0.1"


class Loop(Protocol):
    """What is asked of an event loop."""

    def add_signal_handler(self, sig: int, callback: Callable[[], object]) -> None: ...
    def remove_signal_handler(self, sig: int) -> bool: ...
    def call_soon_threadsafe(self, callback: Callable[[], object]) -> object: ...


# files


def open_without_waiting(path: Path) -> int:
    """A descriptor to read from, for this process alone; a pipe that nobody writes to opens too.

    Elsewhere no open waits, and files are text unless said otherwise.
    """
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    return os.open(path, flags)


def flush_folder(folder: Path) -> None:
    """Have the names in a folder on the disk; elsewhere a folder cannot be asked for that."""
    if not IS_POSIX:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# processes


def give_way() -> None:
    """Let other processes go first, where the system allows to choose that."""
    nice = getattr(os, "nice", None)
    if nice is not None:
        with suppress(OSError):  # a systemd unit may forbid it
            nice(NICENESS)


def keep_memory_level() -> None:
    """Have glibc lose little memory to gaps, in a process of many threads that runs for long.

    Large blocks always get a mapping of their own, and threads share two heaps. Elsewhere the
    allocator is left as it is.
    """
    mallopt = _from_libc("mallopt")
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, OWN_MAPPING_BYTES)
        mallopt(M_ARENA_MAX, ARENAS)


def give_memory_back() -> None:
    """Have glibc give back what it keeps of freed memory; elsewhere nothing happens."""
    trim = _from_libc("malloc_trim")
    if trim is not None:
        trim(0)


def _from_libc(name: str) -> Callable[..., object] | None:
    """A function of the C library, where there is one of that name."""
    if not IS_POSIX:
        return None
    return getattr(ctypes.CDLL(None), name, None)


def limit_process(memory_bytes: int, cpu_s: int) -> None:
    """Have this process fail where it takes more private memory, and end past that CPU time.

    It can write no file then. Elsewhere only whoever started it can end it.
    """
    if not IS_POSIX:
        return
    for limit, most in (
        (resource.RLIMIT_DATA, (memory_bytes, memory_bytes)),
        (resource.RLIMIT_CPU, (cpu_s, cpu_s + 1)),  # SIGXCPU first, which tells what it was
        (resource.RLIMIT_FSIZE, (0, 0)),
        (resource.RLIMIT_CORE, (0, 0)),
    ):
        with suppress(OSError, ValueError):  # a lower one is there already
            resource.setrlimit(limit, most)


def ended_past_cpu_time(status: int) -> bool:
    """Whether a process ended by the CPU time that `limit_process` gave it."""
    return IS_POSIX and status == -signal.SIGXCPU


def ignore_interrupts() -> None:
    """Leave Ctrl-C to whoever started this process and ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def start_connected(
    command: Sequence[str], environ: Mapping[str, str]
) -> tuple[subprocess.Popen[bytes], Connection]:
    """A process that `connection_of_parent` connects to the one given. Raises OSError.

    It reads nothing from standard input, and all that it prints goes to standard error. Ctrl-C at
    a terminal is not for it.
    """
    if IS_POSIX:
        ours, theirs = Pipe()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - who calls knows the command
                [*command, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=STDERR,
                process_group=0,
                env=environ,
            )
        return process, ours
    key = secrets.token_hex(16)
    with Listener((LOOPBACK, 0), authkey=key.encode()) as listener:
        port = str(listener.address[1])
        process = subprocess.Popen(  # noqa: S603 - who calls knows the command
            [*command, port],
            stdin=subprocess.DEVNULL,
            stdout=STDERR,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            env={**environ, PARENT_KEY: key},
        )
        return process, listener.accept()


def connection_of_parent() -> Connection:
    """The connection to the process that started this one by `start_connected`."""
    number, key = int(sys.argv[1]), os.environ.pop(PARENT_KEY, "")
    return Client((LOOPBACK, number), authkey=key.encode()) if key else Connection(number)


def hear_stops(loop: Loop, stop: Callable[[], object]) -> None:
    """Call `stop` in the loop at SIGTERM and at SIGINT, which is Ctrl-C."""
    for number in STOP_SIGNALS:
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop) and None)


def hear_no_more_stops(loop: Loop) -> None:
    """Stopping once is enough: a second signal, even in the last moments, changes nothing."""
    for number in STOP_SIGNALS:
        with suppress(NotImplementedError):
            loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_IGN)


# sockets


def listen_at(path: Path) -> socket.socket:
    """A listening socket that this user's processes alone find at `path`. Raises OSError.

    Elsewhere than on POSIX it is one of the loopback address, and `path` holds its port.
    """
    path.unlink(missing_ok=True)
    if IS_POSIX:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(str(path))
            path.chmod(0o600)
            listener.listen()
        except OSError:
            listener.close()
            raise
        return listener
    listener = socket.create_server((LOOPBACK, 0))
    path.write_text(str(listener.getsockname()[1]), encoding="ascii")
    return listener


def connect_to(path: Path) -> socket.socket:
    """A connection to the socket that `listen_at` made there. Raises OSError."""
    if IS_POSIX:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
        except OSError:
            connection.close()
            raise
        return connection
    try:
        port = int(path.read_text(encoding="ascii"))
    except ValueError:
        raise ConnectionRefusedError(f"{path} holds no port") from None
    return socket.create_connection((LOOPBACK, port))
