"""The road through Discord: from a question on the gateway to the answer at the REST API."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, dataclass
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.bench.echo import ECHO
from tests.bench.wired import (
    EVERY_S,
    PATIENT,
    Spread,
    bot_folder,
    shipped_questions,
    spare_collections,
    troubles,
)
from tests.wire.crowd import ask_evenly
from tests.wire.interactions import DISCORDS_S
from tests.wire.logged_process import FOOTNOTE_RUN, bot_process
from tests.wire.standin import StandIn

__all__ = ["road"]

TABLE_WIDTH = 110
WARM_UP_S = 10.0
READY_WITHIN_S = 900.0
"""A large library is read and indexed before its bot connects."""
OURS = "footnote"
BOTS = {OURS: FOOTNOTE_RUN, "echo": ECHO}


@dataclass(frozen=True)
class Step:
    """One bot with so many people: milliseconds to its first response and to the answer."""

    bot: str
    people: int
    asked: int
    callback: Spread
    answer: Spread


@dataclass
class Measured:
    """All steps, what the first question of all took, and what went wrong."""

    steps: list[Step]
    first_ms: float
    wrong: list[str]


@click.command()
@click.option(
    "--people", "crowds", multiple=True, type=click.IntRange(min=1), default=(1, 10, 50),
    show_default=True, help="How many ask; may be given several times.",
)  # fmt: skip
@click.option("--seconds", type=click.FloatRange(min=2), default=30.0, show_default=True)
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of corpus.yaml. Default: the shipped document.",
)  # fmt: skip
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path))
def road(
    crowds: Sequence[int], seconds: float, data: Path | None, json_file: Path | None
) -> None:  # fmt: skip
    """Milliseconds from interaction to answer, of `footnote run` and of a bot that only echoes.

    Everybody asks a question every two seconds for --seconds. The echo is what the stand-in of
    Discord, which runs in this process, and the sockets take of it. The exit status is 1 where a
    question stayed without an answer.
    """
    load = os.getloadavg()[0]
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=len(BOTS) * len(crowds))
        advance = partial(progress.update, task, advance=1)
        measured = asyncio.run(_measure(crowds, seconds, data, advance))
    console = Console(width=max(Console().width, TABLE_WIDTH))
    console.print(_table(measured.steps, seconds))
    console.print(
        f"The first question after the start took {measured.first_ms:.1f} ms. "
        f"Load of this machine before: {load:.1f} on {os.cpu_count()} cores."
    )
    if json_file is not None:
        json_file.write_text(json.dumps(asdict(measured), indent=1) + "\n", encoding="utf-8")
    if measured.wrong:
        raise click.ClickException("\n".join(measured.wrong))


async def _measure(
    crowds: Sequence[int], seconds: float, data: Path | None, advance: Callable[[], None]
) -> Measured:
    measured = Measured(steps=[], first_ms=float("nan"), wrong=[])
    questions = shipped_questions()
    spare_collections()
    for name, arguments in BOTS.items():
        with bot_folder(data) as folder:
            async with (
                StandIn(people=max(crowds), deadline=DISCORDS_S) as standin,
                bot_process(
                    standin, folder, arguments, ready_within=READY_WITHIN_S, settings=PATIENT
                ),
            ):
                every = await ask_evenly(
                    standin, standin.people[:1], questions, seconds=WARM_UP_S, every=EVERY_S
                )
                if name == OURS:
                    measured.first_ms = 1000 * (every[0].answer or float("nan"))
                for people in crowds:
                    asked = await ask_evenly(
                        standin, standin.people[:people], questions, seconds=seconds, every=EVERY_S
                    )
                    callback = Spread.of(one.callback for one in asked)
                    answer = Spread.of(one.answer for one in asked)
                    measured.steps.append(Step(name, people, len(asked), callback, answer))
                    every += asked
                    advance()
            measured.wrong += troubles(every, folder)
    return measured


def _table(steps: Sequence[Step], seconds: float) -> Table:
    table = Table(
        "bot",
        title=f"milliseconds from an interaction, each step {seconds:g} s, "
        f"a question every {EVERY_S:g} s of each",
    )
    for heading in (
        "people", "questions",
        "first response p50", "p95", "p99", "longest",
        "answer p50", "p95", "p99", "longest",
    ):  # fmt: skip
        table.add_column(heading, justify="right")
    for step in steps:
        figures = (*astuple(step.callback), *astuple(step.answer))
        table.add_row(
            step.bot, str(step.people), f"{step.asked:,}", *(f"{one:.1f}" for one in figures)
        )
    return table
