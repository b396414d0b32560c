"""What a passage tells of itself."""

from __future__ import annotations

import pytest

from index.documents.passages import Passage


@pytest.mark.parametrize(
    ("section", "columns", "question"),
    [
        (("Lending", "What does a drill cost?"), (), "What does a drill cost?"),
        (("料金はいくらですか？",), (), "料金はいくらですか？"),
        (("What does a drill cost?", "In winter"), (), None),
        (("What does a drill cost?",), ("day", "price"), None),
        ((), (), None),
    ],
)
def test_an_answer_knows_its_question(
    section: tuple[str, ...], columns: tuple[str, ...], question: str | None
) -> None:
    assert Passage("d", 1, "Two crowns.", section=section, columns=columns).question == question
