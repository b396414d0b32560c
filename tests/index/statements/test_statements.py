"""Texts to statements, and statements to the passages that support or touch them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answering.searcher import Searcher
from index.documents.corpus import load_corpus
from index.documents.passages import Passage
from index.documents.shipped import shipped_data
from index.library.library import IndexedLibrary
from index.statements.statements import MAX_STATEMENTS, Statement, find_sources, split_statements
from index.statements.support import Kind
from tests.index.conftest import FILLER, make_library

LIBRARY = IndexedLibrary.build(load_corpus(shipped_data()))
SEARCHER = Searcher([LIBRARY])
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:\.\d+)?(?![\w])")
NUMBERED = [passage for passage in LIBRARY.passages if _NUMBER.search(passage.text)]


def only(text: str) -> Statement:
    found = find_sources(SEARCHER, text).statements
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("It rules Korea. Mr. Kishi dined.", ["It rules Korea.", "Mr. Kishi dined."]),
        ("Who was Park? He ruled Korea.", ["He ruled Korea."]),
        ("hi everyone! thanks a lot", []),
        ("```py\nprint('it rules')\n``` It rules Korea.", ["It rules Korea."]),
        ("```\nnever closed, all code", []),
        ("> Park ruled.\n- Kishi ate\n2. Suga spoke", ["Park ruled.", "Kishi ate", "Suga spoke"]),
        ("# Korean trade\n-# small print", ["Korean trade", "small print"]),
        ("<@1> <@&2> <#3> Park <:a:4> ruled :smile: Korea \U0001f600", ["Park ruled Korea"]),
        ("[Park](https://example.org/a_b) ruled https://example.org Korea", ["Park ruled Korea"]),
        ("**Park** __ruled__ ||all|| of `Korea`, a_b", ["Park ruled all of Korea, a_b"]),
        ("\\[28\\] Park ruled Korea.[3] [citation needed]", ["Park ruled Korea."]),
        ("what does [28] say\n[28]\nKorea", []),
        ("\u201cPark ruled Korea.\u201d", ["Park ruled Korea."]),
        ("", []),
    ],
)  # fmt: skip
def test_what_a_text_states(text: str, statements: list[str]) -> None:
    assert split_statements(text) == statements


def test_a_wrapped_line_goes_on_and_a_short_one_ends() -> None:
    wrapped = "The European Parliament adopted a resolution on the\nsexual slavery system of Japan"
    assert len(split_statements(wrapped)) == 1
    assert len(split_statements("park ruled korea\nkishi dined there")) == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("South Korea was ruled by the dictator Park Chung-hee from 1961 to 1979.", 4),
        ("park chung-hee ran south korea as a dictator from 1961 to 1979", 4),
        ("In 2007 the EU parliament adopted a resolution on Japan's sexual slavery system.", 12),
        ("The US House passed a resolution in July 2007 demanding an apology for slavery.", 11),
        ("Up to 7.8 million Koreans were conscripted into forced labor during WWII.", 16),
        ("South Korea withdrew its WTO complaint in March 2023.", 8),
        (
            "Japan summoned South Korea's ambassador to protest the decision to end an agreement.",
            21,
        ),
    ],
)
def test_a_paraphrase_is_supported(text: str, line: int) -> None:
    statement = only(text)
    assert statement.kind is Kind.SUPPORTED
    assert statement.hits[0].passage.line == line
    assert not statement.lacking


@pytest.mark.parametrize(
    ("text", "line", "lacking"),
    [
        ("South Korea was ruled by the dictator Park Chung-hee from 1961 to 1987.", 4, "1987"),
        ("In May 2023, the dispute over semiconductor materials was resolved.", 8, "May"),
        ("The European Parliament adopted a resolution on December 14, 2007.", 12, "14"),
        ("Foreign minister Fumio Kishida arrived in Beijing for discussions.", 14, "Beijing"),
        ("In World War I, the Japanese Empire conscripted 7.8 million Koreans.", 16, "World War I"),
        ("the japanese empire conscripted nine million koreans into forced labor", 16, "nine"),
        ("the tribunal found emperor naruhito guilty of crimes against humanity", 10, "naruhito"),
        ("Tourism to Japan saw a huge rise of ~65% in the final three months of 2019.", 28, None),
        ("The dispute over semiconductor materials was not resolved in March 2023.", 8, None),
        ("From 1979 to 1961 South Korea's head of state was dictator Park Chung-hee.", 4, None),
        ("South Korea summoned Japan's ambassador to protest the end of an agreement.", 21, None),
    ],
)  # fmt: skip
def test_one_wrong_particular_only_touches(text: str, line: int, lacking: str | None) -> None:
    statement = only(text)
    assert statement.kind is Kind.TOUCHED
    assert statement.hits[0].passage.line == line
    assert statement.lacking == ((lacking,) if lacking else ())


@pytest.mark.parametrize(
    "text",
    [
        "The capital of Japan is Tokyo.",
        "South Korea has about 52 million inhabitants.",
        "World War II began in 1939 with the invasion of Poland.",
        "Tokyo hosted the Olympic Games in 2021.",
        "My cat slept on the keyboard again.",
    ],
)
def test_what_no_passage_is_about_has_none(text: str) -> None:
    assert only(text) == Statement(text)


@pytest.mark.parametrize("passage", LIBRARY.passages, ids=lambda passage: f"line-{passage.line}")
def test_a_passage_supports_itself(passage: Passage) -> None:
    found = find_sources(SEARCHER, passage.text).statements
    for statement in found:
        assert statement.kind is Kind.SUPPORTED
        assert passage in [hit.passage for hit in statement.hits]


@given(st.sampled_from(NUMBERED), st.integers(0, 9), st.integers(-30, 30))
def test_an_altered_number_is_never_supported(passage: Passage, which: int, by: int) -> None:
    text = passage.text
    numbers = list(_NUMBER.finditer(text))
    chosen = numbers[which % len(numbers)]
    altered = str(abs(float(chosen[0]) + by)).removesuffix(".0")
    if altered in {number[0] for number in numbers}:
        return
    changed = text[: chosen.start()] + altered + text[chosen.end() :]
    found = find_sources(SEARCHER, changed).statements
    of_number = [one for one in found if re.search(rf"(?<!\d){re.escape(altered)}(?!\d)", one.text)]
    assert all(one.kind is not Kind.SUPPORTED for one in of_number)


@given(st.text(max_size=600) | st.text(" *_~`|<>@#[]()>-\\\n:?!.\"'0aA", max_size=200))
@settings(deadline=None)
def test_no_text_raises(text: str) -> None:
    found = find_sources(SEARCHER, text)
    assert len(found.statements) <= MAX_STATEMENTS
    assert all(bool(one.hits) == (one.kind is not Kind.NONE) for one in found.statements)


def test_more_than_twenty_are_counted() -> None:
    found = find_sources(SEARCHER, "Park ruled Korea. " * 23)
    assert (len(found.statements), found.left_over) == (MAX_STATEMENTS, 3)


def test_a_sentence_too_long_to_ask_is_looked_for_in_pieces() -> None:
    found = find_sources(SEARCHER, "Japan and Korea agreed, " * 100)
    assert len(found.statements) == 3


def test_of_several_documents_the_title_tells_what_a_passage_is_about() -> None:
    text = "The lighthouse of Cape Example was built in 1871."
    library = make_library("It was built in 1871, a lighthouse of stone.", title="Cape Example")
    other = make_library(*FILLER, id="other", title="Another")
    alone = find_sources(Searcher([library]), text).statements[0]
    among_others = find_sources(Searcher([library, other]), text).statements[0]
    assert alone.kind is not Kind.SUPPORTED
    assert among_others.kind is Kind.SUPPORTED


def test_an_empty_library_has_no_source() -> None:
    assert find_sources(Searcher([]), "Park ruled Korea.").statements[0].kind is Kind.NONE


def test_lone_surrogates_are_no_text() -> None:
    statements = split_statements("The gate \ud800 of the castle opens at seven.\udfff")
    assert statements == ["The gate of the castle opens at seven."]


def test_a_number_that_stands_for_a_word_stays_in_its_statement() -> None:
    (found,) = split_statements("As shown in [6], the tower of the harbour is old.[7]")
    assert found == "As shown in [6], the tower of the harbour is old."
