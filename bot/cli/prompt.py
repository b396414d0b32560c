"""Questions one after another at a terminal, each of which may lean on the ones before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

__all__ = ["questions_typed"]

SIGN = "? "


def questions_typed() -> Iterator[str]:
    """Yield what is typed, line by line, until an empty line, Ctrl-D or Ctrl-C."""
    with suppress(ImportError):  # with it, `input` has line editing and a history
        import readline  # noqa: F401, PLC0415
    while True:
        try:
            text = input(SIGN)
        except (EOFError, KeyboardInterrupt):
            print()  # noqa: T201
            return
        if not text.strip():
            return
        yield text
