"""What the elements of HTML are: blocks or not, of which kind, and which nobody sees."""

from __future__ import annotations

import re
from collections.abc import Collection

from index.importers.blocks import Kind
from index.importers.markup.parsing import Element, said, tag_of
from index.importers.raised import FIGURES, RAISED

__all__ = [
    "BLOCKS",
    "HEADINGS",
    "KINDS",
    "VERBATIM",
    "figures_of",
    "fixed_kind",
    "is_empty",
    "is_left_out",
    "place_around",
    "place_of",
    "text_set_in",
]

BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup html legend li main menu nav
    ol p pre search section summary table tbody td tfoot th thead tr ul""".split()
)
VERBATIM = frozenset(("code", "kbd", "samp", "tt", "math", "pre"))
HEADINGS = {f"h{level}": level for level in range(1, 7)}
KINDS: dict[str, Kind] = {
    **dict.fromkeys((*HEADINGS, "dt", "summary"), "heading"),
    "li": "item",
    "dd": "item",
    "pre": "code",
    "header": "front matter",
}
"""What a block is for the nearest of these that it stands in."""
_FIXED: dict[str, Kind] = {
    **dict.fromkeys(("nav", "footer", "aside", "form", "dialog", "menu", "search"), "navigation"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
}
"""What all blocks are that stand in one of these."""

_LEFT_OUT = frozenset(
    """script style template noscript iframe object embed svg canvas audio video map select
    textarea option datalist input button meter progress link meta title base area track param img
    picture source frame frameset noframes colgroup col rp rt annotation annotation-xml""".split()
)
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FOR_SCREEN_READERS = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screenreader-only".split()
)
_CONTENT = ("{*}h1", "{*}h2", "{*}main", "{*}article", "{*}p")
_LOWERED = str.maketrans("0123456789+\u2212=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
MAX_PLACE_CHARS = 200


def is_left_out(element: Element, name: str) -> bool:
    """Whether an element is none that is read: hidden, a control, a picture, a script."""
    if name in _LEFT_OUT:
        return True
    if (element.get("hidden") or "until-found") != "until-found" or element.get("hidden") == "":
        return True
    if _INVISIBLE.search(element.get("style") or ""):
        return True
    if name not in BLOCKS:
        if element.get("aria-hidden") == "true":
            return True
        return not _FOR_SCREEN_READERS.isdisjoint((element.get("class") or "").split())
    return False


def fixed_kind(element: Element, name: str) -> Kind | None:
    """The kind of all that an element holds. A form around a page's content is no navigation."""
    if name == "form" and next(element.iter(*_CONTENT), None) is not None:
        return None
    return _FIXED.get(name)


def figures_of(element: Element, name: str) -> str | None:
    """A raised or lowered number in signs of its own, so that 10⁶ does not become 106.

    A hyphen has no such sign, and stays: 10-⁶ is still told from 10-6.
    """
    text = (element.text or "").strip()
    if len(element) or not FIGURES.fullmatch(text):
        return None
    return text.translate(RAISED if name == "sup" else _LOWERED)


def place_of(element: Element) -> str:
    """What a link to an element ends with; empty where none leads to it."""
    name = element.get("id") or ""
    if not name and tag_of(element) == "a" and element.get("href") is None:
        name = element.get("name") or ""
    return f"#{name}" if 0 < len(name) <= MAX_PLACE_CHARS and not re.search(r"\s", name) else ""


def place_around(table: Element) -> str:
    """What leads to the figure that a table is in."""
    around = (one for one in table.iterancestors() if tag_of(one) in ("figure", "table-wrap"))
    figure = next(around, None)
    return "" if figure is None else place_of(figure)


def text_set_in(element: Element, tags: Collection[str]) -> str:
    """The text of an element of which all stands in one of these, such as `b`; else nothing."""
    if len(element) != 1 or tag_of(element[0]) not in tags:
        return ""
    if (element.text or "").strip() or (element[0].tail or "").strip():
        return ""
    return said(element[0])


def is_empty(element: Element) -> bool:
    """Whether an element holds neither text nor elements."""
    return not len(element) and not (element.text or "").strip()
