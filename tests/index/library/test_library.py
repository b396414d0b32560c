"""Look-ups by citation number, and what a new revision changes."""

import pytest

from index.answering.searcher import Searcher
from index.documents.corpus import load_corpus
from index.documents.differences import compare
from index.documents.passages import Passage
from index.documents.shipped import shipped_data
from index.errors import UnknownCitationError, UnknownDocumentError
from index.library.library import IndexedLibrary, nearest


@pytest.fixture(scope="module")
def searcher() -> Searcher:
    return Searcher([IndexedLibrary.build(load_corpus(shipped_data()))])


def test_a_number_finds_all_its_passages(searcher: Searcher) -> None:
    assert [hit.passage.line for hit in searcher.cite("19")] == [7]
    assert [hit.passage.line for hit in searcher.cite("[28]")] == [9, 12]


def test_an_unknown_number_names_the_nearest(searcher: Searcher) -> None:
    with pytest.raises(UnknownCitationError) as caught:
        searcher.cite("29")
    assert caught.value.nearest == ("21", "28", "33")


def test_an_unknown_document_names_the_known(searcher: Searcher) -> None:
    with pytest.raises(UnknownDocumentError, match="japan-south-korea-relations"):
        searcher.cite("28", "nowhere")


def test_the_nearest_of_notes_is_by_spelling() -> None:
    assert nearest("note 3", ["note 1", "12", "b"], limit=1) == ["note 1"]


def test_what_is_like_no_number_has_no_nearest() -> None:
    assert nearest("abc", ["3", "12", "note 1"]) == []


def passage(text: str, line: int = 1, *citations: str) -> Passage:
    return Passage("d", line, text, citations)


class TestDifferences:
    old = (
        passage("The first thing is so and so.", 1, "1"),
        passage("Another matter entirely stands here.", 2, "2"),
        passage("Something that will go away.", 3),
    )

    def test_a_passage_that_moved_is_unchanged(self) -> None:
        moved = tuple(passage(p.text, p.line + 5, *p.citations) for p in reversed(self.old))
        differences = compare(self.old, moved)
        assert differences.none
        assert differences.unchanged == 3

    def test_added_removed_and_changed_are_told_apart(self) -> None:
        new = (
            passage("The first thing is so and thus.", 1, "1"),
            self.old[1],
            passage("42 fresh words about whales.", 3),
        )
        differences = compare(self.old, new)
        assert [(a.text, b.text) for a, b in differences.changed] == [
            (self.old[0].text, new[0].text)
        ]
        assert differences.added == (new[2],)
        assert differences.removed == (self.old[2],)
        assert differences.unchanged == 1

    def test_a_new_number_is_a_change(self) -> None:
        new = (passage(self.old[0].text, 1, "1", "7"), *self.old[1:])
        assert len(compare(self.old, new).changed) == 1

    def test_doubles_are_counted(self) -> None:
        differences = compare(self.old[:1] * 2, self.old[:1])
        assert (len(differences.removed), differences.unchanged) == (1, 1)
