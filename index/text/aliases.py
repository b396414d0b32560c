"""Forms that mean the same, from a readable table: WWII, World War II; U.S., United States."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files

import yaml

from index.text.analysis import analyser_for

__all__ = ["Aliases", "shipped_rows"]

Form = tuple[str, ...]

_WORDS_TOO = frozenset({"us"})
"""Forms that are words as well, besides the stop words: they count in capitals alone."""


@cache
def shipped_rows() -> tuple[tuple[str, ...], ...]:
    """The rows of aliases.yaml, whatever heading they stand under."""
    content = files("index.text").joinpath("aliases.yaml").read_text(encoding="utf-8")
    headings: dict[str, list[list[str]]] = yaml.safe_load(content)
    return tuple(tuple(row) for rows in headings.values() for row in rows)


class Aliases:
    """Finds forms in questions. Rows are read in the language of the documents."""

    def __init__(self, rows: Iterable[Sequence[str]], language: str) -> None:
        self._analyser = analyser_for(language)
        self._others: dict[Form, list[Form]] = {}
        self._in_capitals: set[Form] = set()
        for row in rows:
            forms = [self._form(text) for text in row]
            for form in forms:
                others = self._others.setdefault(form, [])
                others += [other for other in forms if other != form and other not in others]
        self._longest = max(map(len, self._others), default=0)

    def _form(self, text: str) -> Form:
        form = tuple(token.word for token in self._analyser.tokens(text))
        if len(form) == 1 and (self._analyser.is_stop_word(form[0]) or form[0] in _WORDS_TOO):
            self._in_capitals.add(form)
        return form

    def find(self, words: Sequence[str], printed: Sequence[str]) -> Iterator[tuple[int, int]]:
        """The [start, end) spans of `words` that are forms, the longest first, none overlapping.

        `printed` are the words as typed: a form that is a word as well counts in capitals alone.
        """
        position = 0
        while position < len(words):
            for end in range(min(len(words), position + self._longest), position, -1):
                form = tuple(words[position:end])
                if form in self._others and self._counts(form, printed[position]):
                    yield position, end
                    position = end
                    break
            else:
                position += 1

    def _counts(self, form: Form, printed: str) -> bool:
        return form not in self._in_capitals or printed.upper() == printed

    def others(self, form: Form) -> list[tuple[str, ...]]:
        """The terms of the other forms of the same meaning."""
        all_terms = []
        for other in self._others.get(form, ()):
            terms = (self._analyser.term_of(word) for word in other)
            if terms_of_form := tuple(term for term in terms if term is not None):
                all_terms.append(terms_of_form)
        return all_terms
