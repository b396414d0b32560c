"""Forms that mean the same, from a readable table: WWII, World War II; U.S., United States."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from sys import getsizeof
from weakref import WeakValueDictionary

import yaml

from index.text.analysis import analyser_for

__all__ = ["Aliases", "Rows", "aliases_of", "shipped_aliases", "shipped_rows"]

Form = tuple[str, ...]
Table = Mapping[Form, tuple[Form, ...]]
Rows = tuple[tuple[str, ...], ...]

ENTRY_BYTES = 150
"""About what a form and what it stands for take; their words are those that the analyser keeps."""

_WORDS_TOO = frozenset({"us"})
"""Forms that are words as well, besides the stop words: they count in capitals alone."""

_tables: WeakValueDictionary[tuple[Rows, str], Aliases] = WeakValueDictionary()
"""The tables that somebody has now."""


@cache
def shipped_rows() -> Rows:
    """The rows of aliases.yaml, whatever heading they stand under."""
    content = files("index.text").joinpath("aliases.yaml").read_text(encoding="utf-8")
    headings: dict[str, list[list[str]]] = yaml.safe_load(content)
    return tuple(tuple(row) for rows in headings.values() for row in rows)


class Aliases:
    """Finds forms in questions. Rows are read in the language of the documents."""

    def __init__(
        self, rows: Iterable[Sequence[str]], language: str, behind: Sequence[Aliases] = ()
    ) -> None:
        """A table of `rows`, behind other tables of the same language, which are shared."""
        self._analyser = analyser_for(language)
        self._others: dict[Form, tuple[Form, ...]] = {}
        for row in rows:
            forms = [self._form(text) for text in row]
            for form in forms:
                others = self._others.get(form, ())
                new = [other for other in forms if other != form and other not in others]
                self._others[form] = (*others, *new)
        tables = (*chain.from_iterable(known.tables for known in behind), self._others)
        self.tables: tuple[Table, ...] = tuple(filter(None, tables))
        lengths = (known.longest for known in behind)
        self.longest: int = max(chain(lengths, map(len, self._others)), default=0)

    @property
    def nbytes(self) -> int:
        """About the bytes of memory that its own rows take."""
        return getsizeof(self._others) + ENTRY_BYTES * len(self._others)

    def _form(self, text: str) -> Form:
        return tuple(token.word for token in self._analyser.tokens(text))

    def find(self, words: Sequence[str], printed: Sequence[str]) -> Iterator[tuple[int, int]]:
        """The [start, end) spans of `words` that are forms, the longest first, none overlapping.

        `printed` are the words as typed: a form that is a word as well counts in capitals alone.
        """
        position = 0
        while position < len(words):
            for end in range(min(len(words), position + self.longest), position, -1):
                form = tuple(words[position:end])
                if self._knows(form) and self._counts(form, printed[position]):
                    yield position, end
                    position = end
                    break
            else:
                position += 1

    def _knows(self, form: Form) -> bool:
        return any(form in table for table in self.tables)

    def _counts(self, form: Form, printed: str) -> bool:
        if len(form) > 1:
            return True
        is_word = self._analyser.is_stop_word(form[0]) or form[0] in _WORDS_TOO
        return not is_word or printed.upper() == printed

    def others(self, form: Form) -> list[tuple[str, ...]]:
        """The terms of the other forms of the same meaning."""
        others: list[Form] = []
        for table in self.tables:
            others += [other for other in table.get(form, ()) if other not in others]
        all_terms = []
        for other in others:
            terms = (self._analyser.term_of(word) for word in other)
            if terms_of_form := tuple(term for term in terms if term is not None):
                all_terms.append(terms_of_form)
        return all_terms


def aliases_of(rows: Rows, language: str) -> Aliases:
    """The table of `rows` alone: one for all who have the same."""
    table = _tables.get((rows, language))
    if table is None:
        table = _tables[rows, language] = Aliases(rows, language)
    return table


@cache
def shipped_aliases(language: str) -> Aliases:
    """The table that is shipped, which is English: of other languages one without rows."""
    return Aliases(shipped_rows() if language == "en" else (), language)
