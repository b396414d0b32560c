"""The card of an upload: its counts, its pages, and that it fits whatever the file says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import AsyncMock

import pytest

from bot.cards.upload import (
    counts_of,
    left_page,
    pages_of,
    passage_page,
    refusal_words,
    summary,
    warning_words,
)
from bot.commands.index.incoming import Replacement, Understood
from bot.commands.index.upload_card import At, UploadCard
from bot.interactions.tracking import begin_event
from bot.locales import LANGUAGES, speaking
from bot.uploads.reading_child import ReadUpload
from index.documents.corpus import Source
from index.documents.differences import DocumentDifference
from index.documents.document import Document, Reference
from index.documents.passages import Passage
from index.documents.reading.kept import pack_reading
from index.documents.uploads import read_upload
from index.errors import CorpusError, Problem
from index.importers.blocks import KINDS
from tests.bot.cards.test_cards import SPEC, assert_fits, texts

HOSTILE = "*_~`|<>@[]():#" * 300


def read(*passages: Passage, **values: Any) -> ReadUpload:
    """What is shown of passages."""
    spec = SPEC.model_copy(update=values.pop("spec", {}))
    document = Document(spec, passages)
    sections = len({passage.section for passage in passages if passage.section})
    upload = ReadUpload(
        spec, "d.md", pack_reading(document), document.cited, document.numbers, sections,
        (), {}, {}, {},
    )  # fmt: skip
    return replace(upload, **values)


def passages(count: int, **values: Any) -> list[Passage]:
    return [Passage("d", n, f"Passage {n}.", **values) for n in range(1, count + 1)]


def page(passages: Sequence[Passage], number: int = 0) -> list[str]:
    return passage_page(passages, number, []).splitlines()


class TestCounts:
    def test_are_one_sentence_of_what_there_is(self) -> None:
        known = {
            "1": Reference(title="A book", url="https://example.org"),
            "2": Reference(title="Another"),
        }
        upload = read(
            *passages(3, section=("Rules",), citations=("1", "2")),
            spec={"references": known},
            left_out={"heading": 4, "caption": 0, "reference": 2, "front matter": 1},
        )
        assert counts_of(upload) == (
            "3 passages in 1 section; 3 of them carry citation numbers (2 different ones); "
            "left out: 4 headings, 2 references (2 numbers have a title, 1 a link), "
            "1 piece of front matter"
        )

    def test_name_nothing_that_there_is_not(self) -> None:
        assert counts_of(read(*passages(1), spec={"references": {}})) == "1 passage"

    def test_tell_of_references_that_no_list_of_the_file_holds(self) -> None:
        upload = read(*passages(2, citations=("1",)))
        assert counts_of(upload).endswith("; 1 number has a title, 1 a link")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_are_said_in_every_language(self, language: str) -> None:
        left_out = {kind: 10 + n for n, kind in enumerate(KINDS)}
        with speaking(language):
            told = counts_of(read(*passages(3), left_out=left_out))
        assert all(str(count) in told for count in left_out.values())


class TestPages:
    def test_hold_five_passages_each_and_say_which_they_are(self) -> None:
        many = passages(12)
        assert pages_of(12, left=False) == 3
        assert page(many, 1)[0] == "> Passage 6."
        assert page(many, 2)[-1] == "-# page 3 of 3"
        assert page(many, 2)[2] == "> Passage 12."

    def test_a_section_stands_over_the_first_passage_under_it(self) -> None:
        sections = [("Handbook", "Opening *hours*")] * 2 + [()] + [("Fees",)] * 2
        shown = page(
            [Passage("d", n, "A.", section=section) for n, section in enumerate(sections, 1)]
        )
        small = [line for line in shown if line.startswith("-# ")]
        assert small == ["-# Handbook › Opening \\*hours\\*", "-# Fees", "-# page 1 of 1"]

    def test_rows_are_shown_by_their_columns(self) -> None:
        rows = [
            Passage("d", 1, "Monday\tnorth", columns=("day", "desk")),
            Passage("d", 2, "Tuesday\t", columns=("day", "desk")),
            Passage("d", 3, "Wednesday\tsouth"),
        ]
        quoted = [line for line in page(rows) if line.startswith("> ")]
        assert quoted == [
            "> day\\: Monday · desk\\: north",
            "> day\\: Tuesday",
            "> Wednesday · south",
        ]

    def test_of_what_is_left_out_say_how_many_more_there_are(self) -> None:
        lines = left_page("navigation", [f"Go {n}" for n in range(100)], 219, 9, []).splitlines()
        assert lines[0] == "**219 lines of navigation**"
        assert lines[1] == "- Go 90"
        assert lines[-2:] == ["-# page 10 of 10", "-# the first 100 of 219"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("note", ["", "as before"])
@pytest.mark.parametrize("what", ["passages", "differences", *KINDS])
@pytest.mark.parametrize("is_asked", [True, False, None])
async def test_a_card_of_what_is_hostile_fits_and_nothing_takes_effect(
    language: str, note: str, what: Any, *, is_asked: bool | None
) -> None:
    """`is_asked` is None where it replaces nothing."""
    begin_event("slash", 1, 7)
    hostile = Passage(
        "d", 1, HOSTILE, (HOSTILE[:50],) * 30, (), (HOSTILE,) * 3, "", (HOSTILE[:200],) * 2
    )
    upload = read(
        *[replace(hostile, line=n) for n in range(1, 31)],
        spec={"title": HOSTILE[:200]},
        warnings=(Problem("d.md", 1, HOSTILE),) * 100,
        guessed={"language": "en", "layout": "prose", "markers": "trailing"},
        left_out=dict.fromkeys(KINDS, 1_000_000),
        left_texts=dict.fromkeys(KINDS, (HOSTILE[:200],) * 100),
    )
    many, gone = upload.passages, tuple(replace(hostile, text=f"{HOSTILE}{n}") for n in range(9))
    pairs = tuple((one, replace(one, text=HOSTILE[::-1])) for one in many[:9])
    difference = DocumentDifference(tuple(many), gone, pairs, 1, (HOSTILE[:50],) * 30, same=False)
    old = Source(SPEC.model_copy(update={"title": HOSTILE[:200]}), b"", "d.md")
    replacement = None if is_asked is None else Replacement(upload, old, 1, difference)
    understood = Understood(upload, replacement, is_asked=bool(is_asked))
    preview: Any = AsyncMock(understood=understood, kept={})
    with speaking(language):
        words = refusal_words(CorpusError(upload.warnings)) if note else ""
        card = UploadCard(preview, At(what, 1), words)
    assert_fits(card)
    shown = "\n".join(texts(card))
    assert "@" in shown
    assert "@" not in shown.replace("\\@", "")
    assert sum(len(text) for text in texts(card)) > 1000
    assert "\n- " in shown or what not in KINDS
    assert ("\\+ " in shown) == (what == "differences" and replacement is not None)
    card.stop()


def test_a_file_of_nothing_but_one_row_has_a_card() -> None:
    upload = ReadUpload.of(read_upload("a.md", b"| a | b |\n|---|---|\n| 1 | 2 |\n"))
    assert passage_page(upload.passages, 0, []).splitlines()[0] == "> a\\: 1 · b\\: 2"
    assert summary(upload).startswith("**a**: 1 passage.")
    assert warning_words(upload) == ""
