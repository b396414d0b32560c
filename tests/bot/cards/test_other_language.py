"""A question in another language than the documents is told so, in its own."""

from __future__ import annotations

import pytest

from bot.cards.answer import answer_card
from bot.locales import say_in_other_language
from index.answering.confidence import Outcome, Reason
from tests.bot.cards.test_cards import texts
from tests.index.conftest import make_searcher

GERMAN = "wer hat die Laterne am Hafen angezündet?"


def test_it_is_silent_and_says_in_which_language_to_ask() -> None:
    answer = make_searcher("The lantern was lit in 1965.").answer(GERMAN)
    assert (answer.outcome, answer.reason) == (Outcome.SILENT, Reason.OTHER_LANGUAGE)
    words = "\n".join(texts(answer_card(answer)))
    assert "Die Dokumente hier sind in einer anderen Sprache: English." in words
    assert answer.as_json()["reason"] == "other_language"


def test_documents_in_that_language_are_answered_from() -> None:
    answer = make_searcher("Die Laterne am Hafen hat Otto 1965 angezündet.", language="de")
    assert answer.answer(GERMAN).outcome is not Outcome.SILENT


def test_what_answers_for_sure_is_given_all_the_same() -> None:
    searcher = make_searcher("Die Dokdo-Frage bleibt offen, sagt Kim.", language="en")
    answer = searcher.answer("was sagt Kim, die Dokdo-Frage bleibt offen?")
    assert answer.outcome is Outcome.SURE


@pytest.mark.parametrize(
    ("asked_in", "words"),
    [
        ("ko", "여기 문서는 다른 언어로 되어 있어요: English, 日本語. 그 언어로 물어봐 주세요."),
        ("xx", "The documents here are in another language: English, 日本語."),
    ],
)
def test_it_is_said_in_the_language_of_the_question_or_in_english(
    asked_in: str, words: str
) -> None:
    assert say_in_other_language(asked_in, ("en", "ja")).startswith(words)


def test_an_unknown_language_goes_by_its_code() -> None:
    assert "eu" in say_in_other_language("de", ("eu",))
