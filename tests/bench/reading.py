"""What it costs to ask what passages mean: milliseconds a question, and stalls of the loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from statistics import median, quantiles

import click

from bot.libraries.meaning import ReadingRoom
from index.answering.searcher import Searcher
from index.meaning import Model, Reader
from tests.bench.made import made_library, made_questions, made_sentences

__all__ = ["reading"]

STEP_S = 0.001
STALL_MS = 20.0


class _Stalls:
    """How late the event loop wakes who sleeps for a millisecond, in milliseconds."""

    def __init__(self) -> None:
        self.lags: list[float] = []

    async def watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(STEP_S)
            self.lags.append(1000 * (time.perf_counter() - before - STEP_S))


async def _ask(
    searcher: Searcher, room: ReadingRoom, questions: Sequence[str], every_s: float, servers: int
) -> tuple[list[float], int]:
    """Milliseconds of questions asked at a steady rate, and how many were answered by words."""
    times: list[float] = []
    late = 0

    async def ask(number: int, question: str) -> None:
        nonlocal late
        began = time.perf_counter()
        searcher.answer_by_words(question)
        answer = await room.answer(number % servers, partial(searcher.answer_by_meaning, question))
        times.append(1000 * (time.perf_counter() - began))
        late += answer is None

    tasks = []
    for number, question in enumerate(questions):
        tasks.append(asyncio.create_task(ask(number, question)))
        await asyncio.sleep(every_s)
    await asyncio.gather(*tasks)
    return times, late


async def _measure(passages: int, count: int, seed: int) -> None:
    texts = list(made_sentences(passages, seed))
    library = made_library(texts)
    room = ReadingRoom(Reader(Model()), "serves")
    assert room.reader is not None
    searcher = Searcher([library], meaning=room.reader, always=True)
    stalls = _Stalls()
    watching = asyncio.create_task(stalls.watch())
    began = time.perf_counter()
    room.prepare(0, library)
    while not room.reader.has_prepared(library):  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.05)
    click.echo(f"{passages:,} passages read in {time.perf_counter() - began:.1f} s")
    questions = [asked.question for asked in made_questions(texts, count, seed)]
    await asyncio.to_thread(searcher.answer_by_meaning, questions[0])
    for every_s in (0.5, 0.05, 0.01):
        times, late = await _ask(searcher, room, questions, every_s, 10)
        click.echo(
            f"a question each {1000 * every_s:.0f} ms: {median(times):.0f} ms (median), "
            f"{quantiles(times, n=20)[-1]:.0f} ms (95th percentile), {late} of {count} by words"
        )
    watching.cancel()
    worst = max(stalls.lags)
    over = sum(lag > STALL_MS for lag in stalls.lags)
    click.echo(f"longest stall of the event loop {worst:.1f} ms; over {STALL_MS:.0f} ms: {over}")
    room.close()


@click.command()
@click.option("--passages", type=click.IntRange(min=1), default=10_000, show_default=True)
@click.option("--questions", type=click.IntRange(min=20), default=100, show_default=True)
@click.option("--seed", default=0, show_default=True)
def reading(passages: int, questions: int, seed: int) -> None:
    """Milliseconds of questions that are read, from few to too many at once."""
    asyncio.run(_measure(passages, questions, seed))
