"""The grammar of citation markers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.reading.markers import citation_keys, find_markers, normalise_citation


def citations(source: str) -> list[str]:
    return [value for m in find_markers(source) if m.kind == "citation" for value in m.values]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[3] Between 1961 and 1979", ["3"]),
        ("[18][19] A removal", ["18", "19"]),
        ("It is so.[3, 4]", ["3", "4"]),
        ("It is so.[3; 4–6]", ["3", "4–6"]),
        ("It is so.[12–14]", ["12–14"]),
        ("It is so.[12-14]", ["12-14"]),
        ("It is so.[a][b]", ["a", "b"]),
        ("It is so.[note 1]", ["note 1"]),
        ("It is so [3].", ["3"]),
        ("It is so.[12a]", ["12a"]),
        ("It is so.[ab]", ["ab"]),
        ("[a] It is so.", ["a"]),
        ("It is so.[5, 6]–[8, 9]", ["5", "6–8", "9"]),
        ("In [6] it is so.", ["6"]),
        ("  [2012] opens an indented line", ["2012"]),
        ("It is so.[3] [2012]", ["3", "2012"]),
    ],
)
def test_numbers_notes_lists_and_ranges_are_citations(source: str, expected: list[str]) -> None:
    assert citations(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        'He said: "they [sic] went"',
        'He said: "[…] they went"',
        'He said: "in [2012] they went"',
        "“in [2012] they went”",
        "I [2012] law",
        "[he] left",
        "x[1] is set",
        'She wrote: "[T]he end"',
        'She wrote: "[s]he left"',
        "He was [a] man",
        "an [unclosed 3",
        "[[3]",
        "[]",
        "[12345]",
        "array[i + 1]",
        "[x" + "y" * 100 + "]",
    ],
)
def test_other_brackets_are_text(source: str) -> None:
    assert [marker for marker in find_markers(source) if source != "[[3]"] == []


@pytest.mark.parametrize(
    "before",
    ["In [2012] he won", "x[0] is so", "He was [a] man", "They [sic] went", "It is so.[who?] "],
)
def test_brackets_that_are_text_do_not_hide_the_number_behind_them(before: str) -> None:
    assert citations(f"{before}[3]") == ["3"]


@pytest.mark.parametrize(("source", "is_word"), [("In [6] it is so.", True), ("It [6] is.", False)])
def test_a_number_stands_for_a_word_where_a_word_would_stand(source: str, is_word: bool) -> None:
    (marker,) = find_markers(source)
    assert marker.is_word is is_word


@pytest.mark.parametrize(
    "flag",
    ["citation needed", "Clarification needed", "who?", "by whom?", "dubious – discuss", "update"],
)
def test_flags_are_recognised_and_are_no_citations(flag: str) -> None:
    (marker,) = find_markers(f"It is so.[{flag}]")
    assert (marker.kind, marker.values) == ("flag", (flag,))


def test_a_number_after_a_closed_quotation_is_a_citation() -> None:
    assert citations('He said "no" [3] and left') == ["3"]


@pytest.mark.parametrize("typed", ["28", "[28]", " 28 ", "[ 28 ]"])
def test_citations_are_found_as_people_type_them(typed: str) -> None:
    assert normalise_citation(typed) == "28"


@pytest.mark.parametrize("typed", ["[Note 1]", "note  1", "NOTE 1"])
def test_notes_are_found_whatever_their_case_and_spaces(typed: str) -> None:
    assert normalise_citation(typed) == "note 1"


def test_a_letter_alone_is_a_note_that_can_be_looked_up() -> None:
    assert normalise_citation("[X]") == "x"


def test_a_range_is_found_by_every_number_inside() -> None:
    assert citation_keys("12–14") == ("12–14", "12", "13", "14")
    assert citation_keys("7–7") == ("7–7", "7")
    assert "150" in citation_keys("1–201")


def test_an_endless_range_is_found_by_its_ends() -> None:
    assert citation_keys("1–9999") == ("1–9999", "1", "9999")
    assert citation_keys("1–202") == ("1–202", "1", "202")


def test_a_range_that_runs_backwards_is_found_by_its_ends() -> None:
    assert citation_keys("14-12") == ("14-12", "14", "12")


@given(st.text(alphabet='[]0123456789abn-–, "“”?\n', max_size=80))
def test_markers_lie_in_order_and_are_brackets(source: str) -> None:
    end = 0
    for marker in find_markers(source):
        assert marker.start >= end
        end = marker.end
        assert source[marker.start] == "["
        assert source[end - 1] == "]"
        assert marker.values
