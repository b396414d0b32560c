"""One running bot a state folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.store.errors import StateInUseError, StoreError

__all__ = ["lock_state_folder"]

LOCK_NAME = "footnote.lock"


@contextmanager
def lock_state_folder(path: Path) -> Iterator[None]:
    """Hold the state folder, which is made if need be; the system frees it however we end.

    Raises StateInUseError at once when another process holds it, StoreError when it cannot be
    written.
    """
    lock = FileLock(path / LOCK_NAME, timeout=0, mode=0o600, fallback_to_soft=False)
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire()
    except Timeout:
        raise StateInUseError(
            f"another footnote runs on {path}; stop it first, or give this one its own "
            "FOOTNOTE_STATE"
        ) from None
    except OSError as error:
        reason = f"{path} cannot be written ({error.strerror}); check the state folder"
        raise StoreError(reason) from None
    try:
        yield
    finally:
        lock.release()
