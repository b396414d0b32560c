"""Near words are those of a look at every word."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.library.spelling import LONG_CHARS, MIN_CHARS, Speller
from tests.index.conftest import make_near_words

WORDS = st.text(alphabet="abcé東𐐷1", min_size=1, max_size=11)
COUNTED = st.dictionaries(WORDS, st.integers(1, 9), max_size=40)


def scanned(words: dict[str, int], word: str) -> list[str]:
    """What is suggested after a look at every word."""
    if len(word) < MIN_CHARS or not word.isalpha():
        return []
    most = 2 if len(word) >= LONG_CHARS else 1
    found = {
        other: distance
        for other in words
        if other.isalpha()
        and (distance := OSA.distance(word, other)) <= most
        and (distance <= 1 or other[0] == word[0])
    }
    nearest = [other for other, distance in found.items() if distance == min(found.values())]
    return sorted(nearest, key=lambda other: (-words[other], other))[:4]


@settings(max_examples=500, deadline=None)
@given(words=COUNTED, word=st.text(alphabet="abcé東", min_size=5, max_size=10))
def test_suggestions_are_those_of_a_look_at_every_word(words: dict[str, int], word: str) -> None:
    words = {other: count for other, count in words.items() if other != word}
    assert Speller([make_near_words(words)]).suggest(word) == scanned(words, word)


@given(word=st.text(alphabet="abcd", min_size=5, max_size=10), at=st.integers(0, 9))
def test_a_swap_is_mended_wherever_it_is(word: str, at: int) -> None:
    at = at % (len(word) - 1)
    typed = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assert Speller([make_near_words({word: 1})]).suggest(typed) == [word]
