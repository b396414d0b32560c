"""A question that leans on the one before: what it takes over, and which passage answers it.

The words of the earlier question join the new ones at a lower weight; an earlier year, number or
name gives way to a new one. Passages around the earlier answer have a lead, and none is an answer
that lacks the new words.

The weights were set on conversations about other texts than the shipped one, where the values
beside them gave much the same; `footnote eval --followups` tells what they do on the shipped one.
"""

from __future__ import annotations

from collections.abc import Collection as Terms
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from index.answering.answer import Hit
from index.answering.candidates import Candidates, Floats
from index.answering.leaning import is_fragment, is_slight
from index.answering.question import Question, QuestionWord
from index.documents.document import Document
from index.documents.passages import Passage
from index.text.analysis import analyser_for
from index.text.answer_type import DATE_WORDS, AnswerType, is_year

__all__ = ["REACH", "REMEMBERED", "Turn", "follow_up", "lean", "taken_over"]

REMEMBERED = 4
"""How many earlier questions are looked at: what leans reaches back one or two."""
CARRIED = 0.5
"""What an earlier word counts beside new ones, and again at each further question: it says what the
talk is about, and the new ones which passage of it."""
SLIGHT = 0.1
"""What a new word counts that says little ("end", "side"): its passage often puts it otherwise."""
REACH = 3
"""How many passages on either side of the earlier answer have a lead."""
LEAD = 2.0
"""What the earlier answer and its neighbours gain in score, halved at each step after: as much as a
seventh of a question's idf. What follows is mostly about the same."""
LEAD_IN_DOCUMENT = 0.7
"""What any other passage of its document gains: talk stays with a text."""
NEW_WORDS = -8.0
"""What it costs in score to have none of the new words: more than all leads."""
MISSED = -5.0
"""The same in log-odds of being an answer: more than all places gain."""
SURE_SAME, SURE_AROUND, SURE_IN_DOCUMENT = 2.2, 2.0, 1.0
"""What a place gains in log-odds: a passage beside the earlier answer need not name it again."""
SURE_COUNT = 1.0
"""What a number gains where one is asked for: beside little else that is asked, it tells a lot."""

_ARTICLES = frozenset({"the", "a", "an"})
_PREPOSITIONS = frozenset(
    "in on at to from by with for of against between under after before".split()
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a question leaves to the next one: how it was understood, and its answer."""

    question: Question
    hits: tuple[Hit, ...] = ()


def follow_up(question: Question, before: Turn, passages: Iterable[Passage]) -> Question:
    """`question` with words of the one before; names are told by capitals in `passages`.

    Words that say little weigh less than others; words taken over weigh CARRIED beside new ones,
    and in full where all new ones say little.
    """
    earlier = before.question
    names = _names((*passages, *(hit.passage for hit in before.hits)))
    new_terms = {term for word in question.words for option in word.options for term in option}
    replaced = _replaced(question, earlier, names)
    slight = [is_slight(question.text, word) for word in question.words]
    fading = 1.0 if all(slight) else CARRIED
    new_words = [
        _weighted(word, SLIGHT) if is_light else word
        for word, is_light in zip(question.words, slight, strict=True)
    ]
    carried_words = [
        replace(
            _weighted(word, fading), earlier=_printed(earlier, word), mended=(), particular=None
        )
        for at, word in enumerate(earlier.words)
        if at not in replaced
        and (word.earlier is not None or not is_slight(earlier.text, word))
        and not any(option <= new_terms for option in word.options)
    ]
    kind_from = earlier if is_fragment(question) else question
    return replace(
        question,
        words=(*new_words, *carried_words),
        asks=kind_from.asks,
        type_asked=kind_from.type_asked,
        content=question.content or earlier.content,
    )


def _weighted(word: QuestionWord, weight: float) -> QuestionWord:
    return replace(word, mass=weight * word.mass, weight=weight * word.weight)


def _printed(question: Question, word: QuestionWord) -> str:
    """A word as it was typed, in this question or an earlier one."""
    return word.earlier or question.text[word.start : word.end]


def _names(passages: Iterable[Passage]) -> frozenset[str]:
    """The terms that have a capital wherever they stand inside the passages."""
    with_capital: set[str] = set()
    without: set[str] = set()
    for passage in passages:
        for token in analyser_for("en").tokens(passage.text):
            if token.term is not None and token.start:
                has_capital = passage.text[token.start].isupper()
                (with_capital if has_capital else without).add(token.term)
    return frozenset(with_capital - without)


def _kind(question: Question, word: QuestionWord, names: Terms[str]) -> str | None:
    """What a word is one of, where a new one of the kind takes its place."""
    printed = _printed(question, word)
    if is_year(printed):
        return "year"
    if printed[:1].isdecimal():
        return "number"
    if printed.casefold() in DATE_WORDS:
        return "date"
    is_name = word.particular or any(term in names for term in word.options[0])
    return "name" if is_name else None


def _replaced(question: Question, earlier: Question, names: Terms[str]) -> set[int]:
    """Which words of the earlier question give way to new ones of their kind, by position."""
    kinds = [_kind(earlier, word, names) for word in earlier.words]
    new_kinds = {_kind(question, word, names) for word in question.words} - {None}
    positions = {at for at, kind in enumerate(kinds) if kind != "name" and kind in new_kinds}
    new_names = [word for word in question.words if _kind(question, word, names) == "name"]
    earlier_names = _runs(earlier, [at for at, kind in enumerate(kinds) if kind == "name"])
    if new_names and earlier_names:
        return positions | _replaced_name(question, new_names, earlier, earlier_names)
    return positions


def _runs(question: Question, positions: Iterable[int]) -> list[list[int]]:
    """The names of a question by the positions of their words: House of Representatives."""
    runs: list[list[int]] = []
    for at in positions:
        word = question.words[at]
        last = question.words[runs[-1][-1]] if runs else None
        if last is None or word.earlier is not None or last.earlier is not None:
            is_same_name = False
        else:
            between = question.text[last.end : word.start].split()
            is_same_name = runs[-1][-1] == at - 1 and all(one in {"of", "the"} for one in between)
        if is_same_name:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _replaced_name(
    question: Question, new_names: list[QuestionWord], earlier: Question, runs: list[list[int]]
) -> set[int]:
    """The earlier name that shares a word with the new one, or stands behind the same preposition.

    In a fragment without one ("and Britain?") the new name takes the place of the first.
    """
    new_terms = {term for word in new_names for term in word.options[0]}
    for run in runs:
        if any(new_terms & earlier.words[at].options[0] for at in run):
            return set(run)
    preposition = _preposition(question.text, new_names[0].start)
    for run in runs:
        first = earlier.words[run[0]]
        typed_there = preposition and first.earlier is None
        if typed_there and _preposition(earlier.text, first.start) == preposition:
            return set(run)
    return set(runs[0]) if preposition in {None, "of"} and is_fragment(question) else set()


def _preposition(text: str, start: int) -> str | None:
    """The preposition before the word at `start`, an article between them left out."""
    words = [word for word in text[:start].casefold().split() if word not in _ARTICLES]
    return words[-1] if words and words[-1] in _PREPOSITIONS else None


def taken_over(question: Question, passage: Passage, document: Document) -> tuple[str, ...]:
    """The earlier words that a passage has, as they were typed; where it has none, all."""
    terms = set(analyser_for(document.spec.language).terms(passage.text))
    words = [word for word in question.words if word.earlier is not None]
    matching = [word for word in words if word.matched(terms)] or words
    return tuple(dict.fromkeys(word.earlier for word in matching if word.earlier is not None))


def lean(candidates: Candidates, before: Turn) -> tuple[dict[str, Floats], Floats]:
    """What else counts where a question leans: in the scores, and in the log-odds of an answer.

    A passage gains for where it stands from the earlier answer, and loses for the new words that
    it lacks. All arrays have the shape (candidates,).
    """
    gains = np.array(
        [
            _gains(passage, document, before)
            for passage, document in zip(candidates.passages, candidates.documents, strict=True)
        ]
    )
    shares_missed = _shares_missed(candidates)
    log_odds = gains[:, 1] + MISSED * shares_missed
    if candidates.question.type_asked is AnswerType.COUNT:
        log_odds = log_odds + SURE_COUNT * ~candidates.lack_type
    return {"nearness": gains[:, 0], "new_words": NEW_WORDS * shares_missed}, log_odds


def _gains(passage: Passage, document: Document, before: Turn) -> tuple[float, float]:
    """What a passage gains, in score and in log-odds, for where it stands from the earlier hit."""
    if not before.hits or before.hits[0].document.id != document.id:
        return 0.0, 0.0
    steps = abs(before.hits[0].passage.line - passage.line)
    if steps > REACH:
        return LEAD_IN_DOCUMENT, SURE_IN_DOCUMENT
    score = max(LEAD / 2 ** max(0, steps - 1), LEAD_IN_DOCUMENT)
    return score, SURE_AROUND if steps else SURE_SAME


def _shares_missed(candidates: Candidates) -> Floats:
    """The share of the new words that each passage lacks, those that say little left out.

    Where there are no others, all that is new is the kind of answer.
    """
    words = candidates.question.words
    is_new = np.array([word.earlier is None and word.weight == 1 for word in words])
    mass = candidates.question_terms.mass * is_new
    if not mass.any():
        return candidates.lack_type.astype(float)
    shares_missed: Floats = (1 - candidates.shares_in_context) @ mass / mass.sum()
    return shares_missed
