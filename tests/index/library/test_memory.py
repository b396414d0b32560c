"""What a library takes is known about, shared where it is equal, and made before it is asked."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.searcher import Searcher
from index.library.library import IndexedLibrary
from index.library.saving import load_library, save_library
from index.text.aliases import Aliases, aliases_of
from tests.bench.made import made_library, made_questions, made_sentences
from tests.index.conftest import make_library

CLOSE = 1.6
"""By what factor an estimate may be off, to either side."""

SHARED = make_library("The harbour was closed for repairs in the winter of 1987.")
QUESTIONS = [asked.question for asked in made_questions(list(made_sentences(4100, 7)), 150, 7)]


def taken(make: Callable[[], IndexedLibrary], count: int = 1) -> tuple[float, IndexedLibrary]:
    """The bytes of memory of a library that was asked much, and one of those."""
    ask(make())  # what is read and remembered once for all libraries
    gc.collect()
    tracemalloc.start(1)
    before, _ = tracemalloc.get_traced_memory()
    libraries = [make() for _ in range(count)]
    searchers = [ask(library) for library in libraries]
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(searchers) == count
    return (after - before) / count, libraries[0]


def ask(library: IndexedLibrary) -> Searcher:
    searcher = Searcher([SHARED, library])
    for question in QUESTIONS:
        searcher.answer(question)
    return searcher


@pytest.mark.parametrize(("passages", "count"), [(1, 10), (30, 5), (400, 1), (4001, 1)])
def test_the_bytes_of_a_library_are_known_about(passages: int, count: int) -> None:
    texts = list(made_sentences(passages, passages))
    measured, library = taken(lambda: made_library(texts), count)
    assert measured / CLOSE < library.nbytes < measured * CLOSE


def test_of_a_mapped_library_its_own_memory_counts_alone(tmp_path: Path) -> None:
    built = made_library(list(made_sentences(4100, 7)))
    save_library(tmp_path / "saved", built)
    measured, library = taken(lambda: load_library(tmp_path / "saved").library)
    assert measured / CLOSE < library.nbytes < built.nbytes / 3


@pytest.mark.parametrize(
    "spec",
    [
        {"references": {str(number): {"title": "A reference"} for number in range(500)}},
        {"aliases": [[f"word{number}", f"other word{number}"] for number in range(500)]},
    ],
    ids=["references", "rows of forms"],
)
def test_what_a_document_says_counts_too(spec: dict[str, object]) -> None:
    measured, library = taken(lambda: make_library("The gate opens.", **spec))
    assert measured / CLOSE < library.nbytes < measured * CLOSE
    assert library.nbytes > 3 * make_library("The gate opens.").nbytes


def test_equal_tables_of_forms_are_one_object() -> None:
    rows = [["Ministry of Tides", "MoT"]]
    one, two = make_library("A.", aliases=rows), make_library("B.", aliases=rows)
    assert one.aliases["en"] is two.aliases["en"]
    assert make_library("A.", aliases=[["a", "b"]]).aliases["en"] is not one.aliases["en"]
    shipped, own = Searcher([one]).collection.aliases["en"].tables[:2]
    assert own is one.aliases["en"].tables[0]
    for other in (make_library("C."), make_library("D.")):
        assert Searcher([other]).collection.aliases["en"].tables[0] is shipped


def test_a_table_goes_with_the_last_who_has_it() -> None:
    rows = (("a", "b"),)
    table = aliases_of(rows, "xx")
    assert aliases_of(rows, "xx") is table
    last = ref(table)
    del table
    gc.collect()
    assert last() is None


ROWS = st.lists(
    st.lists(st.sampled_from(["a", "b", "c d", "US", "U.S.", "e"]), min_size=2, max_size=4)
)


@given(ROWS, ROWS, ROWS)
def test_tables_behind_each_other_are_as_one_of_all_rows(
    one: list[list[str]], two: list[list[str]], three: list[list[str]]
) -> None:
    together = Aliases([*one, *two, *three], "en")
    behind = Aliases(three, "en", [Aliases(one, "en"), Aliases(two, "en")])
    printed = ["A", "b", "c", "d", "us", "US", "e"]
    words = [word.lower() for word in printed]
    assert list(behind.find(words, printed)) == list(together.find(words, printed))
    for form in {("a",), ("b",), ("c", "d"), ("us",), ("e",)}:
        assert behind.others(form) == together.others(form)


@pytest.mark.parametrize("passages", [30, 4001])
def test_a_first_question_makes_nothing_that_stays(passages: int) -> None:
    library = made_library(list(made_sentences(passages, 3)))
    searcher = Searcher([library, make_library("The gate.", aliases=[["gate", "portal"]])])
    parts = (searcher, searcher.collection, library, library.near_words)
    before = [set(vars(part)) for part in parts]
    for question in QUESTIONS[:20]:
        searcher.answer(question)
    assert [set(vars(part)) for part in parts] == before
