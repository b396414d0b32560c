"""Fail where pip-audit knows of a vulnerability in a lock file; pass, and say so, where it cannot.

`python .ci/audit.py requirements/run.txt`. A machine that does not reach the database of
vulnerabilities looks to pip-audit much like one without findings, so its report is read here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


def audit(lock_file: str) -> tuple[int, str]:
    """The exit status, and what to print."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
    ended = subprocess.run(  # noqa: S603 - a fixed command
        [*command, "--progress-spinner=off", "--format=json", "--requirement", lock_file],
        capture_output=True,
        text=True,
        check=False,
    )
    return judged(lock_file, ended.stdout, ended.stderr)


def judged(lock_file: str, report: str, complaint: str) -> tuple[int, str]:
    """What a report of pip-audit comes to; an empty one says that it could not look."""
    try:
        packages: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        last = (complaint.strip().splitlines() or ["pip-audit gave no report"])[-1]
        if any(sign in last.lower() for sign in ("connect", "timed out", "unreachable")):
            return 0, f"audit of {lock_file} skipped: {last}"
        return 1, f"audit of {lock_file} failed: {last}"
    found = [
        f"{package['name']} {package['version']}: {flaw['id']}, mended in "
        f"{', '.join(flaw['fix_versions']) or 'no version yet'}"
        for package in packages
        for flaw in package.get("vulns", ())
    ]
    if found:
        return 1, "\n".join([f"audit of {lock_file}: {len(found)} known vulnerabilities", *found])
    looked_at = [package for package in packages if "vulns" in package]
    if not looked_at:
        return 0, f"audit of {lock_file} skipped: its database of vulnerabilities is out of reach"
    missed = len(packages) - len(looked_at)
    return (
        0,
        f"audit of {lock_file}: nothing known of {len(looked_at)} packages, {missed} not found",
    )


def main() -> int:
    """Audit the lock file that the command names."""
    status, said = audit(sys.argv[1])
    sys.stdout.write(said + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
