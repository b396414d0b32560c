"""Measurements that take too long for a test: `python -m tests.bench`.

cost        what one question costs in all, over a made corpus of any size
speed       Footnote and its peers over the same sentences: build, memory, latency
stall       how long the event loop waits while a large library is published
quality     `footnote eval` with bm25s and tantivy beside it, where they are installed
"""

from __future__ import annotations

from functools import partial

import click

from bot.cli import main
from bot.evaluation import evaluate
from tests.bench.cost import cost
from tests.bench.peers import installed_peers
from tests.bench.speed import speed
from tests.bench.stall import stall

main.add_command(
    click.Command(
        "quality",
        params=evaluate.params,
        callback=partial(evaluate.callback or main, peers=installed_peers()),
        help=evaluate.help,
    )
)

main.add_command(cost)
main.add_command(speed)
main.add_command(stall)

if __name__ == "__main__":
    main(prog_name="python -m tests.bench")
