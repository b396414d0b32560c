"""The order of the candidates: named features of a passage for a question, weighted and added.

The weights were learned on three development sets of questions and sentences (listwise softmax
over BM25's candidates), and rounded. `footnote ask --explain` shows what each feature gave a hit;
`footnote eval --ablate` what each is worth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np

from index.answering.asked import columns_of
from index.answering.candidates import Candidates, Floats
from index.engines.bm25 import K1, B
from index.library.forward import Sign
from index.text.answer_type import AnswerType

__all__ = ["WEIGHTS", "features"]

WEIGHTS: dict[str, float] = {
    "idf_share": 13.0,
    "title": 19.0,
    "answer_type": 4.0,
    "lead": 2.0,
    "definition": 2.0,
    "window": 1.6,
    "length": -1.4,
    "function_words": 0.6,
    "new_rare_terms": 0.2,
    "char_grams": 0.08,
}
"""Feature name to weight. A feature is left out by the weight 0."""

RARE = 4
MOST_NEW = 6

_NAMES_ASKED = frozenset({"who", "whom", "whose"})
_NEW_TERMS_ASKED = frozenset({"which", "what", "who", "where"})
_DEFINED = ("what is", "what are", "what was", "what were")


def _idf_share(seen: Candidates) -> Floats:
    """The share of the question's idf that each passage itself matches."""
    return _of_mass(seen, seen.shares)


def _title(seen: Candidates) -> Floats:
    """The share of the question's idf that is missing there and stands in the title."""
    if seen.shares_with_title is seen.shares:
        return np.zeros(seen.count)
    return _of_mass(seen, seen.shares_with_title - seen.shares)


def _of_mass(seen: Candidates, shares: Floats) -> Floats:
    mass = seen.question.mass
    return shares @ seen.asked.mass / mass if mass else np.zeros(seen.count)


def _lead(seen: Candidates) -> Floats:
    return seen.are_leads.astype(float)


def _length(seen: Candidates) -> Floats:
    lengths: Floats = np.log(seen.sizes + 1)
    return lengths


def _answer_type(seen: Candidates) -> Floats:
    """A date for when, a number for how many, a name for who."""
    match seen.question.type_asked:
        case AnswerType.TIME | AnswerType.YEAR:
            return seen.any_of(seen.new & seen.signed(Sign.DATE)).astype(float)
        case AnswerType.COUNT:
            return seen.any_of(seen.new & seen.signed(Sign.NUMBER)).astype(float)
    if seen.question.asks in _NAMES_ASKED:
        return seen.any_of(seen.new & seen.named).astype(float)
    return np.zeros(seen.count)


def _definition(seen: Candidates) -> Floats:
    """For "what is …": the passage begins with a word of the question."""
    if not seen.question.opening.startswith(_DEFINED):
        return np.zeros(seen.count)
    opening = np.arange(len(seen.owners)) - seen.firsts[seen.owners] < 2
    return seen.any_of(opening & (seen.columns >= 0)).astype(float)


def _window(seen: Candidates) -> Floats:
    """Distinct words matched over the shortest run of content words that holds them all."""
    asked = np.flatnonzero(seen.columns >= 0)
    content = np.cumsum(seen.content)
    words = seen.asked.owners
    places: list[list[tuple[int, int]]] = [[] for _ in range(seen.count)]
    found = zip(
        seen.owners[asked].tolist(),
        content[asked].tolist(),
        seen.columns[asked].tolist(),
        strict=True,
    )
    for candidate, place, column in found:
        places[candidate].append((place, words[column]))
    return np.array([_narrowest(matched) for matched in places])


def _narrowest(places: list[tuple[int, int]]) -> float:
    """The same of one candidate: places among its content words, and which word stands there."""
    distinct = len({word for _, word in places})
    if distinct < 2:
        return 0.0
    counts: Counter[int] = Counter()
    shortest, first = places[-1][0] - places[0][0] + 1, 0
    for place, word in places:
        counts[word] += 1
        while len(counts) == distinct:
            start, opening = places[first]
            shortest = min(shortest, place - start + 1)
            counts[opening] -= 1
            if not counts[opening]:
                del counts[opening]
            first += 1
    return distinct / shortest


def _function_words(seen: Candidates) -> Floats:
    """BM25 over the stop words of the question, the wh-words left out."""
    scores = np.zeros(seen.count)
    asked = list(dict.fromkeys(seen.question.function_words))
    for word, number in zip(asked, seen.library.word_numbers(asked), strict=True):
        if number >= 0:
            counts = np.bincount(seen.owners[seen.words == number], minlength=seen.count)
            scores += seen.collection.word_idf(word) * counts * (K1 + 1) / (counts + K1)
    return scores


def _new_rare_terms(seen: Candidates) -> Floats:
    """How many rare words the passage has that the question lacks: the answer is one of them."""
    if seen.question.asks not in _NEW_TERMS_ASKED:
        return np.zeros(seen.count)
    rare = seen.new & (seen.library.forward.frequencies[seen.terms] <= RARE)
    pairs = np.unique((seen.owners[rare] << 32) | seen.terms[rare])
    owners, terms = pairs >> 32, pairs & 0xFFFFFFFF
    rare_in_all = seen.collection.rare_in_all(seen.library, terms, RARE)
    counts = np.bincount(owners[rare_in_all], minlength=seen.count)
    return np.minimum(counts, MOST_NEW).astype(float)


def _char_grams(seen: Candidates) -> Floats:
    """BM25 over the character 4-grams of the content words."""
    asked = seen.asked.grams
    groups = seen.library.letter_groups
    owners, grams = groups.of_words(seen.words[seen.content], seen.owners[seen.content])
    columns = columns_of(grams, groups.places(asked))
    held = columns >= 0
    cells = owners[held] * len(asked) + columns[held]
    counts = np.bincount(cells, minlength=seen.count * len(asked)).reshape(seen.count, len(asked))
    lengths = np.bincount(seen.owners[seen.content], minlength=seen.count)
    norm = K1 * (1 - B + B * lengths / seen.collection.average_length)
    gained = counts * (K1 + 1) / (counts + norm[:, np.newaxis])
    scores: Floats = gained @ seen.collection.gram_idfs(asked)
    return scores


_FEATURES: Mapping[str, Callable[[Candidates], Floats]] = {
    "idf_share": _idf_share,
    "answer_type": _answer_type,
    "definition": _definition,
    "window": _window,
    "length": _length,
    "function_words": _function_words,
    "new_rare_terms": _new_rare_terms,
    "char_grams": _char_grams,
    "lead": _lead,
    "title": _title,
}


def features(seen: Candidates, weights: Mapping[str, float]) -> dict[str, Floats]:
    """What each feature adds to the candidates' scores, shape (candidates,) each.

    Features of weight 0 are left out.
    """
    return {
        name: weights[name] * feature(seen)
        for name, feature in _FEATURES.items()
        if weights.get(name)
    }
