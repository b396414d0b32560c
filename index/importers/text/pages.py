"""What the pages of a text repeat: running heads and feet, and the numbers of pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median

from index.importers.text.lines import Line

__all__ = ["told_apart"]

ZONE = 3
"""So many lines of a page, at its top and at its foot, may be what pages repeat."""
SHARE_OF_PAGES = 0.4
"""Left and right pages have heads of their own."""
MAX_FURNITURE_CHARS = 120
MIN_NUMBERED_PAGES = 3
"""So many numbers that count on are those of pages, where no form feed ends one."""
MIN_PAGE_LINES = 8
MAX_PAGE_LINES = 150
UNEVEN = 0.4

_DIGITS = re.compile(r"\d+")
_PAGE = r"(?:page|p\.|seite|página|pagina|стр\.|쪽|페이지)"
_NUMBER = re.compile(
    rf"[-\u2013\u2014\[(|]?\s?(?:{_PAGE}\s?)?(\d{{1,4}})(?:\s?(?:of|/|von|de|di)\s?\d{{1,4}})?\s?[-\u2013\u2014\])|]?"
    rf"|.{{0,100}}\s\[?{_PAGE}\s?(\d{{1,4}})(?:\s?(?:of|/|von|de|di)\s?\d{{1,4}})?\]?",
    re.IGNORECASE,
)


def told_apart(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of the text with their pages, and those that the pages repeat."""
    if not any(line.page for line in lines):
        lines = _paged_by_numbers(lines)
    if not lines or lines[0].page == lines[-1].page:
        return list(lines), []
    pages = [list(page) for _, page in groupby(lines, key=lambda line: line.page)]
    tops = [[line for line in page if line.text][:ZONE] for page in pages]
    feet = [[line for line in reversed(page) if line.text][:ZONE] for page in pages]
    repeated: set[int] = set()
    for zones in (tops, feet):
        keys = _repeated(zones)
        for zone in zones:
            for line in zone:
                if _key(line) not in keys:
                    break
                repeated.add(id(line))
    text = [line for line in lines if id(line) not in repeated]
    return text, [line for line in lines if id(line) in repeated]


def _key(line: Line) -> str:
    return _DIGITS.sub("#", " ".join(line.text[:MAX_FURNITURE_CHARS].split()))


def _repeated(zones: Sequence[Sequence[Line]]) -> set[str]:
    """Which lines stand on many pages, the same or with numbers that count the pages."""
    found: defaultdict[str, dict[int, Line]] = defaultdict(dict)
    for zone in zones:
        for line in zone:
            if len(line.text) <= MAX_FURNITURE_CHARS:
                found[_key(line)].setdefault(line.page, line)
    least = max(2, SHARE_OF_PAGES * len(zones))
    return {
        key for key, by_page in found.items()
        if len(by_page) >= least and _is_furniture(by_page)
    }  # fmt: skip


def _is_furniture(by_page: dict[int, Line]) -> bool:
    if len({line.text for line in by_page.values()}) < max(2, len(by_page) // 2):
        return True
    ahead = Counter(
        int(number) - page
        for page, line in by_page.items()
        for number in set(_DIGITS.findall(line.text))
        if len(number) <= 4
    )
    return bool(ahead) and ahead.most_common(1)[0][1] * 2 > len(by_page)


def _paged_by_numbers(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines with the pages that numbers in them count; unchanged where none do."""
    ends = _numbered(lines)
    if not ends:
        return lines
    paged: list[Line] = []
    page = min(ends.values())
    for at, line in enumerate(lines):
        page = ends.get(at, page)
        paged.append(replace(line, page=page))
        if at in ends:
            page += 1
    return paged


def _numbered(lines: Iterable[Line]) -> dict[int, int]:
    """Where numbers of pages stand, and which; empty where no run of them is long enough."""
    runs: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
    texts = 0
    for at, line in enumerate(lines):
        texts += bool(line.text)
        if len(line.text) <= MAX_FURNITURE_CHARS and (match := _NUMBER.fullmatch(line.text)):
            runs[_key(line)].append((at, texts, int(match[1] or match[2])))
    longest: list[tuple[int, int, int]] = []
    for run in runs.values():
        longest = max((longest, *_counting(run)), key=len)
    if len(longest) < MIN_NUMBERED_PAGES or not _is_even([at for at, _, _ in longest]):
        return {}
    return {at: number for at, _, number in longest}


def _is_even(ends: Sequence[int]) -> bool:
    """Whether pages are about as long as each other; chapters, which are numbered too, are not."""
    *lengths, last = [two - one for one, two in pairwise(ends)]
    usual = median(lengths)
    even = all(abs(length - usual) <= UNEVEN * usual for length in lengths)
    return even and usual <= MAX_PAGE_LINES and last <= (1 + UNEVEN) * usual


def _counting(run: Sequence[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    """The stretches of numbers that count on by one, a page's lines between them."""
    part: list[tuple[int, int, int]] = []
    for found in run:
        if part and not (found[2] == part[-1][2] + 1 and found[1] - part[-1][1] >= MIN_PAGE_LINES):
            yield part
            part = []
        part.append(found)
    if part:
        yield part
