"""Questions in other words than the passage's, with somebody who knows what both mean."""

from __future__ import annotations

import pytest

from index.answering.answer import Answer
from index.answering.confidence import Outcome
from index.answering.searcher import Searcher
from index.documents.corpus import Corpus
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from index.library.library import IndexedLibrary
from index.meaning import Reader
from tests.concepts import ConceptModel
from tests.index.conftest import FILLER, make_library

PHYSICIAN = "The physician is in the white house by the mill."
QUESTION = "where is the doctor?"


def searcher(model: ConceptModel, *texts: str, always: bool = False, **spec: object) -> Searcher:
    library = make_library(*texts, *FILLER, **spec)
    reader = Reader(model)
    reader.prepare_at_once(library)
    return Searcher([library], meaning=reader, always=always)


def line_of(answer: Answer) -> int:
    return answer.ranked[0].passage.line


def test_another_word_for_the_same_thing_finds_the_passage() -> None:
    asked = searcher(ConceptModel(), PHYSICIAN)
    assert asked.answer_by_words(QUESTION).outcome is Outcome.SILENT
    answer = asked.answer(QUESTION)
    assert line_of(answer) == 1
    assert answer.outcome is not Outcome.SILENT
    assert answer.ranked[0].parts["likeness"] > 0


def test_the_question_that_a_passage_stands_under_finds_its_answer() -> None:
    asked = "what is the fee?"
    spec = DocumentSpec.model_validate({"id": "d", "title": "Rules", "file": "d.txt"})
    outcomes = []
    for heading in ("What does it cost?", "The rest"):
        passage = Passage("d", 1, "Two crowns, and one for children.", section=(heading,))
        passages = (passage, *(Passage("d", at, text) for at, text in enumerate(FILLER, 2)))
        library = IndexedLibrary.build(Corpus((Document(spec, passages),)))
        reader = Reader(ConceptModel())
        reader.prepare_at_once(library)
        outcomes.append(Searcher([library], meaning=reader).answer(asked).outcome)
    assert outcomes == [Outcome.SURE, Outcome.SILENT]


def test_what_passages_mean_joins_the_signals_and_the_parts_of_the_score() -> None:
    hit = searcher(ConceptModel(), PHYSICIAN).answer_by_meaning(QUESTION).ranked[0]
    assert list(hit.signals)[-2:] == ["likeness", "reading"]
    assert hit.score == pytest.approx(sum(hit.parts.values()))


def test_a_question_that_words_answer_for_certain_is_not_read() -> None:
    model = ConceptModel()
    asked = searcher(
        model,
        "The copper lantern of the southern harbour was lit by the old keeper in the evening.",
    )
    question = "who lit the copper lantern of the southern harbour in the evening?"
    before = list(model.read)
    assert asked.answer_by_words(question).confidence > 0.99
    assert asked.answer(question) == asked.answer_by_words(question)
    assert model.read == before


def test_every_question_is_read_where_that_is_wanted() -> None:
    model = ConceptModel()
    text = "The copper lantern of the southern harbour was lit by the old keeper in the evening."
    asked = searcher(model, text, always=True)
    before = len(model.read)
    asked.answer("who lit the copper lantern of the southern harbour in the evening?")
    assert len(model.read) > before


@pytest.mark.parametrize("question", ["[28]", "hello", "", "?!", "x" * 2000])
def test_what_is_no_question_is_not_read(question: str) -> None:
    model = ConceptModel()
    asked = searcher(model, PHYSICIAN, always=True)
    before = list(model.read)
    assert not asked.is_open(asked.answer_by_words(question))
    asked.answer(question)
    assert model.read == before


def test_documents_in_another_language_are_searched_by_words() -> None:
    model = ConceptModel()
    asked = searcher(model, "Der Arzt ist im weißen Haus.", language="de")
    before = list(model.read)
    assert not asked.is_open(asked.answer_by_words("wo ist der Doktor?"))
    asked.answer_by_meaning("wo ist der Doktor?")
    assert model.read == before


def test_before_all_was_read_only_what_words_bring_up_is_looked_at() -> None:
    library = make_library(PHYSICIAN, "The doctor retired.", *FILLER)
    asked = Searcher([library], meaning=Reader(ConceptModel()))
    lines = [hit.passage.line for hit in asked.answer_by_meaning(QUESTION).ranked]
    assert lines == [2]


def test_those_not_read_stay_behind_those_that_were() -> None:
    texts = [f"The doctor has patient {number}." for number in range(15)]
    model = ConceptModel()
    ranked = searcher(model, *texts).answer_by_meaning("doctor patient 14").ranked
    readings = [hit.signals["reading"] for hit in ranked]
    assert len(ranked) > 10
    assert readings[10:] == [min(readings[:10])] * len(readings[10:])
    assert [hit.score for hit in ranked] == sorted((hit.score for hit in ranked), reverse=True)


def test_a_question_that_leans_takes_over_words_from_one_that_was_read() -> None:
    asked = searcher(ConceptModel(), PHYSICIAN, "The physician sees patients on Monday.")
    answer = asked.answer("and on Monday?", previous=[QUESTION])
    assert line_of(answer) == 2
    assert answer.taken_over == ("doctor",)
    assert "nearness" in answer.ranked[0].parts


def test_a_phrase_is_looked_up_and_not_read() -> None:
    model = ConceptModel()
    asked = searcher(model, PHYSICIAN, always=True)
    before = list(model.read)
    assert asked.answer('"white house by the mill"').is_lookup
    assert model.read == before
