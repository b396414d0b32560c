"""What `import index` gives, and the question in its docstring."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import index


def test_the_question_in_the_docstring_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    results = doctest.testmod(index)
    assert results.attempted == 5
    assert results.failed == 0


def test_what_it_gives_is_there() -> None:
    assert all(hasattr(index, name) for name in index.__all__)
