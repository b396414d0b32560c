"""Hostile files and questions, each as large as the limits let it be.

`python -m tests.index.hostile_cases NAME` does one and prints what came of it. Each took minutes
or hours, or all memory, where the work grows with the square of the size; now it takes seconds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from bot.cards.markdown import escape
from index.answering.lookups import numbers_asked, numbers_named
from index.documents.reading.plain import read_passages
from index.documents.reading.sentences import Layout, Markers
from index.documents.uploads import read_upload
from index.errors import CorpusError
from index.statements.statements import split_statements
from index.text.small_talk import without_filler
from tests.index.conftest import make_searcher
from tests.patterns import attacks, patterns

__all__ = ["CASES"]

PATTERN_CHARS = 1000
LINE = 99_000
FILE = 1_900_000
YAML = "title: T\npassages:\n"
MARKS = "\u0315\u0300"
"""Out of their canonical order, so that each has to be moved past all before it."""


def upload(text: str, name: str = "a.txt", layout: Layout = "prose") -> str:
    """What comes of a file: its passages, or the first that is wrong."""
    try:
        made = read_upload(name, text.encode(), layout=layout, markers="trailing")
    except CorpusError as error:
        return str(error.problems[0].reason)
    return f"{len(made.document.passages)} passages"


def guessed(text: str) -> str:
    """What is guessed of a file of which nothing is said."""
    try:
        return str(read_upload("a.txt", text.encode()).guessed)
    except CorpusError as error:
        return str(error.problems[0].reason)


def yaml_upload(text: str) -> str:
    try:
        made = read_upload("a.yaml", text.encode())
    except CorpusError as error:
        return str(error.problems[0].reason)
    return f"{len(made.document.passages)} passages"


def reading(text: str, layout: Layout, markers: Markers = "leading") -> str:
    """An operator's file, which may be larger than an upload."""
    found = read_passages(text, document="d", file="f", layout=layout, markers=markers)
    return str(found.errors[0].reason) if found.errors else f"{len(found.passages)} passages"


def answer(question: str) -> str:
    found = make_searcher("The gate of the castle opens at seven.").answer(question)
    return f"{found.reason}, {len(found.hits)} hits"


def doubled(last: str, times: int = 24) -> str:
    """Aliases of aliases, each twice what the one before is."""
    lines = ["a0: &a0 {x: 1, y: 2}"]
    lines += [f"a{n}: &a{n} {last.replace('@', f'*a{n - 1}')}" for n in range(1, times)]
    return "\n".join(lines) + "\n"


def all_patterns() -> str:
    count = 0
    for kept in patterns():
        # Questions come with single spaces: Searcher.rank sees to it, and numbers_asked.
        of_question = kept.name.startswith(
            (
                "index.answering.leaning",
                "index.answering.lookups",
                "index.text.small_talk",
                "index.text.answer_type",
            )
        )
        for text in attacks(kept.pattern, PATTERN_CHARS):
            kept.try_on(" ".join(text.split()) if of_question else text)
            count += 1
    return f"{count} texts"


CASES: Mapping[str, Callable[[], str]] = {
    "10 MB of opening brackets": lambda: reading("[" * 10_000_000, "lines"),
    "10 MB of numbers, in lines": lambda: reading("[1]" * 3_000_000 + "Gate", "lines"),
    "10 MB of raised numbers": lambda: reading("oil.¹ " * 1_400_000, "prose"),
    "10 MB of wide brackets, in lines": lambda: reading("【1】" * 1_100_000, "lines"),
    "raised numbers, wrapped, guessed": lambda: guessed(f"{'ab.¹ ' * 390}\n" * (FILE // 2400)),
    "numbers that are words": lambda: upload(f"{'So. [1] is so, see [2]. ' * 200}\n\n" * 400),
    "10 MB on one line": lambda: reading("The gate opens. " * 650_000, "lines"),
    "10 MB on one line, prose": lambda: reading("The gate opens. " * 650_000, "prose"),
    "10 MB of combining marks": lambda: reading("a" + MARKS * 2_500_000, "prose"),
    "10 MB of CJK without spaces": lambda: reading("漢" * 3_300_000, "prose"),
    "numbers without text, wrapped": lambda: upload(f"{'[1]' * 33}\n" * (FILE // 100) + "Gate."),
    "numbers, then blanks": lambda: upload("The." + "[1]" * 16_000 + " " * 49_000 + "x"),
    "numbers, then closing brackets": lambda: upload("The." + "[1]" * 16_000 + ")" * 49_000 + "x"),
    "cited sentences in one paragraph": lambda: upload(f"{'Gate open.[1] ' * 8}\n" * (FILE // 120)),
    "numbers held together by commas": lambda: upload(f"{'[1],' * 20}\n" * (FILE // 81) + "Gate"),
    "headings of signs": lambda: upload(f"# {'#' * 49_000} {'# ' * 24_000}x\n" * 19 + "Gate."),
    "brackets that are text": lambda: upload(f"a[1] {'[,]' * 30}\n" * (FILE // 100)),
    "full stops in brackets": lambda: reading("x." + "[.]" * 300_000 + "x", "prose"),
    "numbers between letters, guessed": lambda: guessed(f"{'ab[1]' * 390}b.\n" * (FILE // 2000)),
    "YAML: 70,000 passages of a letter": lambda: yaml_upload(
        YAML + "- {text: a, citations: [1]}\n" * 70_000
    ),
    "YAML: broken at its end": lambda: yaml_upload(
        YAML + "- {text: a, citations: [1]}\n" * 70_000 + "- ["
    ),
    "YAML: broken in one line": lambda: yaml_upload(
        "passages: [" + "{text: a, citations: [1]}, " * 70_000 + "b: c]\n- ["
    ),
    "YAML: anchors": lambda: yaml_upload(YAML + "- &a {text: a}\n" * 120_000),
    "YAML: numbers that are no passages": lambda: yaml_upload(YAML + "- 7\n" * 450_000),
    "YAML: blanks in a text": lambda: yaml_upload(f'{YAML}- text: "a{" " * FILE}b"\n'),
    "YAML: a number to the base of 60": lambda: yaml_upload(
        f"{YAML}- text: g\n  citations: [1{':1' * 900_000}]\n"
    ),
    "YAML: a number of 300,000 digits": lambda: yaml_upload(f"{YAML}- text: 0x{'f' * 300_000}\n"),
    "YAML: a title of combining marks": lambda: yaml_upload(
        f'title: "a{MARKS * 450_000}"\npassages: [{{text: g}}]\n'
    ),
    "YAML: aliases of aliases": lambda: yaml_upload(f"{YAML}- text: g\n{doubled('[@, @]')}"),
    "YAML: aliases under one key": lambda: yaml_upload(
        f"{YAML}- text: g\n{doubled('{x: @, x: @}')}"
    ),
    "YAML: aliases as a key": lambda: yaml_upload(
        f"{YAML}- text: g\n{doubled('[@, @]')}? *a23\n: 1\n"
    ),
    "YAML: merged aliases": lambda: yaml_upload(f"{YAML}- text: g\n{doubled('{<<: [@, @]}')}"),
    "YAML: a million opening brackets": lambda: yaml_upload(f"{YAML[:-1]} {'[' * 1_000_000}\n"),
    "YAML: nested by dashes": lambda: yaml_upload(f"{YAML}{'- ' * 900_000}\n"),
    "question: blanks after cite": lambda: answer("cite" + " " * 990 + "x"),
    "question: blanks after a number": lambda: str(numbers_asked("cite 1" + " " * 990 + "x")),
    "question: blanks before the end": lambda: answer("gate" + " " * 990 + "y"),
    "question: blanks after ok why is": lambda: answer(" ok why is" + " \n" * 490 + "x"),
    "question: filler and blanks": lambda: without_filler("x" + " " * 990 + "y")[:1],
    "look-up: blanks": lambda: str(len(numbers_named("1" + " " * 100_000 + "x"))),
    "statements: links without an end": lambda: str(len(split_statements("[](https://" * 363))),
    "card: blank lines": lambda: str(len(escape("\n" * 100_000))),
    "every regular expression": all_patterns,
}


if __name__ == "__main__":
    sys.stdout.write(CASES[sys.argv[1]]() + "\n")
