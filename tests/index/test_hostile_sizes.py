"""Hostile sizes: what took minutes, hours or all memory is read or refused in seconds.

The limit is not a measure: what is right takes a hundredth of it, what is wrong many times of it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.index.hostile_cases import CASES
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.slow

LIMIT_S = 2 * PATIENCE_S
ROOT = Path(__file__).parents[2]

SAID = {
    "10 MB of opening brackets": "10,000,000 opening brackets without a break",
    "10 MB of numbers, in lines": "3,000,000 opening brackets without a break",
    "10 MB of raised numbers": "1,400,000 opening brackets and raised figures without a break",
    "10 MB of wide brackets, in lines": "1,100,000 opening brackets",
    "10 MB on one line": "a passage of 10,399,999 characters",
    "10 MB on one line, prose": "650000 passages",
    "10 MB of combining marks": "a passage of 5,000,001 characters",
    "10 MB of CJK without spaces": "a passage of 3,300,000 characters",
    "YAML: 70,000 passages of a letter": "holds 70,000 passages; 20,000 are the most",
    "YAML: broken at its end": "expected the node content",
    "YAML: broken in one line": "expected <block end>",
    "YAML: anchors": "second occurrence",
    "YAML: numbers that are no passages": "passages: input should be a valid dictionary",
    "YAML: blanks in a text": "a passage of 1,900,002 characters",
    "YAML: a number to the base of 60": "a number of 1,800,001 signs",
    "YAML: a number of 300,000 digits": "a number of 300,002 signs",
    "YAML: a title of combining marks": "title: string should have at most 200 characters",
    "YAML: aliases of aliases": "more than 500,000 values",
    "YAML: aliases under one key": "more than 500,000 values",
    "YAML: aliases as a key": "more than 500,000 values",
    "YAML: merged aliases": "more than 500,000 values",
    "YAML: a million opening brackets": "nested more than 12 levels deep",
    "YAML: nested by dashes": "nested more than 12 levels deep",
    "numbers without text, wrapped": "627,000 opening brackets without a break",
    "cited sentences in one paragraph": "126,664 opening brackets without a break",
    "question: blanks after a number": "()",
}


@pytest.mark.parametrize("name", CASES)
def test_ends_in_time(name: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.index.hostile_cases", name],
        cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert SAID.get(name, "") in ended.stdout
