"""A garbage collection in the midst of a parse does not spoil it."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(ast.__file__).read_text(encoding="utf-8")


@pytest.fixture
def parses() -> Iterator[list[ast.AST]]:
    """What each of very many garbage collections parses, as those that end in a traceback do."""
    parsed: list[ast.AST] = []
    usual = gc.get_threshold()

    def parse_too(phase: str, _: object) -> None:
        if phase == "start":
            parsed.append(ast.parse("a.b(c)"))

    gc.callbacks.append(parse_too)
    gc.set_threshold(100, 1000, 1000)
    yield parsed
    gc.set_threshold(*usual)
    gc.callbacks.remove(parse_too)


def test_a_tree_is_whole_whatever_is_collected_meanwhile(parses: list[ast.AST]) -> None:
    for _ in range(5):
        assert len(ast.parse(SOURCE).body) > 40
        gc.collect(0)
    assert len(parses) >= 5
    assert gc.isenabled()
