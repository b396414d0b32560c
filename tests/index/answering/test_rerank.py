"""Each feature says what its name says, and the order of hits follows their sum."""

from __future__ import annotations

import pytest

from index.answering.candidates import Candidates
from index.answering.question import understand
from index.answering.question_terms import QuestionTerms
from index.answering.rerank import WEIGHTS, features
from index.answering.searcher import Searcher
from index.library.collection import Collection
from tests.index.conftest import FILLER, make_library

ONES = dict.fromkeys(WEIGHTS, 1.0)


def feature(name: str, question: str, text: str, **spec: object) -> float:
    library = make_library(text, *FILLER, **spec)
    collection = Collection([library])
    question_terms = QuestionTerms(understand(question, collection))
    candidates = Candidates(question_terms, collection, 0, [3, 0])
    return features(candidates, ONES)[name].item(1)


@pytest.mark.parametrize(
    ("name", "question", "more", "less"),
    [
        ("idf_share", "red fox", "The red fox.", "The red hen."),
        ("answer_type", "when did it burn?", "It burned in May 1871.", "It burned 3 times."),
        ("answer_type", "how many burned?", "Some 300 burned.", "Many burned."),
        ("answer_type", "who burned it?", "It was burned by Mason.", "It was burned by someone."),
        ("definition", "what is a fathom?", "A fathom is six feet.", "Six feet make a fathom."),
        ("window", "red fox", "A red fox and a hen.", "A red hen and a grey fox."),
        ("length", "fox", "The old red fox sleeps in the barn.", "The fox."),
        ("function_words", "who sat between them?", "It sat between them.", "It sat there."),
        ("new_rare_terms", "which fox?", "The fox Reynard of Ghent.", "The fox."),
        ("char_grams", "lighthouse", "The lighthouses.", "The harbours."),
    ],
)  # fmt: skip
def test_a_feature_is_higher_where_it_should_be(
    name: str, question: str, more: str, less: str
) -> None:
    assert feature(name, question, more) > feature(name, question, less)


def test_pieces_of_a_text_without_spaces_have_no_window() -> None:
    library = make_library("大学在东京。", language="zh")
    hit = Searcher([library]).answer("东京大学").ranked[0]
    assert hit.parts["idf_share"] > 0
    assert hit.parts["window"] == 0


def test_the_lead_counts_where_passages_follow_each_other() -> None:
    assert feature("lead", "fox", "The fox.", contiguous=True) == 1
    assert feature("lead", "fox", "The fox.", contiguous=False) == 0
    library = make_library("The fox.", "The fox.", contiguous=True)
    assert [library.is_lead(position) for position in range(2)] == [True, False]
    excerpts = make_library("The fox.", contiguous=False)
    assert not excerpts.is_lead(0)


def test_every_weighted_feature_exists_and_is_explained() -> None:
    hit = Searcher([make_library("The fox.", *FILLER)]).answer("fox").ranked[0]
    assert set(hit.parts) == set(WEIGHTS)
    assert hit.score == pytest.approx(sum(hit.parts.values()))


def test_a_feature_of_weight_zero_is_left_out() -> None:
    weights = WEIGHTS | {"length": 0.0}
    hit = Searcher([make_library("The fox.", *FILLER)], weights=weights).answer("fox").ranked[0]
    assert "length" not in hit.parts


def test_hits_are_in_the_order_of_their_scores() -> None:
    library = make_library("The red fox runs.", "A fox.", "A red hen in a red barn.", *FILLER)
    scores = [hit.score for hit in Searcher([library]).answer("red fox").ranked]
    assert scores == sorted(scores, reverse=True)
