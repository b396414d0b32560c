"""What is guessed of a text of which nothing is said: its language, its layout, its markers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from sentencex import get_sentence_boundaries

from index.documents.reading.markers import find_markers, without_markers
from index.documents.reading.questions import holds_questions
from index.documents.reading.sentences import Layout, Markers
from index.text.analysis import analyser_for

__all__ = ["LANGUAGE_CHARS", "guess_language", "guess_layout", "guess_markers"]

GUESS_LINES = 500
GUESS_CHARS = 2000
"""Guesses look at so many lines, and at so much of each."""
LANGUAGE_CHARS = 50_000
"""A language is told by so much of a text."""

_SENTENCE_ENDS = frozenset(".!?\u2026\u3002\uff01\uff1f")
_CLOSERS = "\"')]\u201d\u2019\u00bb"
_SCRIPTS = (
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_LATIN = ("en", "de", "es", "fr", "it", "nl", "pt")


def guess_language(text: str) -> str:
    """The language of `text` by its script and its commonest words; `en` where in doubt."""
    sample = text[:LANGUAGE_CHARS]
    letters = sum(map(str.isalpha, sample))
    for language, script in _SCRIPTS:
        if len(script.findall(sample)) * 4 > letters:
            return language
    words = Counter(re.findall(r"[^\W\d_]+", sample.casefold()))
    hits = {
        language: sum(times for word, times in words.items() if analyser.is_stop_word(word))
        for language, analyser in ((code, analyser_for(code)) for code in _LATIN)
    }
    best = max(hits, key=lambda language: hits[language])
    is_clear = hits[best] * 5 > words.total() and hits[best] * 4 > hits["en"] * 5
    return best if is_clear else "en"


def guess_layout(text: str, language: str = "en") -> Layout:
    """`lines` when most lines are single sentences: they end like one, and few hold two.

    Questions and answers that are marked so belong together, and are `prose`.
    """
    if holds_questions(_sample(text)):
        return "prose"
    lines = closed = several = 0
    for line in _sample(text):
        bare = without_markers(line).strip()
        if not bare:
            continue
        lines += 1
        closed += _ends_sentence(bare)
        sentences = [
            bare[part["start_index"] : part["end_index"]]
            for part in get_sentence_boundaries(language, bare)
        ]
        several += sum(bool(sentence.strip()) for sentence in sentences) > 1
    return "lines" if closed * 10 > lines * 7 and several * 10 < lines * 3 else "prose"


def guess_markers(text: str) -> Markers:
    """`leading` when more lines open with a number than hold one behind a sentence."""
    leading = trailing = 0
    for line in _sample(text):
        opens, follows, alone = _numbers_of(line)
        leading += opens and not alone
        trailing += follows or (opens and alone)
    return "leading" if leading > trailing else "trailing"


def _numbers_of(line: str) -> tuple[bool, bool, bool]:
    """Whether a number opens a line, whether one follows a sentence, and whether all is numbers."""
    opens = follows = False
    before, end = "", 0
    last = len(line.rstrip())
    text_behind = -1  # where the first text behind the markers seen last begins
    for marker in find_markers(line):
        before += line[end : marker.start]
        if marker.kind == "citation":
            has_text = bool(before.strip())
            opens = opens or not has_text
            if has_text and not follows:
                if text_behind <= marker.start:
                    text_behind = _text_behind(line, end)
                at_end = text_behind == len(line) or marker.end >= last
                follows = at_end or _ends_sentence(before)
        end = marker.end
    return opens, follows, not (before + line[end:]).strip()


def _ends_sentence(text: str) -> bool:
    return text.rstrip().rstrip(_CLOSERS)[-1:] in _SENTENCE_ENDS


def _text_behind(line: str, end: int) -> int:
    """Where the first text begins that stands in no marker, from `end` on; else the line's end."""
    rest = line[end:]
    taken = 0
    if not rest.partition("[")[0].strip():
        for marker in find_markers(rest):
            if rest[taken : marker.start].strip():
                break
            taken = marker.end
    behind = rest[taken:].lstrip()
    return len(line) - len(behind)


def _sample(text: str) -> Iterable[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line[:GUESS_CHARS] for line in lines if line][:GUESS_LINES]
