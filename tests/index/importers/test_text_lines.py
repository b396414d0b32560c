"""Plain text to blocks: what lines and their places tell of pages, words and tables; its bounds."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import CorpusError
from index.importers.blocks import MAX_BLOCKS, Block, written
from index.importers.encodings import MAX_TEXT_CHARS
from index.importers.text import read
from index.importers.text.reading import MAX_LINES
from tests.index.importers.texts import BUILT, BURNED, KEPT, SEEN, document, imported, kinds


def rows(text: str) -> list[tuple[str, tuple[str, ...]]]:
    blocks = imported(BUILT, text, BURNED).blocks
    return [(written(block), block.columns) for block in blocks if block.kind == "row"]


PRICES = ("Name", "Price", "Seats")


@pytest.mark.parametrize(
    "table",
    [
        "Name\tPrice\tSeats\nLamp\t3\t1\nHouse\t500\t6",
        "Name\tPrice\tSeats\n\nLamp\t3\t1\n\nHouse\t500\t6",
        "Name     Price   Seats\nLamp         3       1\nHouse      500       6",
        "Name    Price  Seats\n-----   -----  -----\nLamp    3      1\nHouse   500    6",
    ],
)
def test_tables(table: str) -> None:
    assert rows(table) == [("Lamp\t3\t1", PRICES), ("House\t500\t6", PRICES)]


def test_a_drawn_table() -> None:
    rule = "+-------+-------+"
    table = (rule, "| Name  | Price |", rule, "| Lamp  | 3     |", "| House | 500   |", rule)
    columns = ("Name", "Price")
    assert rows("\n".join(table)) == [("Lamp\t3", columns), ("House\t500", columns)]


def test_a_table_whose_first_row_names_no_columns() -> None:
    assert rows("Kingdom\tAnimalia\nClass\tAves") == [
        ("Kingdom\tAnimalia", ()),
        ("Class\tAves", ()),
    ]


def test_a_table_whose_cells_go_on_below_is_left_out() -> None:
    table = "| Name | Price  |\n| Lamp | three  |\n|      | pounds |"
    assert not rows(table)


def pages(*texts: str, foot: str = "") -> str:
    return "\f".join(
        f"Lamps of the coast      {number}\n\n{text}{foot.format(number)}"
        for number, text in enumerate(texts, start=1)
    )


def test_heads_and_feet_of_pages() -> None:
    text = pages(
        f"{BUILT}\n\nThe keeper filled the lamps each eve-\n",
        f"ning, and wrote what he used. Each evening he did.\n\n{KEPT}\n",
        f"{SEEN}\n",
        foot="\n- {} -\n",
    )
    blocks = imported(text).blocks
    found = [block for block in blocks if block.kind == "paragraph"]
    assert [" ".join(written(block).split()) for block in found] == [
        BUILT,
        "The keeper filled the lamps each evening, and wrote what he used. Each evening he did.",
        KEPT,
        SEEN,
    ]
    assert [block.place for block in found] == ["page 1", "page 1", "page 2", "page 3"]
    assert sum(block.kind == "furniture" for block in blocks) == 6


def test_lines_behind_the_end_of_a_page_are_counted() -> None:
    text = pages("A lamp burns what it is given by\n", "its keeper. It goes on until it is day.\n")
    assert [passage.line for passage in document(text).passages] == [3, 6]


def test_numbers_that_count_on_end_pages_without_form_feeds() -> None:
    text = "".join(
        f"{name}: {BUILT}\n\nSo {name} said: {BURNED}\n\nBut {name} said: {SEEN}\n\n"
        f"{KEPT} So {name} said.\n\nThen {name} went.\n\nThere {name} was.\n\nAnd {name} spoke."
        f"\n\nSo {name} ended.\n\nMason          Lamps          [Page {page}]\n\n"
        for page, name in enumerate(("Ada", "Ann", "Lee", "Kim"), start=1)
    )
    blocks = imported(text).blocks
    assert [written(block) for block in blocks if block.kind == "furniture"] == [
        f"Mason          Lamps          [Page {page}]" for page in (1, 2, 3, 4)
    ]
    assert [block.place for block in blocks if written(block).startswith(KEPT)] == [
        f"page {page}" for page in (1, 2, 3, 4)
    ]


def test_the_numbers_of_chapters_are_no_pages() -> None:
    chapters = [f"{number}\n\n" + f"{BUILT}\n\n" * number * 9 for number in range(1, 5)]
    assert not any(block.place for block in imported("".join(chapters)).blocks)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It had various fac-\ntors, and it was so.", "factors,"),
        ("It had various fac\u00ad\ntors, and it was so.", "factors,"),
        ("It was well-\nknown, and it was so.", "well-known,"),
        ("It was oil-\nfired. Such oil-fired lamps were rare.", "oil-fired."),
        ("It was of the third inter-\nest, and it was so.", "interest,"),
        ("It was wind-\ndriven. It was driven by wind.", "wind-driven."),
        ("It was lit in 1871-\n1902, and it was so.", "1871-1902,"),
    ],
)
def test_hyphens_at_line_ends(text: str, word: str) -> None:
    assert word in written(imported(text).blocks[0]).split()


def test_lines_of_a_script_without_spaces() -> None:
    assert written(imported("灯台は海辺に建て\nられた。").blocks[0]) == "灯台は海辺に建てられた。"


def test_each_line_of_text_that_is_not_broken_is_a_paragraph() -> None:
    assert kinds(f"{BUILT} {BURNED}\n{SEEN} {KEPT}\n{BUILT}") == ["paragraph"] * 3


def test_blocks_know_their_lines() -> None:
    assert [block.line for block in imported("History", BUILT, "\nLamps\n\n" + BURNED).blocks] == [
        1,
        3,
        6,
        8,
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = f"Über die Lampe\n\n{BUILT} Sie hieß Grünes Licht, und führte Öl mit sich."
    heading = read("lamps.txt", text.encode(encoding)).blocks[0]
    assert heading == Block("heading", ("Über die Lampe",), 1, level=2)


@pytest.mark.parametrize(
    "text",
    [
        "a" * (MAX_TEXT_CHARS + 1),
        "\n" * (MAX_LINES + 1),
        "It burns.\n\n" * (MAX_BLOCKS + 1),
        "a  b\n" * (MAX_BLOCKS + 1),
    ],
)
def test_what_is_too_much_is_refused_with_words(text: str) -> None:
    with pytest.raises(CorpusError, match=r"lamps\.txt:\d+: .*; part it into files of their own"):
        read("lamps.txt", text.encode())


LINES = st.sampled_from(
    [
        *(
            "",
            "",
            "",
            "History",
            BUILT,
            BURNED,
            f"{SEEN}[1]",
            "- an item",
            "1. Open it.",
            "2. Close",
        ),
        *("a\tb", "1\t2", "| a | b |", "+---+---+", "Name    3", "Lamp    4", "====", "References"),
        *("[1] Mason. 1902.", "[Smi20] Smith.", "^ a b Lee.", "\f", "Page 1", "Page 2", "- 3 -"),
        *(
            "fac-",
            "tors were",
            "So [Smi20] it is.",
            "Contents",
            "1 History ..... 4",
            "Fig. 1. A lamp.",
        ),
        *(
            "   set in = 3",
            "```",
            "Which?",
            "Q: Which?",
            "A: That.",
            "여기요",
            "灯台は",
            "建てた。",
            "Edit",
        ),
    ]
)


def bare(text: str) -> str:
    """Text less white space, hyphens, and the signs that tables are drawn with."""
    return re.sub(r"[\s\u00ad|+=-]", "", text)


@given(st.lists(LINES.filter(lambda line: line != "\f"), max_size=40))
def test_text_of_blocks_is_text_of_the_source(lines: list[str]) -> None:
    source = "\n".join(lines)
    for block in read("lamps.txt", source.encode()).blocks:
        assert bare(written(block)) in bare(source)
        assert 1 <= block.line <= len(lines)


@given(st.binary(max_size=2000))
def test_no_bytes_break_it(content: bytes) -> None:
    with suppress(CorpusError):
        read("lamps.txt", content)


@given(st.text(st.characters(exclude_characters="\0"), max_size=600))
def test_no_text_breaks_it(text: str) -> None:
    for block in read("lamps.txt", text.encode("utf-8", "replace")).blocks:
        assert written(block).strip()
