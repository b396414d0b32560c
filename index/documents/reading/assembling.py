"""The blocks of an imported file to passages: what is kept, what stays together, under what."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from index.documents.passages import CELL_END
from index.documents.reading.markers import Marker, without_markers
from index.documents.reading.plain import MAX_HEADING_CHARS
from index.documents.reading.questions import is_question, questions_told
from index.documents.reading.sentences import Markers, Reading, Stretch, collect
from index.errors import Problem
from index.importers.blocks import Block, Cited, Imported, Kind, Part, Verbatim, written

__all__ = ["QUOTED", "BlocksReading", "read_blocks"]

QUOTED: frozenset[Kind] = frozenset({"paragraph", "item", "row"})
"""The kinds that become passages; all others are left out, unless they are asked for."""
MAX_ANSWER_CHARS = 700
"""An answer to a question, or a list of steps, is one passage up to this length."""
MAX_STEP_CHARS = 200
"""A list of longer steps is read step by step."""
MAX_LEFT_TEXTS = 100
MAX_LEFT_CHARS = 200
"""So many blocks of each kind that is left out, and so much of each, are kept to be looked at."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffc]")
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class BlocksReading(Reading):
    """A reading of blocks, how many of each kind were left out, and the first of them."""

    left_out: Counter[Kind] = field(default_factory=Counter)
    left_texts: dict[Kind, list[str]] = field(default_factory=lambda: defaultdict(list))

    def leave_out(self, block: Block) -> None:
        """Count a block, and keep how it begins."""
        self.left_out[block.kind] += 1
        texts = self.left_texts[block.kind]
        if len(texts) < MAX_LEFT_TEXTS:
            texts.append(" ".join(written(block).split())[:MAX_LEFT_CHARS])


def read_blocks(
    imported: Imported,
    *,
    document: str,
    file: str,
    markers: Markers = "trailing",
    language: str = "en",
    keep: Collection[Kind] = (),
) -> BlocksReading:
    """Read the sentences of a file's paragraphs, items and rows, and of the kinds to `keep`.

    Paragraphs under a heading that asks are its answer, and one passage as far as they are short;
    so are the steps of a short numbered list. Never raises: what is wrong stands in the errors.
    """
    reading = BlocksReading()
    kept = QUOTED | set(keep)
    reading.warnings.extend(Problem(file, 1, reason) for reason in imported.warnings)
    seen = [_without_controls(block) for block in imported.blocks]
    if hiding := sum(new is not old for new, old in zip(seen, imported.blocks, strict=True)):
        reason = f"control characters taken out of {hiding:,} blocks, as they can hide what is read"
        reading.warnings.append(Problem(file, 1, reason))
    blocks = list(questions_told(seen))
    stretches = _stretches(blocks, imported, kept, reading)
    beyond = collect(
        stretches,
        document=document,
        file=file,
        layout="prose",
        markers=markers,
        language=language,
        reading=reading,
    )
    reading.warnings.extend(
        Problem(problem.file, problem.line, f"left out: {problem.reason}") for problem in beyond
    )
    if not reading.passages and not reading.errors:
        reading.errors.extend(beyond)
    if not reading.passages and not reading.errors:
        reason = "holds no passage; put at least one sentence in it"
        if reading.left_out:
            kinds = ", ".join(f"{count:,} of {kind}" for kind, count in reading.left_out.items())
            reason = f"holds no sentence to quote; what was left out: {kinds}"
        reading.errors.append(Problem(file, 1, reason))
    return reading


@dataclass(slots=True)
class _Place:
    """Where the reading stands: under which headings, and whether the last of them asks."""

    title: str
    by_level: dict[int, str] = field(default_factory=dict)
    asked: bool = False

    @property
    def section(self) -> tuple[str, ...]:
        return tuple(self.by_level.values())

    def enter(self, heading: Block) -> None:
        """Go under a heading: those of its level and of deeper ones end."""
        above = {level: text for level, text in self.by_level.items() if level < heading.level}
        text = " ".join(without_markers(written(heading)).split())[:MAX_HEADING_CHARS]
        self.by_level = above
        self.asked = is_question(text)
        if text and (above or text.casefold() != self.title):  # the title stands beside it anyway
            self.by_level[heading.level] = text


def _stretches(
    blocks: Sequence[Block], imported: Imported, kept: Collection[Kind], reading: BlocksReading
) -> Iterator[Stretch]:
    """What is read together; headings and what is left out come between."""
    place = _Place(" ".join((imported.title or "").split()).casefold())
    group: list[Block] = []

    def close() -> Iterator[Stretch]:
        if group:
            for together, whole in _parted(group, answers=place.asked):
                yield _stretch(together, place.section, imported, whole=whole)
            group.clear()

    for block in blocks:
        if not any(map(str.isalnum, written(block))):
            if block.kind == "heading":  # without words it ends what is under those of its level
                yield from close()
                place.enter(block)
            continue
        if block.kind in kept:
            group.append(block)
            continue
        reading.leave_out(block)
        if block.kind == "heading":
            yield from close()
            place.enter(block)
    yield from close()


def _parted(group: Sequence[Block], *, answers: bool) -> Iterator[tuple[list[Block], bool]]:
    """The blocks that are read together, and whether they are one passage."""
    if answers:
        yield from _answers(group)
        return
    for steps, blocks in groupby(group, key=lambda block: block.steps):
        together = list(blocks)
        lengths = [len(written(block)) for block in together]
        if (
            steps
            and len(together) > 1
            and max(lengths) <= MAX_STEP_CHARS
            and sum(lengths) <= MAX_ANSWER_CHARS
        ):
            yield together, True
        else:
            yield from (([block], block.kind == "row") for block in together)


def _answers(group: Iterable[Block]) -> Iterator[tuple[list[Block], bool]]:
    """Blocks of an answer, as many together as are short; a row, and a long one, by itself."""
    together: list[Block] = []
    length = 0
    for block in group:
        more = len(written(block))
        if together and (block.kind == "row" or length + more > MAX_ANSWER_CHARS):
            yield together, True
            together, length = [], 0
        if block.kind == "row" or more > MAX_ANSWER_CHARS:
            yield [block], block.kind == "row"
        else:
            together = [*together, block]
            length += more
    if together:
        yield together, True


def _stretch(
    blocks: Sequence[Block], section: tuple[str, ...], imported: Imported, *, whole: bool
) -> Stretch:
    """Blocks as text with its lines, white space made single spaces."""
    first = blocks[0]
    joined = _Joined()
    for block in blocks:
        joined.begin(block)
        for part in block.parts:
            joined.add(part)
    return Stretch(
        "".join(joined.pieces),
        joined.lines,
        joined.starts,
        section,
        first.place,
        first.columns,
        joined.marked,
        joined.verbatim,
        imported.prints_markers,
        whole,
    )


@dataclass(slots=True)
class _Joined:
    """The text of blocks in the making, and what stands where in it."""

    pieces: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    marked: list[Marker] = field(default_factory=list)
    verbatim: list[tuple[int, int]] = field(default_factory=list)
    _length: int = 0
    _line: int = 1
    _is_row: bool = False

    def begin(self, block: Block) -> None:
        """Go on with another block, a space behind the one before."""
        self._append_space(" ")
        self._is_row = block.kind == "row"
        self._begin_line(block.line)

    def add(self, part: Part) -> None:
        """Add a part of the block."""
        if isinstance(part, Cited):
            # Before a space, so that the words on both sides of it stay apart.
            at = self._length - (self.pieces[-1:] == [" "])
            self.marked.append(Marker(at, at, "citation", part.numbers))
            return
        start = self._length
        for word, space in _words(part if isinstance(part, str) else part.text):
            self._append(word)
            if space:
                self._append_space(CELL_END if self._is_row and CELL_END in space else " ")
                if breaks := space.count("\n"):
                    self._begin_line(self._line + breaks)
        if isinstance(part, Verbatim):
            self.verbatim.append((start, self._length))

    def _begin_line(self, line: int) -> None:
        self._line = line
        self.starts.append(self._length)
        self.lines.append(line)

    def _append(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self._length += len(text)

    def _append_space(self, space: str) -> None:
        if space == CELL_END or (self.pieces and not self.pieces[-1].isspace()):
            self._append(space)


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Each run of text with the white space behind it."""
    at = 0
    for space in _SPACES.finditer(text):
        yield text[at : space.start()], space[0]
        at = space.end()
    yield text[at:], ""


def _without_controls(block: Block) -> Block:
    """A block less what can hide or reorder what people read."""
    if not _CONTROL.search(written(block)):
        return block
    parts = tuple(
        part
        if isinstance(part, Cited)
        else _CONTROL.sub("", part)
        if isinstance(part, str)
        else Verbatim(_CONTROL.sub("", part.text))
        for part in block.parts
    )
    return replace(block, parts=parts)
