"""Questions that lean on the ones before them, and those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answering.confidence import Reason
from index.answering.leaning import asked_anew
from index.answering.searcher import Searcher
from index.documents.corpus import Corpus, load_corpus
from index.documents.shipped import shipped_data
from index.errors import CorpusError
from index.evaluation import measure_follow_ups, read_follow_ups
from index.library.library import IndexedLibrary
from index.text.analysis import analyser_for
from tests.index.conftest import make_library, make_searcher

FOLLOW_UPS = shipped_data() / "followups.yaml"
CORPUS = load_corpus(shipped_data())
SEARCHER = Searcher([IndexedLibrary.build(CORPUS)])
LISTED = yaml.safe_load((shipped_data() / "questions.yaml").read_text(encoding="utf-8"))
ANSWERABLE = [one["question"] for one in LISTED["answerable"]]
UNANSWERABLE = [one["question"] for one in LISTED["unanswerable"]]

LIGHTHOUSE = make_searcher(
    "The lighthouse of Anholt was built in 1788 by Poul de Lowenorn.",
    "It is 42 metres high and its lamp burned coal.",
    "The lighthouse of Skagen was built in 1858 by Niels Nebelong.",
    "Both towers were painted white in 1920, and the keepers received a pension.",
    "In 1858 the ferry carried 300 sheep to Anholt.",
    "In 1901 the ferry carried 450 sheep to Anholt.",
)
FERRY = "how many sheep did the ferry carry to Anholt in 1858?"
ANHOLT = "who built the lighthouse of Anholt?"


def lines(question: str, *previous: str, searcher: Searcher = LIGHTHOUSE) -> list[int]:
    return [hit.passage.line for hit in searcher.answer(question, previous=previous).hits]


class TestFollowUps:
    def test_most_conversations_end_with_the_right_passage(self) -> None:
        found = measure_follow_ups("f", read_follow_ups(FOLLOW_UPS, CORPUS), SEARCHER)
        assert found.all.conversations == 20
        assert found.all.right >= 16
        assert found.all.right_alone <= 10
        assert found.kinds["new"].right == found.kinds["new"].conversations == 3
        assert found.as_json()["kinds"]["all"]["right"] == found.all.right

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("[]", "no conversation"),
            ("- {questions: [one], lines: [1]}", "questions"),
            ("- {questions: [one, two], lines: [1, 99]}", "no passage is at line 99"),
        ],
    )
    def test_a_list_that_is_wrong_is_explained(
        self, content: str, reason: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "f.yaml"
        path.write_text(content)
        with pytest.raises(CorpusError, match=reason):
            read_follow_ups(path, CORPUS)


class TestLeaning:
    @pytest.mark.parametrize(
        ("previous", "question", "line"),
        [
            (ANHOLT, "and of Skagen?", 3),
            (ANHOLT, "what about Skagen", 3),
            (ANHOLT, "when was that?", 1),
            (ANHOLT, "when?", 1),
            (ANHOLT, "and its lamp?", 2),
            (FERRY, "and in 1901?", 6),
        ],
    )
    def test_it_is_answered_with_what_was_said(
        self, previous: str, question: str, line: int
    ) -> None:
        assert lines(question, previous)[0] == line

    def test_a_new_year_takes_the_place_of_the_earlier_one(self) -> None:
        taken_over = LIGHTHOUSE.answer("and in 1901?", previous=[FERRY]).taken_over
        assert "sheep" in taken_over
        assert "1858" not in taken_over

    def test_a_new_name_takes_the_place_of_the_earlier_one(self) -> None:
        answer = LIGHTHOUSE.answer("and of Skagen?", previous=[ANHOLT])
        assert "Anholt" not in answer.taken_over

    def test_it_reaches_over_a_question_between(self) -> None:
        assert lines("and in 1901?", FERRY, "how come?")[0] == 6
        assert lines("and in 1901?", FERRY, "thanks!")[0] == 6

    @pytest.mark.parametrize(
        "question",
        [
            "and the price of tea?",
            "who paid for it?",
            "how many were there?",
            "what about Dover?",
            "and why tea?",
        ],
    )
    def test_what_the_source_does_not_say_gets_no_answer(self, question: str) -> None:
        assert not LIGHTHOUSE.answer(question, previous=[ANHOLT]).answered

    @pytest.mark.parametrize(
        "question",
        ["who built the lighthouse of Skagen?", "what did the keepers receive?", '"burned coal"'],
    )
    def test_a_question_that_stands_by_itself_is_not_disturbed(self, question: str) -> None:
        assert lines(question, FERRY) == lines(question)

    def test_look_ups_and_small_talk_take_nothing_over(self) -> None:
        for question in ("[28]", '"burned coal"', "hello", "thanks so much", ""):
            assert LIGHTHOUSE.answer(question, previous=[ANHOLT]) == LIGHTHOUSE.answer(question)

    def test_the_explanation_has_what_the_place_and_the_new_words_gave(self) -> None:
        hit = LIGHTHOUSE.answer("when was that?", previous=[ANHOLT]).hits[0]
        assert hit.parts["nearness"] > 0
        assert hit.score == pytest.approx(sum(hit.parts.values()))

    def test_libraries_with_documents_of_one_name_are_told_apart(self) -> None:
        first = make_library("The mill of Hobro grinds oats.", "It has four sails.")
        second = make_library("The lighthouse of Anholt is red.", "Its lamp burns coal all night.")
        searcher = Searcher([first, second])
        answer = searcher.answer("and its sails?", previous=["is the lighthouse of Anholt red?"])
        gained = {hit.passage.text: hit.parts["nearness"] for hit in answer.ranked}
        assert gained["It has four sails."] == 0
        assert gained["Its lamp burns coal all night."] > 0

    def test_without_passages_there_is_a_reason(self) -> None:
        empty = Searcher([IndexedLibrary.build(Corpus(()))])
        assert empty.answer("why?", previous=["who?"]).reason is Reason.EMPTY_LIBRARY


class TestNewQuestion:
    @pytest.mark.parametrize(
        ("text", "rest"),
        [
            ("new question: who ruled?", "who ruled?"),
            ("New question, when was it?", "when was it?"),
            ("new question who ruled?", "who ruled?"),
            ("ok, another question - why?", "why?"),
            ("새 질문: 누가?", "누가?"),
            ("新しい質問：誰？", "誰？"),
            ("New question.", ""),
        ],
    )
    def test_it_is_taken_off(self, text: str, rest: str) -> None:
        assert asked_anew(text) == (rest, True)

    @pytest.mark.parametrize("text", ["who asked a new question?", "new questions of law", "new"])
    def test_other_texts_are_left(self, text: str) -> None:
        assert asked_anew(text) == (text, False)

    def test_it_drops_what_was_before(self) -> None:
        assert not LIGHTHOUSE.answer("new question: when was that?", previous=[ANHOLT]).taken_over
        for dropping in (["new question"], ["new question: what is tea?"]):
            answer = LIGHTHOUSE.answer("and in 1901?", previous=[FERRY, *dropping])
            assert "sheep" not in answer.taken_over

    def test_alone_it_is_told_to_ask_away(self) -> None:
        for previous in ([], [ANHOLT]):
            answer = LIGHTHOUSE.answer("New question!", previous=previous)
            assert answer.reason is Reason.NEW_QUESTION


class TestProperties:
    def test_without_earlier_questions_nothing_changes(self) -> None:
        for question in (*ANSWERABLE, *UNANSWERABLE):
            answer = SEARCHER.answer(question)
            assert answer == SEARCHER.answer(question, previous=[])
            assert answer.taken_over == ()

    def test_an_unanswerable_question_stays_so_after_an_answered_one(self) -> None:
        alone = sum(SEARCHER.answer(question).answered for question in UNANSWERABLE)
        for offset in (0, 31, 77):
            after = sum(
                SEARCHER.answer(
                    question, previous=[ANSWERABLE[(7 * at + offset) % len(ANSWERABLE)]]
                ).answered
                for at, question in enumerate(UNANSWERABLE)
            )
            assert after <= alone + 3

    def test_an_answerable_question_stays_so_after_another(self) -> None:
        changed = 0
        for at, entry in enumerate(LISTED["answerable"]):
            previous = ANSWERABLE[(5 * at + 3) % len(ANSWERABLE)]
            alone = SEARCHER.answer(entry["question"])
            after = SEARCHER.answer(entry["question"], previous=[previous])
            right = [one.answered and one.hits[0].passage.line in entry["lines"]
                     for one in (alone, after)]  # fmt: skip
            changed += right[0] and not right[1]
        assert changed <= 1

    @settings(max_examples=150, deadline=None)
    @given(
        question=st.one_of(st.text(max_size=80), st.sampled_from(["why?", "and it?", "how many?"])),
        previous=st.lists(
            st.one_of(st.text(max_size=80), st.sampled_from([*ANSWERABLE[:9], "new question"])),
            max_size=5,
        ),
    )
    def test_it_never_raises_and_takes_over_only_what_was_said(
        self, question: str, previous: list[str]
    ) -> None:
        answer = SEARCHER.answer(question, previous=previous)
        assert all(any(word in earlier for earlier in previous) for word in answer.taken_over)
        assert len(answer.hits) <= 5
        assert all(0 <= hit.confidence <= 1 for hit in (*answer.hits, *answer.nearest))

    def test_words_taken_over_are_no_stop_words(self) -> None:
        answer = SEARCHER.answer("when was that?", previous=["who did Park have lunch with?"])
        assert answer.taken_over
        assert not any(analyser_for("en").is_stop_word(word) for word in answer.taken_over)
