"""Blocks to passages: what ends what is under a heading."""

from __future__ import annotations

from index.documents.reading.assembling import read_blocks
from index.importers.blocks import Block, Cited, Imported


def test_a_heading_without_words_ends_what_is_under_those_of_its_level() -> None:
    blocks = (
        Block("heading", ("Lamps",), level=2),
        Block("heading", ("Which oil burns?",), level=90),
        Block("paragraph", ("Whale oil does.",)),
        Block("heading", (), level=90),
        Block("paragraph", ("Lamps stand in the hall.",)),
    )
    reading = read_blocks(Imported(blocks), document="d", file="f")
    assert [(passage.text, passage.section) for passage in reading.passages] == [
        ("Whale oil does.", ("Lamps", "Which oil burns?")),
        ("Lamps stand in the hall.", ("Lamps",)),
    ]
    assert reading.left_out == {"heading": 2}


def test_a_marked_number_and_the_flag_behind_it_leave_no_bracket_in_the_text() -> None:
    parts = ("Collars are worn.", Cited(("7",)), "[better source needed] Bells ring.")
    reading = read_blocks(Imported((Block("paragraph", parts),)), document="d", file="f")
    assert [(one.text, one.citations, one.flags) for one in reading.passages] == [
        ("Collars are worn.", ("7",), ("better source needed",)),
        ("Bells ring.", (), ()),
    ]


def test_a_marked_number_between_words_leaves_a_space() -> None:
    parts = ("Oil", Cited(("1",)), " and then ", Cited(("2",)), " gas burned.")
    reading = read_blocks(Imported((Block("paragraph", parts),)), document="d", file="f")
    assert [(one.text, one.citations) for one in reading.passages] == [
        ("Oil and then gas burned.", ("1", "2"))
    ]
