"""What a document changes in the place of another."""

from __future__ import annotations

import random

import pytest

from index.documents.differences import NEAR, compare, compare_documents
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage

SPEC = DocumentSpec(id="rules", title="Rules", file="rules.txt")


def passage(text: str, line: int = 1, *citations: str, document: str = "rules") -> Passage:
    return Passage(document, line, text, citations)


def document(*passages: Passage, **said: object) -> Document:
    return Document(SPEC.model_copy(update=said), passages)


def words(seed: int) -> str:
    """A sentence that is like no other."""
    chosen = random.Random(seed)
    return " ".join("".join(chosen.choices("abcdefghijklmnopqrstuvwxyz", k=9)) for _ in range(8))


OLD = document(
    passage("The gate opens at seven.", 1, "1"),
    passage("Dogs stay on the lead.", 2, "2"),
    passage("The ferry is free on Sundays.", 3, "3"),
)


def test_what_is_added_removed_and_changed_is_told_apart() -> None:
    new = document(
        passage("The gate opens at eight.", 1, "1"),
        OLD.passages[1],
        passage("Swimming needs a permit of the harbour master.", 3, "4"),
    )
    found = compare_documents(OLD, new)
    assert found.changed == ((OLD.passages[0], new.passages[0]),)
    assert found.removed == (OLD.passages[2],)
    assert found.added == (new.passages[2],)
    assert (found.unchanged, found.counts) == (1, (1, 1, 1))
    assert found.lost_numbers == ("3",)
    assert found.share_removed == pytest.approx(1 / 3)
    assert not found.same


def test_it_does_not_matter_which_ids_they_have() -> None:
    new = [passage(one.text, one.line, *one.citations, document="rules-2") for one in OLD.passages]
    found = compare_documents(OLD, document(*new, id="rules-2", file="other.md", importer=2))
    assert found.same
    assert found.counts == (0, 0, 0)


@pytest.mark.parametrize(
    "new",
    [
        document(*OLD.passages, title="Other rules"),
        document(*OLD.passages, licence="CC0"),
        document(*(passage(one.text, one.line + 1, *one.citations) for one in OLD.passages)),
    ],
)
def test_the_same_words_may_stand_elsewhere_or_have_another_title(new: Document) -> None:
    found = compare_documents(OLD, new)
    assert found.counts == (0, 0, 0)
    assert not found.same


def test_alike_at_a_far_place_is_another_passage() -> None:
    between = [passage(words(seed)) for seed in range(2 * NEAR)]
    first, last = passage("The gate opens at seven."), passage("The gate opens at eight.")
    found = compare([first, *between], [*between, last])
    assert found.counts == (1, 1, 0)
    assert compare([first, *between], [last, *between]).counts == (0, 0, 1)


def test_much_before_it_does_not_make_a_near_place_far() -> None:
    more = [passage(words(seed)) for seed in range(4 * NEAR)]
    old = [passage(words(seed)) for seed in range(1000, 1000 + 3 * NEAR)]
    new = [*more, *old[:-1], passage(f"{old[-1].text} now")]
    assert compare(old, new).counts == (len(more), 0, 1)
    assert compare(new, old).counts == (0, len(more), 1)


def test_each_added_passage_is_the_new_wording_of_one_alone() -> None:
    old = [passage("The gate opens at seven."), passage("The gate opens at seven now.")]
    found = compare(old, [passage("The gate opens at eight.")])
    assert found.counts == (0, 1, 1)


def test_a_number_within_a_range_is_not_lost() -> None:
    old = document(passage("The gate opens at seven.", 1, "12–14", "note 1"))
    new = document(passage("The gate opens at seven.", 1, "12", "14"))
    assert compare_documents(old, new).lost_numbers == ("13", "note 1")
    assert compare_documents(new, old).lost_numbers == ()


def test_counts_are_told_by_document() -> None:
    other = passage("Tides turn twice a day.", document="tides")
    found = compare([*OLD.passages, other], [*OLD.passages[:2], other, passage("New.", 9)])
    assert found.by_document == {"rules": (1, 1, 0)}
    assert found.brief(0).by_document == found.by_document


def test_of_nothing_nothing_goes() -> None:
    assert compare_documents(document(), OLD).share_removed == 0
