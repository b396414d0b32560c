"""What each piece of a text is: told by itself, by its neighbours, and by the whole text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from index.importers.blocks import Kind
from index.importers.text.contents import (
    is_contents_heading,
    key_of,
    listed_title,
    runs_of_contents,
)
from index.importers.text.forms import asks, is_lead_in, is_short, is_terminated, room_taken
from index.importers.text.lines import Layout
from index.importers.text.pieces import Form, Piece
from index.importers.text.references import list_ranges

__all__ = ["Kinds", "kinds_of"]

PLAIN_LEVEL = 2
"""The level of a heading that nothing tells the level of; a title stands above it."""
MIN_CHAIN = 3
"""So many short texts one below the other are a list, or a menu; fewer are headings."""
MIN_COPIED_EDITS = 2
MIN_COPIED_CARETS = 3
MIN_COPIED_NOTICES = 3
MAX_SECTION_ROOM = 60
MAX_LISTED_ROOM = 200
MAX_OPENING_CHARS = 40
MIN_ITEM_CHARS = 25
BRIEF = 0.6
"""A heading behind a list has at most so much of the length of its items, if they are long."""

_LISTED_ROW = re.compile(r"\d{1,2}(?:\.\d{1,2})*\t[^\t]{1,150}")

_BY_FORM: dict[Form, Kind] = {
    "heading": "heading",
    "row": "row",
    "table": "row",
    "contents": "navigation",
    "caret": "reference",
    "caption": "caption",
    "notice": "navigation",
    "code": "code",
    "item": "item",
    "short": "heading",
    "prose": "paragraph",
}


@dataclass(slots=True)
class Kinds:
    """The kind of each piece, the levels of headings, the lists of references, and the title."""

    kinds: list[Kind]
    levels: dict[int, int] = field(default_factory=dict)
    lists: list[range] = field(default_factory=list)
    title: str | None = None


def kinds_of(pieces: Sequence[Piece], layout: Layout) -> Kinds:
    """Say of each piece what it is."""
    return _Telling(pieces, layout).kinds()


class _Telling:
    """The pieces of a text, and what has been said of them so far."""

    def __init__(self, pieces: Sequence[Piece], layout: Layout) -> None:
        self.pieces = pieces
        self.layout = layout
        self.told = Kinds([_BY_FORM[piece.form] for piece in pieces])
        self.open = [piece.form == "short" for piece in pieces]
        self.listed: dict[str, int] = {}
        self.below_contents = 0
        self.has_menu = self.has_contents = False

    def kinds(self) -> Kinds:
        self._take_contents()
        edits = sum(piece.form == "heading" and not piece.level for piece in self.pieces)
        self.has_menu = self.has_menu or edits >= MIN_COPIED_EDITS
        carets = sum(piece.form == "caret" for piece in self.pieces)
        notices = sum(piece.form == "notice" for piece in self.pieces)
        self.is_copied = (
            self.has_menu or carets >= MIN_COPIED_CARETS or notices >= MIN_COPIED_NOTICES
        )
        self._take_headings()
        self._take_lists()
        if self._has_sentences():
            self._take_front()
        else:
            self.told.kinds = [
                "paragraph" if is_open else kind
                for is_open, kind in zip(self.open, self.told.kinds, strict=True)
            ]
            self.open = [False] * len(self.open)
        self._take_chains()
        self._set_levels()
        return self.told

    def _say(self, at: int, kind: Kind, level: int = 0) -> None:
        self.told.kinds[at] = kind
        self.open[at] = False
        if level:
            self.told.levels[at] = level

    def _take_contents(self) -> None:
        """Lists of contents, and the headings that they list."""
        short = [
            piece.form in ("short", "heading", "item")
            or (piece.form == "row" and bool(_LISTED_ROW.fullmatch(piece.text)))
            for piece in self.pieces
        ]
        for run in runs_of_contents([piece.text for piece in self.pieces], short):
            self.has_menu = True
            for at in run:
                self._list(self.pieces[at].text)
                self._say(at, "navigation")
            self.below_contents = self.below_contents or run.stop
        for at, piece in enumerate(self.pieces):
            if piece.form == "contents":
                for line in piece.chunk.lines:
                    self._list(line.text)
                self.below_contents = self.below_contents or at + 1
            elif short[at] and is_contents_heading(piece.text):
                self._say(at, "navigation")

    def _list(self, text: str) -> None:
        self.has_contents = True
        title, level = listed_title(text)
        if key := key_of(title):
            self.listed.setdefault(key, level or 1)

    def _take_headings(self) -> None:
        """Headings that are sure: listed in the contents, marked, or numbered by more than one."""
        for at, piece in enumerate(self.pieces):
            if self.told.kinds[at] == "navigation" or piece.form not in (
                "short",
                "heading",
                "item",
                "prose",
            ):
                continue
            level = self._listed_level(at, piece)
            if piece.form == "heading":
                self._say(at, "heading", piece.level or (level or 1) + 1)
            elif level:
                self._say(at, "heading", level + 1)
            elif piece.level and self._is_numbered_heading(at):
                self._say(at, "heading", piece.level + 1)

    def _listed_level(self, at: int, piece: Piece) -> int:
        """The level of a heading that the contents list, at its first place below them; else 0."""
        if at < self.below_contents or self._is_deep(piece) or not self._may_be_listed(piece):
            return 0
        return self.listed.pop(key_of(piece.text), 0)

    def _may_be_listed(self, piece: Piece) -> bool:
        if room_taken(piece.text) > MAX_LISTED_ROOM:
            return False
        return piece.form != "prose" or len(piece.text) <= MAX_SECTION_ROOM

    def _is_deep(self, piece: Piece) -> bool:
        """Whether a piece stands as deep as the sentences of a text that is set in."""
        return self.layout.is_set_in and self.layout.indent <= piece.chunk.first.indent

    def _is_numbered_heading(self, at: int) -> bool:
        """Whether a numbered short text is no item of a list: no other follows or goes before."""
        piece = self.pieces[at]
        if self._is_deep(piece):
            return False
        if "." in piece.number or not piece.number:
            return True
        beside = [self.pieces[other] for other in (at - 1, at + 1) if 0 <= other < len(self.pieces)]
        return not any(other.number and "." not in other.number for other in beside)

    def _take_lists(self) -> None:
        """Lists of references."""
        sure = {
            at
            for at in range(len(self.pieces))
            if self.told.kinds[at] == "heading" and not self.open[at]
        }
        skipped = {at for at, kind in enumerate(self.told.kinds) if kind == "navigation"}
        for heading, found in list_ranges(self.pieces, sure, skipped, is_copied=self.is_copied):
            self._say(heading, "heading", self.told.levels.get(heading, PLAIN_LEVEL))
            if found:
                self.told.lists.append(found)
            for at in found:
                if self.told.kinds[at] in ("caption", "navigation"):
                    continue
                if self.pieces[at].form == "row" and not self.is_copied:
                    continue
                is_menu = self.open[at] and self.is_copied
                self._say(at, "navigation" if is_menu else "reference")

    def _has_sentences(self) -> bool:
        """Whether anything ends as a sentence does; without, nothing short is left out."""
        return any(
            kind in ("paragraph", "item") and is_terminated(piece.text)
            for piece, kind in zip(self.pieces, self.told.kinds, strict=True)
        )

    def _take_front(self) -> None:
        """The title, and what stands between it and the first sentences."""
        sure = self._first_prose()
        fronts = [at for at in range(sure) if self.open[at]]
        if sure and self.pieces[0].form == "table":
            self._say(0, "front matter")
        if sure and self.pieces[0].form == "prose" and self._is_title(0, sure):
            fronts.insert(0, 0)
        if not fronts:
            return
        if len(fronts) > 1 and self._is_title(fronts[0], sure):
            self.told.title = " ".join(self.pieces[fronts[0]].text.split())
            self._say(fronts[0], "heading", 1)
        for at in range(sure):
            if self.told.kinds[at] == "paragraph" and self._is_fragment(self.pieces[at].text):
                self._say(at, "front matter")
        if len(fronts) < MIN_CHAIN and not self.is_copied:
            return
        for at in fronts[1:]:
            is_section = at == sure - 1 or (len(fronts) == MIN_CHAIN and not self.is_copied)
            is_section = is_section and self._names_section(self.pieces[at].text)
            self._say(at, "heading" if is_section else "front matter")

    def _is_fragment(self, text: str) -> bool:
        """Whether a text ends no sentence, nor leads in what follows."""
        return not is_terminated(text) and (self.is_copied or not is_lead_in(text))

    def _is_title(self, at: int, sure: int) -> bool:
        """Whether a short text is a title: of a copied page, where its first words speak of it."""
        text = " ".join(self.pieces[at].text.split())
        if not is_short(text, title=True):
            return False
        opening = " ".join(self.pieces[sure].text.split())[: MAX_OPENING_CHARS + len(text)]
        return not self.is_copied or text.casefold() in opening.casefold()

    def _first_prose(self) -> int:
        sure = (
            at for at, piece in enumerate(self.pieces)
            if self.told.kinds[at] == "paragraph"
            and piece.is_prose
            and (not self.is_copied or is_terminated(piece.text))
        )  # fmt: skip
        return next(sure, 0)

    def _names_section(self, text: str) -> bool:
        return (
            room_taken(text) <= MAX_SECTION_ROOM
            and "," not in text
            and not any(map(str.isdigit, text))
        )

    def _take_chains(self) -> None:
        """Short texts that nothing else tells: headings, items, captions, or a menu."""
        at = 0
        while at < len(self.pieces):
            end = at
            while end < len(self.pieces) and self.open[end]:
                end += 1
            if end > at:
                self._take_chain(range(at, end))
            at = max(end, at + 1)

    def _take_chain(self, chain: range) -> None:
        heads_prose = self._is_text(chain.stop)
        is_list = self._is_text(chain[0] - 1) and is_lead_in(self.pieces[chain[0] - 1].text)
        items, kind = len(chain), self._kind_of_items(chain[0], is_list=is_list)
        if is_list or len(chain) >= MIN_CHAIN + heads_prose:
            items = self._headings_behind(chain) if heads_prose else items
        elif self.has_menu:
            kind = "caption"
        elif chain.stop == len(self.pieces) and not self.is_copied:
            kind = "paragraph"
        else:
            items = 0
        for at in chain[:items]:
            self._say(at, kind)
        for at in chain[items:]:
            self._say(at, self._kind_of_heading(at))

    def _is_text(self, at: int) -> bool:
        return 0 <= at < len(self.pieces) and self.told.kinds[at] in ("paragraph", "item")

    def _kind_of_items(self, first: int, *, is_list: bool) -> Kind:
        """What a chain is: below a lead-in a list, or an example that is set in deeper."""
        if not is_list:
            return "navigation" if self.is_copied or self.has_contents else "item"
        piece = self.pieces[first]
        is_example = self._is_deep(piece) and piece.chunk.first.indent > self.layout.indent + 1
        return "code" if is_example else "item"

    def _kind_of_heading(self, at: int) -> Kind:
        """A heading, except where the text is set in and this stands as deep as its sentences."""
        piece = self.pieces[at]
        return "paragraph" if self._is_deep(piece) and not asks(piece.text) else "heading"

    def _headings_behind(self, chain: range) -> int:
        """How many of a chain are items; those behind them, much shorter, head what follows."""
        sizes = [len(self.pieces[at].text) for at in chain]
        cut = len(chain)
        while cut > max(2, len(chain) - 2):
            usual = median(sizes[: cut - 1])
            if usual < MIN_ITEM_CHARS or sizes[cut - 1] > BRIEF * usual:
                break
            cut -= 1
        return cut

    def _set_levels(self) -> None:
        """A plain heading right below another stands under it."""
        plain_before = False
        for at, kind in enumerate(self.told.kinds):
            if kind != "heading":
                plain_before = False
                continue
            if at not in self.told.levels:
                self.told.levels[at] = PLAIN_LEVEL + plain_before
                plain_before = True
            else:
                plain_before = False
