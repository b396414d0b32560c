"""The mutation run: `python -m tests.mutation` prints the share of mutants killed, by file.

mutmut changes one thing at a time in the functions of the files named in pyproject.toml, and the
tests named there are to notice. It exits with 1 where a file is below LEAST_KILLED. Needs the
extra `mutation`; `mutmut show NAME` shows a survivor that is listed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from mutmut.mutation.data import SourceFileMutationData
from mutmut.stats import collect_stat, status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files

LEAST_KILLED = 0.85


def main() -> int:
    """Run every mutant anew and print the figures; the exit status."""
    # mutmut would keep its verdicts of a function that is the same, although its tests are not.
    shutil.rmtree("mutants", ignore_errors=True)
    command = Path(sys.executable).with_name("mutmut")
    done = subprocess.run([command, "run"], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout)
        return done.returncode
    shares = {path: _killed(path) for path in sorted(walk_mutatable_files())}
    return 0 if shares and all(share >= LEAST_KILLED for share in shares.values()) else 1


def _killed(path: Path) -> float:
    """Print the figures of one file, and give the share of its mutants that were killed."""
    data = SourceFileMutationData(path=path)
    data.load()
    found = collect_stat(data)
    killed = found.killed + found.timeout
    share: float = killed / found.total
    sys.stdout.write(f"{path!s:<24}{killed:>5} of {found.total:>4} killed {share:>7.1%}\n")
    for name, code in data.exit_code_by_key.items():
        if status_by_exit_code[code] not in {"killed", "timeout"}:
            sys.stdout.write(f"    {name}: {status_by_exit_code[code]}\n")
    return share


if __name__ == "__main__":
    raise SystemExit(main())
