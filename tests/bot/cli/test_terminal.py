"""Answers as the terminal shows them."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from bot.cli.terminal import MATCH_STYLE, print_answer
from index.answering.answer import Answer
from index.answering.confidence import Reason
from index.documents.passages import Passage
from tests.bot.cards.test_cards import answer

HITS = answer("hwo ruled?", ["Park *ruled*."]).hits


def shown(made: Answer, *, nearest: bool = False, terminal: bool = False) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=200)
    with console.capture() as captured:
        print_answer(console, made, nearest=nearest)
    return captured.get()


def test_a_mended_question_is_told_above_its_answer() -> None:
    text = shown(Answer("hwo ruled?", HITS, len(HITS), 1.0, corrected="who ruled?"))
    assert text.index("who ruled?") < text.index("line 1")


def test_a_silence_tells_the_mended_question_and_what_came_closest_if_wanted() -> None:
    made = Answer("hwo?", HITS, 0, 0.1, Reason.LOW_CONFIDENCE, corrected="who?")
    assert "who?" in shown(made)
    assert "line 1" not in shown(made)
    assert "line 1" in shown(made, nearest=True)


def test_the_closest_passage_is_shown_as_such_and_unmarked() -> None:
    hits = answer("hwo ruled?", ["Park *ruled*.", "Others."]).hits
    made = Answer("hwo ruled?", hits, 0, 0.3, Reason.LOW_CONFIDENCE, "who ruled?", is_close=True)
    lines = shown(made).splitlines()
    assert "who ruled?" in lines[0]
    assert lines[1:] == [
        "The closest passage; it may not answer that.",
        "[1] [2–4]  d, line 1",
        "Park *ruled*.",
        "",
    ]
    with_others = shown(made, nearest=True)
    assert with_others.count("line 1") == 1
    assert "*Other*s." in with_others or "*Othe*" in with_others


def test_the_headings_of_a_passage_stand_beside_its_line() -> None:
    passage = replace(HITS[0].passage, section=("Handbook", "Opening [bold]hours"))
    text = shown(Answer("?", (replace(HITS[0], passage=passage),), 1, 1.0))
    assert "d · Handbook › Opening [bold]hours, line 1" in text


def test_a_row_is_shown_with_its_columns_and_its_page() -> None:
    row = Passage("d", 9, "Monday\tnorth desk", columns=("day", "[b]desk"), place="page 3")
    made = Answer("?", (replace(HITS[0], passage=row, spans=((7, 12),)),), 1, 1.0)
    assert shown(made).splitlines() == ["d, page 3", "day: Monday · [b]desk: *north* desk", ""]
    coloured = shown(made, terminal=True)
    assert "[b]desk: \x1b[1;36mnorth\x1b[0m desk" in coloured
    assert "\t" not in coloured


def test_a_place_of_signs_reaches_no_terminal() -> None:
    passage = replace(HITS[0].passage, place="#a\x1b[2J%1B[2J\nb", columns=("\x1b[2J",))
    text = shown(Answer("?", (replace(HITS[0], passage=passage),), 1, 1.0))
    assert "\x1b" not in text
    assert "d, #a[2J[2J b" in text


@pytest.mark.parametrize("terminal", [True, False])
def test_matches_are_coloured_on_a_terminal_and_starred_elsewhere(terminal: bool) -> None:
    text = shown(Answer("who ruled?", HITS, len(HITS), 1.0), terminal=terminal)
    assert ("*Park *" in text) != terminal
    assert ("\x1b[" in text) == terminal
    assert MATCH_STYLE
