"""Which language a question is in, told for those that are clear and for no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.languages import is_other, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("who ruled South Korea from 1961 to 1979?", "en"),
        ("Wer regierte Südkorea von 1961 bis 1979?", "de"),
        ("Qui est-ce qui a gouverné la Corée du Sud dans les années 60 ?", "fr"),
        ("¿Quién gobernó Corea del Sur?", "es"),
        ("Chi ha governato la Corea del Sud?", "it"),
        ("Güney Kore'yi 1961'de kim yönetiyordu, ne zamana kadar başkandı?", "tr"),
        ("Ai đã lãnh đạo Hàn Quốc?", "vi"),
        ("Кто правил Южной Кореей?", "ru"),
        ("Хто керував Південною Кореєю?", "uk"),
        ("من حكم كوريا الجنوبية؟", "ar"),
        ("चाय की दुकान कब खुलती है?", "hi"),
        ("ร้านเปิดกี่โมง", "th"),
        ("韩国总统是谁", "zh"),
        ("韓国の大統領は誰ですか", "ja"),
        ("한국 대통령은 누구예요?", "ko"),
    ],
)
def test_a_question_in_full_tells_its_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["", "?!", "1965", "Dokdo", "fine late", "Park Chung-hee", "die", "parking fee"]
)
def test_few_words_tell_none(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "who is Erdoğan?",
        "what does 独島 mean to them?",
        "where can i get phở",
        "scores sent in late",
        "why did they split ¯\\_(ツ)_/¯",
        "Dvořák birthplace house",
        "jalapeño cost today",
        "erdoğan visit",
    ],
)
def test_a_name_or_a_word_alike_makes_english_no_other_language(text: str) -> None:
    assert language_of(text) in {"en", None}


@pytest.mark.parametrize(
    ("language", "languages", "other"),
    [
        ("de", ("en",), True),
        ("de", ("en", "de"), False),
        ("zh", ("ja",), False),
        ("ru", ("uk",), False),
        ("ar", ("fa",), False),
        ("da", ("no",), False),
        ("es", ("ca",), False),  # not told from its kin
        ("ko", ("en", "ja"), True),
    ],
)
def test_kin_and_what_cannot_be_told_are_no_other_language(
    language: str, languages: tuple[str, ...], *, other: bool
) -> None:
    assert is_other(language, languages) is other


@given(st.text(max_size=200))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert language_of(text) is None or len(language_of(text) or "") == 2
