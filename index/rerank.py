"""The order of the candidates: named features of a passage for a question, weighted and added.

The weights were learned on three development sets of questions and sentences (listwise softmax
over BM25's candidates), and rounded. `footnote ask --explain` shows what each feature gave a hit;
`footnote eval --ablate` what each is worth.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from index.analysis import Token, analyser_for
from index.answer_type import AnswerType, has_date, is_number, lacks
from index.collection import Collection, grams
from index.corpus import Document
from index.engines import K1, B
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

RARE = 4
MOST_NEW = 6

_NAMES_ASKED = frozenset({"who", "whom", "whose"})
_NEW_TERMS_ASKED = frozenset({"which", "what", "who", "where"})


@dataclass(frozen=True)
class CandidateView:
    """A candidate as the features see it."""

    passage: Passage
    document: Document
    question: Question
    collection: Collection
    is_lead: bool

    @cached_property
    def tokens(self) -> list[Token]:
        return list(analyser_for(self.document.spec.language).tokens(self.passage.text))

    @cached_property
    def terms(self) -> list[str]:
        return [token.term for token in self.tokens if token.term is not None]

    @cached_property
    def present(self) -> frozenset[str]:
        return frozenset(self.terms)

    @cached_property
    def title_terms(self) -> frozenset[str]:
        """The terms of the title; of one document alone they tell nothing."""
        if self.collection.documents < 2:
            return frozenset()
        return frozenset(analyser_for(self.document.spec.language).terms(self.document.title))

    @cached_property
    def names(self) -> frozenset[str]:
        """The terms that are written with a capital inside the passage."""
        text = self.passage.text
        return frozenset(
            t.term for t in self.tokens if t.term and t.start and text[t.start].isupper()
        )

    @cached_property
    def new_tokens(self) -> list[Token]:
        """The content words that the question does not have."""
        return [t for t in self.tokens if t.term is not None and t.term not in self.question.terms]

    @cached_property
    def lacks_type(self) -> bool:
        """Whether the passage has nothing of the kind that is asked for."""
        return lacks(self.question.type_asked, self.tokens, self.new_tokens)

    @cached_property
    def matched_share(self) -> float:
        """The share of the question's idf that the passage itself matches."""
        mass = self.question.mass
        return (
            sum(w.mass * w.share(self.present) for w in self.question.words) / mass if mass else 0
        )

    @cached_property
    def title_share(self) -> float:
        """The share of the question's idf that is missing here and stands in the title."""
        mass = self.question.mass
        if not mass or not self.title_terms:
            return 0.0
        both = self.present | self.title_terms
        gained = (w.mass * (w.share(both) - w.share(self.present)) for w in self.question.words)
        return sum(gained) / mass


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
    new = {token.term for token in view.new_tokens if token.term is not None}
    rare = sum(view.collection.frequency(term) <= RARE for term in new)
    return float(min(rare, MOST_NEW))


def _char_grams(view: CandidateView) -> float:
    """BM25 over the character 4-grams of the content words."""
    asked = {gram for word in view.question.content for gram in grams(word)}
    counts: Counter[str] = Counter()
    for token in view.tokens:
        if token.term is not None:
            counts.update(grams(token.word) & asked)
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
