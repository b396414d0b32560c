"""DOCX: headings, lists, tables, notes, references, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import CorpusError
from index.importers.blocks import Block, Cited, Imported, written
from index.importers.docx import read
from tests.index.importers.made_archives import archive, document, note, paragraph


def imported(*body: str, **told: object) -> Imported:
    return read("a.docx", document(*body, **told))  # type: ignore[arg-type]


def shown(found: Imported) -> list[tuple[str, str]]:
    return [(block.kind, " ".join(written(block).split())) for block in found.blocks]


def refusal(content: bytes) -> str:
    with pytest.raises(CorpusError) as refused:
        read("a.docx", content)
    (problem,) = refused.value.problems
    return problem.reason


def cited(block: Block) -> list[tuple[str, ...]]:
    return [part.numbers for part in block.parts if isinstance(part, Cited)]


REFERENCES = (
    paragraph("References", "heading1"),
    paragraph("Mason A. Lamps and their oils. 1903.", number=2),
    paragraph("Lee B. Bells. https://bells.example/coast", number=2),
)


def test_headings_have_their_levels_and_lines_count_the_blocks() -> None:
    found = imported(
        paragraph("The village", "Title"),
        paragraph("Its lamp", "heading1"),
        paragraph("How it was lit", "heading2"),
        paragraph("The lamp was lit in 1871."),
    )

    assert [(block.kind, block.level, block.line) for block in found.blocks] == [
        ("heading", 1, 1),
        ("heading", 1, 2),
        ("heading", 2, 3),
        ("paragraph", 0, 4),
    ]


def test_numbered_lists_are_steps_and_others_are_not() -> None:
    found = imported(
        paragraph("Fill the lamp.", number=1),
        paragraph("Light it.", number=1),
        paragraph("Oil.", number=3),
    )

    assert [(block.kind, bool(block.steps)) for block in found.blocks] == [
        ("item", True),
        ("item", True),
        ("item", False),
    ]


def test_tables_become_rows_under_their_columns() -> None:
    cells = [("Year", "Oil"), ("1871", "colza"), ("1872", "whale")]
    rows = [
        f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if not at else ''}"
        + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row)
        + "</w:tr>"
        for at, row in enumerate(cells)
    ]
    found = imported(f"<w:tbl>{''.join(rows)}</w:tbl>")

    assert [(written(block), block.columns) for block in found.blocks if block.kind == "row"] == [
        ("1871\tcolza", ("Year", "Oil")),
        ("1872\twhale", ("Year", "Oil")),
    ]


def test_captions_and_lists_of_contents_are_no_text() -> None:
    found = imported(
        paragraph("The lamp 3", "toc1"),
        paragraph("A picture of the lamp.", "caption"),
        paragraph("Figure 2. The bell of the chapel."),
        paragraph("The lamp was lit in 1871."),
    )

    assert [kind for kind, _ in shown(found)] == ["navigation", "caption", "caption", "paragraph"]


def test_notes_are_cited_where_they_stand() -> None:
    found = imported(
        paragraph("The lamp was lit.", inside=note(1)),
        paragraph("The bell was cast.", inside=note(1, "endnote")),
        notes=["Minutes of 1871."],
        endnotes=["Mason, page 12."],
    )

    assert [cited(block) for block in found.blocks[:2]] == [[("1",)], [("2",)]]
    assert {number: entry.title for number, entry in found.references.items()} == {
        "1": "Minutes of 1871.",
        "2": "Mason, page 12.",
    }
    assert not found.prints_markers


def test_a_numbered_list_of_references_counts_its_entries() -> None:
    found = imported(
        paragraph("The lamp was lit [2]. It burned [1]. It is out [1, 2]."), *REFERENCES
    )

    assert [kind for kind, _ in shown(found)] == ["paragraph", "heading", "reference", "reference"]
    assert found.references["2"].url == "https://bells.example/coast"
    assert found.prints_markers


def test_printed_numbers_of_references_are_taken_as_they_are() -> None:
    found = imported(
        paragraph("The lamp was lit [7]."),
        paragraph("Literatur", "heading1"),
        paragraph("[7] Mason A. Lamps and their oils."),
    )

    assert found.references["7"].title == "Mason A. Lamps and their oils."


def test_notes_are_told_from_numbered_references() -> None:
    found = imported(
        paragraph("The lamp was lit [1].", inside=note(1)),
        *REFERENCES,
        notes=["Minutes of 1871."],
    )

    assert cited(found.blocks[0]) == [("note 1",)]
    assert found.references["note 1"].title == "Minutes of 1871."
    assert found.references["1"].title.startswith("Mason")


def raised(text: str) -> str:
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{text}</w:t></w:r>'


def test_raised_numbers_cite_and_exponents_do_not() -> None:
    found = imported(
        paragraph("The lamp was lit", inside=raised("1,2")),
        paragraph("It burned 10", inside=raised("2")),
        *REFERENCES,
    )

    assert cited(found.blocks[0]) == [("1", "2")]
    assert written(found.blocks[1]) == "It burned 10\u00b2"


def test_bold_lines_are_headings_where_there_are_no_others() -> None:
    bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>The lamp</w:t></w:r></w:p>"
    text = paragraph("It was lit in 1871.")

    assert shown(imported(bold, text))[0] == ("heading", "The lamp")
    assert shown(imported(paragraph("Light", "heading1"), bold, text))[1][0] == "paragraph"


def test_title_and_language_are_those_that_the_file_tells() -> None:
    text = paragraph("The lamp was lit in 1871.")
    found = imported(text, title="The lamp", language="ko-KR")
    untold = imported(paragraph("Lamps", "heading1"), paragraph("The lamp", "Title"), text)

    assert (found.title, found.language) == ("The lamp", "ko")
    assert (untold.title, untold.language) == ("The lamp", None)


def test_the_styles_of_a_document_do_not_say_how_it_is_read() -> None:
    found = imported(
        paragraph("The lamp was lit in 1871."), more={"mammoth/style-map": "p => script"}
    )

    assert shown(found) == [("paragraph", "The lamp was lit in 1871.")]


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY a "lamp">]><a>&a;</a>'

    assert "declares entities" in refusal(document(more={"word/document.xml": bomb}))


def test_a_document_that_is_nested_very_deeply_is_refused() -> None:
    deep = "<w:sdt><w:sdtContent>" * 5_000 + "</w:sdtContent></w:sdt>" * 5_000

    assert "Excessive depth" in refusal(document(deep))


def test_very_many_paragraphs_are_refused() -> None:
    assert "20,001 paragraphs in" in refusal(document("<w:p/>" * 20_001))


def test_what_is_no_word_document_is_refused() -> None:
    assert "is no Word document" in refusal(archive({"a.xml": "<a/>"}))
    assert "old Word document" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert "is damaged" in refusal(b"The lamp was lit.")


def test_a_zip_bomb_is_refused() -> None:
    assert "100 times its size" in refusal(document(more={"word/document.xml": b" " * 30_000_000}))


BODY = paragraph("The lamp was lit.", "heading1", number=1, inside=note(1))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(BODY)), st.integers(0, 40), st.text("<>w:/p \"='&;", max_size=8))
def test_a_document_with_damaged_markup_is_read_or_refused_in_words(
    at: int, gone: int, put: str
) -> None:
    try:
        found = imported(BODY[:at] + put + BODY[at + gone :], notes=["Minutes of 1871."])
    except CorpusError as error:
        assert str(error).startswith("a.docx:")  # noqa: PT017
    else:
        assert found.blocks is not None


def test_memory_that_is_full_is_not_told_as_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("mammoth.convert_to_html", fail)
    with pytest.raises(MemoryError):
        imported(BODY)
