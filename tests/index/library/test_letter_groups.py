"""Groups of letters and their counts are those of a look at every word."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.arrays.strings import WordCounts
from index.library.letter_groups import GRAM, LetterGroups, gram_keys

WORDS = st.text(alphabet="abcé東1", min_size=1, max_size=11)
COUNTED = st.dictionaries(WORDS, st.integers(1, 9), max_size=40)


def grams(word: str) -> set[str]:
    marked = f"_{word}_"
    return {marked[i : i + GRAM] for i in range(max(1, len(marked) - GRAM + 1))}


def groups_of(words: dict[str, int]) -> LetterGroups:
    return LetterGroups.of(WordCounts.of(words))


def key(gram: str) -> int:
    number = 0
    for letter in gram.ljust(GRAM, "\0"):
        number = (number << 16) | ord(letter)
    return number


@given(words=COUNTED, other=WORDS)
def test_counts_are_sums_over_the_words_that_hold_a_gram(words: dict[str, int], other: str) -> None:
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for gram in grams(word):
            counts[gram] += count
    asked = sorted({*counts, *grams(other), "zzzz"})
    keys = np.array([key(gram) for gram in asked], dtype=np.uint64)
    assert groups_of(words).counted(keys).tolist() == [counts[gram] for gram in asked]


@given(words=COUNTED, picked=st.lists(st.integers(0, 39), max_size=20))
def test_the_grams_of_words_in_any_order(words: dict[str, int], picked: list[int]) -> None:
    known = list(words)
    chosen = [at for at in picked if at < len(known)]
    groups = groups_of(words)
    owners, places = groups.of_words(np.array(chosen, dtype=np.int32), np.arange(len(chosen)))
    found = sorted(zip(owners.tolist(), groups.keys[places].tolist(), strict=True))
    expected = [(n, key(gram)) for n, at in enumerate(chosen) for gram in grams(known[at])]
    assert found == sorted(expected)


@given(words=st.lists(WORDS, max_size=9))
def test_the_keys_of_words_are_those_of_their_grams(words: list[str]) -> None:
    keys, owners = gram_keys(words)
    for at, word in enumerate(words):
        assert set(keys[owners == at].tolist()) == {key(gram) for gram in grams(word)}


def test_a_letter_beyond_the_first_plane_has_a_key_too() -> None:
    groups = groups_of({"𐐷𐐷𐐷𐐷": 2, "a": 1})
    assert groups.counted(gram_keys(["𐐷𐐷𐐷𐐷"])[0]).tolist() == [2, 2, 2]
