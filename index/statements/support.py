"""Whether a passage supports a statement, touches it, or neither.

What supports a statement has all of its names, numbers and dates and most of its other words, and
says nothing to the contrary. That is told from words alone: who did something to whom is not
understood, so a person should read the passage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Terms
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import combinations, pairwise

import yaml

from index.answering.answer import Hit
from index.answering.candidates import title_terms
from index.answering.question import Particular, Question, QuestionWord
from index.library.collection import Collection
from index.text.aliases import Aliases
from index.text.analysis import Token, analyser_for, normalise_word
from index.text.answer_type import DATE_WORDS, is_number
from index.text.lexicon import is_english_word

__all__ = ["Bearing", "Kind", "bearing_of"]

SUPPORTED_SHARE = 0.65
"""The least share of a statement's idf that a passage supports it with."""
TOUCHED_SHARE = 0.45
"""The least share with which a passage is about the same thing."""
TOUCHED_MASS = 1.5
"""How much it must match besides, in words as rare as can be: two common words touch nothing."""

_NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor cannot without hardly barely deny denied".split()
)


class Kind(StrEnum):
    """What was found for a statement."""

    SUPPORTED = "supported"
    TOUCHED = "touched"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a passage bears on a statement.

    `share` and `mass` are what it matches of the statement's words, of their whole idf and in words
    as rare as can be; `lacking` are the names, numbers and dates that it does not have.
    """

    hit: Hit
    share: float
    mass: float
    lacking: tuple[str, ...]
    contrary: bool

    @property
    def kind(self) -> Kind:
        if self.share < TOUCHED_SHARE or self.mass < TOUCHED_MASS:
            return Kind.NONE
        if self.share < SUPPORTED_SHARE or self.lacking or self.contrary:
            return Kind.TOUCHED
        return Kind.SUPPORTED


def bearing_of(statement: Question, hit: Hit, collection: Collection) -> Bearing:
    """How the passage of `hit` bears on a statement that was understood as a question is."""
    language = hit.document.spec.language
    analyser, aliases = analyser_for(language), collection.aliases[language]
    passage_tokens = list(analyser.tokens(hit.passage.text))
    statement_tokens = list(analyser.tokens(statement.text))
    terms = {token.term for token in passage_tokens if token.term is not None}
    terms |= title_terms(collection, hit.document)
    terms |= {term for heading in hit.passage.surroundings for term in analyser.terms(heading)}
    if _plain(statement.text) == _plain(hit.passage.text):
        return Bearing(hit, 1.0, TOUCHED_MASS, (), contrary=False)
    mass = matched_mass = 0.0
    lacking: list[str] = []
    for word in statement.words:
        mass += word.mass
        matched_mass += word.mass * word.share(terms)
        tokens = [token for token in statement_tokens if word.start <= token.start < word.end]
        printed = statement.text[word.start : word.end]
        if _is_particular(word, printed, collection) and not _has(
            word, tokens, terms, passage_tokens, aliases
        ):
            lacking.append(printed)
    return Bearing(
        hit,
        matched_mass / mass if mass else 0.0,
        matched_mass / collection.idf(""),
        tuple(lacking),
        _is_contrary(statement_tokens, passage_tokens)
        or _swaps(statement, statement_tokens, passage_tokens),
    )


def _plain(text: str) -> str:
    """`text` less what opens and closes it, case and spacing."""
    return " ".join(text.casefold().split()).strip(" .,;:!?\"'()\u201c\u201d\u2018\u2019")


def _is_particular(word: QuestionWord, printed: str, collection: Collection) -> bool:
    """Whether a word stands for one thing alone: a name, a number or a date."""
    if word.particular:
        return True
    plain = normalise_word(printed)
    if is_number(plain) or plain in DATE_WORDS:
        return True
    # The first word of a sentence has a capital anyhow, and in chats names often have none.
    is_foreign = plain.isascii() and plain.isalpha() and not is_english_word(plain)
    return is_foreign and not word.mended and set(collection.languages) == {"en"}


def _has(
    word: QuestionWord,
    tokens: Sequence[Token],
    terms: Terms[str],
    passage_tokens: Sequence[Token],
    aliases: Aliases,
) -> bool:
    """Whether a passage has a particular as it is: whole, and not mended from a like one.

    `tokens` are those of the word in its statement, `terms` those of the passage and its title.
    """
    if word.mended:
        return False
    options = list(word.options)
    if any(token.term is None for token in tokens):
        # World War I has the terms of World War II; only its words one by one tell them apart.
        options = [option for option in options if option != options[0]]
        wanted = [token.word for token in tokens]
        words = [token.word for token in passage_tokens]
        if any(words[at : at + len(wanted)] == wanted for at in range(len(words))):
            return True
    elif len(tokens) > 1 and all(_stands_for(token, terms, aliases) for token in tokens):
        return True
    return any(option <= set(terms) for option in options)


def _stands_for(token: Token, terms: Terms[str], aliases: Aliases) -> bool:
    """Whether one word of a name is there, if in another form: South Korean, for South Korea."""
    return token.term in terms or any(
        set(form) <= set(terms) for form in aliases.others((token.word,))
    )


def _is_contrary(statement: Sequence[Token], passage: Sequence[Token]) -> bool:
    """Whether one of the two says no, or says the opposite of a word of the other."""
    if _says_no(statement) != _says_no(passage):
        return True
    statement_words, passage_words = (
        {token.term or token.word for token in tokens} for tokens in (statement, passage)
    )
    only_in_statement = statement_words - passage_words
    only_in_passage = passage_words - statement_words
    return any(
        any(
            one & only_in_statement and other & only_in_passage
            for one, other in (sides, sides[::-1])
        )
        for sides in _opposites()
        if not (sides[0] & statement_words and sides[1] & statement_words)
    )


def _swaps(
    statement: Question, statement_tokens: Sequence[Token], passage: Sequence[Token]
) -> bool:
    """Whether two particulars have changed places.

    Two numbers stand the other way round, 1979 to 1961; or each of two names stands beside a word
    that the other stands beside in the passage: Japan summoned Korea's, for Korea summoned Japan's.
    """
    passage_order = _order(statement, passage)
    statement_order = [
        word for word in _order(statement, statement_tokens) if word in passage_order
    ]
    pairs, passage_pairs = _pairs(statement_order), _pairs(passage_order)
    words = statement.words
    are_numbers = [word.particular is Particular.NUMBER for word in words]
    if any(
        are_numbers[one] and are_numbers[after] and (after, one) in passage_pairs
        for one, after in pairs - passage_pairs
    ):
        return True
    names = [
        position
        for position, word in enumerate(words)
        if not are_numbers[position] and (word.particular or statement.text[word.start].isupper())
    ]
    beside, beside_in_passage = _neighbours(pairs), _neighbours(passage_pairs)
    return any(
        beside[one] & beside_in_passage[other] - beside_in_passage[one]
        and beside[other] & beside_in_passage[one] - beside_in_passage[other]
        for one, other in combinations(names, 2)
        # "Japan and Korea agreed"
        if not (_touch(pairs, one, other) and _touch(passage_pairs, one, other))
    )


def _order(statement: Question, tokens: Sequence[Token]) -> list[int]:
    """The words of the statement, by position, in the order in which a text has them."""
    owners = statement.owners
    return [owners[token.term] for token in tokens if token.term in owners]


def _pairs(order: Sequence[int]) -> set[tuple[int, int]]:
    """The words that stand side by side in an order."""
    return {(one, after) for one, after in pairwise(order) if one != after}


def _touch(pairs: set[tuple[int, int]], one: int, other: int) -> bool:
    return (one, other) in pairs or (other, one) in pairs


def _neighbours(pairs: Iterable[tuple[int, int]]) -> dict[int, set[tuple[str, int]]]:
    """What stands before and after each word."""
    neighbours: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for one, after in pairs:
        neighbours[one].add(("after", after))
        neighbours[after].add(("before", one))
    return neighbours


def _says_no(tokens: Sequence[Token]) -> bool:
    return any(token.word in _NEGATIONS or token.word.endswith("n't") for token in tokens)


@cache
def _opposites() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """The rows of opposites.yaml, in the terms of English."""
    content = files("index.statements").joinpath("opposites.yaml").read_text(encoding="utf-8")
    analyser = analyser_for("en")

    def terms(words: Sequence[str]) -> frozenset[str]:
        return frozenset(analyser.term_of(word) or word for word in words)

    return tuple((terms(one), terms(other)) for one, other in yaml.safe_load(content))
