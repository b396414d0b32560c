"""From a question to an answer, over the shipped document and small ones."""

from itertools import pairwise
from pathlib import Path

import pytest

from index.answering.confidence import Reason
from index.answering.searcher import Searcher
from index.documents.corpus import Corpus, load_corpus
from index.documents.shipped import shipped_data
from index.library.library import IndexedLibrary
from tests.index.conftest import make_searcher


@pytest.fixture(scope="module")
def searcher() -> Searcher:
    return Searcher([IndexedLibrary.build(load_corpus(shipped_data()))])


@pytest.mark.parametrize(
    ("question", "line", "citations"),
    [
        ("who ruled South Korea from 1961 to 1979?", 4, ("3",)),
        ("when did the European Parliament adopt its resolution?", 12, ("28", "33")),
        ("how much did South Korean tourism to Japan fall in 2019?", 28, ("89", "90", "91")),
    ],
)
def test_the_passage_that_answers_comes_first_with_its_numbers(
    searcher: Searcher, question: str, line: int, citations: tuple[str, ...]
) -> None:
    passage = searcher.answer(question).hits[0].passage
    assert (passage.line, passage.citations) == (line, citations)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("what is the capital of France?", Reason.NO_MATCH),
        ("", Reason.EMPTY_QUESTION),
        ("   ", Reason.EMPTY_QUESTION),
        ("who is it?", Reason.NO_CONTENT_WORDS),
        ("?!", Reason.NO_CONTENT_WORDS),
        (
            "Japan has which volcano eruptions, sushi chefs and bullet trains?",
            Reason.LOW_CONFIDENCE,
        ),
        ("x " * 501, Reason.TOO_LONG),
    ],
)
def test_what_the_source_cannot_answer_gets_no_hit_but_a_reason(
    searcher: Searcher, question: str, reason: Reason
) -> None:
    answer = searcher.answer(question)
    assert (answer.hits, answer.reason) == ((), reason)


def test_matches_are_the_words_of_the_question(searcher: Searcher) -> None:
    hit = searcher.answer("who ruled South Korea from 1961 to 1979?").hits[0]
    words = [hit.passage.text[start:end] for start, end in hit.matches]
    assert words == ["1961", "1979", "South", "Korea's"]


def test_the_json_of_an_answer_is_as_promised(searcher: Searcher) -> None:
    answer = searcher.answer("when did the European Parliament adopt its resolution?").as_json()
    keys = "question outcome answered confidence reason corrected taken_over hits closest"
    assert set(answer) == set(keys.split())
    assert (answer["answered"], answer["outcome"], answer["closest"]) == (True, "sure", [])
    assert 0 < answer["confidence"] <= 1
    keys = "document line citations text section place columns score matches"
    assert set(answer["hits"][0]) == set(keys.split())


def test_limit_caps_the_hits(searcher: Searcher) -> None:
    question = "Japan South Korea relations"
    hits = searcher.answer(question, limit=5).hits
    assert len(searcher.answer(question, limit=1).hits) == min(1, len(hits))


def test_answers_are_repeatable(searcher: Searcher) -> None:
    question = "Japan and South Korea"
    assert searcher.answer(question) == searcher.answer(question)


def test_an_empty_library_says_so() -> None:
    assert Searcher([IndexedLibrary.build(Corpus(()))]).answer("x").reason is Reason.EMPTY_LIBRARY


def test_two_libraries_are_ranked_by_their_summed_statistics(tmp_path: Path) -> None:
    """Split over two libraries, the same passages get the same scores as in one."""
    (tmp_path / "a.txt").write_text("The red fox runs.\nA blue whale swims far.\n")
    (tmp_path / "b.txt").write_text("A red whale sleeps.\nThe old fox sings to a red moon.\n")
    entry = "  - {{id: {0}, title: {0}, file: {0}.txt}}\n"
    libraries = {}
    for name, ids in {"one": "a", "two": "b", "both": "ab"}.items():
        path = tmp_path / f"{name}.yaml"
        path.write_text("documents:\n" + "".join(entry.format(i) for i in ids))
        libraries[name] = IndexedLibrary.build(load_corpus(path))
    together = Searcher([libraries["both"]]).answer("red fox")
    apart = Searcher([libraries["one"], libraries["two"]]).answer("red fox")
    assert [hit.passage for hit in apart.hits] == [hit.passage for hit in together.hits]
    scores = [hit.score for hit in together.hits]
    assert [hit.score for hit in apart.hits] == pytest.approx(scores)


def test_a_number_that_no_passage_carries_is_unknown(searcher: Searcher) -> None:
    answer = searcher.answer("[9999]")
    assert (answer.hits, answer.reason) == ((), Reason.UNKNOWN_CITATION)


def test_matches_of_words_without_spaces_between_do_not_overlap() -> None:
    made = make_searcher("東京都の人口は千四百万人である。", "大阪の城は古い。", language="ja")
    hit = made.answer("東京都の人口").ranked[0]
    assert hit.passage.text.startswith("東京都")
    assert hit.matches
    for (_, end), (start, _) in pairwise(hit.matches):
        assert end <= start
