"""Text to terms."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.text import analysis
from index.text.analysis import (
    analyser_for,
    is_unspaced,
    normalise_word,
    share_of_word,
)

ENGLISH = analyser_for("en")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ruled", "RULES"),
        ("Japan's", "japan"),
        ("Japan’s", "japan"),
        ("café", "cafe"),
        ("cafe\u0301", "café"),
        ("ＷＷ", "ww"),
        ("U.S.", "US"),
        ("1,000,000", "1000000"),
        ("1990s", "1990"),
        ("65%", "65 percent"),
    ],
)
def test_what_means_the_same_has_the_same_terms(one: str, other: str) -> None:
    assert ENGLISH.terms(one) == ENGLISH.terms(other) != []


@pytest.mark.parametrize("number", ["1961", "7.8", "65"])
def test_numbers_are_kept(number: str) -> None:
    assert ENGLISH.terms(f"about {number} of them") == [number]


@pytest.mark.parametrize("text", ["who was it?", "Don't you?", "", "…!?", "the 'and'"])
def test_stop_words_and_punctuation_give_no_term(text: str) -> None:
    assert ENGLISH.terms(text) == []


def test_a_language_without_stemmer_keeps_words_whole() -> None:
    assert analyser_for("xx").terms("Running fast") == ["running", "fast"]


@given(st.text(max_size=100))
@example("\u3400\u3400\u3400")
def test_offsets_point_at_the_words_in_order(text: str) -> None:
    """The bigrams of a run without spaces share a character each."""
    start = -1
    for token in ENGLISH.tokens(text):
        assert start < token.start < token.end <= len(text)
        start = token.start


@given(st.text(alphabet="abÀé’'. 19,%\u0301", max_size=30))
def test_terms_of_a_text_are_found_in_itself_in_capitals(text: str) -> None:
    assert ENGLISH.terms(text) == ENGLISH.terms(text)
    assert all(term for term in ENGLISH.terms(text))


@given(
    st.text(alphabet="aBz09'.,% -_\n&", max_size=40)
    | st.text(alphabet=st.characters(max_codepoint=127))
)
def test_ascii_text_has_the_same_words_as_any_other(text: str) -> None:
    words = analysis._WORD.findall(text)
    assert ENGLISH.forms(text) == words
    assert [word for piece in ENGLISH.pieces(text) for word in ENGLISH.forms(piece)] == words
    assert [text[token.start : token.end] for token in ENGLISH.tokens(text)] == words


def test_terms_are_the_same_after_the_memory_of_words_was_emptied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "The rulers of the old harbour towns ruled them wisely"
    before = ENGLISH.terms(text)
    monkeypatch.setattr(analysis, "MAX_REMEMBERED", 2)
    monkeypatch.setattr(ENGLISH, "_seen", {})
    assert ENGLISH.terms(text) == before
    assert len(ENGLISH._seen) <= 2


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("hi", "हिन्दी में किताब", ["हिन्दी", "किताब"]),
        ("ta", "தமிழ் மொழி", ["தமிழ்", "மொழி"]),
        ("bn", "বাংলা ভাষা", ["বাংলা", "ভাষা"]),
    ],
)
def test_words_keep_their_vowel_signs(language: str, text: str, terms: list[str]) -> None:
    words = [text[token.start : token.end] for token in analyser_for(language).tokens(text)]
    assert set(terms) <= set(words)
    assert " ".join(words) == text


def test_text_without_spaces_gives_pieces() -> None:
    assert analyser_for("zh").terms("东京大学") == ["东京", "京大", "大学"]
    thai = "เปิดกี่โมง"
    assert analyser_for("th").terms(thai) == [thai[at : at + 3] for at in range(len(thai) - 2)]
    assert analyser_for("th").terms("กา") == ["กา"]


def test_a_piece_is_less_than_a_word() -> None:
    shares = [share_of_word(term) for term in ("tower", "东京", "เปิ")]
    assert shares[0] == 1.0 > shares[1] > shares[2] > 0
    assert [is_unspaced(term) for term in ("tower", "东京", "เปิ")] == [False, True, True]


@pytest.mark.parametrize(("one", "other"), [("తై", "తె"), ("བུ", "བི"), ("हि", "ही")])
def test_vowel_signs_tell_words_apart(one: str, other: str) -> None:
    assert normalise_word(one) != normalise_word(other)
