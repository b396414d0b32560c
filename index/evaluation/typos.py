"""Questions as they are mistyped: one seeded edit in the longest content word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from zlib import crc32

import numpy as np

from index.text.analysis import analyser_for

__all__ = ["TYPO_SEEDS", "with_typo"]

TYPO_SEEDS = range(5)

_WORD = re.compile(r"[^\W\d_]+")
_KEYS = ((0.0, "qwertyuiop"), (0.25, "asdfghjkl"), (0.75, "zxcvbnm"))
"""The rows of a keyboard's letters, and how far each is set in, in keys."""


def _neighbours() -> Mapping[str, tuple[str, ...]]:
    """For each letter the keys beside it: at most one row and one key away."""
    keys = {
        letter: (row, inset + column)
        for row, (inset, letters) in enumerate(_KEYS)
        for column, letter in enumerate(letters)
    }
    return {
        letter: tuple(
            other
            for other, (other_row, other_column) in keys.items()
            if other != letter and abs(other_row - row) <= 1 and abs(other_column - column) <= 1
        )
        for letter, (row, column) in keys.items()
    }


NEIGHBOURS = _neighbours()


def with_typo(question: str, seed: int, language: str = "en") -> str:
    """`question` with one swap, drop, double or neighbour key in its longest content word.

    Each kind of edit is as likely, and none leaves the word as it was. The same question and seed
    give the same typo; a question without a content word stays as it is.
    """
    words = [word for word in _WORD.finditer(question) if analyser_for(language).terms(word[0])]
    if not words:
        return question
    word = max(words, key=lambda match: len(match[0]))
    kinds = [kind for kind in _edits(word[0]) if kind]
    generator = np.random.default_rng([seed, crc32(question.encode(errors="replace"))])
    edits = kinds[generator.integers(len(kinds))]
    edit = edits[generator.integers(len(edits))]
    return question[: word.start()] + edit + question[word.end() :]


def _edits(word: str) -> tuple[list[str], ...]:
    """Every swap, drop, double and neighbour key of `word`, by kind."""
    places = range(len(word))
    swaps = [
        word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        for at in places[:-1]
        if word[at] != word[at + 1]
    ]
    drops = [word[:at] + word[at + 1 :] for at in places] if len(word) > 1 else []
    doubles = [word[: at + 1] + word[at:] for at in places]
    neighbours = [
        word[:at] + (key.upper() if word[at].isupper() else key) + word[at + 1 :]
        for at in places
        for key in NEIGHBOURS.get(word[at].lower(), ())
    ]
    return swaps, drops, doubles, neighbours
