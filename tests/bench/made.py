"""A made corpus of any size, the same for the same seed, and questions drawn from one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.documents.corpus import Corpus
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from index.library.library import IndexedLibrary
from index.text.analysis import analyser_for
from index.text.lexicon import english_words

__all__ = ["Asked", "made_library", "made_questions", "made_sentences"]

COMMON = "the of and in to a was by on for with that as is".split()
COMMON_SHARE = 0.4
NAMES = 400_000
"""Made-up words beyond the English ones: texts have ever new names."""
SYLLABLES = (
    "ba den ver mo ris ka lin tor su gel an fo mar ti os hu ne wal ri pe cho da yu zen".split()
)
MEDIAN_WORDS, SPREAD, FEWEST, MOST = 17.5, 0.4, 4, 60
"""Lengths are log-normal: 19 words in the mean."""
BATCH = 20_000
TERMS = 5
MISSPELT = 10
"""Every so many questions one has a misspelt word."""


@dataclass(frozen=True)
class Asked:
    """A question as typed, and its content words as they are spelt in the corpus."""

    question: str
    words: tuple[str, ...]


def made_sentences(count: int, seed: int) -> Iterator[str]:
    """Sentences whose words follow Zipf's law, rank by rank of a shuffled vocabulary."""
    shuffled = random.Random(seed)
    words = sorted(english_words())
    shuffled.shuffle(words)
    names = ("".join(shuffled.choices(SYLLABLES, k=shuffled.randint(2, 5))) for _ in range(NAMES))
    words += dict.fromkeys(names)
    shares = np.cumsum(1 / (np.arange(len(words)) + 10))
    draws = np.random.default_rng(seed)
    for first in range(0, count, BATCH):
        size = min(BATCH, count - first)
        lengths = MEDIAN_WORDS * np.exp(SPREAD * draws.standard_normal(size))
        ends = np.cumsum(np.clip(lengths.round(), FEWEST, MOST).astype(int))
        rare = np.searchsorted(shares, draws.random(ends[-1]) * shares[-1]).tolist()
        common = draws.integers(0, len(COMMON), ends[-1]).tolist()
        is_common = (draws.random(ends[-1]) < COMMON_SHARE).tolist()
        drawn = [
            COMMON[one] if plain else words[other]
            for one, other, plain in zip(common, rare, is_common, strict=True)
        ]
        start = 0
        for end in ends.tolist():
            yield " ".join(drawn[start:end]).capitalize() + "."
            start = end


def made_library(texts: Sequence[str]) -> IndexedLibrary:
    """A library of one document whose passages are `texts`."""
    spec = DocumentSpec(id="made", title="Made", file="made.txt")
    passages = tuple(Passage("made", line, text) for line, text in enumerate(texts, 1))
    return IndexedLibrary.build(Corpus((Document(spec, passages),)))


def made_questions(sentences: Sequence[str], count: int, seed: int) -> list[Asked]:
    """Questions of up to five content words of a sentence each."""
    rng = random.Random(seed)
    analyser = analyser_for("en")
    asked: list[Asked] = []
    while len(asked) < count:
        tokens = analyser.tokens(rng.choice(sentences))
        content = list(dict.fromkeys(token.word for token in tokens if token.term is not None))
        if len(content) < 2:
            continue
        words = rng.sample(content, min(TERMS, len(content)))
        typed = list(words)
        if len(asked) % MISSPELT == 0:
            at = max(range(len(typed)), key=lambda one: len(typed[one]))
            cut = len(typed[at]) // 2
            typed[at] = (
                typed[at][: cut - 1] + typed[at][cut] + typed[at][cut - 1] + typed[at][cut + 1 :]
            )
        asked.append(Asked("what " + " ".join(typed), tuple(words)))
    return asked
