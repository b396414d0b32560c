"""How sure an answer is: what each signal gives and takes, and how many hits come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from index.answering.confidence import confidence, spread
from index.answering.question import Particular

RAREST = 5.0
"""The idf of a word that no passage has."""


@dataclass(frozen=True)
class Word:
    """A word of a question; `shares` says how much of it each passage matches."""

    shares: tuple[float, ...]
    mass: float = RAREST
    particular: Particular | None = None
    mended: tuple[str, ...] = ()
    names: tuple[bool, ...] = ()
    """In which passages it is written as a name; none if empty."""


def sure(*words: Word, lack_type: Sequence[bool] = (False,)) -> list[float]:
    """The confidence in each passage for a question of these words."""
    count = len(lack_type)
    names = [word.names or (False,) * count for word in words]
    mass = np.array([word.mass for word in words])
    candidates: Any = SimpleNamespace(
        question=SimpleNamespace(words=words, mass=float(mass.sum())),
        question_terms=SimpleNamespace(mass=mass),
        collection=SimpleNamespace(idf=lambda term: RAREST if term == "" else 0.0),
        count=count,
        shares_with_title=np.array([word.shares for word in words]).reshape(-1, count).T,
        are_names=np.array(names, dtype=np.bool_).reshape(-1, count).T,
        lack_type=np.array(lack_type),
    )
    return [float(value) for value in confidence(candidates)]


def logistic(signal: float) -> float:
    return 1 / (1 + exp(-signal))


def close(*signals: float) -> Any:
    return pytest.approx([logistic(signal) for signal in signals])


ALL = 4.0 + 4.8 * log(2) + 2.0 - 6.2
"""The signal of a passage with the question's one word, the rarest there is."""


def test_a_passage_with_every_word_is_surest_and_one_without_any_is_not() -> None:
    assert sure(Word((1.0, 0.0)), lack_type=(False, False)) == close(ALL, -6.2)


def test_a_question_without_any_weight_is_answered_by_nothing() -> None:
    assert sure(Word((1.0, 1.0), mass=0.0), lack_type=(False, False)) == [0.0, 0.0]


def test_words_count_by_how_rare_they_are() -> None:
    rare, common = Word((1.0, 0.0), mass=4.0), Word((0.0, 1.0), mass=1.0)
    assert sure(rare, common, lack_type=(False, False)) == close(
        4.0 * 0.8 + 4.8 * log(1 + 4 / 5) + 2.0 * 0.8 - 6.2,
        4.0 * 0.2 + 4.8 * log(1 + 1 / 5) + 2.0 * 0.2 - 6.2,
    )


def test_more_rare_words_are_surer_than_one_common_word() -> None:
    assert sure(Word((1.0,), mass=1.0)) < sure(Word((1.0,))) < sure(Word((1.0,)), Word((1.0,)))


def test_a_word_matched_by_half_is_not_there_in_full() -> None:
    assert sure(Word((0.5,))) == close(4.0 * 0.5 + 2.0 * 0.5 - 6.2)


def test_a_mended_word_counts_half() -> None:
    mended = Word((1.0,), mended=("harbour",))
    assert sure(mended) == close(4.0 * 0.5 + 4.8 * log(2) + 2.0 * 0.5 - 6.2)


def test_what_is_matched_as_a_name_is_no_plain_word() -> None:
    """Where all words are names there is no share of plain words, and half is taken for it."""
    name, plain = Word((1.0, 1.0), names=(True, False)), Word((0.0, 0.0), mass=3.0)
    full = 4.8 * log(2)
    assert sure(name, plain, lack_type=(False, False)) == close(
        4.0 * 5 / 8 + full + 2.0 * 0.0 - 6.2, 4.0 * 5 / 8 + full + 2.0 * 5 / 8 - 6.2
    )
    assert sure(Word((1.0,), names=(True,))) == close(4.0 + full + 2.0 * 0.5 - 6.2)


@pytest.mark.parametrize(
    ("particular", "lost"),
    [(Particular.NUMBER, 5.0), (Particular.NAME, 4.0), (Particular.ACRONYM, 2.0)],
)
def test_a_passage_without_the_one_thing_asked_about_is_doubted(
    particular: Particular, lost: float
) -> None:
    word = Word((1.0, 0.0, 0.5), particular=particular)
    here, missing, half = sure(word, lack_type=(False,) * 3)
    assert [here, missing, half] == close(ALL, -6.2 - lost, 4.0 * 0.5 + 2.0 * 0.5 - 6.2 - lost)


def test_of_several_things_missing_the_worst_counts() -> None:
    missing = [
        Word((0.0,), particular=Particular.NUMBER),
        Word((0.0,), particular=Particular.ACRONYM),
        Word((0.0,)),
    ]
    assert sure(*missing) == close(-6.2 - 5.0)


def test_a_passage_without_the_kind_of_thing_asked_for_is_doubted() -> None:
    assert sure(Word((1.0, 1.0)), lack_type=(True, False)) == close(ALL - 2.0, ALL)


def test_a_further_hit_stands_close_to_the_first() -> None:
    sure = [0.8, 0.8, 0.8]
    assert spread([10, 9.5, 5], sure, limit=5, threshold=0.5) == 2
    assert spread([10, 9.0, 8.9], sure, limit=5, threshold=0.5) == 2
    assert spread([10, 9.9, 9.8], [0.8, 0.4, 0.8], limit=5, threshold=0.5) == 1
    assert spread([10, 9.9, 9.8], [0.4, 0.8, 0.8], limit=5, threshold=0.5) == 0
    assert spread([10, 9.9, 9.8], sure, limit=2, threshold=0.5) == 2
    assert spread([], [], limit=5, threshold=0.5) == 0


def test_as_sure_as_it_must_be_is_sure_enough() -> None:
    assert spread([10], [0.5], limit=5, threshold=0.5) == 1
