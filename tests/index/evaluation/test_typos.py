"""Typos: seeded, one edit, in the longest content word."""

from hypothesis import given
from hypothesis import strategies as st

from index.evaluation.typos import NEIGHBOURS, with_typo


@given(st.text(max_size=80), st.integers(0, 4))
def test_a_typo_is_reproducible_and_touches_one_word(question: str, seed: int) -> None:
    typed = with_typo(question, seed)
    assert typed == with_typo(question, seed)
    assert abs(len(typed) - len(question)) <= 1


@given(st.integers(0, 1000))
def test_a_typo_is_one_edit_of_the_longest_content_word(seed: int) -> None:
    question = "Which of these Resolutions passed?"
    before, typed, after = with_typo(question, seed).split("Which of these ")[1].partition(" ")
    assert (typed, after) == (" ", "passed?")
    word = "Resolutions"
    assert before != word
    swaps = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    drops = {word[:at] + word[at + 1 :] for at in range(len(word))}
    doubles = {word[:at] + word[at] + word[at:] for at in range(len(word))}
    keys = {
        word[:at] + (key.upper() if at == 0 else key) + word[at + 1 :]
        for at in range(len(word))
        for key in NEIGHBOURS[word[at].lower()]
    }
    assert before in swaps | drops | doubles | keys


def test_typos_differ_by_seed_and_kind() -> None:
    typed = {with_typo("the resolution", seed) for seed in range(40)}
    assert len({len(one) for one in typed}) == 3
    assert len(typed) > 15


def test_neighbour_keys_are_beside_each_other() -> None:
    assert set(NEIGHBOURS["g"]) == {"f", "h", "t", "y", "v", "b"}
    assert all(key in NEIGHBOURS[other] for key in NEIGHBOURS for other in NEIGHBOURS[key])


def test_a_question_without_a_content_word_keeps_its_spelling() -> None:
    assert with_typo("what is it?", 1) == "what is it?"
    assert with_typo("1961?", 1) == "1961?"
