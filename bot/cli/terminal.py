"""Answers, passages and tables for people at a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cards.answer import why_silent
from bot.cards.markdown import headings, place_words, row_in_words
from bot.locales import say
from index.answering.answer import Answer, Hit
from index.answering.candidates import Where
from index.answering.confidence import Outcome
from index.documents.corpus import CORPUS_SUFFIXES
from index.documents.document import Document
from index.documents.passages import Passage
from index.errors import Problem

__all__ = [
    "print_answer",
    "print_documents",
    "print_explanation",
    "print_json",
    "print_passages",
    "print_problems",
]

MATCH_STYLE = "bold cyan"
OUTCOMES = {
    Outcome.SURE: "Given",
    Outcome.CLOSEST: "Shown as the closest",
    Outcome.SILENT: "Withheld",
}
LACKS_TYPE = "it has nothing of the kind that is asked for, such as a year or a number"
PLACES = {
    Where.TITLE: "its title has",
    Where.HEADING: "its headings have",
    Where.BESIDE: "the passage beside it has",
    Where.NOWHERE: "nothing beside it has",
}
"""Where words are that the passage itself lacks."""


def print_answer(console: Console, answer: Answer, *, nearest: bool = False) -> None:
    """The hits with numbers and matched words marked, the closest, or the reason for the silence.

    `nearest` adds the passages that came closest where there is no hit.
    """
    if answer.taken_over:
        words = ", ".join(answer.taken_over)
        _print_line(console, say("answer.taken_over", words=words).removeprefix("-# "))
    if answer.closest is not None:
        _print_closest(console, answer, answer.closest, nearest=nearest)
        return
    if answer.reason is not None:
        _print_line(console, why_silent(answer))
        for corrected in answer.spellings or filter(None, [answer.corrected]):
            _print_line(console, say("silence.suggestion", corrected=corrected))
        if nearest and answer.nearest:
            _print_line(console, f"\n{say('silence.nearest')}:\n")
    else:
        _print_mended(console, answer)
    for hit in answer.hits or (answer.nearest if nearest else ()):
        _print_passage(console, hit.passage, hit.matches)


def _print_closest(console: Console, answer: Answer, closest: Hit, *, nearest: bool) -> None:
    """The one passage without marks, under what it is; `nearest` adds those that came next."""
    _print_mended(console, answer)
    _print_line(console, say("answer.closest").removeprefix("-# "))
    _print_passage(console, closest.passage)
    if nearest and (others := answer.nearest[1:]):
        _print_line(console, f"{say('silence.nearest')}:\n")
        for hit in others:
            _print_passage(console, hit.passage, hit.matches)


def _print_mended(console: Console, answer: Answer) -> None:
    if answer.corrected:
        words = say("answer.corrected", corrected=answer.corrected)
        _print_line(console, words.removeprefix("-# "))


def print_explanation(console: Console, answer: Answer, whereabouts: Mapping[str, Where]) -> None:
    """Why the answer was given, shown or withheld, and what each feature gave, as a table.

    `whereabouts` tells of each word of the question where it is found. The table is of
    the hits, or of the nearest passages where there is none.
    """
    hits = answer.hits or answer.nearest
    if hits and hits[0].signals:
        _print_line(console, _why(answer, hits[0], whereabouts))
    table = Table("feature")
    for hit in hits:
        table.add_column(f"line {hit.passage.line}", justify="right")
    for name in hits[0].parts if hits else ():
        table.add_row(name, *(f"{hit.parts.get(name, 0.0):+.2f}" for hit in hits))
    table.add_section()
    table.add_row("score", *(f"{hit.score:+.2f}" for hit in hits))
    table.add_row("confidence", *(f"{hit.confidence:.2f}" for hit in hits))
    console.print(table)


def _why(answer: Answer, first: Hit, whereabouts: Mapping[str, Where]) -> str:
    """A sentence on what decided the outcome."""
    reasons = [f"line {first.passage.line} has {first.signals['share']:.0%} of what is asked"]
    for place, words in PLACES.items():
        if lacking := [f"*{word}*" for word, where in whereabouts.items() if where is place]:
            reasons.append(f"it lacks {', '.join(lacking)}, which {words}")
    if first.signals["lacks_type"]:
        reasons.append(LACKS_TYPE)
    if "reading" in first.signals:
        likeness, reading = first.signals["likeness"], first.signals["reading"]
        reasons.append(f"in meaning it is {likeness:.2f} near, and answers by {reading:+.1f}")
    outcome = f"{OUTCOMES[answer.outcome]} with a confidence of {first.confidence:.2f}"
    return f"{outcome}: {'; '.join(reasons)}."


def _print_line(console: Console, text: str) -> None:
    console.print(text, markup=False, soft_wrap=True)


def print_passages(console: Console, passages: Iterable[Passage]) -> None:
    """Passages with their numbers and places."""
    for passage in passages:
        _print_passage(console, passage)


def print_documents(console: Console, documents: Sequence[Document]) -> None:
    """The table of `footnote check`."""
    table = Table("document", "title")
    for heading in ("passages", "cited", "numbers"):
        table.add_column(heading, justify="right")
    for document in documents:
        counts = (len(document.passages), document.cited, document.numbers)
        table.add_row(document.id, Text(document.title), *(f"{count:,}" for count in counts))
    console.print(table)


def print_problems(console: Console, problems: Iterable[Problem], data: Path | None) -> None:
    """One line a problem, never wrapped, with the folder of the corpus before the file."""
    folder = data.parent if data and data.suffix in CORPUS_SUFFIXES else data
    for problem in problems:
        place = str(folder / problem.file) if folder else problem.file
        line = str(Problem(place, problem.line, problem.reason))
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _print_passage(
    console: Console, passage: Passage, matches: Sequence[tuple[int, int]] = ()
) -> None:
    numbers = " ".join(f"[{number}]" for number in passage.citations)
    document = passage.document
    if section := headings(passage.section):
        document = say("answer.section", document=document, section=section)
    place = say("place.within", document=document, place=place_words(passage))
    console.print(Text(f"{numbers}  {place}" if numbers else place, style="dim"))
    text, spans = row_in_words(passage, matches)
    console.print(_marked(text, spans, plain=not console.is_terminal), soft_wrap=True)
    console.print()


def _marked(text: str, matches: Sequence[tuple[int, int]], *, plain: bool) -> Text:
    """`text` with the matched words in colour, or between asterisks where there is none."""
    if not plain:
        styled = Text(text)
        for start, end in matches:
            styled.stylize(MATCH_STYLE, start, end)
        return styled
    pieces, position = [], 0
    for start, end in matches:
        pieces += [text[position:start], "*", text[start:end], "*"]
        position = end
    return Text("".join(pieces) + text[position:])


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object on a line of standard output, for programs."""
    click.echo(json.dumps(value, ensure_ascii=False))
