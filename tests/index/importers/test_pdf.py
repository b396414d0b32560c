"""PDF: what is read of it by where its letters stand, and what is refused."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import CorpusError
from index.importers.blocks import Block, Cited, Imported, written
from index.importers.formats import import_file
from index.importers.pdf import read
from tests.index.importers.made_pdf import BODY, Text, column, pdf

LAMP = (
    "The harbour lamp was lit in the winter of 1871 and burned through every night of it. "
    "Its keeper came at dusk and went at dawn, and wrote the weather down in a book. "
    "The oil was brought by boat from the town on the other side of the water."
)
BELL = (
    "The bell of the chapel was cast in the same year by two brothers from the hills. "
    "It was rung for fog, for fire and for the return of boats that had been given up. "
    "A crack has been heard in it since the great frost, and it is rung no more today."
)
DUNES = (
    "The dunes behind the village move a little further inland with every western storm. "
    "Grass was planted on them to hold the sand, and the goats were kept away from it. "
    "What they cover they keep, and now and then a wall or a well comes to light again."
)


def imported(*pages: list[Text], **told: str) -> Imported:
    return read(
        "a.pdf", pdf(*pages, title=told.get("title", ""), language=told.get("language", ""))
    )


def texts(document: Imported, kind: str) -> list[str]:
    return [" ".join(written(block).split()) for block in document.blocks if block.kind == kind]


def blocks(document: Imported, kind: str) -> list[Block]:
    return [block for block in document.blocks if block.kind == kind]


def refusal(content: bytes) -> str:
    with pytest.raises(CorpusError) as refused:
        read("a.pdf", content)
    (problem,) = refused.value.problems
    assert problem.file == "a.pdf"
    return problem.reason


class TestOrder:
    def test_two_columns_are_read_one_after_the_other_under_a_title_across_both(self) -> None:
        page = [
            Text(60, 740, "Lamp and bell of a harbour village", 16, "bold"),
            *column(60, 700, f"{LAMP} {LAMP}", chars=36),
            *column(320, 700, f"{BELL} {BELL}", chars=36),
        ]

        assert texts(imported(page), "paragraph") == [f"{LAMP} {LAMP}", f"{BELL} {BELL}"]

    def test_columns_that_a_file_draws_line_by_line_are_told_apart(self) -> None:
        both = [*column(60, 700, LAMP, chars=36), *column(320, 700, BELL, chars=36)]
        page = sorted(both, key=lambda text: -text.y)

        assert texts(imported(page), "paragraph") == [LAMP, BELL]

    def test_a_page_of_tables_has_the_columns_of_the_pages_around_it(self) -> None:
        one = [*column(60, 740, LAMP * 3, chars=36), *column(320, 740, BELL * 3, chars=36)]
        two = [*column(60, 740, BELL * 3, chars=36), *column(320, 740, LAMP * 3, chars=36)]
        rows = [Text(x, 740 - 12 * at, str(at)) for at in range(8) for x in (320, 400, 480)]
        beside = [*column(60, 740, DUNES, chars=36), *rows]

        assert DUNES in texts(imported(one, two, beside), "paragraph")

    def test_a_paragraph_goes_on_on_the_next_page(self) -> None:
        first, second = LAMP.split(" wrote ")
        document = imported(column(60, 700, f"{first} wrote"), column(60, 700, second))

        assert texts(document, "paragraph") == [LAMP]

    def test_a_page_that_lies_on_its_side_is_read(self) -> None:
        document = read("a.pdf", pdf(column(60, 700, LAMP), is_turned=True))

        assert texts(document, "paragraph") == [LAMP]

    def test_what_stands_beyond_the_page_is_left_out(self) -> None:
        page = [*column(60, 700, LAMP), Text(60, 2000, "Nobody sees this sentence here.")]

        assert "Nobody" not in " ".join(map(written, imported(page).blocks))


class TestFurniture:
    def test_running_heads_and_page_numbers_are_no_text(self) -> None:
        pages = [
            [
                Text(60, 770, "Annals of the village", 8),
                *column(60, 720, text),
                Text(300, 30, str(number), 8),
            ]
            for number, text in enumerate((LAMP, BELL, DUNES), 1)
        ]
        document = imported(*pages)

        assert texts(document, "paragraph") == [LAMP, BELL, DUNES]
        assert texts(document, "furniture") == [
            part for number in "123" for part in ("Annals of the village", number)
        ]

    def test_passages_have_their_page_for_a_place(self) -> None:
        document = imported(column(60, 700, LAMP), column(60, 700, BELL))

        assert [block.place for block in document.blocks] == ["page 1", "page 2"]


class TestWords:
    @pytest.mark.parametrize(
        ("parted", "whole"),
        [
            (("The light-", "house was lit again in the year."), "The lighthouse was lit again"),
            (("It was a well-", "known lamp. So well-known was it."), "It was a well-known lamp."),
            (("He saw the Franco-", "German lamp that year."), "He saw the Franco-German lamp"),
        ],
    )
    def test_a_word_that_a_line_parts_is_one(self, parted: tuple[str, str], whole: str) -> None:
        (text,) = texts(imported([Text(60, 700, parted[0]), Text(60, 688, parted[1])]), "paragraph")

        assert text.startswith(whole)

    def test_rare_letters_are_read_and_what_is_behind_them(self) -> None:
        page = [Text(60, 700, "V", style="script"), *column(72, 700, LAMP)]

        assert texts(imported(page), "paragraph") == [f"\U0001d4b1 {LAMP}"]


class TestKinds:
    def test_larger_and_bold_lines_are_headings_by_rank(self) -> None:
        page = [
            Text(60, 740, "The village", 18, "bold"),
            Text(60, 700, "Its lamp", 13, "bold"),
            *column(60, 680, LAMP),
            Text(60, 600, "Its bell", BODY, "bold"),
            *column(60, 585, BELL),
        ]

        assert [(block.level, written(block)) for block in blocks(imported(page), "heading")] == [
            (1, "The village"),
            (2, "Its lamp"),
            (3, "Its bell"),
        ]

    def test_an_indent_begins_a_paragraph(self) -> None:
        lines = column(60, 700, LAMP)
        below = column(60, 700 - 12 * len(lines), BELL)
        below[0] = Text(80, below[0].y, below[0].text)

        assert texts(imported([*lines, *below]), "paragraph") == [LAMP, BELL]

    def test_captions_are_no_text(self) -> None:
        page = [*column(60, 700, LAMP), *column(60, 600, f"Figure 2. {BELL}", size=8)]
        document = imported(page)

        assert texts(document, "caption") == [f"Figure 2. {BELL}"]
        assert texts(document, "paragraph") == [LAMP]

    def test_a_caption_goes_on_in_the_next_column(self) -> None:
        begun, rest = f"Figure 2. {BELL}".split(" heard ")
        left = [*column(60, 740, LAMP * 2, chars=36), *column(60, 500, f"{begun} heard", chars=36)]
        document = imported([*left, *column(320, 740, f"{rest} {DUNES * 2}", chars=36)])

        assert texts(document, "caption")[0].startswith(f"Figure 2. {BELL}")

    def test_a_figure_that_the_end_of_a_column_speaks_of_is_text(self) -> None:
        left = column(60, 740, f"{LAMP * 2} It is shown in", chars=36)
        document = imported([*left, *column(320, 740, f"Fig. 2. {BELL * 2}", chars=36)])

        assert not texts(document, "caption")

    def test_a_sentence_that_begins_with_a_figure_is_text(self) -> None:
        said = f"Figure 2 shows the bell as it was. {BELL}"

        assert texts(imported(column(60, 700, said)), "paragraph") == [said]

    def test_a_table_becomes_rows_under_their_columns(self) -> None:
        rows = [("Year", "Oil", "Nights"), ("1871", "colza", "212"), ("1872", "whale", "198")]
        cells = [
            Text(60 + 120 * at, 600 - 12 * number, cell)
            for number, row in enumerate(rows)
            for at, cell in enumerate(row)
        ]
        found = blocks(imported([*column(60, 700, LAMP), *cells]), "row")

        assert [(written(row), row.columns) for row in found] == [
            ("1871\tcolza\t212", rows[0]),
            ("1872\twhale\t198", rows[0]),
        ]

    def test_a_table_whose_cells_are_not_sure_is_left_out(self) -> None:
        cells = [
            *(Text(60 + 120 * at, 600, cell) for at, cell in enumerate(("Year", "Oil", "Nights"))),
            *(Text(60 + 120 * at, 588, cell) for at, cell in enumerate(("1871", "colza"))),
        ]
        document = imported([*column(60, 700, LAMP), *cells])

        assert not blocks(document, "row")
        assert texts(document, "paragraph") == [LAMP]

    def test_a_numbered_list_is_steps(self) -> None:
        page = [
            *column(60, 700, LAMP),
            *(
                text
                for at, step in enumerate(("Fill the lamp.", "Trim the wick.", "Light it."), 1)
                for text in (Text(70, 650 - 12 * at, f"{at}."), Text(90, 650 - 12 * at, step))
            ),
        ]
        items = blocks(imported(page), "item")

        assert [(item.steps, written(item)) for item in items] == [
            (1, "Fill the lamp."),
            (1, "Trim the wick."),
            (1, "Light it."),
        ]

    def test_authors_between_title_and_abstract_are_front_matter(self) -> None:
        page = [
            Text(60, 740, "The village", 18, "bold"),
            Text(60, 710, "Ann Mason and Ben Lee"),
            Text(60, 680, "Abstract", 13, "bold"),
            *column(60, 660, LAMP),
        ]

        assert texts(imported(page), "front matter") == ["Ann Mason and Ben Lee"]


ENTRIES = [
    "1. Mason A. Lamps and their oils. 1903.",
    "2. Lee B. The bells of the coast. https://bells.example/coast",
    "3. Board of the harbour. Minutes of the year 1871, kept in the chest of the chapel.",
]


def listed(*texts: str, y: float = 300) -> list[Text]:
    """A list of references."""
    lines = [
        line
        for at, entry in enumerate(texts)
        for line in column(60, y - 30 - 24 * at, entry, chars=60)
    ]
    return [Text(60, y, "References", 13, "bold"), *lines]


def raised(said: str, *behind: tuple[str, str], y: float = 700) -> list[Text]:
    """A line with small raised numbers, each followed by more of the line."""
    made = [Text(60, y, said)]
    x = 60 + 0.6 * BODY * len(said)
    for number, text in behind:
        made += [Text(x, y + 4, number, 6)]
        x += 0.6 * 6 * len(number)
        made += [Text(x, y, text)]
        x += 0.6 * BODY * len(text)
    return made


class TestNumbers:
    def test_references_are_known_by_their_numbers(self) -> None:
        document = imported([*column(60, 700, f"{LAMP} [2]"), *listed(*ENTRIES)])

        assert len(texts(document, "reference")) == 3
        assert document.references["3"].title.startswith("Board of the harbour. Minutes of the")
        assert document.references["2"].url == "https://bells.example/coast"
        assert texts(document, "paragraph") == [f"{LAMP} [2]"]

    def test_a_raised_number_behind_a_word_cites(self) -> None:
        page = [*raised("The lamp was lit", ("1,3", " in 1871.")), *column(60, 680, LAMP)]
        first = imported([*page, *listed(*ENTRIES)]).blocks[0]

        assert first.parts[:2] == ("The lamp was lit", Cited(("1", "3")))
        assert "in 1871." in written(first)

    @pytest.mark.parametrize("said", ["It held 10", "An area of 9 km", "The share R"])
    def test_an_exponent_does_not(self, said: str) -> None:
        page = [*raised(said, ("2", " of them.")), *column(60, 680, LAMP)]
        first = imported([*page, *listed(*ENTRIES)]).blocks[0]

        assert written(first).startswith(f"{said}\u00b2 of them.")
        assert not any(isinstance(part, Cited) for part in first.parts)

    def test_where_numbers_stand_in_brackets_raised_ones_are_none(self) -> None:
        page = [
            *raised("The lamp was lit", ("2", " in 1871.")),
            *column(60, 680, f"{LAMP} [1] {BELL} [2] {DUNES} [3]"),
        ]
        document = imported([*page, *listed(*ENTRIES)])

        assert not any(isinstance(part, Cited) for block in document.blocks for part in block.parts)

    def test_notes_at_the_foot_are_what_raised_numbers_stand_for(self) -> None:
        page = [
            *raised("The lamp was lit.", ("1", " It burned.")),
            *column(60, 680, LAMP),
            *raised("", ("1", ""), y=60),
            Text(66, 60, "Minutes of 1871.", 8),
        ]
        document = imported(page)

        assert Cited(("1",)) in document.blocks[0].parts
        assert document.references["1"].title == "Minutes of 1871."

    def test_notes_are_told_from_numbered_references(self) -> None:
        page = [
            *raised("The lamp was lit.", ("1", " It burned.")),
            *column(60, 680, f"{LAMP} [1] {BELL} [2] {DUNES} [3]"),
            Text(60, 60, "1. Minutes of 1871.", 8),
        ]
        document = imported(page, listed(*ENTRIES))

        assert Cited(("note 1",)) in document.blocks[0].parts
        assert document.references["note 1"].title == "Minutes of 1871."
        assert document.references["1"].title.startswith("Mason")

    def test_a_letter_in_brackets_is_text_where_references_are_numbered(self) -> None:
        document = imported(
            [*column(60, 700, f"The mass [M] was known [1]. {LAMP}"), *listed(*ENTRIES)]
        )

        assert "mass [M] was known [1]" in texts(document, "paragraph")[0]
        assert document.blocks[0].parts[1] != "[M]"


class TestFacts:
    def test_the_title_is_the_printed_one_of_the_file(self) -> None:
        page = [
            Text(60, 740, "The Village", 18),
            Text(60, 715, "Annals", 24),
            *column(60, 680, LAMP),
        ]

        assert imported(page, title="The village").title == "The village"
        assert imported(page, title="paper_final.docx").title == "Annals"

    def test_the_language_is_the_one_that_the_file_tells(self) -> None:
        assert imported(column(60, 700, LAMP), language="de-AT").language == "de"
        assert imported(column(60, 700, LAMP)).language is None

    def test_a_page_without_text_is_told(self) -> None:
        document = imported(column(60, 700, LAMP), [])

        assert document.warnings == ("no text on page 2; what is a picture there is not read",)


class TestRefusals:
    def test_a_locked_file(self) -> None:
        assert "locked by a password; save" in refusal(pdf(column(60, 700, LAMP), is_locked=True))

    def test_pictures_of_text(self) -> None:
        assert "OCR" in refusal(pdf([], []))

    def test_too_many_pages(self) -> None:
        assert "501 pages; 500 are the most" in refusal(pdf(*([] for _ in range(501))))

    def test_too_much_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("index.importers.pdf.reading.MAX_TEXT_CHARS", 300)

        assert "more than 300 signs up to page 2" in refusal(
            pdf(column(60, 700, LAMP), column(60, 700, BELL))
        )

    @pytest.mark.parametrize("content", [b"", b"The lamp was lit.", b"%PDF-1.7\n"])
    def test_what_is_no_pdf(self, content: bytes) -> None:
        assert "is no PDF, or a damaged one" in refusal(content)

    def test_a_missing_library_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in [name for name in sys.modules if name.startswith("index.importers.pdf")]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "pypdfium2", None)

        with pytest.raises(CorpusError, match="needs pypdfium2 to be read; install it with"):
            import_file("a.pdf", b"", "pdf")


WHOLE = pdf([*raised("The lamp", ("1", " was lit.")), *column(60, 680, LAMP), *listed(*ENTRIES)])


def read_or_refused(content: bytes) -> None:
    """Read a file that may be damaged: blocks, or words."""
    try:
        document = read("a.pdf", content)
    except CorpusError as error:
        reasons = [problem.reason for problem in error.problems]
    else:
        reasons = [written(block) for block in document.blocks]
    assert all(reasons)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(WHOLE)))
def test_a_file_that_is_cut_is_read_or_refused_in_words(at: int) -> None:
    read_or_refused(WHOLE[:at])


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 7)), max_size=20))
def test_a_file_with_wrong_bits_is_read_or_refused_in_words(flips: list[tuple[int, int]]) -> None:
    content = bytearray(WHOLE)
    for at, bit in flips:
        content[at] ^= 1 << bit
    read_or_refused(bytes(content))
