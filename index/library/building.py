"""Passages to the arrays of a library in one pass: postings, word counts, forward index.

The memory taken follows the postings and not the text: words and terms are numbered as they are
met, and every CHUNK passages their postings are sorted and laid aside.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.arrays.strings import Numbering, WordCounts
from index.engines.postings import Ints, Postings
from index.library.forward import Forms, Forward, SectionTerms, signs
from index.text.analysis import Analyser, analyser_for

__all__ = ["CHUNK", "PostingsBuilder"]

CHUNK = 16_384
"""Passages that are sorted together: their postings fit the processor's cache."""
LOCAL_BITS = 14
MAX_DENSE_PAIRS = 1 << 24
"""Up to so many thinkable pairs of count and length are looked up in a table."""


class _Numbers(dict[str, int]):
    """Numbers strings in the order of their first look-up."""

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self)
        return number


class _Forms(dict[str | tuple[str, str | None, bool], int]):
    """Numbers printed forms, and notes the word and the term of each when it is first seen."""

    def __init__(self, analyser: Analyser, builder: PostingsBuilder) -> None:
        super().__init__()
        self._analyser = analyser
        self._builder = builder

    def __missing__(self, form: str | tuple[str, str | None, bool]) -> int:
        if isinstance(form, tuple):
            word, term, capital = form
        else:
            word, term = self._analyser.word_and_term(form)
            capital = form[0].isupper()
        number = self[form] = self._builder.add_form(word, term, capital=capital)
        return number


class _SeveralFormsError(Exception):
    """A piece has more than one form, or none."""


class _Pieces(dict[str, int]):
    """The numbers of the forms of pieces that have one each."""

    def __init__(self, analyser: Analyser, forms: _Forms) -> None:
        super().__init__()
        self._analyser = analyser
        self._forms = forms

    def __missing__(self, piece: str) -> int:
        forms = self._analyser.forms(piece)
        if len(forms) != 1:
            raise _SeveralFormsError
        number = self[piece] = self._forms[forms[0]]
        return number


class PostingsBuilder:
    """Takes passages one by one, and makes the postings of all.

    `progress` is told how many passages have been taken, every few thousand; it may raise to stop.
    """

    def __init__(self, progress: Callable[[int], None] | None = None) -> None:
        self._progress = progress
        self._terms, self._words = _Numbers(), _Numbers()
        self._all_forms = Forms()
        self._forms: dict[str, tuple[_Forms, _Pieces]] = {}
        self._pending, self._sizes, self._opens = array("i"), array("i"), array("b")
        self._all_passages: list[NDArray[np.int32]] = []
        self._all_sizes: list[NDArray[np.int64]] = []
        self._chunks: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]] = []
        self._lengths: list[NDArray[np.int32]] = []
        self._word_counts = np.zeros(0, dtype=np.int64)
        self._section_numbers = array("i")
        self._sections: list[list[int]] = [[]]
        self._known_sections: dict[tuple[str, tuple[str, ...]], int] = {}
        self.passages = 0

    def add_form(self, word: str, term: str | None, *, capital: bool) -> int:
        """The number of a new printed form with its word and term."""
        number = -1 if term is None else self._terms[term]
        return self._all_forms.add(self._words[word], number, signs(word, capital=capital))

    def add(self, text: str, analyser: Analyser, section: tuple[str, ...] = ()) -> None:
        """Take the next passage, which is found by the words of its headings too."""
        forms, pieces = self._forms_of(analyser)
        before = len(self._pending)
        try:
            if not text.isascii():
                raise _SeveralFormsError
            self._pending.extend(map(pieces.__getitem__, analyser.pieces(text)))
        except _SeveralFormsError:
            del self._pending[before:]
            if analyser.is_spaced(text):
                self._pending.extend(map(forms.__getitem__, analyser.forms(text)))
            else:
                tokens = analyser.tokens(text)
                self._pending.extend(
                    forms[token.word, token.term, text[token.start].isupper()] for token in tokens
                )
        self._opens.append(analyser.opens(text))
        self._sizes.append(len(self._pending) - before)
        self._section_numbers.append(self._number_of(section, analyser) if section else 0)
        self._count()

    def add_terms(self, terms: Sequence[str]) -> None:
        """Take the next passage as its terms."""
        forms, _ = self._forms_of(analyser_for(""))
        self._pending.extend(forms[term, term, False] for term in terms)
        self._opens.append(False)
        self._sizes.append(len(terms))
        self._section_numbers.append(0)
        self._count()

    def _number_of(self, section: tuple[str, ...], analyser: Analyser) -> int:
        """The number of a section; the terms of a new one are noted."""
        number = self._known_sections.setdefault((analyser.language, section), len(self._sections))
        if number == len(self._sections):
            terms = dict.fromkeys(term for text in section for term in analyser.terms(text))
            self._sections.append([self._terms[term] for term in terms])
        return number

    def _forms_of(self, analyser: Analyser) -> tuple[_Forms, _Pieces]:
        both = self._forms.get(analyser.language)
        if both is None:
            forms = _Forms(analyser, self)
            both = self._forms[analyser.language] = forms, _Pieces(analyser, forms)
        return both

    def _count(self) -> None:
        self.passages += 1
        if len(self._sizes) == CHUNK:
            self._flush()

    def _flush(self) -> None:
        """Sort the pending passages into postings, and count their words."""
        sizes = np.array(self._sizes, dtype=np.int64)
        forms = np.array(self._pending, dtype=np.int32)
        self._pending, self._sizes = array("i"), array("i")
        owners = np.repeat(np.arange(len(sizes)), sizes)
        first = self.passages - len(sizes)

        self._all_passages.append(forms)
        self._all_sizes.append(sizes)

        words, _, _ = _runs(np.array(self._all_forms.words, dtype=np.int64)[forms], owners)
        word_counts = np.bincount(words, minlength=len(self._words))
        word_counts[: len(self._word_counts)] += self._word_counts
        self._word_counts = word_counts

        terms = np.array(self._all_forms.terms, dtype=np.int64)[forms]
        is_content = terms >= 0
        terms, owners = self._with_sections(terms[is_content], owners[is_content], first)
        chunk_terms, places, counts = _runs(terms, owners)
        self._chunks.append(
            (
                chunk_terms.astype(np.int32),
                (places + first).astype(np.int32),
                counts.astype(np.int32),
            )
        )
        self._lengths.append(np.bincount(owners, minlength=len(sizes)).astype(np.int32))
        if self._progress is not None:
            self._progress(self.passages)

    def _with_sections(self, terms: Ints, owners: Ints, first: int) -> tuple[Ints, Ints]:
        """The pairs of term and owner, joined by those of sections that the owners lack."""
        numbers = np.array(self._section_numbers[first:], dtype=np.int64)
        in_sections = np.flatnonzero(numbers)
        if not len(in_sections):
            return terms, owners
        added = [
            np.array(self._sections[number], dtype=np.int64) for number in numbers[in_sections]
        ]
        more_terms = np.concatenate(added)
        more_owners = np.repeat(in_sections, [len(one) for one in added])
        own = np.unique((terms << LOCAL_BITS) | owners)
        is_new = ~np.isin((more_terms << LOCAL_BITS) | more_owners, own)
        return (
            np.concatenate([terms, more_terms[is_new]]),
            np.concatenate([owners, more_owners[is_new]]),
        )

    def words(self) -> WordCounts:
        """In how many passages each normalised word occurs, in the order of their numbers."""
        self.finish()
        return WordCounts(Numbering.of(self._words), self._word_counts)

    @cached_property
    def terms(self) -> Numbering:
        """The number of each term; to be asked for when all passages have been added."""
        return Numbering.of(self._terms)

    def forward(self) -> Forward:
        """What each of the passages taken is made of."""
        self.finish()
        frequencies = np.zeros(len(self._terms), dtype=np.int64)
        for terms, _, _ in self._chunks:
            frequencies += np.bincount(terms, minlength=len(frequencies))
        return Forward.of(
            np.concatenate([np.zeros(0, np.int64), *self._all_sizes]),
            self._all_passages,
            np.array(self._opens, dtype=np.bool_),
            self._all_forms,
            frequencies,
            SectionTerms.of(self._section_numbers, self._sections),
        )

    def finish(self) -> None:
        """Take in what is pending, once all passages have been added."""
        if self._sizes:
            self._flush()

    def postings(self) -> Postings:
        """The postings of all passages taken; what they were made from is let go."""
        self.finish()
        self._forms.clear()
        size = len(self._terms)
        frequencies = np.zeros(size, dtype=np.int64)
        for terms, _, _ in self._chunks:
            frequencies += np.bincount(terms, minlength=size)
        starts = np.zeros(size + 1, dtype=np.int64)
        np.cumsum(frequencies, out=starts[1:])
        total = int(starts[-1])
        lengths = np.concatenate([np.zeros(0, np.int32), *self._lengths])
        pairs = _Pairs(self._chunks, lengths)
        positions = np.empty(total, dtype=np.int32)
        codes = np.empty(total, dtype=pairs.dtype)
        most = np.zeros(size, dtype=np.int32)
        shortest = np.full(size, np.iinfo(np.int32).max, dtype=np.int32)
        following = starts[:-1].copy()
        while self._chunks:
            terms, places, counts = self._chunks.pop(0)
            opens = np.flatnonzero(np.diff(terms, prepend=-1))
            if not len(opens):
                continue
            distinct, runs = terms[opens], np.diff(opens, append=len(terms))
            # A chunk's postings of a term follow those of the chunks before.
            targets = np.repeat(following[distinct] - opens, runs) + np.arange(len(terms))
            following[distinct] += runs
            positions[targets] = places
            codes[targets] = pairs.codes(counts, lengths[places])
            most[distinct] = np.maximum(most[distinct], np.maximum.reduceat(counts, opens))
            least = np.minimum.reduceat(lengths[places], opens)
            shortest[distinct] = np.minimum(shortest[distinct], least)
        return Postings(
            self.terms,
            starts,
            positions,
            codes,
            pairs.counts,
            pairs.lengths,
            most,
            shortest,
            self.passages,
            int(lengths.sum(dtype=np.int64)),
        )


class _Pairs:
    """The distinct pairs (count, length) of the postings, each with a code."""

    def __init__(
        self,
        chunks: Sequence[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]],
        lengths: NDArray[np.int32],
    ) -> None:
        self._stride = int(lengths.max(initial=0)) + 1
        keys = [np.zeros(0, dtype=np.int64)]
        for _, places, counts in chunks:
            keys.append(np.unique(self._keys(counts, lengths[places])))
        self._distinct = np.unique(np.concatenate(keys))
        self.counts, self.lengths = np.divmod(self._distinct, self._stride)
        self.dtype = np.dtype(np.uint16 if len(self._distinct) <= 1 << 16 else np.uint32)
        thinkable = int(self._distinct[-1]) + 1 if len(self._distinct) else 0
        self._table: NDArray[np.uint32] | None = None
        if thinkable <= MAX_DENSE_PAIRS:
            self._table = np.zeros(thinkable, dtype=np.uint32)
            self._table[self._distinct] = np.arange(len(self._distinct))

    def _keys(self, counts: NDArray[np.int32], lengths: NDArray[np.int32]) -> Ints:
        keys: Ints = counts.astype(np.int64) * self._stride + lengths
        return keys

    def codes(self, counts: NDArray[np.int32], lengths: NDArray[np.int32]) -> NDArray[np.int64]:
        """The code of each pair, shape as given."""
        keys = self._keys(counts, lengths)
        if self._table is not None:
            return self._table[keys].astype(np.int64)
        return np.searchsorted(self._distinct, keys)


def _runs(values: Ints, owners: Ints) -> tuple[Ints, Ints, Ints]:
    """The distinct pairs of value and owner in their order, and how often each stands there."""
    keys = (values << LOCAL_BITS) | owners
    keys.sort()
    opens = np.flatnonzero(np.diff(keys, prepend=-1))
    counts = np.diff(opens, append=len(keys))
    keys = keys[opens]
    return keys >> LOCAL_BITS, keys & ((1 << LOCAL_BITS) - 1), counts
