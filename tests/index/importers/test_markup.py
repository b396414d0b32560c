"""Trees of elements to blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import CorpusError
from index.importers.blocks import Block, Cited, Verbatim, written
from index.importers.markup.citations import with_citations_joined
from index.importers.markup.parsing import Element, parse_html, parse_xml, tag_of
from index.importers.markup.parts import row_of
from index.importers.markup.walking import LEFT_OUT, TERM_LEVEL, Treatment, blocks_of


def blocks(markup: str) -> list[Block]:
    root, _ = parse_html("page.html", f"<html><body>{markup}</body></html>".encode())
    return blocks_of("page.html", root)


def told(markup: str) -> list[tuple[str, str]]:
    """The kind and the text of each block, on one line."""
    return [(one.kind, " ".join(written(one).split())) for one in blocks(markup)]


def test_blocks_part_text_and_inline_elements_do_not() -> None:
    markup = "Oil <b>bu</b>rns.<div>Gas <i>too</i>.</div>And wax.<p>It melts."
    assert told(markup) == [
        ("paragraph", "Oil burns."),
        ("paragraph", "Gas too."),
        ("paragraph", "And wax."),
        ("paragraph", "It melts."),
    ]


def test_one_break_is_a_line_and_two_are_a_paragraph() -> None:
    first, second = blocks("<p>Q: Which oil?<br>A: Whale oil.<br><br>Gas came later.</p>")
    assert written(first) == "Q: Which oil?\nA: Whale oil.\n"
    assert written(second) == "Gas came later."


def test_what_nobody_sees_is_left_out() -> None:
    markup = """<p>Seen.</p><p hidden>h</p><p style="display: none">d</p><script>s</script>
    <p>More<span aria-hidden="true">#</span><span class="sr-only">opens anew</span>.</p>
    <div hidden="until-found">Opened.</div><template>t</template><button>Press</button>"""
    assert told(markup) == [
        ("paragraph", "Seen."),
        ("paragraph", "More."),
        ("paragraph", "Opened."),
    ]


def test_navigation_captions_and_code_are_told_by_their_kinds() -> None:
    markup = """<nav><ul><li>Home</ul></nav><figure><img><figcaption>A lamp.</figcaption></figure>
    <pre>x[1]</pre><form>Search <input></form><footer>Foot</footer><aside><h2>More</h2></aside>"""
    assert told(markup) == [
        ("navigation", "Home"),
        ("caption", "A lamp."),
        ("code", "x[1]"),
        ("navigation", "Search"),
        ("navigation", "Foot"),
        ("navigation", "More"),
    ]


def test_a_form_around_the_page_is_no_navigation() -> None:
    assert told("<form><h1>Lamps</h1><p>They burn.</p></form>") == [
        ("heading", "Lamps"),
        ("paragraph", "They burn."),
    ]


def test_code_within_a_sentence_is_verbatim() -> None:
    (block,) = blocks("<p>Write <code>lamp[1]</code> there.</p>")
    assert block.parts == ("Write ", Verbatim("lamp[1]"), " there.")


def test_raised_figures_are_told_from_those_beside_them() -> None:
    assert told("<p>10<sup>6</sup> lamps, CO<sub>2</sub>, 1<sup>st</sup></p>") == [
        ("paragraph", "10⁶ lamps, CO₂, 1st")
    ]


def test_items_are_steps_of_their_own_ordered_list() -> None:
    markup = "<ol><li>Fill it.<li>Light it.<ul><li>Take care.</ul></ol><ol><li>Trim it.</ol>"
    assert [(one.kind, one.steps) for one in blocks(markup)] == [
        ("item", 1),
        ("item", 1),
        ("item", 0),
        ("item", 2),
    ]


def test_terms_head_their_answers_until_their_list_ends() -> None:
    markup = "<h2>Lamps</h2><dl><dt>Which?<dd>This.<dt>When?<dd>Now.</dl><p>After."
    assert [(one.kind, one.level, written(one).strip()) for one in blocks(markup)] == [
        ("heading", 2, "Lamps"),
        ("heading", TERM_LEVEL, "Which?"),
        ("item", 0, "This."),
        ("heading", TERM_LEVEL, "When?"),
        ("item", 0, "Now."),
        ("heading", TERM_LEVEL, ""),
        ("paragraph", 0, "After."),
    ]


def test_a_term_alone_heads_what_follows_its_list() -> None:
    assert told("<dl><dt>Lamps</dt></dl><p>They burn.") == [
        ("heading", "Lamps"),
        ("paragraph", "They burn."),
    ]


def test_summaries_head_their_details_and_those_within_stand_deeper() -> None:
    markup = """<details><summary><h3>Which?</h3></summary><h4>Oil</h4><p>This.</p>
    <details><summary>Why?</summary>It burns.</details></details><p>After."""
    assert [(one.level, written(one).strip()) for one in blocks(markup)] == [
        (TERM_LEVEL, "Which?"),
        (TERM_LEVEL + 1, "Oil"),
        (0, "This."),
        (TERM_LEVEL + 1, "Why?"),
        (0, "It burns."),
        (TERM_LEVEL + 1, ""),
        (TERM_LEVEL, ""),
        (0, "After."),
    ]


def test_the_button_of_a_heading_opens_the_answer_and_is_its_text() -> None:
    assert told("<h3><button>Which oil?</button></h3>") == [("heading", "Which oil?")]


def test_places_are_those_of_the_block_or_of_the_heading_above() -> None:
    markup = """<p>Before.</p><section id="oil"><h2>Oil</h2><p>Burns.</p><p id="wick">Wicks.</p>
    <p>More.</p></section><h2><span id="Gas">Gas</span></h2><li>Hisses.<h2>Wax</h2><p>Melts."""
    assert [(written(one).strip(), one.place) for one in blocks(markup)] == [
        ("Before.", ""),
        ("Oil", "#oil"),
        ("Burns.", "#oil"),
        ("Wicks.", "#wick"),
        ("More.", "#oil"),
        ("Gas", "#Gas"),
        ("Hisses.", "#Gas"),
        ("Wax", ""),
        ("Melts.", ""),
    ]


def test_lines_are_those_of_the_source() -> None:
    markup = "<p>One\ntwo</p>\n\n<p>\nfour</p>"
    assert [one.line for one in blocks(markup)] == [1, 4]


def rows(markup: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each row's cells with bars between, and its columns."""
    return [
        (written(one).replace("\t", "|"), one.columns)
        for one in blocks(f"<table>{markup}</table>")
        if one.kind == "row"
    ]


def test_header_cells_name_the_columns_of_the_rows() -> None:
    markup = "<tr><th>Lamp<th>Oil<tr><td>Argand<td>whale<tr><th>Astral<td>seed"
    columns = ("Lamp", "Oil")
    assert rows(markup) == [("Argand|whale", columns), ("Astral|seed", columns)]


def test_headers_above_each_other_are_one_name() -> None:
    markup = """<thead><tr><th rowspan=2>Lamp<th colspan=2>Burns<tr><th>oil<th>gas</thead>
    <tr><td>Argand<td>yes<td>no"""
    assert rows(markup) == [("Argand|yes|no", ("Lamp", "Burns oil", "Burns gas"))]


def test_a_cell_that_spans_rows_stands_in_each_and_one_that_spans_columns_in_the_first() -> None:
    markup = "<tr><td rowspan=2>1871<td>oil<td>A<tr><td>gas<td>B<tr><td colspan=2>1872<td>C"
    assert rows(markup) == [("1871|oil|A", ()), ("1871|gas|B", ()), ("1872||C", ())]


def test_a_long_cell_is_not_repeated() -> None:
    long = "long " * 50
    markup = f"<tr><th>a<th>b<tr><td rowspan=2>{long}<td>oil<tr><td>gas"
    assert rows(markup)[1] == ("gas", ("b",))


def test_empty_cells_keep_the_others_under_their_columns() -> None:
    markup = "<tr><th>a<th>b<th>c<tr><td><td>2<td>3<tr><td>1<td><td>3<tr><td>1<td><td>"
    assert rows(markup) == [("2|3", ("b", "c")), ("1||3", ("a", "b", "c")), ("1", ("a",))]


def test_what_a_cell_holds_is_on_one_line_and_signs_stay() -> None:
    markup = "<tr><th>a<th>b<th>c<tr><td>\n x\ty <ul><li>k<li>l</ul><td>\u2014<td>z"
    assert [" ".join(row.split()) for row, _ in rows(markup)] == ["x y k l|\u2014|z"]


def test_a_heading_across_the_table_is_a_caption_and_prose_across_it_a_paragraph() -> None:
    markup = """<table><tr><th colspan=2>Lamps<tr><td>Argand<td>oil<tr><td colspan=2>Of glass
    <tr><td colspan=2>It burned for an hour. Then it went out.</table>"""
    assert told(markup) == [
        ("caption", "Lamps"),
        ("row", "Argand oil"),
        ("caption", "Of glass"),
        ("paragraph", "It burned for an hour. Then it went out."),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td><p>One.</p><p>Two.</p></table>",
        "<table role=presentation><tr><td>One.<td>Two.</table>",
        "<table><tr><td>One.<tr><td>Two.</table>",
        "<table><tr><td><h2></h2>One.<td>Two.</table>",
    ],
)
def test_tables_that_lay_out_a_page_are_paragraphs(table: str) -> None:
    assert told(table) == [("paragraph", "One."), ("paragraph", "Two.")]


def test_a_table_in_a_table_has_rows_of_its_own() -> None:
    markup = """<table><tr><td>a<td><table><tr><th>x<th>y<tr><td>1<td>2</table>
    <tr><td>b<td>c</table>"""
    assert told(markup) == [("paragraph", "a"), ("row", "1 2"), ("row", "b c")]


def test_numbers_of_cells_stand_behind_their_text() -> None:
    one, two = Cited(("1",)), Cited(("2",))
    assert row_of([(one, "a"), (two,), ("b",)]) == (("a", one, two, "\t", "\t", "b"), 0, 3)
    assert row_of([(one,), ("a",), (two,)]) == (("a", one, two), 1, 2)
    assert row_of([(one,), ()]) == ((), 0, 0)


def test_a_number_without_words_belongs_to_the_block_before() -> None:
    def rule(element: Element) -> Treatment | None:
        return Treatment(parts=(Cited(("7",)),)) if tag_of(element) == "sup" else None

    root, _ = parse_html("f", b"<blockquote><p>Oil burns.</p></blockquote><sup>7</sup>")
    assert [one.parts for one in blocks_of("f", root, rule)] == [("Oil burns.", Cited(("7",)))]


def test_a_rule_says_what_elements_are() -> None:
    def rule(element: Element) -> Treatment | None:
        return {
            "note": Treatment(kind="reference"),
            "head": Treatment(read_as="h2", level=4),
            "para": Treatment(read_as="p"),
            "gone": LEFT_OUT,
        }.get(tag_of(element))

    root = parse_xml("f", b"<a><head>H</head><para>One<gone>x</gone></para><note>N</note></a>")
    assert [(one.kind, one.level, written(one)) for one in blocks_of("f", root, rule)] == [
        ("heading", 4, "H"),
        ("paragraph", 0, "One"),
        ("reference", 0, "N"),
    ]


def test_entities_that_html_knows_are_read_though_no_dtd_is() -> None:
    root = parse_xml("f", b'<!DOCTYPE p PUBLIC "x" "y.dtd"><p>a&eacute;&nbsp;b</p>')
    assert [written(one) for one in blocks_of("f", root)] == ["a\u00e9\u00a0b"]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("a [", Cited(("3",)), "] b"), ("a ", Cited(("3",)), " b")),
        (("a [", Cited(("3",)), ", ", Cited(("5",)), "]"), ("a ", Cited(("3", "5")))),
        (("a", Cited(("3",)), "\u2013", Cited(("7",))), ("a", Cited(("3\u20137",)))),
        (("a [", Cited(("3",)), "]\u2013[", Cited(("7",)), "]"), ("a ", Cited(("3\u20137",)))),
        (
            ("a", Cited(("3",)), " and ", Cited(("7",))),
            ("a", Cited(("3",)), " and ", Cited(("7",))),
        ),
        (("a [see ", Cited(("3",)), "]"), ("a [see ", Cited(("3",)), "]")),
    ],
)
def test_citations_that_are_held_together_are_one(
    parts: tuple[str | Cited, ...], expected: tuple[str | Cited, ...]
) -> None:
    assert with_citations_joined(Block("paragraph", parts)).parts == expected


def test_the_encoding_is_the_one_that_the_page_declares() -> None:
    page = "<meta charset=windows-1252><p>caf\u00e9 \u201coil\u201d</p>".encode("cp1252")
    root, warnings = parse_html("f", page)
    assert [written(one) for one in blocks_of("f", root)] == ["caf\u00e9 \u201coil\u201d"]
    assert warnings == ()


def test_an_encoding_that_is_declared_wrongly_is_guessed_and_told() -> None:
    words = "<p>L\u2019\u00e9t\u00e9 br\u00fblant, la lumi\u00e8re tr\u00e8s claire.</p>"
    _, warnings = parse_html("f", b"<meta charset=utf-8>" + (words * 9).encode("cp1252"))
    assert "guess" in warnings[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<div>" * 100_000 + b"x", "depth"),
        (b"PK\x03\x04<", "no HTML page"),
        (b"plain words", "no HTML page"),
        (b"<p>" + b"oil " * 600_000, "characters of text"),
        (b"<p>oil" * 20_001, "paragraphs, items and rows"),
        (b"<i>" * 100 + b"<i></i>" * 200_000, "elements"),
        (b"<p q='>' " + b" ".join(b"a%d" % at for at in range(200_000)) + b">x", "attributes"),
    ],
)
def test_what_is_no_page_or_too_much_is_refused_in_words(content: bytes, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason):
        blocks_of("f", parse_html("f", content)[0])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'<!DOCTYPE a [<!ENTITY x "yy">]><a>&x;</a>', "declares entities"),
        (
            b'<!DOCTYPE a [\n<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            "declares entities",
        ),
        (b"<a>" * 100_000, "depth"),
        (b"<a><b>cut of", "no XML"),
        (b"", "no XML"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "no XML"),
    ],
)
def test_xml_that_is_broken_or_declares_entities_is_refused_in_words(
    content: bytes, reason: str
) -> None:
    with pytest.raises(CorpusError, match=reason):
        parse_xml("f", content)


def test_a_tag_of_two_megabytes_is_read() -> None:
    root, _ = parse_html("f", b'<p title="' + b"a" * 2_000_000 + b'">Oil burns.</p>')
    assert [written(one) for one in blocks_of("f", root)] == ["Oil burns."]


def test_rows_that_span_all_others_are_bounded() -> None:
    cell = f"<td rowspan=9999>{'y' * 150}"
    with pytest.raises(CorpusError, match="characters of text"):
        rows(f"<tr>{cell}{cell}" * 2_000)


def test_spans_of_any_size_are_bounded() -> None:
    cell = "<td rowspan=9999 colspan=9999>x"
    found = rows(f"<tr>{cell}{cell}" * 100)
    assert len(found) == 100
    assert max(len(row) for row, _ in found) < 1000


PIECES = st.sampled_from(
    """<table> <tr> <td> <th rowspan=3> <td colspan=2> </table> <ol> <li> <dl> <dt> <dd> </dl> <p>
    <details> <summary> </details> <pre> </pre> <h2> <br> <br> <sup> 2 </sup> <nav> </nav> <caption>
    words [1] &nbsp; <a id=x> </a> <code> </code> <section id=y> <button> <form> <!-- --> <br/>
    """.split()
)


@given(st.lists(PIECES, max_size=60))
def test_the_text_of_blocks_is_text_of_the_page(pieces: list[str]) -> None:
    page = "<html><body>" + " ".join(pieces)
    root, _ = parse_html("f", page.encode())
    for block in blocks_of("f", root):
        assert "<" not in written(block)
        assert len(block.columns) in (0, written(block).count("\t") + 1)
        assert block.kind == "row" or "\t" not in written(block)
        assert any(map(str.isalnum, written(block))) or block.kind == "heading"
