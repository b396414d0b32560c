"""What a question asks for: its content words, each with the forms that would match it."""

from __future__ import annotations

import re
from collections.abc import Collection as Terms
from collections.abc import Iterable, KeysView, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from index.library.collection import Collection
from index.text.analysis import Token, analyser_for
from index.text.answer_type import AnswerType, type_asked
from index.text.chat import in_full, is_light
from index.text.lexicon import is_english_word
from index.text.small_talk import is_about_the_bot, is_small_talk, without_filler

__all__ = [
    "FIXED_SHARE",
    "WH_WORDS",
    "Particular",
    "Question",
    "QuestionWord",
    "likeliest_language",
    "understand",
]

MIN_PART_CHARS = 3
"""The shortest half of a compound that is looked for on its own: waste, water."""
OTHER_FORM_SHARE = 0.9
"""What another form of a word counts: Japan, where Japanese was typed."""
FIXED_SHARE = 0.5
"""What a word with several mended spellings counts in confidence."""

_BETWEEN_PARTS = re.compile(r"[ \-\u2010-\u2013]")
_EVENTS = frozenset({"happen", "happens", "happened", "happening", "occur", "occurs", "occurred"})
"""Words that ask for whatever there is, where others say of what."""
LIGHT = 0.3
"""What a word weighs, beside its idf, that says little of what is asked and that no passage has."""
WH_WORDS = ("who", "whom", "whose", "what", "which", "when", "where", "why", "how")


class Particular(StrEnum):
    """Words that stand for one thing alone: a passage without it is about another."""

    NUMBER = "number"
    NAME = "name"
    ACRONYM = "acronym"


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A content word or phrase of the question.

    It stands at [start, end) of the question. Each of `options` is a set of terms that matches it
    together, the typed form first; `mass` is what it weighs among the others: an idf, or a sum of
    them for a phrase. Where its spelling was mended, `mended` has a word for each option. A word
    taken over from an earlier question has its form there as `earlier`, and a `weight` below 1.
    """

    start: int
    end: int
    options: tuple[frozenset[str], ...]
    mass: float
    mended: tuple[str, ...] = ()
    particular: Particular | None = None
    weight: float = 1.0
    earlier: str | None = None

    def share(self, present: Terms[str]) -> float:
        """How much of the word a passage with these terms matches, 0 to 1."""
        typed, *others = [
            len(option.intersection(present)) / len(option) for option in self.options
        ]
        if not others:
            return typed
        other = max(others, default=0.0)
        return max(typed, other if self.mended else OTHER_FORM_SHARE * other)

    def matched(self, present: Terms[str]) -> frozenset[str]:
        """The terms of all options that a passage with these terms has."""
        return frozenset().union(*(option.intersection(present) for option in self.options))


@dataclass(frozen=True)
class Question:
    """A question as it was understood. `function_words` are its stop words less the wh-words."""

    text: str
    words: tuple[QuestionWord, ...]
    asks: str | None = None
    opening: str = ""
    function_words: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    small_talk: bool = False
    type_asked: AnswerType | None = None

    @cached_property
    def owners(self) -> dict[str, int]:
        """Which of the words, by position, each term that would match belongs to."""
        return {
            term: position
            for position, word in reversed(list(enumerate(self.words)))
            for option in word.options
            for term in option
        }

    @property
    def terms(self) -> KeysView[str]:
        """All terms that would match."""
        return self.owners.keys()

    @property
    def was_mended(self) -> bool:
        """Whether the spelling of any word was mended."""
        return any(word.mended for word in self.words)

    def corrected(self, present: Terms[str]) -> str | None:
        """The question with its spelling mended as a passage with these terms has it.

        None where nothing was mended.
        """
        text = self.text
        for word in reversed(self.words):
            if word.mended:
                choices = zip(word.options, word.mended, strict=True)
                held = (better for option, better in choices if option <= set(present))
                text = text[: word.start] + next(held, word.mended[0]) + text[word.end :]
        return text if text != self.text else None

    @property
    def spellings(self) -> tuple[str, ...]:
        """The question with each of the spellings that its first doubtful word may have.

        None where no word has several that are as near to what was typed.
        """
        for word in self.words:
            if len(word.mended) > 1:
                return tuple(
                    self.text[: word.start] + better + self.text[word.end :]
                    for better in word.mended
                )
        return ()

    @cached_property
    def mass(self) -> float:
        """What all words weigh together."""
        return sum(word.mass for word in self.words)


def understand(text: str, collection: Collection) -> Question:
    """Read a question in the language of the collection that it is most likely written in."""
    language = likeliest_language(text, collection.languages)
    if language == "en":
        text = in_full(text, lambda word: _is_known(word, collection))
    text = without_filler(text)
    tokens = list(analyser_for(language).tokens(text))
    content_tokens = [token for token in tokens if token.term is not None]
    all_words = [token.word for token in tokens]
    small_talk = (
        is_about_the_bot(text)
        or is_small_talk([token.word for token in content_tokens])
        or (not content_tokens and is_small_talk(all_words))
    )
    words = _words(text, tokens, language, collection)
    return Question(
        text=text,
        words=tuple(words),
        asks=next((word for word in all_words if word in WH_WORDS), None),
        opening=" ".join(all_words[:3]),
        function_words=tuple(
            token.word for token in tokens if token.term is None and token.word not in WH_WORDS
        ),
        content=_spelt(content_tokens, words),
        small_talk=small_talk,
        type_asked=type_asked(text),
    )


def _found(options: Iterable[frozenset[str]], collection: Collection) -> bool:
    """Whether the collection has any of the terms."""
    return any(collection.frequency(term) for option in options for term in option)


def _is_known(word: str, collection: Collection) -> bool:
    """Whether the collection has a word as it is typed, which no stop word of English is."""
    term = analyser_for("en").term_of(word)
    return term is not None and collection.frequency(term) > 0


def _spelt(tokens: Sequence[Token], words: Sequence[QuestionWord]) -> tuple[str, ...]:
    """The content words, those with mended spelling as mended."""
    mended = {word.start: word.mended[0] for word in words if word.mended}
    return tuple(mended.get(token.start, token.word) for token in tokens)


def likeliest_language(text: str, languages: Sequence[str]) -> str:
    """The language with most stop words in `text`; of equals the first."""

    def stop_words(code: str) -> int:
        return sum(token.term is None for token in analyser_for(code).tokens(text))

    return max(languages, key=stop_words) if len(languages) > 1 else languages[0]


def _words(
    text: str, tokens: list[Token], language: str, collection: Collection
) -> list[QuestionWord]:
    """The question's words, each once."""
    words: dict[tuple[frozenset[str], ...], QuestionWord] = {}
    aliases = collection.aliases[language]
    plain = [token.word for token in tokens]
    printed = [text[token.start : token.end] for token in tokens]
    alias_ends = dict(aliases.find(plain, printed))
    has_several = sum(token.term is not None for token in tokens) > 1
    position = 0
    while position < len(tokens):
        end = alias_ends.get(position, position + 1)
        mended: tuple[str, ...] = ()
        if position in alias_ends:
            form = tuple(plain[position:end])
            typed = frozenset(token.term for token in tokens[position:end] if token.term)
            options = [typed or frozenset(form), *map(frozenset, aliases.others(form))]
        elif tokens[position].term is None or (has_several and plain[position] in _EVENTS):
            position += 1
            continue
        else:
            options, end, mended = _single(text, tokens, position, collection, language)
        distinct = tuple(dict.fromkeys(options))
        if distinct and distinct not in words:
            start, stop = tokens[position].start, tokens[end - 1].end
            light = (
                language == "en"
                and all(map(is_light, plain[position:end]))
                and not _found(distinct, collection)
            )
            words[distinct] = QuestionWord(
                start,
                stop,
                distinct,
                _mass(distinct, collection) * (LIGHT if light else 1.0),
                mended,
                _particular(text, start, stop, language),
            )
        position = end
    return list(words.values())


def _particular(text: str, start: int, end: int, language: str) -> Particular | None:
    """Whether the word at [start, end) is a number, an acronym or, by its capital, a name.

    In German every noun has a capital, and a capital tells no name.
    """
    word = text[start:end]
    if word[0].isdecimal():
        return Particular.NUMBER
    if not word[0].isupper() or text.isupper():
        return None
    if word.isupper() and len(word) > 1:
        return Particular.ACRONYM
    names_nothing = start == 0 or text.istitle() or language == "de"
    return None if names_nothing else Particular.NAME


def _single(
    text: str, tokens: list[Token], position: int, collection: Collection, language: str
) -> tuple[list[frozenset[str]], int, tuple[str, ...]]:
    """The options of a word outside the table of aliases, where it ends, and its mended forms."""
    token = tokens[position]
    options = [frozenset({term}) for term in _terms(token, collection.languages)]
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    if following is not None and following.term is not None:
        between = text[token.end : following.start]
        joined = analyser_for(language).term_of(token.word + following.word)
        if (
            _BETWEEN_PARTS.fullmatch(between)
            and joined
            and min(len(token.word), len(following.word)) >= MIN_PART_CHARS
            and collection.frequency(joined)
        ):
            pair = frozenset(filter(None, (token.term, following.term)))
            return [pair, frozenset({joined})], position + 2, ()
    if _found(options, collection):
        return options, position + 1, ()
    acronym = text[token.start : token.end].isupper()
    if not acronym and not (language == "en" and is_english_word(token.word)):
        mended: dict[str, str] = {}
        for near in collection.speller.suggest(token.word):
            if term := analyser_for(language).term_of(near):
                mended.setdefault(term, near)
        if mended:
            return [frozenset({term}) for term in mended], position + 1, tuple(mended.values())
    if parts := _parts(token.word, collection, language):
        return [*options, frozenset(parts)], position + 1, ()
    return options, position + 1, ()


def _terms(token: Token, languages: Sequence[str]) -> list[str]:
    """The term of a word in every language of the collection, its own first."""
    terms = [token.term] if token.term else []
    if len(languages) > 1:
        terms += [term for code in languages if (term := analyser_for(code).term_of(token.word))]
    return list(dict.fromkeys(terms))


def _parts(word: str, collection: Collection, language: str) -> tuple[str, str] | None:
    """The two known words that an unknown one is made of, the commoner pair first."""
    analyser = analyser_for(language)
    best: tuple[int, tuple[str, str]] | None = None
    for cut in range(MIN_PART_CHARS, len(word) - MIN_PART_CHARS + 1):
        halves = word[:cut], word[cut:]
        if not all(collection.speller.knows(half) for half in halves):
            continue
        terms = [analyser.term_of(half) for half in halves]
        if terms[0] and terms[1]:
            rarer = min(collection.frequency(terms[0]), collection.frequency(terms[1]))
            if best is None or rarer > best[0]:
                best = rarer, (terms[0], terms[1])
    return best[1] if best else None


def _mass(options: Sequence[frozenset[str]], collection: Collection) -> float:
    """The lightest option that the collection knows; without any, one unknown word."""
    masses = [
        sum(collection.idf(term) for term in option)
        for option in options
        if all(collection.frequency(term) for term in option)
    ]
    return min(masses) if masses else collection.idf("")
