"""EPUB: chapters in their order, notes across them, facts, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import CorpusError
from index.importers.blocks import Cited, Imported, written
from index.importers.epub import read
from tests.index.importers.made_archives import archive, book, chapter

LAMP = chapter("<h1>The lamp</h1><p>It was lit in 1871.</p>")
BELL = chapter("<h1>The bell</h1><p>It was cast in 1872.</p>")


def imported(chapters: dict[str, str], **told: object) -> Imported:
    return read("a.epub", book(chapters, **told))  # type: ignore[arg-type]


def shown(found: Imported) -> list[tuple[str, str]]:
    return [(block.kind, " ".join(written(block).split())) for block in found.blocks]


def cited(found: Imported) -> list[tuple[str, ...]]:
    return [
        part.numbers for block in found.blocks for part in block.parts if isinstance(part, Cited)
    ]


def refusal(content: bytes) -> str:
    with pytest.raises(CorpusError) as refused:
        read("a.epub", content)
    (problem,) = refused.value.problems
    return problem.reason


def test_chapters_are_read_in_the_order_of_the_book() -> None:
    found = imported({"lamp.xhtml": LAMP, "bell.xhtml": BELL}, order=["bell.xhtml", "lamp.xhtml"])

    assert shown(found) == [
        ("heading", "The bell"),
        ("paragraph", "It was cast in 1872."),
        ("heading", "The lamp"),
        ("paragraph", "It was lit in 1871."),
    ]
    assert [block.line for block in found.blocks] == [1, 2, 3, 4]


def test_title_language_and_licence_are_those_of_the_book() -> None:
    facts = (
        "<dc:title>Lamp and bell</dc:title><dc:language>ja-JP</dc:language>"
        "<dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>"
    )
    found = imported({"lamp.xhtml": LAMP}, facts=facts)

    assert (found.title, found.language, found.licence) == ("Lamp and bell", "ja", "CC BY 4.0")
    assert imported({"lamp.xhtml": LAMP}).title == "The lamp"


def test_lists_of_contents_are_navigation() -> None:
    contents = chapter('<ol><li><a href="lamp.xhtml">The lamp</a></li></ol>')
    inner = chapter('<section epub:type="toc"><p>The lamp, page 3</p></section><p>It was lit.</p>')
    found = imported({"nav.xhtml": contents, "lamp.xhtml": inner}, navigation="nav.xhtml")

    assert shown(found) == [
        ("navigation", "The lamp"),
        ("navigation", "The lamp, page 3"),
        ("paragraph", "It was lit."),
    ]


def test_notes_are_found_in_other_chapters() -> None:
    text = '<p>It was lit.<a epub:type="noteref" href="../text/notes.xhtml#n1">1</a></p>'
    notes = '<aside epub:type="footnote" id="n1"><p>Minutes of 1871.</p></aside>'
    found = imported({"lamp.xhtml": chapter(text), "notes.xhtml": chapter(notes)})

    assert cited(found) == [("1",)]
    assert found.references["1"].title == "Minutes of 1871."
    assert ("paragraph", "Minutes of 1871.") not in shown(found)


def test_notes_that_every_chapter_counts_anew_are_told_apart() -> None:
    def noted(text: str, note: str) -> str:
        return chapter(
            f'<p>{text}<a epub:type="noteref" href="#n1">1</a></p>'
            f'<aside epub:type="footnote" id="n1"><p>{note}</p></aside>'
        )

    found = imported(
        {"lamp.xhtml": noted("It was lit.", "Minutes."), "bell.xhtml": noted("It rang.", "Mason.")}
    )

    assert cited(found) == [("1 of part 1",), ("1 of part 2",)]
    assert {number: entry.title for number, entry in found.references.items()} == {
        "1 of part 1": "Minutes.",
        "1 of part 2": "Mason.",
    }


def test_a_chapter_that_is_no_right_xml_is_read_all_the_same() -> None:
    found = imported({"lamp.xhtml": "<html><body><p>It was lit.<br>It burned &nbsp; on.</body>"})

    assert shown(found) == [("paragraph", "It was lit. It burned on.")]


def test_references_are_known_by_their_numbers() -> None:
    text = "<p>It was lit [1].</p><h2>References</h2><ol><li>Mason, Lamps and oils.</li></ol>"
    found = imported({"lamp.xhtml": chapter(text)})

    assert found.references["1"].title == "Mason, Lamps and oils."
    assert shown(found)[-1][0] == "reference"


def lock(algorithm: str) -> dict[str, str]:
    told = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
        'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod '
        f'Algorithm="{algorithm}"/></EncryptedData></encryption>'
    )
    return {"META-INF/encryption.xml": told}


def test_a_locked_book_is_told() -> None:
    locked = book({"lamp.xhtml": LAMP}, more=lock("http://www.w3.org/2001/04/xmlenc#aes128-cbc"))

    assert "locked for one reader's device (DRM)" in refusal(locked)


def test_hidden_fonts_lock_no_book() -> None:
    found = imported({"lamp.xhtml": LAMP}, more=lock("http://www.idpf.org/2008/embedding"))

    assert shown(found)[0] == ("heading", "The lamp")


def test_what_is_no_book_is_refused() -> None:
    assert "is no EPUB" in refusal(archive({"a.xml": "<a/>"}))
    assert "holds no chapter" in refusal(book({}))
    assert "is damaged" in refusal(b"The lamp was lit.")


def test_entities_are_not_resolved() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "lamps lamps">]>' + chapter("<p>It was lit: &a;.</p>")

    assert "lamps" not in str(imported({"lamp.xhtml": bomb}).blocks)


def test_a_zip_bomb_is_refused() -> None:
    assert "100 times its size" in refusal(book({"lamp.xhtml": " " * 30_000_000}))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(LAMP)), st.integers(0, 40), st.text("<>p/ \"='&;#", max_size=8))
def test_a_chapter_with_damaged_markup_is_read_or_refused_in_words(
    at: int, gone: int, put: str
) -> None:
    try:
        found = imported({"lamp.xhtml": LAMP[:at] + put + LAMP[at + gone :]})
    except CorpusError as error:
        assert str(error).startswith("a.epub:")  # noqa: PT017
    else:
        assert found.blocks is not None
