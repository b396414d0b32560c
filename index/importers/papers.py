"""What stands around the text of a paper: its front matter, captions, and list of references."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from index.importers.blocks import Block, Entry, Part, Verbatim, written
from index.importers.entries import address_in, is_references_heading, printed_entry

__all__ = [
    "front_matter_told",
    "is_caption",
    "letters_told",
    "references_told",
]

FRONT_BLOCKS = 60
"""So many blocks may stand before an abstract."""

_FIGURES = (
    "figure|fig|table|tab|scheme|box|plate|chart|diagram|photo|algorithm|listing|exhibit"
    "|abbildung|abb|tabelle|figura|tabla|tableau|tabella|tabela|\u0440\u0438\u0441\u0443\u043d\u043e\u043a|\u0440\u0438\u0441"
    "|\u0442\u0430\u0431\u043b\u0438\u0446\u0430|\uadf8\ub9bc|\ud45c|\u56f3|\u8868|\u56fe|\u5716|\u5199\u771f"
)
_CAPTION = re.compile(
    rf"(?i:(?:supplementary|supporting|extended data|online)\s)?(?i:{_FIGURES})"
    r"\.?\s?(?:[A-Z]{1,2}\.?)?\d{1,3}(?:[.\-]\d{1,2})?[A-Za-z]?"
    r"(?:\s?[.:|\uff1a\uff0e\u2014\u2013](?!\d)|\s(?![A-Z]\s[a-z])(?=[^\Wa-z\d_]|[\"'\u201c(]\w)|$)"
)
"""`Fig. 2: ...` and `Table 1 Prices ...`, but neither `Table 1 shows` nor `Fig. 2 A shows`."""
_SUPPLEMENT = re.compile(
    r"S\d{1,2}[A-Z]?\s(?:figure|fig|table|text|file|dataset|data|appendix|movie|video|audio|script"
    r"|protocol|methods?|model|code|note)(?:\s?[.:]|\s(?-i:(?=[^\Wa-z\d_]))|$)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"(\[\s?[A-Za-z]{1,2}\s?\])")
_OPENING = re.compile(
    r"(?:\d{1,2}\.?\s|[ivx]{1,4}\.\s)?(?:(?:author |executive |plain language )?summary|abstract"
    r"|introduction|background|zusammenfassung|einleitung|kurzfassung|r\u00e9sum\u00e9"
    r"|introducci\u00f3n|resumen|resumo|riassunto|samenvatting|\ucd08\ub85d|\uc694\uc57d|\uc11c\ub860"
    r"|\u8981\u65e8|\u6982\u8981|\u6458\u8981|\u306f\u3058\u3081\u306b)\W*",
    re.IGNORECASE,
)


def is_caption(text: str) -> bool:
    """Whether a text begins as that of a figure or a table does: `Fig. 1. ...`, `S1 Text ...`."""
    return bool(_SUPPLEMENT.match(text) or _CAPTION.match(text))


def _ends_front_matter(heading: str) -> bool:
    """Whether a heading is that of an abstract or an introduction."""
    return bool(_OPENING.fullmatch(heading.strip()))


def front_matter_told(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with what stands between a title and an abstract as front matter.

    Only where a heading of that name comes early, and the names of authors, not text, before it.
    """
    told = list(blocks)
    for at, block in enumerate(blocks[:FRONT_BLOCKS]):
        if block.kind == "heading" and _ends_front_matter(written(block)):
            before = [
                number for number in range(at) if blocks[number].kind in ("paragraph", "item")
            ]
            if sum(len(written(blocks[number])) for number in before) < 400 + 300 * len(before):
                for number in before:
                    told[number] = replace(blocks[number], kind="front matter")
            break
    return told


def references_told(blocks: Sequence[Block]) -> tuple[list[Block], dict[str, Entry]]:
    """The blocks, with those of a list of references told, and what their numbers stand for.

    The list stands behind a heading of that name, up to the next heading that is as high. Entries
    without printed numbers are counted where they are steps of a numbered list.
    """
    told: list[Block] = []
    entries: dict[str, Entry] = {}
    level = 0
    count = 0
    for block in blocks:
        if block.kind == "heading":
            if is_references_heading(written(block)):
                level, count = max(1, block.level), 0
            elif level and block.level <= level:
                level = 0
        elif level and block.kind in ("paragraph", "item"):
            count += 1
            for number, entry in _entry(block, count):
                entries.setdefault(number, entry)
            block = replace(block, kind="reference")  # noqa: PLW2901
        told.append(block)
    return told, entries


def _entry(block: Block, count: int) -> Iterator[tuple[str, Entry]]:
    text = " ".join(written(block).split())
    if block.steps:
        yield str(count), Entry(text, address_in(text))
    elif (found := printed_entry(text)) and found[0]:
        yield found


def letters_told(blocks: Iterable[Block], numbers: Collection[str]) -> list[Block]:
    """The blocks of a document whose references are numbered, with `[M]` told as text.

    A letter in brackets stands for a note where the document has one of that name.
    """
    if not any(number.isdecimal() for number in numbers):
        return list(blocks)
    known = {number.casefold() for number in numbers}
    return [
        replace(block, parts=tuple(_with_letters(block.parts, known)))
        if any(isinstance(part, str) and _LETTER.search(part) for part in block.parts)
        else block
        for block in blocks
    ]


def _with_letters(parts: Iterable[Part], known: Collection[str]) -> Iterator[Part]:
    for part in parts:
        if not isinstance(part, str):
            yield part
            continue
        for number, piece in enumerate(_LETTER.split(part)):
            if number % 2 and piece[1:-1].strip().casefold() not in known:
                yield Verbatim(piece)
            elif piece:
                yield piece
