"""The postings engine gives what the exact engine gives, by NumPy and by numba."""

from collections.abc import Iterable, Sequence
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.engines.bm25 import Engine, inverse_document_frequency
from index.engines.exact import ExactEngine
from index.engines.search import PostingsEngine
from index.library import building as building_module
from index.library.building import PostingsBuilder
from index.text.analysis import analyser_for

LETTERS = "abcdefgh"
PASSAGES = st.lists(st.lists(st.sampled_from(LETTERS), max_size=8), max_size=60)
QUESTIONS = st.lists(st.sampled_from(LETTERS + "z"), min_size=1, max_size=6, unique=True)

without_numba = find_spec("numba") is None
compiled = pytest.mark.parametrize(
    "compiled",
    [
        pytest.param(False, id="numpy"),
        pytest.param(
            True,
            id="numba",
            marks=pytest.mark.skipif(without_numba, reason="the extra fast is not installed"),
        ),
    ],
)


def engine_of(passages: Iterable[Sequence[str]], *, compiled: bool | None = None) -> PostingsEngine:
    """The engine over passages that are given as their terms."""
    builder = PostingsBuilder()
    for terms in passages:
        builder.add_terms(terms)
    return PostingsEngine(builder.postings(), compiled=compiled)


@pytest.fixture(autouse=True)
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks and windows of a few passages, so that small corpora have many."""
    monkeypatch.setattr(building_module, "CHUNK", 7)
    if not without_numba:
        from index.engines import compiled

        monkeypatch.setattr(compiled, "WINDOW", 5)


def weights_of(engine: Engine, terms: list[str]) -> dict[str, float]:
    return {
        term: inverse_document_frequency(engine.passages, engine.frequency(term)) for term in terms
    }


def search(
    engine: Engine, weights: dict[str, float], k: int, average: float
) -> list[tuple[int, float]]:
    found = engine.candidates(weights, k, average)
    return [(candidate.position, candidate.score) for candidate in found]


@compiled
@settings(max_examples=300, deadline=None)
@given(
    passages=PASSAGES,
    question=QUESTIONS,
    k=st.integers(0, 12),
    factor=st.sampled_from([1.0, 0.3, 2.7]),
)
def test_candidates_scores_and_order_are_the_exact_engines(
    compiled: bool, passages: list[list[str]], question: list[str], k: int, factor: float
) -> None:
    exact, postings = ExactEngine(passages), engine_of(passages, compiled=compiled)
    assert (postings.passages, postings.length) == (exact.passages, exact.length)
    assert [postings.frequency(t) for t in question] == [exact.frequency(t) for t in question]
    weights = weights_of(exact, question)
    average = factor * (exact.length / exact.passages if exact.length else 1.0)
    assert search(postings, weights, k, average) == search(exact, weights, k, average)


@compiled
@settings(max_examples=100, deadline=None)
@given(
    passages=PASSAGES,
    weights=st.dictionaries(st.sampled_from(LETTERS), st.floats(1e-6, 1e6), min_size=1),
)
def test_weights_of_any_size_are_kept_apart(
    compiled: bool, passages: list[list[str]], weights: dict[str, float]
) -> None:
    exact, postings = ExactEngine(passages), engine_of(passages, compiled=compiled)
    assert search(postings, weights, 3, 4.0) == search(exact, weights, 3, 4.0)


@compiled
def test_long_lists_are_left_out_and_still_count(compiled: bool) -> None:
    # "a" is everywhere: after two of "b" and "c" it can lift nothing more into the best two.
    passages = [["a"]] * 500 + [["b", "c", "d"], ["a", "b", "c"], ["b", "a"]] + [["a", "d"]] * 500
    exact, postings = ExactEngine(passages), engine_of(passages, compiled=compiled)
    weights = weights_of(exact, ["a", "b", "c"])
    found = search(postings, weights, 2, 1.5)
    assert found == search(exact, weights, 2, 1.5)
    assert [position for position, _ in found] == [501, 500]


@compiled
def test_one_engine_answers_again_and_for_other_averages(compiled: bool) -> None:
    passages = [["a", "b"], ["a"] * 5, ["b"], ["a", "b", "b"]] * 9
    exact, postings = ExactEngine(passages), engine_of(passages, compiled=compiled)
    for average in (2.75, 1.0, 30.0, 2.75):
        for terms in (["a"], ["b", "a"], ["a", "b"]):
            weights = weights_of(exact, terms)
            assert search(postings, weights, 5, average) == search(exact, weights, 5, average)


@compiled
def test_an_engine_over_nothing_finds_nothing(compiled: bool) -> None:
    corpora: list[list[list[str]]] = [[], [[]], [[], []]]
    for passages in corpora:
        engine = engine_of(passages, compiled=compiled)
        assert (engine.passages, engine.length) == (len(passages), 0)
        assert engine.candidates({"a": 1.0}, 5, 1.0) == []


def test_a_term_in_passages_too_odd_for_a_table_of_pairs() -> None:
    passages = [["a"] * 9000, ["a", "b"], ["b"] * 3]
    exact, postings = ExactEngine(passages), engine_of(passages, compiled=False)
    assert search(postings, {"a": 1.0}, 5, 9.0) == search(exact, {"a": 1.0}, 5, 9.0)


TEXTS = [
    ("en", "The U.S. Army's generals, the generals of 1,000 armies."),
    ("ja", "東京タワーは1958年に建てられた。The tower stands in Tokyo."),
    ("ko", "대한민국의 수도는 서울이다"),
    ("en", "% and naïve cafés — 東京 in an English sentence"),
    ("en", ""),
    ("de", "Die Straßen der Städte und die Stadt"),
] * 5


def test_texts_give_the_terms_and_words_of_their_analyser() -> None:
    builder = PostingsBuilder()
    terms, words = [], []
    for language, text in TEXTS:
        analyser = analyser_for(language)
        builder.add(text, analyser)
        terms.append(analyser.terms(text))
        words.append({token.word for token in analyser.tokens(text)})
    engine, exact = PostingsEngine(builder.postings(), compiled=False), ExactEngine(terms)
    assert (engine.passages, engine.length) == (exact.passages, exact.length)
    for term in {term for passage in terms for term in passage}:
        assert search(engine, {term: 1.0}, 30, 3.0) == search(exact, {term: 1.0}, 30, 3.0)
    expected = {word: sum(word in one for one in words) for one in words for word in one}
    assert builder.words() == expected


def test_progress_is_told_and_may_stop_the_building() -> None:
    told: list[int] = []
    builder = PostingsBuilder(told.append)
    for _ in range(20):
        builder.add("a word", analyser_for("en"))
    builder.postings()
    assert told == [7, 14, 20]

    def stop(count: int) -> None:
        raise InterruptedError

    builder = PostingsBuilder(stop)
    for _ in range(6):
        builder.add("a word", analyser_for("en"))
    with pytest.raises(InterruptedError):
        builder.add("a word", analyser_for("en"))


def test_numba_is_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    name = engine_of([["a"]]).name
    assert name == ("postings" if without_numba else "postings, compiled")
    monkeypatch.setattr("index.engines.search.find_spec", lambda _: None)
    assert engine_of([["a"]]).name == "postings"


def test_a_numba_that_cannot_be_imported_is_told_and_done_without(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(name: str) -> None:
        raise ImportError("Numba needs NumPy 2.2 or less")

    monkeypatch.setattr("index.engines.search.find_spec", lambda _: True)
    monkeypatch.setattr("index.engines.search.import_module", broken)
    assert engine_of([["a"]]).name == "postings"
    assert "NumPy 2.2 or less" in caplog.text
    with pytest.raises(ImportError, match="fast"):
        engine_of([["a"]], compiled=True)
