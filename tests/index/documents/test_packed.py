"""Passages, strings and numbers in arrays are those that were put in."""

import gc
import weakref
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.arrays import strings as strings_module
from index.arrays.fields import from_arrays, to_arrays
from index.arrays.strings import Numbering, Strings, WordCounts
from index.documents.document import Document, DocumentSpec
from index.documents.packed import PackedPassages, PassageTable
from index.documents.passages import Passage
from index.documents.reading.markers import citation_keys
from index.library.citations import CitationPositions

TEXTS = st.text(alphabet="ab é東𐐷\ud800\n", max_size=6)
NUMBERS = st.lists(st.sampled_from(["1", "2", "12–14", "note 1", "a"]), max_size=3).map(tuple)
FLAGS = st.lists(st.sampled_from(["citation needed", "who?"]), max_size=2).map(tuple)


def passages_of(document: str) -> st.SearchStrategy[tuple[Passage, ...]]:
    rows = st.lists(st.tuples(TEXTS, NUMBERS, FLAGS), max_size=6)
    return rows.map(
        lambda found: tuple(Passage(document, n, *row) for n, row in enumerate(found, 1))
    )


DOCUMENTS = st.lists(st.sampled_from("abc"), unique=True, max_size=3).flatmap(
    lambda ids: st.tuples(st.just(ids), st.tuples(*map(passages_of, ids)))
)


@given(texts=st.lists(TEXTS, max_size=9))
def test_strings_come_out_as_they_went_in(texts: list[str]) -> None:
    packed = Strings.of(texts)
    assert list(packed) == texts
    assert [packed[at] for at in range(len(packed))] == texts


@given(words=st.dictionaries(TEXTS, st.integers(1, 9), max_size=20), asked=st.lists(TEXTS))
def test_words_are_counted_as_in_a_dictionary(words: dict[str, int], asked: list[str]) -> None:
    packed = WordCounts.of(words)
    assert packed == words
    assert list(packed) == list(words)
    for word in [*asked, *words]:
        assert packed.get(word, 0) == words.get(word, 0)
        assert (word in packed) == (word in words)
    assert packed.numbers.among(asked) == [word for word in asked if word in words]


def test_equal_hashes_are_told_apart_by_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strings_module, "xxh3_64_intdigest", lambda text: len(text) % 2)
    numbers = Numbering.of(["a", "b", "cc", "ddd"])
    assert [numbers.get(text) for text in ("a", "b", "cc", "ddd", "e", "ff")] == [
        *range(4),
        None,
        None,
    ]
    assert numbers.among(["e", "ddd", "ff", "cc"]) == ["ddd", "cc"]


def test_a_numbering_goes_with_its_last_reference() -> None:
    numbers = Numbering.of(["a"])
    assert numbers["a"] == 0
    gone = weakref.ref(numbers)
    gc.disable()
    try:
        del numbers
        assert gone() is None
    finally:
        gc.enable()


@given(documents=DOCUMENTS)
def test_passages_come_out_as_they_went_in(
    documents: tuple[list[str], tuple[tuple[Passage, ...], ...]],
) -> None:
    ids, known = documents
    table = from_arrays(PassageTable, to_arrays(PassageTable.of(known)))
    together = tuple(passage for passages in known for passage in passages)
    packed = PackedPassages(table, ids)
    assert packed == together
    assert (list(packed), packed[1:3]) == (list(together), together[1:3])
    assert [packed[at].flags for at in range(len(packed))] == [one.flags for one in together]
    assert [packed[-at] for at in range(1, len(packed) + 1)] == list(reversed(together))
    assert packed != (*together, Passage("d", 1, "One more."))
    with pytest.raises(IndexError):
        packed[len(packed)]
    for which, passages in enumerate(known):
        spec = DocumentSpec(id=ids[which], title="T", file="t.txt")
        lazy = Document(spec, PackedPassages.of_document(table, ids, which))
        read = Document(spec, passages)
        assert lazy == read
        assert (lazy.cited, lazy.numbers) == (read.cited, read.numbers)


@given(documents=DOCUMENTS)
def test_numbers_find_the_passages_that_carry_them(
    documents: tuple[list[str], tuple[tuple[Passage, ...], ...]],
) -> None:
    ids, known = documents
    together = [passage for passages in known for passage in passages]
    expected: dict[tuple[str, str], list[int]] = {}
    for at, passage in enumerate(together):
        for key in Counter(key for one in passage.citations for key in citation_keys(one)):
            expected.setdefault((passage.document, key), []).append(at)
    positions = CitationPositions.of(together)
    asked = [(document, key) for document in "abc" for key in ("1", "13", "note 1", "7")]
    for document, key in [*asked, *expected]:
        assert positions.find(document, key) == expected.get((document, key), [])
    assert list(positions.known(ids[:1])) == [
        key for document, key in expected if [document] == ids[:1]
    ]
