"""Whatever a file is made of, passages are its text as people see it: whole, in order, and no more.

Source and visible text are made side by side, of the same pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents.passages import CELL_END, Passage
from index.documents.reading.sentences import Layout
from index.documents.uploads import read_upload

SAID = st.sampled_from(
    "lamp harbour keeper oil winter boats Mason's 1871 3.5 l’huile <b> R&D".split()
)
UNSAID = st.sampled_from("ZHEAD ZSIGN".split())
"""Words of what is no text: no passage holds one."""
ADDRESS = "https://lamps.example/a_b"


@dataclass(frozen=True)
class Piece:
    """A stretch of a sentence: how Markdown, HTML and a plain text write it, and what is seen."""

    markdown: str
    html: str
    text: str
    seen: str


@dataclass(frozen=True)
class Part:
    """A paragraph, list, table, heading or code, as `Piece` is; `seen` is by blocks."""

    markdown: str
    html: str
    text: str
    seen: tuple[str, ...] = ()


def _word(word: str) -> Piece:
    written = word.replace("<", "&lt;") if "<" in word else word
    return Piece(written, escape(word), word, word)


def _marked(sign: str, tag: str) -> Callable[[str], Piece]:
    return lambda word: Piece(
        f"{sign}{_word(word).markdown}{sign}", f"<{tag}>{escape(word)}</{tag}>", word, word
    )


def _code(word: str) -> Piece:
    return Piece(f"`{word}`", f"<code>{escape(word)}</code>", word, word)


def _link(word: str) -> Piece:
    written = f"[{_word(word).markdown}]({ADDRESS})"
    return Piece(written, f'<a href="{ADDRESS}">{escape(word)}</a>', word, word)


WORDS = st.one_of(
    SAID.map(_word),
    SAID.map(_word),
    SAID.map(_marked("*", "em")),
    SAID.map(_marked("**", "strong")),
    SAID.map(_code),
    SAID.map(_link),
)
CITATIONS = st.sampled_from(
    [
        Piece("", "", "", ""),
        Piece(" [1]", " [1]", " [1]", ""),
        Piece("[2, 3]", "[2, 3]", "[2, 3]", ""),
        Piece("[^1]", '<sup><a href="#n1">1</a></sup>', "[4]", ""),
    ]
)


def _joined(pieces: Sequence[Piece], between: str = "") -> Piece:
    return Piece(
        between.join(piece.markdown for piece in pieces),
        between.join(piece.html for piece in pieces),
        between.join(piece.text for piece in pieces),
        between.join(piece.seen for piece in pieces),
    )


def _sentence(words: Sequence[Piece], cited: Piece, *, is_behind: bool) -> Piece:
    """A sentence that begins as one, with its citation before its full stop or behind it."""
    said = _joined([_word("The"), *words, _word("burned")], " ")
    end = _word(".")
    return _joined([said, end, cited] if is_behind else [said, cited, end])


SENTENCES = st.builds(
    _sentence, st.lists(WORDS, min_size=3, max_size=8), CITATIONS, is_behind=st.booleans()
)
PROSE = st.lists(SENTENCES, min_size=1, max_size=3).map(lambda pieces: _joined(pieces, " "))


def _paragraph(prose: Piece) -> Part:
    return Part(prose.markdown, f"<p>{prose.html}</p>", prose.text, (prose.seen,))


def _heading(word: str, level: int) -> Part:
    name = f"{word} {word}"
    return Part(f"{'#' * level} {name}", f"<h{level}>{name}</h{level}>", name)


def _list(items: Sequence[Piece], *, is_ordered: bool) -> Part:
    tag = "ol" if is_ordered else "ul"
    signs = [f"{number}." if is_ordered else "-" for number in range(1, len(items) + 1)]
    return Part(
        "\n".join(f"{sign} {item.markdown}" for sign, item in zip(signs, items, strict=True)),
        f"<{tag}>{''.join(f'<li>{item.html}</li>' for item in items)}</{tag}>",
        "\n".join(f"{sign} {item.text}" for sign, item in zip(signs, items, strict=True)),
        tuple(item.seen for item in items),
    )


def _table(rows: Sequence[tuple[Piece, Piece]]) -> Part:
    lines = ["| ZHEAD | ZSIGN |", "| --- | --- |"]
    lines += [f"| {one.markdown} | {other.markdown} |" for one, other in rows]
    cells = "".join(f"<tr><td>{one.html}</td><td>{other.html}</td></tr>" for one, other in rows)
    return Part(
        "\n".join(lines),
        "<table><caption>ZSIGN</caption><tr><th>ZHEAD</th><th>ZSIGN</th></tr>" + cells + "</table>",
        "\n\n".join(f"{one.text} {other.text}" for one, other in rows),
        tuple(f"{one.seen}{CELL_END}{other.seen}" for one, other in rows),
    )


def _code_block(word: str) -> Part:
    return Part(f"```\n{word} = [1]\n```", f"<pre><code>{word} = [1]</code></pre>", "")


PARTS = st.one_of(
    PROSE.map(_paragraph),
    PROSE.map(_paragraph),
    st.builds(_heading, UNSAID, st.integers(1, 4)),
    st.builds(_list, st.lists(SENTENCES, min_size=2, max_size=4), is_ordered=st.booleans()),
    st.lists(st.tuples(SENTENCES, SENTENCES), min_size=2, max_size=4).map(_table),
    UNSAID.map(_code_block),
)
FILES = st.builds(
    lambda first, parts, last: [_paragraph(first), *parts, _paragraph(last)],
    PROSE,
    st.lists(PARTS, max_size=6),
    PROSE,
)


def source_of(parts: Sequence[Part], suffix: str) -> str:
    if suffix == ".md":
        # Two lists that follow each other are one, but for what stands between them.
        text = "\n\n<!-- -->\n\n".join(part.markdown for part in parts)
        if "[^1]" in text:  # where citations are marked, numbers in brackets may be text
            text = text.replace(" [1]", "").replace("[2, 3]", "")
            return f"{text}\n\n[^1]: ZSIGN in a note.\n"
        # Apart from the words, numbers in brackets are citations where there are references.
        return f"{text}\n\n## References\n\n[1] ZSIGN one.\n\n[2] ZSIGN two.\n\n[3] ZHEAD.\n"
    if suffix == ".html":
        body = "\n".join(part.html for part in parts)
        if "#n1" in body:  # where citations are marked, numbers in brackets are text
            body = body.replace(" [1]", "").replace("[2, 3]", "")
        note = '<ol class="references"><li id="n1">ZSIGN in a note.</li></ol>'
        return f"<html><body>{body}{note if '#n1' in body else ''}</body></html>"
    # Short texts that follow each other are no headings in a text without marks.
    shown = [part for part in parts if part.text]
    kept = [one for before, one in pairwise([shown[0], *shown]) if one.seen or before.seen]
    return "\n\n".join(part.text for part in kept) + "\n"


def squeezed(text: str) -> str:
    """Text without its white space but for the ends of cells."""
    return "".join(sign for sign in text if sign == CELL_END or not sign.isspace())


def passages_in(parts: Sequence[Part], suffix: str) -> Sequence[Passage]:
    content = source_of(parts, suffix).encode()
    # So short a text may be guessed to be one of lines, each of which is a passage.
    layout: Layout | None = "prose" if suffix == ".txt" else None
    return read_upload(f"lamp{suffix}", content, layout=layout).document.passages


@pytest.mark.parametrize("suffix", [".md", ".html"])
@settings(max_examples=40)
@given(parts=FILES)
def test_passages_are_all_that_is_said_in_its_order_and_no_more(
    suffix: str, parts: list[Part]
) -> None:
    seen = "".join(squeezed(block) for part in parts for block in part.seen)

    assert "".join(squeezed(one.text) for one in passages_in(parts, suffix)) == seen


@settings(max_examples=40)
@given(parts=FILES)
def test_passages_of_a_plain_text_are_runs_of_it(parts: list[Part]) -> None:
    blocks = ["".join(map(squeezed, part.seen)) or "\n" for part in parts if part.text]
    seen = "".join(blocks).replace(CELL_END, "")

    for one in passages_in(parts, ".txt"):
        text = squeezed(one.text)
        assert text in seen
        assert "ZHEAD" not in text
        assert "ZSIGN" not in text
