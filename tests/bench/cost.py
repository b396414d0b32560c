"""What one question costs, over a made corpus of any size."""

from __future__ import annotations

import random
import time
from statistics import median, quantiles

import click

from index.answering.searcher import Searcher
from index.text.lexicon import english_words
from tests.bench.made import made_library

__all__ = ["cost"]

WORDS_A_PASSAGE = (8, 32)
COMMON_SHARE = 0.4
COMMON = ("the", "of", "and", "in", "to", "a", "was", "by", "on", "for", "with", "that", "as", "is")
ROUNDS = 5


@click.command()
@click.option("--passages", type=click.IntRange(min=1), default=10_000, show_default=True)
@click.option("--questions", type=click.IntRange(min=2), default=300, show_default=True)
@click.option("--seed", default=0, show_default=True)
def cost(passages: int, questions: int, seed: int) -> None:
    """Milliseconds a question in all: medians and 95th percentiles of five rounds."""
    rng = random.Random(seed)
    vocabulary = sorted(english_words())
    rng.shuffle(vocabulary)
    shares = [1 / (rank + 10) for rank in range(len(vocabulary))]  # Zipf's law

    def words(least: int, most: int) -> list[str]:
        count = rng.randint(least, most)
        rare = rng.choices(vocabulary, shares, k=count)
        return [rng.choice(COMMON) if rng.random() < COMMON_SHARE else word for word in rare]

    texts = [" ".join(words(*WORDS_A_PASSAGE)).capitalize() + "." for _ in range(passages)]
    began = time.perf_counter()
    searcher = Searcher([made_library(texts)])
    built = time.perf_counter() - began
    asked = []
    for _ in range(questions):
        # A question over some passage: its words, and one that it does not have.
        source = rng.choice(texts).rstrip(".").lower().split()
        asked.append("what " + " ".join([*rng.sample(source, min(5, len(source))), *words(1, 1)]))
    searcher.answer(asked[0])  # reads the lists that are loaded at first use
    medians, tails = [], []
    for _ in range(ROUNDS):
        times = []
        for question in asked:
            began = time.perf_counter()
            searcher.answer(question)
            times.append(1000 * (time.perf_counter() - began))
        medians.append(median(times))
        tails.append(quantiles(times, n=20)[-1])
    click.echo(
        f"{passages:,} passages, built in {built:.1f} s; a question costs "
        f"{median(medians):.1f} ms (median), {median(tails):.1f} ms (95th percentile)"
    )
