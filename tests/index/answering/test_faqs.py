"""Whole FAQs, asked in other words than theirs: what is shown first is the whole right answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from index.answering.searcher import Searcher
from index.documents.corpus import Corpus
from index.documents.reading.sentences import Layout
from index.documents.uploads import read_upload
from index.library.library import IndexedLibrary
from index.meaning import Model, Reader

FOLDER = Path(__file__).parents[2] / "faqs"
QUESTIONS = 20
MOST_FALSELY_SURE = 2
CLUB: tuple[str, Layout | None] = ("club.md", None)
WORKSHOP: tuple[str, Layout | None] = ("workshop.txt", "prose")
LIBRARY: tuple[str, Layout | None] = ("library.md", None)
SERVER: tuple[str, Layout | None] = ("server.txt", "prose")
FAQS = [CLUB, WORKSHOP, LIBRARY, SERVER]
ASKED = ("asked.yaml", "asked_while_tuning.yaml")

_BEGINS = {".md": re.compile(r"#{3} (.+)"), ".txt": re.compile(r"Q: (.+)")}
_ENDS = re.compile(r"#{1,2} ")
_MARKS = re.compile(r"(?:A: |- |\d\. )")


@cache
def asked_of(name: str) -> dict[str, str]:
    """What is asked in other words, by the heading under which its answer stands."""
    return {one["heading"]: one["asked"] for path in ASKED for one in _read(path).get(name, ())}


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def answers_in(name: str) -> dict[str, str]:
    """The answers of a FAQ by their headings, as its file has them."""
    path, answers, heading = FOLDER / name, dict[str, list[str]](), ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if begins := _BEGINS[path.suffix].fullmatch(line):
            heading = begins[1]
            answers[heading] = []
        elif _ENDS.match(line):
            heading = ""
        elif heading:
            answers[heading].append(_MARKS.sub("", line, count=1))
    return {heading: words(" ".join(lines)) for heading, lines in answers.items()}


def words(text: str) -> str:
    """A text's words and nothing between them: marks of format do not count."""
    return " ".join(re.findall(r"[\w£]+", text))


@cache
def library_of(name: str, layout: Layout | None) -> IndexedLibrary:
    upload = read_upload(name, (FOLDER / name).read_bytes(), layout=layout)
    return IndexedLibrary.build(Corpus((upload.document,)))


@pytest.fixture(scope="module", name="reader")
def _reader() -> Reader:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    return Reader(Model())


def wrong_ones(name: str, layout: Layout | None, reader: Reader | None) -> Iterator[Any]:
    """Each question whose first passage, sure or shown as the closest, is not the whole answer."""
    library, answers = library_of(name, layout), answers_in(name)
    if reader is not None:
        reader.prepare_at_once(library)
    searcher = Searcher([library], meaning=reader)
    for heading, question in asked_of(name).items():
        answer = searcher.answer(question)
        first = answer.hits[0] if answer.hits else answer.closest
        if first is None or words(first.passage.text) != answers[heading]:
            yield heading, question, answer.outcome, first and first.passage.text


@pytest.mark.parametrize("name", [name for name, _ in FAQS])
def test_each_question_is_one_of_the_file(name: str) -> None:
    assert len(asked_of(name)) == QUESTIONS
    assert asked_of(name).keys() == answers_in(name).keys()
    assert all(answers_in(name).values())


@pytest.mark.parametrize(("name", "layout"), FAQS)
def test_each_answer_is_one_passage_under_its_question(name: str, layout: Layout | None) -> None:
    passages = library_of(name, layout).passages
    told = {one.section[-1]: words(one.text) for one in passages if one.section}
    assert told == answers_in(name)


@pytest.mark.parametrize(
    ("name", "layout", "least"), [(*CLUB, 17), (*WORKSHOP, 13)], ids=["club", "workshop"]
)
def test_with_meaning_the_right_answer_is_shown_first(
    name: str, layout: Layout | None, least: int, reader: Reader
) -> None:
    wrong = list(wrong_ones(name, layout, reader))
    assert QUESTIONS - len(wrong) >= least, wrong


@pytest.mark.parametrize(
    ("name", "layout", "least"), [(*CLUB, 1), (*WORKSHOP, 4)], ids=["club", "workshop"]
)
def test_by_words_alone_few_other_words_are_answered(
    name: str, layout: Layout | None, least: int
) -> None:
    wrong = list(wrong_ones(name, layout, None))
    assert QUESTIONS - len(wrong) >= least, wrong


@pytest.mark.parametrize(("name", "layout"), FAQS)
def test_few_questions_without_an_answer_get_one_for_sure(
    name: str, layout: Layout | None, reader: Reader
) -> None:
    library = library_of(name, layout)
    reader.prepare_at_once(library)
    searcher = Searcher([library], meaning=reader)
    answers = [searcher.answer(question) for question in _read("unanswered.yaml")[name]]
    assert len(answers) == QUESTIONS // 2
    assert sum(answer.answered for answer in answers) <= MOST_FALSELY_SURE
