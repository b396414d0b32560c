"""Questions that ask for much the same are one group."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import likeness
from index.text.likeness import group_alike


def test_questions_in_other_words_and_order_are_alike() -> None:
    groups = group_alike(
        [
            "What does a ticket cost?",
            "when was the castle built?",
            "ticket costs",
            "In which year was the castle built",
            "castle built when",
        ]
    )
    assert [(group.question, group.positions) for group in groups] == [
        ("when was the castle built?", (1, 3, 4)),
        ("What does a ticket cost?", (0, 2)),
    ]


def test_questions_of_stop_words_and_of_other_scripts_stay_apart() -> None:
    assert len(group_alike(["who is it?", "東京はどこ?", "?!", "서울은 어디?"])) == 4


@given(st.lists(st.text(max_size=30), max_size=30))
def test_every_question_is_in_one_group(questions: list[str]) -> None:
    groups = group_alike(questions)
    positions = sorted(position for group in groups for position in group.positions)
    assert positions == list(range(len(questions)))
    assert all(group.question == questions[group.positions[0]] for group in groups)


def test_beyond_the_most_groups_only_what_is_the_same_is_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = [
        "what does a ticket to the harbour museum cost?",
        "who rang the largest bell of the cathedral?",
        "who rang the large bells of cathedral?",
        "who rang the largest bells of the cathedral?",
    ]
    assert [group.positions for group in group_alike(asked)] == [(1, 2, 3), (0,)]
    monkeypatch.setattr(likeness, "MAX_DISTINCT", 1)
    assert [group.positions for group in group_alike(asked)] == [(1, 3), (0,), (2,)]
