"""What people type in chat, in full."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.question import LIGHT, understand
from index.library.collection import Collection
from index.text.chat import in_full, is_light
from tests.index.conftest import FILLER, make_library, make_searcher


def nothing(_: str) -> bool:
    """No word is known."""
    return False


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("whats the fine if im late", "what's the fine if I'm late"),
        ("who do i ask abt parking", "who do i ask about parking"),
        ("Wheres my bike lol", "where's my bike"),
        ("can u bring ur own, tho", "can you bring your own, though"),
        ("what did the U.S. do", "what did the U.S. do"),
        ("the IM protocol", "the IM protocol"),
        ("WOT IS IT", "what IS IT"),
        ("vitamin b in zone w, r&d", "vitamin b in zone w, r&d"),
        ("R&D in the US", "R&D in the US"),
        ("i've a pic-frame", "i've a picture-frame"),
        ("lol", "lol"),
        ("", ""),
    ],
)
def test_it_is_written_out(typed: str, full: str) -> None:
    assert in_full(typed, nothing) == full


def test_words_of_the_documents_stay() -> None:
    assert in_full("im pics", {"im"}.__contains__) == "im pictures"


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    written = in_full(text, nothing)
    assert in_full(written, nothing) == written


def test_chat_words_weigh_nothing_in_a_question() -> None:
    searcher = make_searcher("Late members pay a fine of two crowns.")
    typed, written = "whats the fine if im late lol", "what's the fine if I'm late"
    answers = [searcher.answer(question) for question in (typed, written)]
    assert answers[0].answered
    assert answers[0].confidence == answers[1].confidence


def test_a_light_word_that_no_passage_has_weighs_little() -> None:
    collection = Collection([make_library("The stuff is kept here.", *FILLER)])
    masses = {
        text: next(iter(understand(text, collection).words)).mass
        for text in ("gotten", "anyway", "stuff", "zebra")
    }
    assert is_light("anyway")
    assert is_light("stuff")
    assert masses["anyway"] == pytest.approx(LIGHT * masses["zebra"])
    assert masses["stuff"] == collection.idf("stuff")


def test_other_languages_are_left_alone() -> None:
    collection = Collection([make_library("Das Haus ist alt.", language="de")])
    assert understand("wann u wo", collection).text == "wann u wo"
