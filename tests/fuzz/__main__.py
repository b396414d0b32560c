"""`python -m tests.fuzz TARGET`: atheris looks for bytes that a target does not stand.

It needs `pip install atheris` and Linux. Texts that reach something new are kept in the folder of
`--corpus`; one that fails is written to `crash-…` or `timeout-…` in the folder where this runs.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

NAMES = (
    "reader", "markers", "upload", "passage_file", "yaml_file", "corpus", "question", "look_up",
    "sources", "pointers",
)  # fmt: skip
SEEDS = Path(__file__).parents[2] / "data"


@click.command()
@click.argument("target", type=click.Choice(NAMES))
@click.option("--seconds", type=click.IntRange(min=1), default=60, show_default=True)
@click.option("--corpus", type=click.Path(path_type=Path), help="Default: a temporary folder.")
def main(target: str, seconds: int, corpus: Path | None) -> None:
    """Fuzz TARGET for a while, guided by the code that its inputs reach."""
    try:
        atheris: Any = importlib.import_module("atheris")
    except ImportError:
        raise click.ClickException("atheris is missing: pip install atheris") from None
    with atheris.instrument_imports(include=["bot", "index", "yaml"]):
        targets = importlib.import_module("tests.fuzz.targets")
    # The first folder is written to, so it is never that of the seeds.
    kept = corpus or Path(tempfile.mkdtemp(prefix="footnote-fuzz-"))
    kept.mkdir(parents=True, exist_ok=True)
    given = [f"-max_total_time={seconds}", "-timeout=5", "-max_len=4096", "-rss_limit_mb=3000"]
    atheris.Setup(
        [sys.argv[0], *given, str(kept), str(SEEDS)], lambda data: targets.run(target, data)
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
