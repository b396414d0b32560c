"""Papers in JATS to blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.importing import read_import
from index.errors import CorpusError
from index.importers.blocks import Cited, Entry, Imported, Part, written
from index.importers.jats import read

FRONT = """<front><article-meta><article-id pub-id-type="doi">10.1000/lamps</article-id>
<title-group><article-title>Of <italic>lamps</italic></article-title></title-group>
<contrib-group><contrib><name><surname>Mason</surname></name></contrib></contrib-group>
<permissions><license xlink:href="http://creativecommons.org/licenses/by/4.0/"/></permissions>
<abstract><p>Lamps burn.</p></abstract></article-meta></front>"""
REFERENCES = """<ref-list><title>References</title>
<ref id="r3"><label>3.</label><mixed-citation>Mason A. <article-title>Oil</article-title>.
<ext-link xlink:href="http://dx.doi.org/10.1000/oil">doi</ext-link></mixed-citation></ref>
<ref id="r7"><label>[7]</label><element-citation><source>Gas</source>
<pub-id pub-id-type="doi">10.1000/gas</pub-id></element-citation></ref>
<ref id="r8"><label>8</label><mixed-citation>A page, <ext-link
xlink:href="https://e.example/">there</ext-link>.</mixed-citation></ref></ref-list>"""


def paper(body: str, back: str = REFERENCES, front: str = FRONT) -> bytes:
    return (
        '<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD v3.0//EN" "a.dtd">'
        f'<article xmlns:xlink="http://www.w3.org/1999/xlink" xml:lang="en">{front}'
        f"<body>{body}</body><back>{back}</back></article>"
    ).encode()


def told(imported: Imported) -> list[tuple[str, str]]:
    return [
        (one.kind, " ".join(written(one).split()))
        for one in imported.blocks
        if written(one).strip()
    ]


def body_of(body: str) -> list[tuple[str, str]]:
    """What is told of the body alone."""
    return told(read("p.xml", paper(body, "", "")))


def cited(body: str, back: str = REFERENCES) -> list[Part]:
    imported = read("p.xml", paper(f"<p>{body}</p>", back, ""))
    return [part for one in imported.blocks if one.kind == "paragraph" for part in one.parts]


def test_a_paper_says_what_it_is() -> None:
    imported = read("p.xml", paper("<p>Oil burns.</p>"))
    assert (imported.title, imported.language) == ("Of lamps", "en")
    assert imported.licence == "CC BY 4.0"
    assert imported.source_url == "https://doi.org/10.1000/lamps"


def test_abstract_and_sections_are_under_their_headings() -> None:
    body = """<p>First.</p><sec id="s1"><label>1</label><title>Oil</title><p>It burns.</p>
    <sec><title>Wicks</title><p>They glow.</p></sec></sec>"""
    document = read_import("p.xml", paper(body), "jats")
    assert [(one.text, one.section, one.place) for one in document.passages] == [
        ("Lamps burn.", ("Abstract",), ""),
        ("First.", (), ""),
        ("It burns.", ("Oil",), "#s1"),
        ("They glow.", ("Oil", "Wicks"), ""),
    ]
    assert document.left_out["front matter"] == 2
    assert document.left_out["reference"] == 4


def test_references_have_titles_and_the_addresses_of_their_dois() -> None:
    assert read("p.xml", paper("<p>Oil.</p>")).references == {
        "3": Entry("Oil", "http://dx.doi.org/10.1000/oil"),
        "7": Entry("Gas", "https://doi.org/10.1000/gas"),
        "8": Entry("A page, there.", "https://e.example/"),
    }


def link(name: str, text: str) -> str:
    return f'<xref ref-type="bibr" rid="{name}">{text}</xref>'


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (f"Oil {link('r3', '[3]')}.", ["Oil ", Cited(("3",)), "."]),
        (f"Oil [{link('r3', '3')}].", ["Oil ", Cited(("3",)), "."]),
        (f"Oil<sup>{link('r3', '3')},{link('r7', '7')}</sup>", ["Oil", Cited(("3", "7"))]),
        (f"Oil {link('r3', '[3]')}\u2013{link('r7', '[7]')}", ["Oil ", Cited(("3\u20137",))]),
        (f"Oil {link('r3 r7', '[3-7]')}.", ["Oil ", Cited(("3-7",)), "."]),
        (f"{link('r3', 'Mason, 1871')} says.", ["Mason, 1871", Cited(("3",)), " says."]),
        (f"Oil {link('r8', '')}.", ["Oil ", Cited(("8",)), "."]),
        (f"Oil {link('gone', '[9]')}.", ["Oil ", Cited(("9",)), "."]),
        (f"Oil of {link('gone', '1871')}.", ["Oil of 1871."]),
        ('See <xref ref-type="fig" rid="f1">Fig 1</xref>.', ["See Fig 1."]),
    ],
)
def test_links_to_references_are_citations(body: str, parts: list[Part]) -> None:
    assert cited(body) == parts


def test_a_range_of_which_the_ends_are_marked_cites_all_between() -> None:
    ends = (
        '<xref ref-type="bibr" rid="r3">[3]</xref>\u2013<xref ref-type="bibr" rid="r8">[8]</xref>'
    )
    document = read_import("p.xml", paper(f"<p>Oil burns {ends}.</p>", front=""), "jats")
    assert document.passages[0].citations == ("3\u20138",)
    assert set(document.references) == {"3", "7", "8"}


def test_where_references_have_no_labels_the_printed_name_is_the_number() -> None:
    back = (
        '<ref-list><ref id="m"><mixed-citation>Mason. Oil. 1871.</mixed-citation></ref></ref-list>'
    )
    body = '<p>So (<xref ref-type="bibr" rid="m">Mason 1871</xref>) says.</p>'
    imported = read("p.xml", paper(body, back, ""))
    assert imported.blocks[1].parts == ("So (Mason 1871", Cited(("Mason 1871",)), ") says.")
    assert imported.references == {"Mason 1871": Entry("Mason. Oil. 1871.")}


def test_footnotes_of_the_text_are_references_and_those_of_authors_are_not() -> None:
    back = """<fn-group><fn id="n1"><label>a</label><p>Or wax.</p></fn></fn-group>"""
    body = '<p>Oil<xref ref-type="fn" rid="n1"><sup>a</sup></xref> burns.</p>'
    imported = read("p.xml", paper(body, back, ""))
    assert imported.references == {"a": Entry("Or wax.")}
    assert ("front matter", "Or wax.") in told(imported)


def test_formulas_are_left_out_and_part_no_sentence() -> None:
    formula = "<inline-formula><math><mi>x</mi></math></inline-formula>"
    body = f"<p>Let {formula} be oil <disp-formula/>now.</p>"
    assert body_of(body) == [("paragraph", "Let be oil now.")]


def test_captions_are_captions_and_rows_have_columns() -> None:
    body = """<p>See <fig><label>Fig 1</label><caption><p>A lamp.</p></caption></fig>there.</p>
    <table-wrap id="t1"><label>Table 1</label><caption><title>Lamps</title></caption>
    <alternatives><graphic/><table><thead><tr><th>Lamp</th><th>Oil</th></tr></thead>
    <tbody><tr><td>Argand</td><td>whale</td></tr></tbody></table></alternatives>
    <table-wrap-foot><fn><p>In glass.</p></fn></table-wrap-foot></table-wrap>"""
    imported = read("p.xml", paper(body, "", ""))
    assert told(imported) == [
        ("paragraph", "See there."),
        ("caption", "Table 1"),
        ("caption", "Lamps"),
        ("row", "Argand whale"),
        ("caption", "In glass."),
        ("caption", "Fig 1"),
        ("caption", "A lamp."),
    ]
    row = next(one for one in imported.blocks if one.kind == "row")
    assert (row.columns, row.place) == (("Lamp", "Oil"), "#t1")


def test_ordered_lists_are_steps_and_others_items() -> None:
    body = """<list list-type="order"><list-item><label>1</label><p>Fill.</p></list-item>
    </list><list list-type="bullet"><list-item><p>Oil.</p></list-item></list>"""
    imported = read("p.xml", paper(body, "", ""))
    assert [(one.kind, one.steps) for one in imported.blocks if one.parts] == [
        ("item", 1),
        ("item", 0),
    ]


def test_thanks_and_funding_are_no_passages() -> None:
    back = "<ack><title>Thanks</title><p>To Lee.</p></ack>"
    assert told(read("p.xml", paper("<p>Oil.</p>", back, ""))) == [
        ("paragraph", "Oil."),
        ("front matter", "Thanks"),
        ("front matter", "To Lee."),
    ]


def test_letters_that_belong_to_a_paper_are_told_of() -> None:
    content = paper("<p>Oil.</p>").replace(b"</article>", b"<sub-article/></article>")
    assert "1 letters" in read("p.xml", content).warnings[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<rss><item>Oil</item></rss>", "not a paper in JATS"),
        (b"<article><para>DocBook</para></article>", "not a paper in JATS"),
        (b'<!DOCTYPE article [<!ENTITY a "b">]><article><body><p>&a;</p></body></article>',
         "declares entities"),
        (paper("<p>x</p>" * 20_001), "paragraphs, items and rows"),
        (paper("<sec>" * 300 + "</sec>" * 300), "depth"),
        (paper("<p>Oil.</p>")[:-20], "no XML"),
    ],
)  # fmt: skip
def test_what_is_no_paper_or_too_much_is_refused_in_words(content: bytes, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason):
        read("p.xml", content)


def outcome(content: bytes) -> str:
    """What a person is told of a paper: that it was read, or why not."""
    try:
        return f"{len(read('p.xml', content).blocks)} blocks"
    except CorpusError as error:
        return str(error)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    assert outcome(content)
    assert outcome(b"<article><body><p>" + content + b"</p></body></article>")


WHOLE = paper('<sec><title>Oil</title><p>It <xref ref-type="bibr" rid="r3">3</xref>.</p></sec>')


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_paper_that_is_cut_or_damaged_is_read_or_refused_in_words(at: int, bits: int) -> None:
    assert outcome(WHOLE[:at])
    assert outcome(WHOLE[:at] + bytes([WHOLE[at] ^ bits]) + WHOLE[at + 1 :])
