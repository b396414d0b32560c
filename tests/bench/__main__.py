"""Measurements that take too long for a test: `python -m tests.bench`.

cost        what one question costs in all, over a made corpus of any size
speed       Footnote and its peers over the same sentences: build, memory, latency
road        from an interaction to its answer, through a stand-in of Discord, with many people
stall       the longest stall of the event loop while a large library is published
cold        many questions at once to a large library that is not ready
uploads     hostile files in one server, questions in another: answers and memory
memory      what the libraries of thousands of servers take, beside the bound
soak        many people and ever new revisions for ten minutes: answers and memory
confidence  the coefficients of the confidence, fitted on question sets
faqs        FAQs in other words: what is shown, how sure, and the fit of that
order       how often the right passage is first, by what its meaning counts
reading     what it costs to ask what passages mean, and stalls of the event loop
printed     papers as DOCX, EPUB and PDF with their truth, to see how well they are read
quality     `footnote eval` with bm25s and tantivy beside it, where they are installed
"""

from __future__ import annotations

from functools import partial

import click

from bot.cli.evaluation import evaluate
from bot.cli.main import main
from tests.bench.cold import cold
from tests.bench.confidence import confidence
from tests.bench.cost import cost
from tests.bench.faqs import faqs
from tests.bench.memory import memory
from tests.bench.order import order
from tests.bench.peers import installed_peers
from tests.bench.printed import printed
from tests.bench.reading import reading
from tests.bench.road import road
from tests.bench.soak import soak
from tests.bench.speed import speed
from tests.bench.stall import stall
from tests.bench.uploads import uploads

main.add_command(
    click.Command(
        "quality",
        params=evaluate.params,
        callback=partial(evaluate.callback or main, peers=installed_peers()),
        help=evaluate.help,
    )
)

main.add_command(cold)
main.add_command(confidence)
main.add_command(cost)
main.add_command(faqs)
main.add_command(memory)
main.add_command(order)
main.add_command(printed)
main.add_command(reading)
main.add_command(road)
main.add_command(soak)
main.add_command(speed)
main.add_command(stall)
main.add_command(uploads)

if __name__ == "__main__":
    main(prog_name="python -m tests.bench")
