"""The audit of .ci/run: findings fail, and a database out of reach is told as that."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "ci_audit", Path(__file__).parents[1] / ".ci" / "audit.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(*packages: Mapping[str, object]) -> str:
    return json.dumps({"dependencies": list(packages)})


FLAW = {"id": "PYSEC-1", "fix_versions": ["2.0"]}
SAFE = {"name": "a", "version": "1", "vulns": []}
FLAWED = {"name": "b", "version": "1", "vulns": [FLAW]}
SKIPPED = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("text", "complaint", "status", "said"),
    [
        (report(SAFE, SKIPPED), "", 0, "nothing known of 1 packages, 1 not found"),
        (report(SAFE, FLAWED), "", 1, "b 1: PYSEC-1, mended in 2.0"),
        (report(SKIPPED), "", 0, "skipped: its database of vulnerabilities is out of reach"),
        ("", "ERROR: Could not connect to the vulnerability feed", 0, "skipped: ERROR: Could"),
        ("", "ERROR: requirement a has no hash", 1, "failed: ERROR: requirement a has no hash"),
        ("", "", 1, "failed: pip-audit gave no report"),
    ],
)
def test_what_a_report_comes_to(
    audit: ModuleType, text: str, complaint: str, status: int, said: str
) -> None:
    assert audit.judged("run.txt", text, complaint)[0] == status
    assert said in audit.judged("run.txt", text, complaint)[1]
