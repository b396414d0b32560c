"""The table of faults in tests/README.md names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROW = re.compile(
    r"^\| (?P<fault>[^|]+) \|[^|]+\|[^|]+\| `(?P<file>[^`:]+)::(?P<test>\w+)` \|", re.MULTILINE
)
ROWS = [
    (match["fault"], match["file"], match["test"])
    for match in ROW.finditer((TESTS / "README.md").read_text(encoding="utf-8"))
]


def test_there_are_at_least_forty() -> None:
    assert len({fault for fault, _, _ in ROWS}) >= 40


@pytest.mark.parametrize(("fault", "file", "test"), ROWS)
def test_each_fault_has_its_test(fault: str, file: str, test: str) -> None:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    named = {node.name for node in ast.walk(tree) if isinstance(node, functions)}
    assert test in named, f"no test for: {fault}"
