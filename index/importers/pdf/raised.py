"""The text of lines that are put together, and the raised numbers in it that cite."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter

from index.importers.blocks import Part
from index.importers.pdf.lines import Line
from index.importers.pdf.words import Words
from index.importers.raised import cited_by, raised_figures

__all__ = ["Numbers", "parts_of", "text_of"]

_SIGNS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b"
_SMALL = re.compile(rf"([{_SIGNS}]+(?:[,\u2013-][{_SIGNS}]+)*)")
_AS_DIGITS = str.maketrans(_SIGNS, "0123456789-")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that a raised one may be: those of `references` and, by page, of `notes`.

    A document that cites in brackets has none of the first. `prefix` is what notes are called by
    where references have numbers, too.
    """

    references: Collection[str]
    notes: dict[int, frozenset[str]]
    any: bool = False
    prefix: str = ""

    def named(self, number: str, page: int) -> str | None:
        """What a raised number is called; None where it is none of a note or reference."""
        if number in self.notes.get(page, frozenset()):
            return f"{self.prefix.format(page=page)}{number}"
        return number if self.any or number in self.references else None


def text_of(lines: Sequence[Line], words: Words) -> str:
    """The text of lines put together, raised numbers included."""
    return "".join(text for text, _, _ in _pieces(lines, words)).strip()


def parts_of(lines: Sequence[Line], words: Words, numbers: Numbers) -> tuple[Part, ...]:
    """The text of lines put together, with the raised numbers in it that cite."""
    parts: list[Part] = []
    said = ""
    for text, raised, page in _whole(_pieces(lines, words)):
        cited = cited_by(said, text, partial(numbers.named, page=page)) if raised else None
        text = raised_figures(text) if raised else text  # noqa: PLW2901
        if cited:
            parts.append(cited)
        elif parts and isinstance(parts[-1], str):
            parts[-1] += text
        else:
            parts.append(text)
        said = said[-40:] if cited else (said + text)[-40:]
    return tuple(parts)


def _whole(pieces: Iterable[tuple[str, bool, int]]) -> Iterator[tuple[str, bool, int]]:
    """The pieces, with raised ones that follow each other, over the end of a line, too, as one."""
    for raised, run in groupby(pieces, key=itemgetter(1)):
        together = list(run)
        if raised:
            yield "".join(text for text, _, _ in together), True, together[0][2]
        else:
            yield from together


def _pieces(lines: Sequence[Line], words: Words) -> Iterator[tuple[str, bool, int]]:
    """Text, whether it is raised, and its page; the lines put together."""
    for at, line in enumerate(lines):
        following = lines[at + 1].text if at + 1 < len(lines) else None
        taken, put = (0, "") if following is None else words.joint(line.text, following)
        pieces = [(text, height == 1) for text, height in line.pieces]
        text, raised = pieces[-1]
        text = text.rstrip()
        pieces[-1] = (text[: len(text) - taken], raised)
        for text, raised in pieces:
            for number, inner in enumerate(_SMALL.split(text)):
                if number % 2:
                    yield inner.translate(_AS_DIGITS) if not raised else inner, True, line.page
                elif inner:
                    yield inner, raised, line.page
        if put:
            goes_on = raised and lines[at + 1].pieces[0][1] == 1
            yield put, goes_on, line.page
