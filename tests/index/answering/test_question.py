"""What a question is understood to ask."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.candidates import Candidates
from index.answering.lookups import numbers_asked, phrase_asked, plain_text
from index.answering.question import understand
from index.answering.question_terms import QuestionTerms
from index.library.collection import Collection
from index.library.spelling import Speller
from index.text.aliases import Aliases, shipped_rows
from index.text.analysis import analyser_for
from index.text.answer_type import AnswerType, type_asked
from index.text.small_talk import is_small_talk, without_filler
from tests.index.conftest import make_library, make_near_words, make_searcher


def first_line(question: str, *texts: str) -> int | None:
    hits = make_searcher(*texts).answer(question).ranked
    return hits[0].passage.line if hits else None


class TestFormsThatMeanTheSame:
    @pytest.mark.parametrize(
        ("question", "passage"),
        [
            ("what happened in WWII?", "In World War II the mill was a hospital."),
            ("the mill in world war 2", "In WWII the mill was a hospital."),
            ("second world war hospital", "In World War II the mill was a hospital."),
            ("what did the US pass?", "The United States passed a law on rivers."),
            ("what did the U.S. pass?", "The United States passed a law on rivers."),
            ("what did the United States pass?", "The U.S. passed a law on rivers."),
            ("EU rules on fish", "The European Union sets rules on fish."),
            ("who is the PM?", "The prime minister is Ada Mason."),
            ("DoD report", "A report by the Department of Defense was late."),
            ("IP theft", "Theft of intellectual property is rare."),
            ("the UN vote", "A vote of the United Nations was close."),
            ("general mason", "Gen. Mason retired."),
            ("japanese exports", "Exports of Japan rose."),
            ("wastewater plans", "The plans for waste water were changed."),
            ("waste water plans", "The plans for wastewater were changed."),
            ("waste-water plans", "The plans for wastewater were changed."),
            ("bluebook edition", "The edition of the Blue Book is new."),
            ("labor organization", "The labour organisation met."),
            ("colour of the theatre", "The color of the theater is red."),
            ("65 percent of voters", "Some 65% of the voters stayed home."),
            ("did mum fix the bike", "Mother repaired the bicycle."),
        ],
    )
    def test_they_meet(self, question: str, passage: str) -> None:
        answer = make_searcher(passage).answer(question)
        assert [hit.passage.line for hit in answer.hits] == [1]

    def test_a_pronoun_is_no_country(self) -> None:
        collection = Collection([make_library("The United States passed a law.")])
        assert all(
            "state" not in option
            for w in understand("us", collection).words
            for option in w.options
        )

    def test_documents_add_their_own(self) -> None:
        searcher = make_searcher(
            "The Ministry of Tides counts the boats.", aliases=[["Ministry of Tides", "MoT"]]
        )
        assert searcher.answer("what does MoT count?").hits[0].passage.line == 1

    def test_every_shipped_row_has_several_forms_and_terms(self) -> None:
        table = Aliases(shipped_rows(), "en")
        for row in shipped_rows():
            assert len(set(row)) >= 2
            forms = [tuple(t.word for t in analyser_for("en").tokens(text)) for text in row]
            assert any(table.others(form) for form in forms), row


class TestSpelling:
    def test_an_unknown_word_is_matched_to_the_nearest_known(self) -> None:
        answer = make_searcher("The lighthouse keeper retired in May.").answer("ligthouse keeper")
        assert answer.corrected == "lighthouse keeper"
        (hit,) = answer.hits
        assert [hit.passage.text[a:b] for a, b in hit.matches] == ["lighthouse", "keeper"]

    def test_a_word_mended_to_the_only_near_spelling_counts_in_full(self) -> None:
        searcher = make_searcher("The lighthouse keeper retired in May.")
        right, wrong = searcher.answer("lighthouse keeper"), searcher.answer("ligthouse keeper")
        assert wrong.confidence == right.confidence

    def test_a_word_with_two_near_spellings_counts_half(self) -> None:
        searcher = make_searcher("The stove keeper retired.", "The stone is old.")
        right, wrong = searcher.answer("stove keeper"), searcher.answer("stoke keeper")
        assert wrong.confidence < right.confidence

    @pytest.mark.parametrize(
        "question",
        [
            "keeper",  # known
            "retire in 1872",  # digits
            "the NASAA",  # an acronym
            "kepr",  # too short
            "names",  # English, though the corpus has only games
            "Kowalski",  # a name near none
        ],
    )
    def test_other_words_are_left_alone(self, question: str) -> None:
        searcher = make_searcher("The lighthouse keeper retired in 1871 after the NASAB games.")
        assert searcher.answer(question).corrected is None

    @pytest.mark.parametrize(
        "question",
        [
            "who is Barack Obama?",
            "when was Emmanuel Macron born?",
            "what did Keller do in 2031?",
            "what happened in 1971?",
            "who is Hellen Keeler?",
            "when did the keeper of the light retire in 1931?",
            "did the keeper of the light in Boston retire?",
        ],
    )
    def test_unknown_names_and_years_get_no_confident_answer(self, question: str) -> None:
        searcher = make_searcher("The keeper of the light retired in 1871.", "Ellen sang in 1931.")
        assert searcher.answer(question).hits == ()

    def test_long_words_may_have_two_edits(self) -> None:
        speller = Speller([make_near_words({"organisation": 1, "semiconductor": 2})])
        assert speller.suggest("semicondutcer") == ["semiconductor"]
        assert speller.suggest("remiconductre") == []
        assert speller.suggest("organ1sation") == []

    def test_of_equally_near_words_the_commoner_comes_first(self) -> None:
        assert Speller([make_near_words({"stone": 1, "stove": 3})]).suggest("stoke") == [
            "stove",
            "stone",
        ]

    def test_between_equally_near_words_the_passage_found_decides(self) -> None:
        searcher = make_searcher("The stove is hot.", "A stove is old.", "The stone bridge fell.")
        answer = searcher.answer("the sto_ne bridge".replace("_", "b"))
        assert answer.corrected == "the stone bridge"


class TestSmallTalk:
    @pytest.mark.parametrize(
        ("said", "asked"),
        [
            ("hey does anyone know who ruled Korea?", "who ruled Korea"),
            ("can you tell me about the treaty please", "the treaty"),
            ("Hi! i'm wondering if the treaty was signed, thanks", "the treaty was signed"),
            ("so who won", "who won"),
            ("well drilling in Texas", "well drilling in Texas"),
            ("thanks", "thanks"),
            ("please", "please"),
        ],
    )
    def test_filler_is_taken_off(self, said: str, asked: str) -> None:
        assert without_filler(said) == asked

    @pytest.mark.parametrize(
        "said", ["hello", "Thanks a lot!", "good morning", "lol ok", "hi there"]
    )
    def test_greetings_and_thanks_are_no_questions(self, said: str) -> None:
        answer = make_searcher("Hello and good morning, thanks a lot.").answer(said)
        assert answer.reason in {"small_talk", "no_content_words"}

    def test_words_of_substance_are_no_small_talk(self) -> None:
        assert not is_small_talk(["good", "harvest"])
        assert not is_small_talk([])

    @pytest.mark.parametrize("said", ["asdfghjkl", "qwertz uiop", "the", "?!?", "🙂"])
    def test_noise_gets_no_hit(self, said: str) -> None:
        assert make_searcher("The keeper retired.").answer(said).hits == ()

    @given(st.text(max_size=100))
    def test_something_is_always_left_of_something(self, text: str) -> None:
        assert bool(without_filler(text).strip()) == bool(text.strip())


class TestLookUps:
    @pytest.mark.parametrize(
        "text",
        [
            "[28]",
            "cite 28",
            "Citation 28",
            "what is citation 28?",
            "what does [28] say?",
            "footnote 28",
            "show me reference 28",
            "source #28",
        ],
    )
    def test_numbers(self, text: str) -> None:
        assert numbers_asked(text) == ("28",)

    @pytest.mark.parametrize(
        "text",
        ["28", "in 28 days", "references to Japan", "what is the source of it", "cite", "[]"],
    )
    def test_other_texts_are_questions(self, text: str) -> None:
        assert numbers_asked(text) == ()

    def test_runs_of_numbers_ask_for_each(self) -> None:
        assert numbers_asked("[28][33]") == numbers_asked("[28], [33]?") == ("28", "33")

    def test_a_number_leads_to_its_passages(self) -> None:
        assert make_searcher("x").answer("[28]").reason == "unknown_citation"

    @pytest.mark.parametrize("text", ['"old railway"', "“Old  Railway”?", "«old railway»"])
    def test_a_phrase_is_asked_for_word_for_word(self, text: str) -> None:
        searcher = make_searcher("The railway is old.")
        (hit,) = searcher.answer(text).hits
        assert [hit.passage.text[a:b] for a, b in hit.matches] == ["old railway"]

    def test_a_phrase_that_is_nowhere_gets_no_hit(self) -> None:
        assert make_searcher("The railway is old.").answer('"railway old"').reason == (
            "phrase_not_found"
        )

    def test_quotation_marks_inside_a_question_are_no_phrase(self) -> None:
        assert phrase_asked('who said "no"?') is None

    @given(st.text(max_size=50))
    def test_every_sign_of_plain_text_has_its_offset(self, text: str) -> None:
        plain, offsets = plain_text(text)
        assert len(plain) == len(offsets)
        assert offsets == sorted(offsets)
        assert all(0 <= offset < len(text) for offset in offsets)


class TestAnswerTypes:
    @pytest.mark.parametrize(
        ("question", "asked"),
        [
            ("what year was it?", AnswerType.YEAR),
            ("when was it?", AnswerType.TIME),
            ("how many came?", AnswerType.COUNT),
            ("how far is it?", AnswerType.COUNT),
            ("who came?", None),
            ("whenever", None),
        ],
    )
    def test_are_told_from_the_words(self, question: str, asked: AnswerType | None) -> None:
        assert type_asked(question) is asked

    @pytest.mark.parametrize(
        ("asked", "text", "missing"),
        [
            (AnswerType.YEAR, "It was in 1987.", False),
            (AnswerType.YEAR, "It was the third time.", True),
            (AnswerType.TIME, "It was after the war.", False),
            (AnswerType.TIME, "It was a surprise.", True),
            (AnswerType.COUNT, "Twelve came.", False),
            (AnswerType.COUNT, "Some came in 1987.", True),
            (None, "Anything.", False),
        ],
    )
    def test_are_missed(self, asked: AnswerType | None, text: str, *, missing: bool) -> None:
        library = make_library("A train came.", text)
        collection = Collection([library])
        question = replace(understand("trains", collection), type_asked=asked)
        seen = Candidates(QuestionTerms(question), collection, 0, [0, 1])
        assert seen.lack_type.tolist()[1] is missing


class TestLanguages:
    def test_korean_is_found_by_its_characters(self) -> None:
        searcher = make_searcher("대한민국의 수도는 서울이다.", language="ko")
        assert searcher.answer("서울 수도").hits[0].passage.line == 1

    def test_japanese_is_found_by_its_characters(self) -> None:
        searcher = make_searcher("日本の首都は東京である。", language="ja")
        assert searcher.answer("日本の首都は？").hits[0].passage.line == 1

    def test_german_words_meet_in_their_stems(self) -> None:
        searcher = make_searcher("Der Leuchtturm wurde im Jahr 1871 gebaut.", language="de")
        assert searcher.answer("Wann wurden die Leuchttürme gebaut?").hits[0].passage.line == 1


@given(st.text(max_size=200))
def test_any_text_is_answered_or_refused_with_a_reason(text: str) -> None:
    answer = SEARCHER.answer(text)
    assert answer.answered == (answer.reason is None)
    assert 0 <= answer.confidence <= 1
    for hit in answer.hits:
        end = 0
        for start, stop in hit.matches:
            assert end <= start < stop <= len(hit.passage.text)
            end = stop


SEARCHER = make_searcher("In 1871 [sic] Ada Mason built the U.S. lighthouse for 7.8 million.")
