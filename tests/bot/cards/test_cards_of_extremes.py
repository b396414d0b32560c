"""Cards of nothing at all, and of more than a card holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from bot.cards.about import documents_card, help_card
from bot.cards.answer import answer_card, citation_card, numbers_of
from bot.cards.context import context_card, references_card
from bot.cards.gaps import GROUPS_A_PAGE, gap_line, gaps_heading
from bot.cards.layout import MAX_TEXT
from bot.cards.reports import history_card, status_card
from bot.cards.upload import summary, warning_words
from bot.errors import NotAllowedError
from bot.interactions.replies import explain
from bot.libraries.pointers import Pointers, Spot
from bot.store import Counts, DocumentChange, Gap, Person, StoredRevision
from bot.store.errors import StoreBusyError, StoreError
from bot.uploads.reading_child import ReadUpload
from index.answering.answer import Answer, Hit
from index.answering.confidence import Reason
from index.documents.corpus import Corpus
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from index.documents.uploads import read_upload
from index.errors import UnknownCitationError, UnknownDocumentError
from index.library.library import IndexedLibrary
from index.text.likeness import AlikeQuestions
from tests.bot.cards.test_cards import SPEC, answer, assert_fits, texts

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def document(count: int = 1, *numbers: str, **spec: object) -> Document:
    """A document of `count` passages that carry the numbers."""
    made = SPEC.model_dump(exclude_unset=True) | spec
    passages = tuple(Passage("d", n, f"Passage {n}.", numbers) for n in range(1, count + 1))
    return Document(DocumentSpec.model_validate(made), passages)


def revision(*documents: Document, owner: int = 0) -> Any:
    library = IndexedLibrary.build(Corpus(documents))
    stored = SimpleNamespace(owner=owner, number=1, created_at=NOW, by=Person(1, "mona"))
    return SimpleNamespace(stored=stored, number=1, library=library)


def words(view: Any) -> str:
    assert_fits(view)
    return "\n".join(texts(view))


def test_no_documents_are_said_to_be_none() -> None:
    assert "no document to answer from yet" in words(documents_card([revision()]))


@pytest.mark.parametrize("title", ["A short title", "A title of many words " * 9])
def test_more_documents_than_fit_are_counted(title: str) -> None:
    documents = [document(id=f"d{n}", title=title, attribution="x" * 300) for n in range(60)]
    text = words(documents_card([revision(*documents)]))
    count = text.count("**[A ")
    assert 0 < count < 60
    assert f"{60 - count} more" in text


def test_more_documents_than_fit_into_the_status_are_counted() -> None:
    documents = [document(id=f"d{n}") for n in range(60)]
    shared = revision(*documents)
    assert "more" in words(status_card(shared, None, meaning="serves"))
    assert "d0" not in words(status_card(shared, None, shared_searched=False, meaning="serves"))


def test_more_documents_under_other_ids_than_fit_are_counted() -> None:
    documents = [document(id=f"d{n}" + "x" * 60) for n in range(60)]
    ids = {one.id: f"{one.id}-2" for one in documents}
    both = revision(*documents), revision(*documents, owner=7)
    card = status_card(*both, own_ids=ids, meaning="serves")
    text = words(card)
    assert text.count("is shown as") == 3
    assert "57 more" in text
    assert text.count("-2`") > text.count("is shown as")
    assert len(text) <= MAX_TEXT


def test_without_revisions_the_history_says_so() -> None:
    assert len(texts(history_card([], {}))) == 1


def test_a_history_of_the_longest_titles_fits() -> None:
    title = "*_~`|<>@[]()" * 16
    mona = Person(1, "m" * 40)
    history = [
        StoredRevision(7, n, NOW, mona, "refresh", Counts(10**6, 10**6, 10**6), 1.0, "")
        for n in range(20, 0, -1)
    ]
    change = DocumentChange("d", title, "changed")
    view = history_card(history, {n: [change] * 60 for n in range(1, 21)})
    assert len(words(view)) <= MAX_TEXT
    assert "and 57 more" in words(view)


@pytest.mark.parametrize("example", ["Who ruled?", None])
def test_help_in_direct_messages_offers_neither_servers_menus_nor_mentions(
    example: str | None,
) -> None:
    direct = words(help_card(example, in_server=False, moderator=False))
    served = words(help_card(example, in_server=True, moderator=False))
    assert "Find sources" in served
    assert "Find sources" not in direct
    assert ("Who ruled?" in direct) == (example is not None)


def test_a_mended_question_and_words_taken_over_stand_under_the_question() -> None:
    made = answer("hwo ruled?", ["Park ruled."])
    view = answer_card(replace(made, corrected="who *ruled*?", taken_over=("Korea",)))
    heading = texts(view)[0]
    assert "who \\*ruled\\*?" in heading
    assert "Korea" in heading


def test_a_silence_offers_the_mended_question() -> None:
    view = answer_card(Answer("hwo?", reason=Reason.LOW_CONFIDENCE, corrected="who?"))
    assert "who?" in words(view)


def test_an_answer_without_a_question_begins_with_the_reason() -> None:
    assert not texts(answer_card(Answer("", reason=Reason.EMPTY_QUESTION)))[0].startswith("-#")


def test_very_many_numbers_of_one_passage_are_cut_between_two_of_them() -> None:
    numbers = tuple(map(str, range(1000, 1300)))
    one = document(1, *numbers)
    text = numbers_of(one.passages[0], one)
    assert text.startswith("\\[1000\\] \\[1001\\]")
    assert text.endswith("\\] …")
    assert len(text) < 620
    pointers = Pointers(1, 1, 0, (Spot(own=False, position=0),), 0)
    assert "Passage 1." in words(context_card(pointers, [(one.passages[0], one)]))


def test_more_documents_than_can_be_credited_are_cut_at_a_line() -> None:
    documents = [document(1, "1", id=f"d{n}", title=f"{n:02} " + "t" * 150) for n in range(60)]
    closing = texts(citation_card("1", [Hit(one.passages[0], one) for one in documents]))[-1]
    assert all(line.startswith("-# ") for line in closing.splitlines()[1:])


def test_passages_without_numbers_have_no_references() -> None:
    one = document()
    view = references_card([(one.passages[0], one)])
    assert words(view) != words(references_card([(document(1, "1").passages[0], document(1, "1"))]))
    assert "http" not in words(view)


@pytest.mark.parametrize("title", ["A book", "A book of many words " * 9])
def test_more_references_than_fit_are_counted(title: str) -> None:
    numbers = tuple(map(str, range(1, 101)))
    references = {
        number: {"title": title, "url": "https://example.org/" + "x" * 300} for number in numbers
    }
    one = document(1, *numbers, references=references)
    text = words(references_card([(one.passages[0], one)]))
    count = text.count("example.org")
    assert 0 < count < 100
    assert f"{100 - count} more" in text


def test_passages_of_signs_that_are_escaped_fit_into_their_context() -> None:
    long_document = Document(SPEC, tuple(Passage("d", n, "*" * 3000) for n in range(1, 9)))
    pointers = Pointers(1, 1, 0, (Spot(own=False, position=3),), 0)
    text = words(context_card(pointers, [(long_document.passages[3], long_document)]))
    assert all(f"line {n}" in text for n in range(2, 7))


def test_headings_stand_over_the_first_passage_under_them() -> None:
    sections = [("Rules", "Opening *hours*")] * 2 + [()] + [("Fees",)] * 2
    passages = tuple(
        Passage("d", n, f"Passage {n}.", section=section) for n, section in enumerate(sections, 1)
    )
    one = Document(SPEC, passages)
    pointers = Pointers(1, 1, 0, (Spot(own=False, position=2),), 0)
    lines = words(context_card(pointers, [(passages[2], one)])).splitlines()
    small = [line for line in lines if line.startswith("-# ") and "line" not in line]
    assert small == ["-# Rules › Opening \\*hours\\*", "-# Fees"]
    assert lines[lines.index("-# Fees") + 1] == "> Passage 4."


def test_a_page_past_the_end_shows_the_page_of_the_passage() -> None:
    one = document(3)
    pointers = Pointers(1, 1, 0, (Spot(own=False, position=1),), 0)
    found = [(one.passages[1], one)]
    assert texts(context_card(pointers, found, 0, 9)) == texts(context_card(pointers, found))


def test_refusals_and_failures_say_what_they_can() -> None:
    assert "server" in words(explain(NotAllowedError(in_server=False)))
    none_known = words(explain(UnknownDocumentError("atlas", ())))
    assert "atlas" in none_known
    assert none_known != words(explain(UnknownDocumentError("atlas", ("rules",))))


def test_gaps_count_their_votes() -> None:
    gaps = [Gap(f"question {n}?", "thumbs_down" if n == 0 else "no_answer", NOW) for n in range(3)]
    line = gap_line(gaps, AlikeQuestions("question 0?" * 100, (0, 1)))
    assert "2 ×" in line
    assert "1 thumbs-down" in line
    assert len(line) * GROUPS_A_PAGE < MAX_TEXT / 2
    assert gaps_heading(gaps, [AlikeQuestions("question 2?", (2,))]).count("\n") == 0


def test_an_upload_with_nothing_guessed_and_an_odd_line_says_so() -> None:
    content = b"[1] One [is so.\n"
    upload = read_upload(
        "a.txt", content, title="A", language="en", layout="lines", markers="leading"
    )
    assert "is never closed" in warning_words(ReadUpload.of(upload))
    told = summary(ReadUpload.of(upload))
    upload = read_upload("a.txt", b"[1] One is so.\n[2] Two is so.\n", title="A")
    assert len(summary(ReadUpload.of(upload)).splitlines()) > len(told.splitlines())
    assert warning_words(ReadUpload.of(upload)) == ""


def test_a_number_that_nothing_comes_near_is_unknown_and_a_busy_store_says_wait() -> None:
    alone = words(explain(UnknownCitationError("99", ())))
    assert "99" in alone
    assert "98" in words(explain(UnknownCitationError("99", ("98",))))
    busy = words(explain(StoreBusyError("another program")))
    assert busy not in (alone, words(explain(StoreError("another program"))))
