"""Passages by what they mean: prepared once, found near, gone with their library."""

from __future__ import annotations

import gc
from collections.abc import Sequence

import numpy as np
import pytest

from index.documents.corpus import Corpus
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from index.library.library import IndexedLibrary
from index.meaning import Reader, Remembering
from index.meaning.model import DIMENSIONS, Vectors
from index.meaning.reader import ASKED, STEP
from tests.concepts import ConceptModel
from tests.index.conftest import FILLER, make_library

TEXTS = ("The physician sees patients on Monday.", "The price is four crowns.", *FILLER)


def test_the_nearest_are_known_once_all_was_read() -> None:
    reader, library = Reader(ConceptModel()), make_library(*TEXTS)
    vector = reader.vector("where is the doctor?")
    assert reader.nearest(vector, library, 2) == []
    assert not reader.has_prepared(library)
    reader.prepare_at_once(library)
    assert reader.has_prepared(library)
    assert reader.nearest(vector, library, 2)[0] == 0
    assert reader.nearest(reader.vector("what does it cost?"), library, 1) == [1]


def test_reading_takes_turns_and_counts_what_was_read() -> None:
    model = ConceptModel()
    library = make_library(*(f"Passage {number}." for number in range(STEP + 3)))
    steps = Reader(model).prepare(library)
    assert next(steps) == STEP
    assert len(model.read) == STEP
    assert list(steps) == [STEP + 3]


def test_likeness_is_the_same_before_and_after_all_was_read() -> None:
    reader, library = Reader(ConceptModel()), make_library(*TEXTS)
    vector = reader.vector("what does the doctor cost?")
    before = reader.likeness(vector, library, [3, 0, 1])
    reader.prepare_at_once(library)
    assert reader.likeness(vector, library, [3, 0, 1]) == pytest.approx(before)


def test_eight_bits_are_near_enough() -> None:
    generator = np.random.default_rng(1)

    class Random(ConceptModel):
        def vectors(self, texts: Sequence[str]) -> Vectors:
            made = generator.normal(size=(len(texts), DIMENSIONS)).astype(np.float32)
            lengths = np.linalg.norm(made, axis=1, keepdims=True)
            return np.asarray(made / lengths, dtype=np.float32)

    library = make_library(*TEXTS)
    model = Random()
    reader = Reader(Remembering(model))
    reader.prepare_at_once(library)
    vector = reader.vector("a question")
    exact = reader._model.vectors([f"A document. {text}" for text in TEXTS]) @ vector
    assert reader.likeness(vector, library, range(len(TEXTS))) == pytest.approx(exact, abs=0.004)


def test_a_passage_is_read_under_its_title_and_headings() -> None:
    spec = DocumentSpec.model_validate({"id": "d", "title": "Rules", "file": "d.txt"})
    passage = Passage("d", 1, "It costs two crowns.", section=("Lending", "Drills"))
    model = ConceptModel()
    Reader(model).prepare_at_once(IndexedLibrary.build(Corpus((Document(spec, (passage,)),))))
    assert model.read == ["Rules. Lending. Drills. It costs two crowns."]


def faq_of(*answers: tuple[str, str]) -> IndexedLibrary:
    spec = DocumentSpec.model_validate({"id": "d", "title": "Rules", "file": "d.txt"})
    passages = [
        Passage("d", line, text, section=("Lending", question))
        for line, (question, text) in enumerate(answers, 1)
    ]
    return IndexedLibrary.build(Corpus((Document(spec, tuple(passages)),)))


def test_an_answer_is_read_alone_and_its_question_once() -> None:
    question = "What is the fee?"
    library = faq_of((question, "Two crowns."), (question, "Children pay one."))
    model = ConceptModel()
    Reader(model).prepare_at_once(library)
    assert model.read == ["Two crowns.", "Children pay one.", question]


@pytest.mark.parametrize("is_prepared", [False, True])
def test_an_answer_is_as_near_as_its_question_and_what_it_says_together(is_prepared: bool) -> None:
    library = faq_of(("What is the fee?", "Two crowns."), ("Where?", "In the mill."))
    model = ConceptModel()
    reader = Reader(model)
    if is_prepared:
        reader.prepare_at_once(library)
    vector = reader.vector("does it cost two crowns?")
    question, text = model.vectors(["What is the fee?", "Two crowns."]) @ vector
    likeness = reader.likeness(vector, library, [1, 0])
    assert likeness[1] == pytest.approx(question + text - ASKED, abs=0.01)
    assert likeness[1] > likeness[0]


def test_the_bytes_of_questions_count() -> None:
    texts = ("Two crowns.", "In the mill.")
    reader = Reader(ConceptModel())
    with_questions = reader.bytes_for(faq_of(*((f"{text}?", text) for text in texts)))
    assert with_questions - reader.bytes_for(make_library(*texts)) == 2 * (DIMENSIONS + 4)


def test_what_is_kept_goes_with_the_library() -> None:
    reader, library = Reader(ConceptModel()), make_library(*TEXTS)
    reader.prepare_at_once(library)
    assert len(reader._kept) == 1
    del library
    gc.collect()
    assert len(reader._kept) == 0


def test_too_large_a_library_is_not_read_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.meaning.reader.MOST_PASSAGES", len(TEXTS) - 1)
    model, library = ConceptModel(), make_library(*TEXTS)
    Reader(model).prepare_at_once(library)
    assert model.read == []


def test_what_is_in_another_language_is_not_read() -> None:
    model, library = ConceptModel(), make_library("Der Arzt ist da.", language="de")
    Reader(model).prepare_at_once(library)
    assert model.read == []


def test_one_that_remembers_makes_each_vector_once() -> None:
    model = ConceptModel()
    remembering = Remembering(model)
    first = remembering.vectors(["one", "two", "one"])
    again = remembering.vectors(["two", "three"])
    assert model.read == ["one", "two", "three"]
    assert (first[1] == again[0]).all()
