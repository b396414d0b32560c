"""Passages written into a file of them, and taken out again."""

from __future__ import annotations

import pytest

from index.documents.passage_files import WrittenPassage, with_passage, without_references
from index.documents.uploads import read_upload
from index.errors import CorpusError

FILE = "answers.yaml"
FIRST = WrittenPassage("The gate opens at: seven.", "Mona", heading="When does the gate open?")
SECOND = WrittenPassage("「堀」は深い。 # not a comment", "The moat", "https://moat.example/#deep")


def test_each_passage_has_the_next_number_and_says_where_it_is_from() -> None:
    content, number = with_passage(None, FILE, "Answers", FIRST)
    assert number == "1"
    content, number = with_passage(content, FILE, "another title", SECOND)
    assert number == "2"
    document = read_upload(FILE, content).document
    assert document.title == "Answers"
    assert not document.spec.contiguous
    assert [passage.text for passage in document.passages] == [FIRST.text, SECOND.text]
    assert [passage.citations for passage in document.passages] == [("1",), ("2",)]
    assert document.passages[0].section == ("When does the gate open?",)
    reference = document.reference("2")
    assert reference is not None
    assert reference.url == "https://moat.example/#deep"


def test_a_file_that_a_moderator_wrote_is_added_to() -> None:
    content = b"title: A\nreferences: {28: {title: x}, note: {title: y}}\npassages: [{text: One}]\n"
    added, number = with_passage(content, FILE, "", FIRST)
    assert number == "29"
    assert len(read_upload(FILE, added).document.passages) == 2


def test_a_number_that_stands_for_nothing_yet_is_no_other_passages() -> None:
    content = b"title: A\npassages: [{text: One, citations: ['[7]', 2a]}]\n"
    _, number = with_passage(content, FILE, "", FIRST)
    assert number == "8"


def test_passages_go_however_their_numbers_are_written() -> None:
    content, _ = with_passage(None, FILE, "Answers", FIRST)
    content, _ = with_passage(content, FILE, "", SECOND)
    edited = content.replace(b"- '2'", b"- '[2]'")
    assert edited != content
    left = without_references(edited, FILE, {str(SECOND.url)})
    assert left is not None
    assert SECOND.text.encode() not in left


def test_passages_go_by_the_address_that_their_number_stands_for() -> None:
    content, _ = with_passage(None, FILE, "Answers", FIRST)
    content, _ = with_passage(content, FILE, "", SECOND)
    left = without_references(content, FILE, {"https://moat.example/#deep"})
    assert left is not None
    assert SECOND.text.encode() not in left
    assert b"moat" not in left
    assert [one.text for one in read_upload(FILE, left).document.passages] == [FIRST.text]
    alone, _ = with_passage(None, FILE, "Answers", SECOND)
    assert without_references(alone, FILE, {"https://moat.example/#deep"}) is None


def test_what_is_no_file_of_passages_is_refused() -> None:
    with pytest.raises(CorpusError):
        with_passage(b"- a list", FILE, "A", FIRST)
