"""Lists of contents: what they look like, and the headings that they list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from index.importers.text.lines import Line

__all__ = ["is_contents", "is_contents_heading", "key_of", "listed_title", "runs_of_contents"]

MIN_LISTED = 3
SHARE_FOUND = 0.6
"""So many of the titles of a list of contents stand again below it."""

_LEADERS = re.compile(
    r"\s?(?:\.\s?){3,}\s*(?:\d{1,4}|[ivxl]{1,6})$|\s?\u2026+\s*\d{1,4}$", re.IGNORECASE
)
_PAGE_BEHIND = re.compile(r"(?:\s{2,}|\t)\d{1,4}$")
_NUMBER = re.compile(
    r"(?:(?:appendix|chapter|part|section)\s+)?(?:(\d{1,3}(?:\.\d{1,3}){0,5})[.)]?|[A-Z]\.|[IVX]{1,6}\.|(?<=\s)[A-Z])\s+",
    re.IGNORECASE,
)
_HEADINGS = frozenset(
    """
    contents|table of contents|toc|on this page|in this article|inhalt|inhaltsverzeichnis
    |sommaire|table des matières|contenido|índice|indice|sumário|inhoud|inhoudsopgave
    |목차|차례|目次|目录|目錄|содержание|оглавление|المحتويات|محتويات
    """.replace("\n    ", "")
    .strip()
    .split("|")
)


def is_contents_heading(text: str) -> bool:
    """Whether a heading is that of a list of contents."""
    return " ".join(text.casefold().split()).strip(":.# =[]") in _HEADINGS


def is_contents(lines: Sequence[Line]) -> bool:
    """Whether most of some lines end with the number of a page, dots before it."""
    led = sum(bool(_LEADERS.search(line.text[-160:])) for line in lines)
    return led > 1 and led * 2 > len(lines)


def listed_title(text: str) -> tuple[str, int]:
    """The title that a line of contents lists, and its level; 0 where its number tells none."""
    text = _PAGE_BEHIND.sub("", _LEADERS.sub("", text[:400])).strip()
    number = _NUMBER.match(text)
    if not number:
        return text, 0
    level = number[1].count(".") + 1 if number[1] else 1
    return text[number.end() :], level


def key_of(title: str) -> str:
    """A title as it is compared with another."""
    return "".join(filter(str.isalnum, listed_title(title)[0].casefold()))


def runs_of_contents(texts: Sequence[str], short: Sequence[bool]) -> Iterator[range]:
    """The runs of neighbouring short texts that are lists of contents.

    Most of their titles stand again, further down, or their numbers count on from 1.
    """
    last: dict[str, int] = {}
    for at, text in enumerate(texts):
        if short[at]:
            last[key_of(text)] = at
    for is_run, group in groupby(range(len(texts)), key=lambda at: short[at]):
        run = list(group)
        if is_run and len(run) >= MIN_LISTED:
            yield from _lists_in(run, texts, last)


def _lists_in(run: Sequence[int], texts: Sequence[str], last: dict[str, int]) -> Iterator[range]:
    """The part of a run that is a list: from its heading, or its first number, on."""
    heading = next((at for at in run if is_contents_heading(texts[at])), None)
    begin = heading + 1 if heading is not None else run[0]
    numbered = _counted(begin, run[-1] + 1, texts)
    if heading is None and not numbered:
        begin = next(
            (at for at in run if listed_title(texts[at])[1] and _counted(at, run[-1] + 1, texts)),
            begin,
        )
        numbered = _counted(begin, run[-1] + 1, texts)
    end = numbered or _found(begin, run[-1] + 1, texts, last)
    found = sum(last[key_of(texts[at])] >= end for at in range(begin, end))
    if end - begin >= MIN_LISTED and found >= SHARE_FOUND * (end - begin):
        yield range(begin, end)


def _counted(begin: int, stop: int, texts: Sequence[str]) -> int:
    """Where numbers that count on from 1 end, sub-numbers between them; 0 where none begin."""
    before: list[int] = []
    at = begin
    while at < stop:
        match = _NUMBER.match(texts[at])
        if not match or not match[1]:
            break
        number = [int(part) for part in match[1].split(".")]
        if not _follows(before, number):
            break
        before = number
        at += 1
    return at if at - begin >= MIN_LISTED else 0


def _follows(before: Sequence[int], number: Sequence[int]) -> bool:
    if not before:
        return list(number) == [1]
    if len(number) == len(before) + 1:
        return list(number) == [*before, 1]
    kept = len(number)
    return kept <= len(before) and [*before[: kept - 1], before[kept - 1] + 1] == list(number)


def _found(begin: int, stop: int, texts: Sequence[str], last: dict[str, int]) -> int:
    """Where a run of titles ends that all stand again below, one miss in a row allowed."""
    end = at = begin
    while at < stop and at - end < 2:
        key = key_of(texts[at])
        at += 1
        if key and last.get(key, 0) > at:
            end = at
    return end
