"""The order of the candidates: named features of a passage for a question, weighted and added.

The weights were learned on three development sets of questions and sentences (listwise softmax
over BM25's candidates), and rounded. `footnote ask --explain` shows what each feature gave a hit;
`footnote eval --ablate` what each is worth.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from index.analysis import Token, analyser_for
from index.answer_type import AnswerType, has_date, is_number, lacks
from index.collection import Collection
from index.corpus import Document
from index.engines import K1, B
from index.near_words import grams
from index.passages import Passage
from index.question import Question

__all__ = ["WEIGHTS", "CandidateView", "features"]

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

MOST_TITLES = 4096
"""Titles whose terms are remembered."""
RARE = 4
MOST_NEW = 6

_NAMES_ASKED = frozenset({"who", "whom", "whose"})
_NEW_TERMS_ASKED = frozenset({"which", "what", "who", "where"})


@dataclass
class CandidateView:
    """A candidate as the features see it.

    `names` are the terms that are written with a capital inside the passage, `new_tokens` the
    content words that the question does not have.
    """

    passage: Passage
    document: Document
    question: Question
    collection: Collection
    is_lead: bool
    tokens: list[Token] = field(init=False)
    terms: list[str] = field(init=False)
    present: frozenset[str] = field(init=False)
    names: set[str] = field(init=False)
    new_tokens: list[Token] = field(init=False)

    def __post_init__(self) -> None:
        text, asked = self.passage.text, self.question.terms
        self.tokens = list(analyser_for(self.document.spec.language).tokens(text))
        self.terms, self.names, self.new_tokens = [], set(), []
        for token in self.tokens:
            term = token.term
            if term is None:
                continue
            self.terms.append(term)
            if term not in asked:
                self.new_tokens.append(token)
            if token.start and term and text[token.start].isupper():
                self.names.add(term)
        self.present = frozenset(self.terms)

    @cached_property
    def title_terms(self) -> frozenset[str]:
        """The terms of the title; of one document alone they tell nothing."""
        if self.collection.documents < 2:
            return frozenset()
        return _title_terms(self.document.spec.language, self.document.title)

    @cached_property
    def lacks_type(self) -> bool:
        """Whether the passage has nothing of the kind that is asked for."""
        return lacks(self.question.type_asked, self.tokens, self.new_tokens)

    @cached_property
    def shares(self) -> list[float]:
        """How much of each of the question's words the passage itself matches."""
        return [word.share(self.present) for word in self.question.words]

    @cached_property
    def shares_with_title(self) -> list[float]:
        """The same of the passage and its title together."""
        if not self.title_terms:
            return self.shares
        both = self.present | self.title_terms
        return [word.share(both) for word in self.question.words]

    @cached_property
    def matched_share(self) -> float:
        """The share of the question's idf that the passage itself matches."""
        mass = self.question.mass
        words = zip(self.question.words, self.shares, strict=True)
        return sum(word.mass * share for word, share in words) / mass if mass else 0

    @cached_property
    def title_share(self) -> float:
        """The share of the question's idf that is missing here and stands in the title."""
        mass = self.question.mass
        if not mass or not self.title_terms:
            return 0.0
        words = zip(self.question.words, self.shares_with_title, self.shares, strict=True)
        return sum(word.mass * (both - own) for word, both, own in words) / mass


@lru_cache(MOST_TITLES)
def _title_terms(language: str, title: str) -> frozenset[str]:
    return frozenset(analyser_for(language).terms(title))


def _idf_share(view: CandidateView) -> float:
    return view.matched_share


def _title(view: CandidateView) -> float:
    return view.title_share


def _lead(view: CandidateView) -> float:
    return float(view.is_lead)


def _length(view: CandidateView) -> float:
    return math.log(len(view.tokens) + 1)


def _answer_type(view: CandidateView) -> float:
    """A date for when, a number for how many, a name for who."""
    match view.question.type_asked:
        case AnswerType.TIME | AnswerType.YEAR:
            return float(has_date(view.new_tokens))
        case AnswerType.COUNT:
            return float(any(is_number(token.word) for token in view.new_tokens))
    if view.question.asks in _NAMES_ASKED:
        return float(any(token.term in view.names for token in view.new_tokens))
    return 0.0


def _definition(view: CandidateView) -> float:
    """For "what is …": the passage begins with a word of the question."""
    opening = view.question.opening
    if not opening.startswith(("what is", "what are", "what was", "what were")):
        return 0.0
    return float(any(token.term in view.question.terms for token in view.tokens[:2]))


def _window(view: CandidateView) -> float:
    """Distinct words matched over the shortest run of content words that holds them all."""
    owners = view.question.owners
    places = [(i, owners[term]) for i, term in enumerate(view.terms) if term in owners]
    distinct = len({owner for _, owner in places})
    if distinct < 2:
        return 0.0
    counts: Counter[int] = Counter()
    shortest, first = len(view.terms), 0
    for place, owner in places:
        counts[owner] += 1
        while len(counts) == distinct:
            start, opening = places[first]
            shortest = min(shortest, place - start + 1)
            counts[opening] -= 1
            if not counts[opening]:
                del counts[opening]
            first += 1
    return distinct / shortest


def _function_words(view: CandidateView) -> float:
    """BM25 over the stop words of the question, the wh-words left out."""
    asked = set(view.question.function_words)
    if not asked:
        return 0.0
    counts = Counter(token.word for token in view.tokens if token.word in asked)
    return sum(
        view.collection.word_idf(word) * count * (K1 + 1) / (count + K1)
        for word, count in counts.items()
    )


def _new_rare_terms(view: CandidateView) -> float:
    """How many rare words the passage has that the question lacks: the answer is one of them."""
    if view.question.asks not in _NEW_TERMS_ASKED:
        return 0.0
    frequency, rare = view.collection.frequency, 0
    for term in {token.term for token in view.new_tokens}:
        if term is not None and frequency(term) <= RARE:
            rare += 1
    return float(min(rare, MOST_NEW))


def _char_grams(view: CandidateView) -> float:
    """BM25 over the character 4-grams of the content words."""
    asked, shared = view.question.grams, view.question.grams_shared
    counts: dict[str, int] = {}
    for token in view.tokens:
        if token.term is None:
            continue
        word = token.word
        if word not in shared:
            shared[word] = tuple(sorted(grams(word) & asked))
        for gram in shared[word]:
            counts[gram] = counts.get(gram, 0) + 1
    norm = K1 * (1 - B + B * len(view.terms) / view.collection.average_length)
    return sum(
        view.collection.gram_idf(gram) * count * (K1 + 1) / (count + norm)
        for gram, count in counts.items()
    )


_FEATURES: Mapping[str, Callable[[CandidateView], float]] = {
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


def features(view: CandidateView, weights: Mapping[str, float]) -> dict[str, float]:
    """What each feature adds to the candidate's score; features of weight 0 are left out."""
    return {
        name: weights[name] * feature(view)
        for name, feature in _FEATURES.items()
        if weights.get(name)
    }
