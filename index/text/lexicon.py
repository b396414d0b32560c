"""Words that are English, whether or not a collection has them: they are no misspellings.

The list is that of symspellpy: 82,765 words of the Google Books n-grams that are also in SCOWL.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

__all__ = ["english_words", "is_english_word"]


def is_english_word(word: str) -> bool:
    """Whether a normalised word is a known English one."""
    return word in english_words()


@cache
def english_words() -> frozenset[str]:
    """All of them, normalised; read at first use."""
    listing = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    lines = listing.read_text(encoding="utf-8-sig").splitlines()
    return frozenset(line.partition(" ")[0] for line in lines)
