"""Small raised numbers: which are citations, and which exponents and indices."""

from __future__ import annotations

import re
from collections.abc import Callable

from index.importers.blocks import Cited

__all__ = ["FIGURES", "RAISED", "Named", "cited_by", "raised_figures"]

Named = Callable[[str], str | None]
"""What a raised number is called; None where it is none of a note or a reference."""

RAISED = str.maketrans("0123456789+\u2212=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
"""Raised figures as signs of their own. A hyphen has none, and is left to whoever reads it."""
FIGURES = re.compile(r"[0-9+\-\u2212=()]{1,12}")
_AS_RAISED = RAISED | str.maketrans("-", "⁻")
_NUMBERS = re.compile(r"\s*(\d{1,3}(?:\s?[,;\u2013-]\s?\d{1,3})*)[,;]?\s*")
_LETTERS = re.compile(r"[^\W\d_]+$")
_GROUP = re.compile(r"\(([^()]*)\)$")
_WORD = re.compile(r"[^\W\d_]{3}")
"""Brackets without a word hold a formula, which may have an exponent."""
_UNITS = frozenset(
    "mm cm dm km nm pm µm μm um ft yd mi ml µl kg mg ms min sec hr ha mol pa hz kb mb gb px".split()
)
_END_SIGNS = tuple(".,;:!?)]\u201d\u2019\"'\u00bb\u3002\u3001\u300d")


def cited_by(said: str, raised: str, named: Named) -> Cited | None:
    """The citation that a raised text behind others is; None for an exponent, and for all else."""
    found = _NUMBERS.fullmatch(raised)
    if not found or not _may_cite(said, is_apart=said[-1:].isspace() or raised[:1].isspace()):
        return None
    numbers = []
    for value in re.split(r"\s?[,;]\s?", found[1]):
        ends = [named(end.strip()) for end in re.split(r"[\u2013-]", value)]
        if not all(ends):
            return None
        numbers.append("\u2013".join(filter(None, ends)))
    return Cited(tuple(numbers))


def raised_figures(raised: str) -> str:
    """A raised number in signs of its own, so that 10⁶ does not become 106; other text as it is."""
    return raised.translate(_AS_RAISED) if FIGURES.fullmatch(raised.strip()) else raised


def _may_cite(said: str, *, is_apart: bool) -> bool:
    """Whether a number behind a text is no exponent: behind a word or a sign, or apart."""
    said = said[-40:].rstrip()
    if is_apart:
        return said[-1:].isalnum() or said.endswith(_END_SIGNS)
    if group := _GROUP.search(said):
        return bool(_WORD.search(group[1]))
    if said.endswith(_END_SIGNS):
        return True
    letters = _LETTERS.search(said)
    if letters is None:
        return False
    word = letters[0]
    return (len(word) > 1 or word.upper() == word.lower()) and word.casefold() not in _UNITS
