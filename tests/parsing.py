"""A mistake of Python's before 3.11.8: a syntax tree is built while another is (gh-106905).

Both count how deep they are in one place, so the outer one ends in the SystemError `AST constructor
recursion depth mismatch`. pytest builds one of the module of each test that fails. A garbage
collection may begin meanwhile and end, say, a task whose error nobody took: asyncio logs that with
a traceback, and traceback builds a tree of each line it shows. Then the worker dies, and what
failed is never told. Nothing but a collection lets other code run in the midst of a parse, so it
is enough to collect no garbage meanwhile.
"""

from __future__ import annotations

import ast
import functools
import gc
import sys
import threading
from typing import Any

__all__ = ["collect_nothing_while_parsing"]

MENDED = (3, 11, 8)

_one_at_a_time = threading.RLock()


def collect_nothing_while_parsing() -> None:
    """Let `ast.parse` keep off garbage collections, where Python needs that."""
    if sys.version_info >= MENDED:
        return
    parse = ast.parse

    @functools.wraps(parse)
    def undisturbed(*given: Any, **named: Any) -> Any:
        with _one_at_a_time:
            collects = gc.isenabled()
            gc.disable()
            try:
                return parse(*given, **named)
            finally:
                if collects:
                    gc.enable()

    ast.parse = undisturbed
