"""Text of others made harmless in Discord's Markdown: passages as quotations, and their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote, unquote

from bot.locales import say
from index.documents.document import DocumentSpec
from index.documents.passages import CELL_END, Passage

__all__ = [
    "escape",
    "first_lines",
    "headings",
    "labels_within",
    "link",
    "number_label",
    "one_line",
    "place_link",
    "place_words",
    "quotation",
    "row_in_words",
    "stands_at_line",
    "unescape",
    "visible",
]

MAX_LINK = 400
"""Characters of an address; a longer one is left out, and its label stays."""
MAX_HEADINGS = 100
MAX_COLUMN = 60
MAX_PLACE = 60
FRAGMENT_WORDS = 4
"""Words at each end of a passage that find it in a web page."""

# Discord takes a backslash before any punctuation as "this is text". Escaped are the characters
# that begin emphasis, code, spoilers, links, mentions, timestamps and emoji, and at the start of
# a line those of headings, lists and quotations.
_ACTIVE = re.compile(r"[\\*_~`|<>@\[\]():]")
_LINE_START = re.compile(r"^([^\S\n]*\d*)([#+\-.])", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\*_~`|<>@\[\]():#+\-.])")
_PAGE = re.compile(r"page ([0-9]{1,9})")
_EVERYBODY = re.compile("@(?=everyone|here)")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# What can hide or reorder text, or make it look empty: control characters, marks of direction,
# spaces without width, fillers, tags. The joiners of scripts and of emoji stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)


def escape(text: str) -> str:
    """`text` so that Discord shows it as it is, and nothing in it takes effect."""
    return _LINE_START.sub(r"\1\\\2", _ACTIVE.sub(r"\\\g<0>", visible(text)))


def unescape(text: str) -> str:
    """What `escape` was given, less what cannot be seen."""
    return _ESCAPED.sub(r"\1", text)


def visible(text: str) -> str:
    """`text` without signs that hide or reorder it."""
    return _INVISIBLE.sub("", text)


def one_line(text: str, limit: int = 300) -> str:
    """`text` on one line, cut at `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def headings(section: Sequence[str]) -> str:
    """The headings that a passage stands under, `Rules › Opening hours`, on one short line."""
    return one_line(" › ".join(section), MAX_HEADINGS)


def link(label: str, address: str | None) -> str:
    """`label`, escaped already, as a masked link where there is an address of a fit length."""
    if not address:
        return label
    target = quote(address, safe="/:?#@!$&'+,;=%-._~", errors="replace")
    target = _EVERYBODY.sub("%40", _BARE_PERCENT.sub("%25", target))
    return f"[{label}]({target})" if len(target) <= MAX_LINK else label


def row_in_words(
    passage: Passage, spans: Iterable[tuple[int, int]] = ()
) -> tuple[str, list[tuple[int, int]]]:
    """The text of a passage as people read it, and where its [start, end) `spans` are in that.

    A row is `day: Monday · desk: north`, its empty cells left out; any other text stays as it is.
    """
    if CELL_END not in passage.text and not passage.columns:
        return passage.text, list(spans)
    known = list(spans)
    shown: list[tuple[int, int]] = []
    text = ""
    start = 0
    for number, cell in enumerate(passage.text.split(CELL_END)):
        end = start + len(cell)
        if cell.strip():
            text += " · " if text else ""
            if name := one_line(visible("".join(passage.columns[number : number + 1])), MAX_COLUMN):
                text += f"{name}: "
            shift = len(text) - start
            text += cell
            inside = ((max(first, start), min(last, end)) for first, last in known)
            shown += [(first + shift, last + shift) for first, last in inside if first < last]
        start = end + len(CELL_END)
    return text, shown


def place_words(passage: Passage) -> str:
    """Where a passage stands in its source, unescaped: `#History`, `page 3`, else `line 12`."""
    return _named_place(passage) or say("place.line", line=passage.line)


def place_link(passage: Passage, spec: DocumentSpec, *, linked: bool = True) -> str:
    """Where a passage stands, escaped, as a link where its source has an address for that.

    What a link ends with is of no use without one: then it is the line.
    """
    if stands_at_line(passage, spec):
        words = say("place.line", line=passage.line)
    else:
        words = place_words(passage)
    return link(escape(words), _address(passage, spec) if linked else None)


def stands_at_line(passage: Passage, spec: DocumentSpec) -> bool:
    """Whether people are told the line of a passage, since its place would not help them."""
    place = _named_place(passage)
    return not place or (place.startswith("#") and spec.source_url is None)


def _named_place(passage: Passage) -> str:
    """A place that is known by more than a line, on one short line; nothing where it is not."""
    place = one_line(visible(unquote(passage.place)), MAX_PLACE)
    if place.startswith("page "):
        return say("place.page", page=place.removeprefix("page "))
    return place if place.startswith("#") and len(place) > 1 else ""


def _address(passage: Passage, spec: DocumentSpec) -> str | None:
    """The address of a passage in its source on the web; None where there is none of its own."""
    if spec.source_url is None:
        return None
    source = spec.source_url.partition("#")[0]
    place = passage.place.strip()
    if place.startswith("#"):
        return source + place
    if page := _PAGE.fullmatch(place):
        is_pdf = spec.format == "pdf" or source.partition("?")[0].lower().endswith(".pdf")
        return f"{source}#page={page[1]}" if is_pdf else None
    if place or spec.format != "html":
        return None
    return source + _text_fragment(passage.text)


def _text_fragment(text: str) -> str:
    """What makes a browser look for a passage: its words where they are few, or both its ends."""
    cells = [words for cell in text.split(CELL_END) if (words := cell.split())]
    if not cells:
        return ""
    if len(cells) == 1 and len(cells[0]) <= 2 * FRAGMENT_WORDS:
        ends = cells
    else:
        ends = [cells[0][:FRAGMENT_WORDS], cells[-1][-FRAGMENT_WORDS:]]
    # A hyphen, like a comma, would be taken for a sign of the fragment's own.
    told = (quote(" ".join(words), safe="", errors="replace") for words in ends)
    return "#:~:text=" + ",".join(told).replace("-", "%2D")


def number_label(number: str) -> str:
    """A citation number as it is printed, `[28]`, escaped."""
    return f"\\[{escape(number)}\\]"


def labels_within(labels: Iterable[str], limit: int) -> str:
    """As many labels as come to at most `limit` characters, with a space between them."""
    text = ""
    for label in labels:
        if len(text) + len(label) > limit:
            return f"{text} …".lstrip()
        text = f"{text} {label}".lstrip()
    return text


def first_lines(text: str, limit: int) -> str:
    """As many whole lines of `text` as fit into `limit` characters."""
    while len(text) > limit:
        text = text.rpartition("\n")[0]
    return text


def quotation(text: str, bold: Iterable[tuple[int, int]] = ()) -> str:
    """`text` as one quoted line, with the [start, end) spans of `bold` in bold."""
    pieces: list[str] = []
    position = 0
    for start, end in _join(text, bold):
        pieces += [escape(text[position:start]), "**", escape(text[start:end]), "**"]
        position = end
    pieces.append(escape(text[position:]))
    return "> " + "".join(pieces)


def _join(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch or have only white space between them made one."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if runs and not text[runs[-1][1] : start].strip():
            runs[-1] = (runs[-1][0], max(runs[-1][1], end))
        else:
            runs.append((start, end))
    return runs
