"""What a place sees: each document under an id of its own."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.searcher import Searcher
from index.documents.corpus import Corpus
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from index.errors import UnknownDocumentError
from index.library.collection import Collection, seen_ids
from index.library.library import IndexedLibrary

IDS = st.lists(
    st.from_regex(r"[ab](-[23]){0,3}", fullmatch=True) | st.sampled_from(["a" * 64, "a" * 62]),
    unique=True,
)


@given(IDS, IDS)
def test_what_is_seen_is_unique_and_leads_back(shared: list[str], own: list[str]) -> None:
    seen = seen_ids(own, set(shared))
    assert list(seen) == own
    assert len({*shared, *seen.values()}) == len(shared) + len(own)
    for own_id, seen_id in seen.items():
        assert (seen_id == own_id) is (own_id not in shared)
        assert seen_id == own_id or seen_id not in own


@given(IDS, IDS, st.randoms())
def test_what_is_seen_depends_on_no_order(
    shared: list[str], own: list[str], chance: Random
) -> None:
    seen = seen_ids(own, set(shared))
    chance.shuffle(own)
    assert seen_ids(own, set(shared)) == seen


def test_the_first_free_id_is_taken() -> None:
    own = ["harbour", "harbour-2", "quay"]
    assert seen_ids(own, {"harbour", "harbour-3"}) == {
        "harbour": "harbour-4",
        "harbour-2": "harbour-2",
        "quay": "quay",
    }


def library(*ids: str) -> IndexedLibrary:
    """A library of documents that have one passage each, with the number 5 and another."""
    documents = []
    for number, document_id in enumerate(ids):
        spec = DocumentSpec(id=document_id, title=document_id, file=f"{document_id}.txt")
        passage = Passage(document_id, 1, f"A mole of {len(ids)} stones.", ("5", f"{number}-a"))
        documents.append(Document(spec, (passage,)))
    return IndexedLibrary.build(Corpus(tuple(documents)))


def test_a_number_is_looked_up_in_one_document() -> None:
    collection = Collection([library("harbour"), library("quay", "harbour")])
    seen = [document.id for document in collection.documents_in_order()]
    assert seen == ["harbour", "quay", "harbour-2"]
    assert collection.documents_of(1) == collection.documents_in_order()[1:]
    assert [position.library for position in collection.find("5", "harbour")] == [0]
    assert collection.find("5", "harbour-2") == [(1, 1)]
    assert len(collection.find(["5"])) == 3
    assert collection.known_citations("harbour") == ["5", "0-a"]
    assert collection.known_citations("harbour-2") == ["5", "1-a"]
    assert collection.known_citations() == ["5", "0-a", "1-a"]
    with pytest.raises(UnknownDocumentError, match="there is: harbour, quay, harbour-2"):
        collection.find("5", "harbour-3")


def test_every_hit_names_its_document_as_it_is_seen() -> None:
    searcher = Searcher([library("harbour"), library("harbour")])
    for hits in (searcher.cite("5"), searcher.answer("mole stones").ranked):
        assert {hit.document.id for hit in hits} == {"harbour", "harbour-2"}
        assert {hit.passage.document for hit in hits} == {"harbour"}
