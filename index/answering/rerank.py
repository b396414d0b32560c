"""The order of the candidates: named features of a passage for a question, weighted and added.

The weights were learned on three development sets of questions and sentences (listwise softmax
over BM25's candidates), and rounded. `footnote ask --explain` shows what each feature gave a hit;
`footnote eval --ablate` what each is worth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np

from index.answering.candidates import Candidates, Floats
from index.answering.question_terms import columns_of
from index.engines.bm25 import K1, B
from index.library.forward import Sign
from index.text.analysis import is_unspaced
from index.text.answer_type import AnswerType

__all__ = ["WEIGHTS", "features"]

WEIGHTS: dict[str, float] = {
    "idf_share": 13.0,
    "title": 19.0,
    "section": 13.0,
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


def _idf_share(candidates: Candidates) -> Floats:
    """The share of the question's idf that each passage itself matches."""
    return _of_mass(candidates, candidates.shares)


def _title(candidates: Candidates) -> Floats:
    """The share of the question's idf that is missing there and stands in the title."""
    if candidates.shares_with_title is candidates.shares:
        return np.zeros(candidates.count)
    return _of_mass(candidates, candidates.shares_with_title - candidates.shares)


def _section(candidates: Candidates) -> Floats:
    """The share of the question's idf that is missing there too, and stands in the headings."""
    if candidates.shares_in_context is candidates.shares_with_title:
        return np.zeros(candidates.count)
    return _of_mass(candidates, candidates.shares_in_context - candidates.shares_with_title)


def _of_mass(candidates: Candidates, shares: Floats) -> Floats:
    mass = candidates.question.mass
    return shares @ candidates.question_terms.mass / mass if mass else np.zeros(candidates.count)


def _lead(candidates: Candidates) -> Floats:
    return candidates.are_leads.astype(float)


def _length(candidates: Candidates) -> Floats:
    lengths: Floats = np.log(candidates.sizes + 1)
    return lengths


def _answer_type(candidates: Candidates) -> Floats:
    """A date for when, a number for how many, a name for who."""
    match candidates.question.type_asked:
        case AnswerType.TIME | AnswerType.YEAR:
            return candidates.any_of(candidates.new & candidates.signed(Sign.DATE)).astype(float)
        case AnswerType.COUNT:
            return candidates.any_of(candidates.new & candidates.signed(Sign.NUMBER)).astype(float)
    if candidates.question.asks in _NAMES_ASKED:
        return candidates.any_of(candidates.new & candidates.named).astype(float)
    return np.zeros(candidates.count)


def _definition(candidates: Candidates) -> Floats:
    """For "what is …": the passage begins with a word of the question."""
    if not candidates.question.opening.startswith(_DEFINED):
        return np.zeros(candidates.count)
    opening = np.arange(len(candidates.owners)) - candidates.firsts[candidates.owners] < 2
    return candidates.any_of(opening & (candidates.columns >= 0)).astype(float)


def _window(candidates: Candidates) -> Floats:
    """Distinct words matched over the shortest run of content words that holds them all.

    Pieces of text without spaces do not count: those of one word are always close together.
    """
    is_word = np.array(
        [not is_unspaced(term) for term in candidates.question_terms.terms] + [False]
    )
    matching = np.flatnonzero(is_word[candidates.columns])
    content = np.cumsum(candidates.content)
    words = candidates.question_terms.owners
    places: list[list[tuple[int, int]]] = [[] for _ in range(candidates.count)]
    matches = zip(
        candidates.owners[matching].tolist(),
        content[matching].tolist(),
        candidates.columns[matching].tolist(),
        strict=True,
    )
    for candidate, place, column in matches:
        places[candidate].append((place, words[column]))
    return np.array([_share_of_window(matched) for matched in places])


def _share_of_window(places: list[tuple[int, int]]) -> float:
    """Distinct words over the shortest run that holds them all, in one candidate.

    `places` are places among its content words, each with the question's word that stands there.
    """
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


def _function_words(candidates: Candidates) -> Floats:
    """BM25 over the stop words of the question, the wh-words left out."""
    return candidates.function_word_scores


def _new_rare_terms(candidates: Candidates) -> Floats:
    """How many rare words the passage has that the question lacks: the answer is one of them."""
    if candidates.question.asks not in _NEW_TERMS_ASKED:
        return np.zeros(candidates.count)
    rare = candidates.new & (candidates.library.forward.frequencies[candidates.terms] <= RARE)
    pairs = np.unique((candidates.owners[rare] << 32) | candidates.terms[rare])
    owners, terms = pairs >> 32, pairs & 0xFFFFFFFF
    rare_in_all = candidates.collection.rare_in_all(candidates.library, terms, RARE)
    counts = np.bincount(owners[rare_in_all], minlength=candidates.count)
    return np.minimum(counts, MOST_NEW).astype(float)


def _char_grams(candidates: Candidates) -> Floats:
    """BM25 over the character 4-grams of the content words."""
    question_grams = candidates.question_terms.grams
    groups = candidates.library.letter_groups
    is_content = candidates.content
    owners, grams = groups.of_words(candidates.words[is_content], candidates.owners[is_content])
    columns = columns_of(grams, groups.places(question_grams))
    shared = columns >= 0
    shape = candidates.count, len(question_grams)
    cells = owners[shared] * shape[1] + columns[shared]
    counts = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    lengths = np.bincount(candidates.owners[is_content], minlength=candidates.count)
    norm = K1 * (1 - B + B * lengths / candidates.collection.average_length)
    gained = counts * (K1 + 1) / (counts + norm[:, np.newaxis])
    scores: Floats = gained @ candidates.collection.gram_idfs(question_grams)
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
    "section": _section,
}


def features(candidates: Candidates, weights: Mapping[str, float]) -> dict[str, Floats]:
    """What each feature adds to the candidates' scores, shape (candidates,) each.

    Features of weight 0 are left out.
    """
    return {
        name: weights[name] * feature(candidates)
        for name, feature in _FEATURES.items()
        if weights.get(name)
    }
