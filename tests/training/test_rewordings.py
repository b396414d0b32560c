"""Questions made as people type them: other in form, the same in what they ask."""

from __future__ import annotations

import random

import pytest

from tests.training.rewordings import detokenised, reworded

QUESTION = "What is the name of the bridge that people crossed in 1902?"


def test_the_same_seed_gives_the_same_rewording() -> None:
    assert [reworded(QUESTION, random.Random(seed)) for seed in range(20)] == [
        reworded(QUESTION, random.Random(seed)) for seed in range(20)
    ]


def test_there_are_many_forms_and_the_written_one_among_them() -> None:
    forms = {reworded(QUESTION, random.Random(seed)) for seed in range(200)}
    assert QUESTION in forms
    assert len(forms) > 30
    assert any("whats" in form for form in forms)
    assert any("ppl" in form for form in forms)
    assert not any(form != QUESTION and form != form.lower() for form in forms)


def test_most_forms_keep_the_year_and_the_thing() -> None:
    forms = [reworded(QUESTION, random.Random(seed)) for seed in range(200)]
    assert all("1902" in form for form in forms)
    assert sum("bridge" in form for form in forms) > 150


@pytest.mark.parametrize("text", ["?", "who?", ""])
def test_nothing_is_made_of_nothing(text: str) -> None:
    for seed in range(50):
        assert text == "" or reworded(text, random.Random(seed))


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("the league -lrb- nfl -rrb- , since 1920 .", "the league (nfl), since 1920."),
        ("levi 's stadium did n't open", "levi's stadium didn't open"),
        ("the `` golden anniversary '' of 50", 'the "golden anniversary" of 50'),
        ("a 15 -- 1 record", "a 15–1 record"),
    ],
)
def test_tokens_are_put_together_as_people_write(tokens: str, text: str) -> None:
    assert detokenised(tokens) == text
