"""Words that the end of a line parts, and how lines are put together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.text.lexicon import english_words

__all__ = ["Words"]

_WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011'\u2019][^\W_]+)*")
_PARTED = re.compile(r"([^\W_]+(?:[-\u2010\u2011][^\W_]+)*)[-\u2010\u2011]$")
_FIRST = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_ADDRESS = re.compile(r"(?:https?://|www\.|\b10\.\d{4,9}/)\S*[/._=?&%-]$", re.IGNORECASE)
_UNSPACED = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u0e00-\u0eff]")
"""Scripts that put no spaces between words."""


class Words:
    """The words of a document, by which it is told whether a hyphen at the end of a line is one."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._known: set[str] = set()
        begun = False  # whether the first word of a line is the rest of one
        for line in lines:
            words = _WORD.findall(line.casefold().replace("\u2010", "-").replace("\u2011", "-"))
            begins = begun
            begun = bool(_PARTED.search(line))
            self._known.update(words[begins : -1 if begun else None])

    def joint(self, line: str, following: str) -> tuple[int, str]:
        """How many signs are taken off the end of a line, and what is put before the next."""
        if _ADDRESS.search(line[-200:]) and following[:1].isalnum():
            return 0, ""
        parted = _PARTED.search(line[-80:])
        first = _FIRST.match(following)
        if parted and first:
            return (1, "") if self._is_parted(parted[1], first[0]) else (1, "-")
        if line.endswith(("-", "\u2010", "\u2011", "\u2013", "/")) and not line.endswith(
            (" -", " \u2013", " /")
        ):
            return 0, ""
        if _UNSPACED.match(line[-1:]) and _UNSPACED.match(following[:1]):
            return 0, ""
        return 0, " "

    def _is_parted(self, before: str, after: str) -> bool:
        """Whether a hyphen parts one word, and is no sign of it."""
        is_plain = (
            after[0].islower() and not before.isupper() and before.rsplit("-", 1)[-1].isalpha()
        )
        before, after = before.casefold(), after.casefold()
        last, first = before.rsplit("-", 1)[-1], after.split("-", 1)[0]
        if before + after in self._known or last + first in self._known:
            return True
        if not is_plain or f"{before}-{after}" in self._known or f"{last}-{first}" in self._known:
            return False
        if last + first in english_words():
            return True
        return not (self._is_word(last) and self._is_word(first))

    def _is_word(self, word: str) -> bool:
        return len(word) > 2 and (word in self._known or word in english_words())
