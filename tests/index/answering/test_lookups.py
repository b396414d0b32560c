"""Citation numbers as people name them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.lookups import numbers_named
from index.answering.searcher import Searcher
from index.documents.corpus import load_corpus
from index.documents.shipped import shipped_data
from index.errors import UnknownCitationError
from index.library.library import IndexedLibrary


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("28", ("28",)),
        (" [28] ", ("28",)),
        ("[28][33]", ("28", "33")),
        ("3, 5 and 9", ("3", "5", "9")),
        ("18-20", ("18–20", "18", "19", "20")),
        ("[20] – [18]", ("18–20", "18", "19", "20")),
        ("note 1", ("note 1",)),
        ("", ()),
        ("[]", ()),
    ],
)
def test_numbers_are_named_alone_in_lists_and_in_ranges(
    text: str, numbers: tuple[str, ...]
) -> None:
    assert set(numbers_named(text)) == set(numbers)


def test_a_range_finds_the_passages_of_all_its_numbers() -> None:
    searcher = Searcher([IndexedLibrary.build(load_corpus(shipped_data()))])
    found = searcher.cite("18-21")
    numbers = {number for hit in found for number in hit.passage.citations}
    assert {"18", "19", "21"} <= numbers
    assert len({hit.position for hit in found}) == len(found)
    with pytest.raises(UnknownCitationError):
        searcher.cite("900-920")


@given(st.text(max_size=40))
def test_any_text_names_a_bounded_number_of_numbers(text: str) -> None:
    assert len(numbers_named(text)) <= 40 * 101
