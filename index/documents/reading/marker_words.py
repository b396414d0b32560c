"""Markers that are words of a sentence, and stay in it: "as shown in [6]", "[6] showed that"."""

from __future__ import annotations

import re

from index.documents.reading.abbreviations import ends_with_abbreviation

__all__ = ["MAX_OPENING", "is_subject", "is_word_there"]

MAX_OPENING = 200
"""How far into a line a marker may stand that still opens it."""
MAX_LOOK_BACK = 200
"""So much of the text before a marker tells whether its sentences begin with capitals."""

_BEFORE_WORD = re.compile(
    r"(?:\b(?:in|see|by|from|of|as|per|cf\.|with|to|refs?\.?|and|see also|e\.g\.,?|i\.e\.,?"
    r"|siehe|vgl\.|laut|nach|voir|selon|véase|según|vedi|zie|volgens|см\.))\s$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?\u2026][\"')\]\u201d\u2019\u00bb]{0,3}$")
_NEXT_WORD = re.compile(r"\s([^\W\d_]{2,20})\b")
_NO_VERB = frozenset(
    "and or but nor as at by for from in into of on to with the an which who that than when where"
    " while so de da di du del der die das dem den des von van zu zur zum und oder aber el la le"
    " les los las il lo et ou en un una une op het een och att av om som til af por para com no na"
    " do dos al ibn bin ter ten".split()
)
_REPORTS = re.compile(
    r"(?:also )?(?:show|demonstrate|prove|report|argue|state|describe|suggest|propose|present"
    r"|consider|note|claim|discuss|introduce|estimate|observe|compare|provide|define|explain"
    r"|investigate|conclude|review)(?:s|e?d|es)\b"
    r"|(?:also )?(?:shows|found|finds|says|said|gives|gave|studies|studied)\b"
    r"|(?:zeigt|zeigte|zeigen|montre|muestra)\b"
)


def is_word_there(source: str, start: int) -> bool:
    """Whether what stands before a marker wants a word: "in [6]", "see [6]"."""
    return bool(_BEFORE_WORD.search(source[max(0, start - 12) : start]))


def is_subject(text: str, text_end: int, start: int, end: int) -> bool:
    """Whether what stands there opens a sentence as its subject: "[13] showed that".

    `text_end` is where the text ends that stands before it, and before markers between.
    """
    following = _NEXT_WORD.match(text, end)
    if not following or not following[1].islower():
        return False
    if text_end < MAX_OPENING and not text[:text_end].strip():
        return bool(_REPORTS.match(text, following.start(1)))
    before = text[max(0, text_end - MAX_LOOK_BACK) : text_end].rstrip()
    return (
        text[start - 1].isspace()
        and following[1] not in _NO_VERB
        and any(map(str.isupper, before))  # else lower case may open a sentence: "yes. [1] no."
        and bool(_SENTENCE_END.search(before[-16:]))
        and not ends_with_abbreviation(before[-16:])
    )
