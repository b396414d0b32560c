"""A text to its statements, and to each the passages that support it or touch it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from sentencex import get_sentence_boundaries

from index.answering.answer import Hit
from index.answering.lookups import numbers_asked, phrase_asked
from index.answering.question import understand
from index.answering.searcher import MAX_QUESTION_CHARS, Searcher
from index.documents.reading.markers import without_markers
from index.statements.support import Kind, bearing_of
from index.text.analysis import analyser_for
from index.text.small_talk import is_small_talk, without_filler

__all__ = ["MAX_STATEMENTS", "Kind", "Statement", "Statements", "find_sources", "split_statements"]

MAX_STATEMENTS = 20
MAX_HITS = 3
MIN_CONTENT_WORDS = 2
"""A text with fewer says nothing that a passage could bear out."""
WRAPPED_CHARS = 50
"""A line at least so long that goes on in lower case is wrapped, not ended."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a text, and the passages found, best first.

    `lacking` are its names, numbers and dates that the passage touching it does not have.
    """

    text: str
    kind: Kind = Kind.NONE
    hits: tuple[Hit, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of a text in order; `left_over` more were not looked at."""

    statements: tuple[Statement, ...] = ()
    left_over: int = 0

    def count(self, kind: Kind) -> int:
        """How many statements are of a kind."""
        return sum(statement.kind is kind for statement in self.statements)


def find_sources(searcher: Searcher, text: str) -> Statements:
    """Find for each statement of `text` what supports or touches it. Never raises for its text."""
    statements = split_statements(text, searcher.collection.languages[0])
    first = statements[:MAX_STATEMENTS]
    return Statements(
        tuple(_look_for(searcher, statement) for statement in first),
        len(statements) - len(first),
    )


# splitting

_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_LINK = re.compile(r"\[([^\[\]\n]*)\]\(\s*<?https?://[^)\n]*+\)")
_TOKENS = re.compile(
    r"<(?:@[!&]?|\#)\d+>|<a?:\w+:\d+>|</[^<>\n]{1,100}:\d+>|<t:-?\d+(?::\w)?>|<id:\w+>"  # mentions
    r"|<?\bhttps?://[^\s>]+>?|(?<![\w:]):[A-Za-z]\w*:(?![\w:])"
)
_PICTURES = re.compile(  # and lone surrogates, which are no text
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3\ud800-\udfff]"
)
_LINE_SIGNS = re.compile(
    r"[ \t]*(?:>{1,3}[ \t]|-\#[ \t]|\#{1,6}[ \t]|[-*+\u2022\u2013][ \t]|\d{1,2}[.)][ \t])"
)
_FORMAT = re.compile(r"\*+|\|\||~~|__+|`+|(?<!\w)_|_(?!\w)|(?<=\s)_|_(?=\s)")
_ESCAPED = re.compile(r"\\([^\w\s])")
_ASKS = re.compile(r"[?\uff1f][\s\"')\]\u201d\u2019\u00bb!.\u2026]*$")


def split_statements(text: str, language: str = "en") -> list[str]:
    """The sentences of a chat text that state something, less what Discord reads as formatting."""
    statements: list[str] = []
    for line in _lines(_without_tokens(text)):
        for boundary in get_sentence_boundaries(language, line):
            sentence = " ".join(line[boundary["start_index"] : boundary["end_index"]].split())
            if _states(sentence, language):
                statements += textwrap.wrap(phrase_asked(sentence) or sentence, MAX_QUESTION_CHARS)
    return statements


def _without_tokens(text: str) -> str:
    """`text` without code blocks, mentions, emoji and addresses of links."""
    text = _FENCED.sub("\n", text)
    text = _TOKENS.sub(" ", _LINK.sub(r"\1", text))
    return _PICTURES.sub(" ", text)


def _lines(text: str) -> Iterator[str]:
    """The lines without their signs, those that were wrapped joined."""
    pending = ""
    for raw in text.splitlines():
        line = raw
        while match := _LINE_SIGNS.match(line):
            line = line[match.end() :]
        wrapped = line == raw and line[:1].islower() and len(pending) >= WRAPPED_CHARS
        line = without_markers(_FORMAT.sub("", _ESCAPED.sub(r"\1", line)), keep_words=True).strip()
        if wrapped:
            pending = f"{pending} {line}"
            continue
        if pending:
            yield pending
        pending = line
    if pending:
        yield pending


def _states(sentence: str, language: str) -> bool:
    """Whether a sentence is no question, greeting or look-up, and has something to look for."""
    if _ASKS.search(sentence) or numbers_asked(sentence):
        return False
    tokens = analyser_for(language).tokens(without_filler(sentence))
    content = [token.word for token in tokens if token.term is not None]
    return len(content) >= MIN_CONTENT_WORDS and not is_small_talk(content)


# finding


def _look_for(searcher: Searcher, text: str) -> Statement:
    answer = searcher.answer(text)
    if answer.is_lookup or not answer.ranked:
        return Statement(text)
    question = understand(answer.question, searcher.collection)
    bearings = [bearing_of(question, hit, searcher.collection) for hit in answer.ranked]
    bearings.sort(key=lambda bearing: -bearing.share)  # stable: of equals, the first ranked
    for kind, most in ((Kind.SUPPORTED, MAX_HITS), (Kind.TOUCHED, 1)):
        of_kind = [bearing for bearing in bearings if bearing.kind is kind][:most]
        if of_kind:
            hits = tuple(bearing.hit for bearing in of_kind)
            return Statement(text, kind, hits, of_kind[0].lacking)
    return Statement(text)
