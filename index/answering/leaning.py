"""Whether a question leans on the one before it, from its words alone. English only, so far.

What tells it are openers ("and", "what about"), words that point back ("it", "there", "his"), and
how little else the question says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.answering.question import Question, QuestionWord
from index.text.analysis import Token, analyser_for

__all__ = ["asked_anew", "is_fragment", "is_part", "is_slight", "leans"]

OPENER, POINTER = 1.0, 1.0
NO_WORD, ONE_WORD, TWO_WORDS = 1.0, 1.0, 0.5
"""For so few telling words, none of them a name: "why?", "who scored?"."""
DEFINITE, FEW = 0.5, 2
""""The crew" is a known one, in a question of few telling words: later it is made known."""
UNSURE = 0.5
"""For a question that gets no answer by itself."""
STANDS_ALONE, MANY = -2.0, 4
"""For one that does, and has many telling words: its "they" may be anybody."""
LEANS = 1.0
"""From what sum of the signs on a question leans: one clear sign is enough, two faint ones are."""

_ANEW = re.compile(
    r"""
    \s* (?: (?:(?:ok|okay|so|now|and|well)[\s,]+)? (?:an?\s+)? (?:new|another|different)\s+question
          | 새(?:로운)?\s*질문 | (?:新しい|別の)質問 )
    (?: \s*[:;,.!\-\u2013\u2014\uff1a\u3001\u3002\uff0c]+\s* | \s*$
      | \s+(?=(?: who|whom|whose|what|which|when|where|why|how|is|are|was|were
               |did|does|do|has|have|can )\b) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OPENER = re.compile(
    r"""
    \s* (?:(?:ok|okay|so|well|oh|ah|hm+|yes|no)[\s,]+)?
    (?: (?: and | but | or | also | plus | (?:what|how)\s+about | what\s+of
          | (?:what|who|where)\s+else | how\s+(?:come|so) | (?:since|until)\s+when ) (?!\w)
      | (?: why\s*(?:not|so|(?:is|was)\s+that)? | what\s+for
          | (?:(?:by|in|on|for|to|at|from|of|with)\s+)?
            (?:how\s+(?:many|much|long|far|often)|when|where|who|whom|what|which) ) [\s?!.]* $ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ABOUT = re.compile(r"\s*(?:(?:and|but)\s+)?(?:what|how)\s+(?:about|of)\b", re.IGNORECASE)
_WHOLE = re.compile(
    r"""
    \b(?:who|whom|whose|what|which|when|where|why|how)\b
    | ^\W*(?:(?:and|but|or)\s+)?
      (?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DEFINITE = re.compile(
    r"\b(?:the|these|those)\s+\w+\b(?!\s+(?:of|that|which|who)\b)", re.IGNORECASE
)
_POINTERS = frozenset(
    """
    it its he him his she her hers they them their theirs this that these those there then
    itself himself herself themselves
    """.split()
)
_POINTERS_AT_THE_END = frozenset("before after afterwards else next instead too".split())
_ONES = frozenset("one ones other others former latter same next".split())
"""They point back behind another word: the Japanese one, the others."""
_FORMS_OF_BE = frozenset("is are was were".split())
_SLIGHT = frozenset(
    """
    many much long far often old big large high deep fast heavy else also too though tho exactly
    go goes went going gone come comes came coming happen happens happened happening end ends ended
    say says said saying tell tells told get gets got make makes made take takes took bring brings
    brought give gives gave find finds found react reacts reacted respond responds responded
    thing things stuff anything something everything nothing one ones other others former latter
    next side part parts way ways kind kinds sort sorts time times year years date dates day days
    month months place places ground grounds reason reasons cause causes result results purpose
    basis extent amount amounts number numbers score condition conditions terms people person first
    """.split()
)
"""Words that say little of what a question is about: its kind of answer, or the commonest verbs."""


def asked_anew(text: str) -> tuple[str, bool]:
    """A text less the "new question" before it, and whether there was one."""
    match = _ANEW.match(text)
    return (text[match.end() :].strip(), True) if match else (text, False)


def leans(question: Question, *, sure: bool) -> bool:
    """Whether a question leans on the one before; `sure`: it gets an answer by itself."""
    return _signs(question, sure=sure) >= LEANS


def is_part(question: Question) -> bool:
    """Whether a question means nothing by itself: "when was that?", "and the other?", "why?"."""
    return (
        _points_back(_tokens(question))
        or bool(_OPENER.match(question.text) and is_fragment(question))
        or not _telling_words(question)
    )


def is_fragment(question: Question) -> bool:
    """Whether a text is only a part of a question: "and the European Parliament?"."""
    return not _WHOLE.search(_ABOUT.sub("", question.text))


def is_slight(text: str, word: QuestionWord) -> bool:
    """Whether a word of the question `text` says little of what it is about."""
    return text[word.start : word.end].casefold() in _SLIGHT


def _signs(question: Question, *, sure: bool) -> float:
    """How strongly a question leans on the one before: the sum of its signs."""
    signs = OPENER * bool(_OPENER.match(question.text))
    signs += POINTER * _points_back(_tokens(question))
    telling_words = _telling_words(question)
    if not telling_words:
        return signs + NO_WORD * bool(question.asks or signs)
    if not sure:
        signs += UNSURE
    elif len(telling_words) >= MANY:
        signs += STANDS_ALONE
    if len(telling_words) <= FEW and not any(word.particular for word in telling_words):
        signs += ONE_WORD if len(telling_words) == 1 else TWO_WORDS
        signs += DEFINITE * bool(_DEFINITE.search(question.text))
    return signs


def _telling_words(question: Question) -> list[QuestionWord]:
    """The words that say what the question is about."""
    return [word for word in question.words if not is_slight(question.text, word)]


def _tokens(question: Question) -> list[Token]:
    return list(analyser_for("en").tokens(question.text))


def _points_back(tokens: Sequence[Token]) -> bool:
    """Whether a word stands for something said before: "it", "the others".

    No content word that it could stand for comes before it, or it is the last word.
    """
    words = [token.word for token in tokens]
    for at, word in enumerate(words):
        if word in _ONES and (at > 1 or (at and words[0] == "the")) and words[at - 1] != "no":
            return True
        is_expletive = word == "there" and not _FORMS_OF_BE.isdisjoint(
            words[max(0, at - 1) : at + 2]
        )
        if word in _POINTERS and not is_expletive:
            has_antecedent = any(
                token.term is not None and token.word not in _SLIGHT for token in tokens[:at]
            )
            if not has_antecedent or at == len(words) - 1:
                return True
    return bool(words) and words[-1] in _POINTERS_AT_THE_END
