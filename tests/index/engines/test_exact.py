"""rank-bm25 with Lucene's idf: the formula, and rank-bm25's known traps shown closed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.bm25 import K1, B, inverse_document_frequency
from index.engines.exact import ExactEngine

TERMS = st.lists(st.lists(st.sampled_from("abcdefg"), max_size=6), max_size=12)


def weights(engine: ExactEngine, terms: str) -> dict[str, float]:
    return {
        term: inverse_document_frequency(engine.passages, engine.frequency(term)) for term in terms
    }


def average_length(engine: ExactEngine) -> float:
    return engine.length / engine.passages if engine.length else 1.0


def search(engine: ExactEngine, terms: str, k: int = 10) -> list[tuple[int, float]]:
    found = engine.candidates(weights(engine, terms), k, average_length(engine))
    return [(candidate.position, candidate.score) for candidate in found]


def test_an_empty_corpus_has_no_candidates() -> None:
    engine = ExactEngine([])
    assert (engine.passages, engine.length, search(engine, "a")) == (0, 0, [])


def test_a_corpus_of_empty_passages_has_no_candidates() -> None:
    assert search(ExactEngine([[], []]), "a") == []


def test_one_passage_is_found_with_a_positive_score() -> None:
    ((position, score),) = search(ExactEngine([["a", "b"]]), "a")
    assert position == 0
    assert score > 0


def test_a_term_in_half_of_the_passages_counts() -> None:
    found = search(ExactEngine([["a", "b"], ["c"], ["a"], ["d"]]), "a")
    assert [position for position, _ in found] == [2, 0]
    assert all(score > 0 for _, score in found)


def test_a_term_in_every_passage_counts() -> None:
    assert len(search(ExactEngine([["a"], ["a", "b"], ["a"]]), "a")) == 3


def test_passages_with_no_term_in_common_are_no_candidates() -> None:
    engine = ExactEngine([["a"], ["b"], ["c"]])
    assert [position for position, _ in search(engine, "bz")] == [1]
    assert search(engine, "z") == []


def test_equal_scores_keep_the_order_of_the_passages() -> None:
    engine = ExactEngine([["a", "b"], ["a", "c"], ["a", "d"]])
    assert [position for position, _ in search(engine, "a")] == [0, 1, 2]


def test_k_caps_the_candidates() -> None:
    engine = ExactEngine([["a"]] * 5)
    assert len(search(engine, "a", k=2)) == 2
    assert search(engine, "a", k=0) == []


@given(TERMS, st.text(alphabet="abcdefgz", min_size=1, max_size=4).map(lambda s: "".join(set(s))))
def test_scores_are_the_formula_and_all_that_match_are_found(
    passages: list[list[str]], terms: str
) -> None:
    engine = ExactEngine(passages)
    average = average_length(engine)
    expected: dict[int, float] = {}
    for position, passage in enumerate(passages):
        score = 0.0
        for term in terms:
            frequency, n = passage.count(term), sum(term in other for other in passages)
            idf = math.log(1 + (len(passages) - n + 0.5) / (n + 0.5))
            norm = K1 * (1 - B + B * len(passage) / average)
            score += idf * frequency * (K1 + 1) / (frequency + norm)
        if score:
            expected[position] = score
    found = dict(search(engine, terms, k=100))
    assert found == pytest.approx(expected)
    assert list(found.values()) == sorted(found.values(), reverse=True)
