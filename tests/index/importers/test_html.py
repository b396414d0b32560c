"""Pages of the web to blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.importing import read_import
from index.errors import CorpusError
from index.importers.blocks import Cited, Entry, Imported, written
from index.importers.html import read

PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><title>Lamp care - The Keeper</title>
<link rel="canonical" href="https://keeper.example/lamps"></head><body>
<header><h1>The Keeper</h1><ul><li>Menu</li></ul></header>
<main><h1>Lamp care</h1>
<h2 id="oil">Oil</h2>
<p>It burned oil.<sup><a href="#fn1" id="r1">1</a></sup> Gas came later.</p>
<h2>References</h2>
<ol><li id="fn1">A. Mason, <i>Lamps</i>, <a href="https://m.example/a">online</a>
<a href="#r1">\u21a9</a></li></ol></main>
<footer>Of the keepers, <a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC</a>.
</footer></body></html>"""


def page(body: str, head: str = "") -> Imported:
    return read("page.html", f"<html><head>{head}</head><body>{body}</body></html>".encode())


def told(imported: Imported) -> list[tuple[str, str]]:
    return [(one.kind, " ".join(written(one).split())) for one in imported.blocks]


def cited(imported: Imported) -> list[tuple[str, ...]]:
    return [
        part.numbers for one in imported.blocks for part in one.parts if isinstance(part, Cited)
    ]


def test_a_page_says_what_it_is() -> None:
    imported = read("page.html", PAGE.encode())
    assert imported.title == "Lamp care"
    assert imported.language == "en"
    assert imported.licence == "CC BY 4.0"
    assert imported.source_url == "https://keeper.example/lamps"
    assert not imported.prints_markers


def test_the_main_part_is_read_and_its_notes_are_references() -> None:
    imported = read("page.html", PAGE.encode())
    assert told(imported) == [
        ("heading", "Lamp care"),
        ("heading", "Oil"),
        ("paragraph", "It burned oil. Gas came later."),
        ("heading", "References"),
        ("reference", "A. Mason, Lamps, online"),
    ]
    assert imported.references == {"1": Entry("A. Mason, Lamps, online", "https://m.example/a")}


def test_passages_carry_their_numbers_and_the_links_that_lead_to_them() -> None:
    document = read_import("page.html", PAGE.encode(), "html")
    assert [(one.text, one.citations, one.place) for one in document.passages] == [
        ("It burned oil.", ("1",), "#oil"),
        ("Gas came later.", (), "#oil"),
    ]
    assert document.references["1"].url == "https://m.example/a"


def test_a_main_part_with_next_to_nothing_in_it_is_not_the_page() -> None:
    words = "Oil burns in every lamp of the hall. " * 5
    assert ("paragraph", words.strip()) in told(page(f"<main><p>Hm.</p></main><p>{words}</p>"))


@pytest.mark.parametrize(
    ("head", "language"),
    [('<meta http-equiv="content-language" content="de">', "de"), ("", None)],
)
def test_the_language_is_that_of_the_head_or_unknown(head: str, language: str | None) -> None:
    assert page("<p>Oil.</p>", head).language == language


def test_the_title_is_that_of_the_head_less_the_name_of_the_site() -> None:
    assert page("<p>Oil.</p>", "<title>Lamps | The Keeper</title>").title == "Lamps"
    assert page("<h1>Lamps of old</h1>").title == "Lamps of old"
    assert page("<p>Oil.</p>").title is None


def test_an_address_that_is_none_is_not_taken() -> None:
    assert page("<p>Oil.</p>", '<link rel=canonical href="javascript:x">').source_url is None


LINK = '<a href="#n1">1</a>'
NOTE = "<ol><li id=n1>A.</ol>"


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        (f"Oil.<sup>{LINK}</sup>{NOTE}", [("1",)]),
        (f'Oil.<a href="#n1"><sup>1</sup></a>{NOTE}', [("1",)]),
        (f"Oil [{LINK}, {LINK}].{NOTE}", [("1", "1")]),
        (f'Oil [{LINK}\u2013<a href="#n1">3</a>].{NOTE}', [("1\u20133",)]),
        (f'Oil.<a href="#n1" role="doc-noteref">*</a>{NOTE}', [("*",)]),
        ('Oil.<sup><a href="#n1">a</a></sup><p><a id=n1></a><sup>a</sup> A.</p>', [("a",)]),
        ('Oil.<sup><a href="#x">1</a></sup><aside id=x role=doc-footnote>A.</aside>', [("1",)]),
        (f"See {LINK}.{NOTE}", []),
        (f"Oil.<sup>{LINK}</sup><h2 id=n1>One</h2>", []),
        (f"{NOTE}Up<sup>{LINK}</sup>", []),
    ],
)
def test_what_cites_a_note_further_down_is_a_citation(
    body: str, numbers: list[tuple[str, ...]]
) -> None:
    assert cited(page(body)) == numbers


def test_a_note_says_its_words_without_its_label_and_its_ways_back() -> None:
    body = """Oil.<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a>
    Gas.<sup><a href="#n2">2</a></sup> Wax.<a href="#x" role=doc-noteref>*</a>
    <p><a href="#_ftnref1" name="_ftn1">[1]</a> A. Mason.</p><p id=n2><sup>2</sup> B. Lee,
    doi:10.1000/xyz.</p><aside id=x role=doc-footnote>* C. Kim.</aside>"""
    assert page(body).references == {
        "1": Entry("A. Mason."),
        "2": Entry("B. Lee, doi:10.1000/xyz.", "https://doi.org/10.1000/xyz"),
        "*": Entry("C. Kim."),
    }


def test_brackets_without_markup_stay_to_be_read() -> None:
    imported = page("<p>It burned oil.[1] Gas came.</p>")
    assert imported.prints_markers
    document = read_import("f.html", b"<p>It burned oil.[1] Gas came.</p>", "html")
    assert document.passages[0].citations == ("1",)


def test_links_that_print_numbers_and_lead_nowhere_stay_to_be_read() -> None:
    body = 'Oil.<sup><a href="#a">[1]</a></sup> Gas.<sup><a href="#b">[2]</a></sup><li id=b>B'
    assert page(f"<ol>{body}</ol>").prints_markers


def test_questions_in_details_terms_and_bold_head_their_answers() -> None:
    body = """<h1>Lamps</h1><details><summary>Which oil?</summary><p>Whale oil.</p></details>
    <p>They stand in the hall.</p><dl><dt>How often?</dt><dd>Each day.</dd></dl>
    <p><strong>Who lights them?</strong></p><p>The keeper does.</p>"""
    document = read_import("f.html", body.encode(), "html")
    assert [(one.text, one.section[-1:]) for one in document.passages] == [
        ("Whale oil.", ("Which oil?",)),
        ("They stand in the hall.", ()),
        ("Each day.", ("How often?",)),
        ("The keeper does.", ("Who lights them?",)),
    ]


def test_what_stands_around_the_text_is_navigation() -> None:
    body = """<div role=banner>Top</div><div class="sidebar x"><p>Side</p></div>
    <p>Oil burns.<a class=headerlink>\u00b6</a></p><div id=toc><ul><li>One</ul></div>"""
    assert told(page(body)) == [
        ("navigation", "Top"),
        ("navigation", "Side"),
        ("paragraph", "Oil burns."),
        ("navigation", "One"),
    ]


WIKI = """<html lang="en"><head><meta name="generator" content="MediaWiki 1.43">
<title>Lamp - Wikipedia</title><link rel="license" href="//creativecommons.org/licenses/by-sa/4.0/">
</head><body class="mediawiki"><h1 id="firstHeading">Lamp</h1><div id="siteSub">From Wikipedia</div>
<div id="mw-content-text"><div class="mw-parser-output">
<div role="note" class="hatnote">This is about lamps.</div>
<table class="infobox"><tr><th colspan=2>Lamp<tr><th>Fuel<td>oil</table>
<table class="ambox metadata"><tr><td>Needs sources.</table>
<p>A lamp burns oil.<sup class="reference" id="cite_ref-a"><a href="#cite_note-a">[1]</a></sup><sup
class="reference">:12</sup> It is old.<sup class="noprint Inline-Template">[<i>citation needed</i>]
</sup> It glows.<sup class="reference"><a href="./Lamp#cite_note-n">[note 1]</a></sup></p>
<div id="toc" class="toc"><ul><li>1 Use</ul></div>
<h2><span class="mw-headline" id="Use">Use</span><span class="mw-editsection">[edit]</span></h2>
<figure><img><figcaption>A lamp.</figcaption></figure><p>Of
<span class="mwe-math-element"><math><mi>x</mi></math><img alt="{x}"></span> lamps, <a
class="external autonumber" href="https://e.example">[4]</a> all burn.</p>
<h2>See also</h2><ul><li>Candle</ul><p>Lists of lamps</p>
<h2>References</h2><ol class="references"><li id="cite_note-a"><span class="mw-cite-backlink"><a
href="#cite_ref-a">^</a></span> <span class="reference-text">Mason, A. <a class="external"
href="//m.example/lamps">"Lamps"</a>.</span></li><li id="cite_note-n">A note.</li></ol>
<div class="navbox"><ul><li>Light</ul></div></div></div>
<div id="catlinks" class="catlinks">Categories</div></body></html>"""


def test_of_a_wiki_its_article_is_read() -> None:
    imported = read("Lamp.html", WIKI.encode())
    assert told(imported) == [
        ("navigation", "This is about lamps."),
        ("caption", "Lamp"),
        ("row", "Fuel oil"),
        ("navigation", "Needs sources."),
        ("paragraph", "A lamp burns oil. It is old.[citation needed] It glows."),
        ("navigation", "1 Use"),
        ("heading", "Use"),
        ("caption", "A lamp."),
        ("paragraph", "Of lamps, all burn."),
        ("heading", "See also"),
        ("reference", "Candle"),
        ("reference", "Lists of lamps"),
        ("heading", "References"),
        ("reference", 'Mason, A. "Lamps".'),
        ("reference", "A note."),
        ("navigation", "Light"),
    ]
    assert (imported.title, imported.licence) == ("Lamp", "CC BY-SA 4.0")


def test_of_a_wiki_numbers_notes_and_flags_are_told_apart() -> None:
    document = read_import("Lamp.html", WIKI.encode(), "html")
    assert [(one.text, one.citations, one.flags) for one in document.passages[1:4]] == [
        ("A lamp burns oil.", ("1",), ()),
        ("It is old.", (), ("citation needed",)),
        ("It glows.", ("note 1",), ()),
    ]
    assert {number: (one.title, one.url) for number, one in document.references.items()} == {
        "1": ('Mason, A. "Lamps".', "https://m.example/lamps"),
        "note 1": ("A note.", None),
    }


def test_a_number_whose_note_was_not_saved_is_still_a_citation() -> None:
    body = '<p class="mw">Oil.<sup class="reference"><a href="#cite_note-9">[9]</a></sup></p>'
    imported = page(f'<div class="mw-parser-output">{body}</div>')
    assert cited(imported) == [("9",)]
    assert not imported.prints_markers


def test_names_that_parsoid_gives_are_no_places() -> None:
    body = '<section id="mwAb"><h2 id="Use">Use</h2><p id="mwCd">Oil burns.</p></section>'
    imported = page(f'<div class="mw-parser-output">{body}</div>')
    assert [one.place for one in imported.blocks] == ["#Use", "#Use"]


def outcome(content: bytes) -> str:
    """What a person is told of a page: that it was read, or why not."""
    try:
        return f"{len(read('f.html', content).blocks)} blocks"
    except CorpusError as error:
        return str(error)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    for body in (content, b"<html><p>" + content, b"<table><tr><td>" + content):
        assert outcome(body)


@given(st.integers(0, len(WIKI.encode()) - 1), st.integers(1, 255))
def test_a_page_that_is_cut_or_damaged_is_read_or_refused_in_words(at: int, bits: int) -> None:
    content = WIKI.encode()
    damaged = content[:at] + bytes([content[at] ^ bits]) + content[at + 1 :]
    for broken in (content[:at], damaged):
        assert outcome(broken)


@pytest.mark.parametrize(
    "body",
    [
        "<a href='#x'>1</a>" * 20_000 + "<p id=x>X",
        "<sup><a href='#x'>1</a></sup>" * 20_000 + "<ol><li id=x>X</ol>",
        "[" + "<a href='#x'>1</a>, " * 20_000 + "<ol><li id=x>X</ol>",
        "<table><tr><td>" * 80 + "x",
        "<main>" * 80 + "oil " * 100_000,
        "<p><strong>" * 100 + "a?",
        "<li id=x><a href='#x'>[1]</a>" * 5_000,
    ],
)
def test_pages_made_to_take_long_are_read(body: str) -> None:
    assert page(body).blocks
