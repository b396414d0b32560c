"""Where a passage stands, the columns of a row, and what numbers stand for, as cards show them."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.answer import answer_card
from bot.cards.context import context_card, references_card
from bot.cards.markdown import escape, place_link, place_words, row_in_words
from bot.cards.reports import report_card
from bot.cards.sources import sources_card
from bot.libraries.pointers import Pointers, Spot
from bot.locales import LANGUAGES, say, speaking
from index.answering.answer import Answer, Hit
from index.documents.corpus import load_corpus
from index.documents.differences import compare
from index.documents.document import Document, DocumentSpec
from index.documents.passages import CELL_END, Passage
from index.documents.shipped import shipped_data
from index.statements.statements import Statement, Statements
from index.statements.support import Kind
from tests.bot.cards.test_cards import HOSTILE, PING, assert_fits, texts

PAGE = "https://example.org/handbook"
PDF = "https://example.org/handbook.PDF?v=2"
ROW = Passage("d", 7, "Monday\tnorth desk", ("1",), columns=("day", "desk"))


def spec(**said: Any) -> DocumentSpec:
    return DocumentSpec.model_validate({"id": "d", "title": "Handbook", "file": "d.txt"} | said)


def shown(passage: Passage, *spans: tuple[int, int], is_close: bool = False, **said: Any) -> str:
    """The text of an answer card of one passage."""
    hit = Hit(passage, Document(spec(**said), (passage,)), 1.0, 1.0, spans=spans)
    view = answer_card(Answer("?", (hit,), int(not is_close), 1.0, is_close=is_close))
    assert_fits(view)
    return "\n".join(texts(view))


def context(*passages: Passage, **said: Any) -> list[str]:
    document = Document(spec(**said), passages)
    pointers = Pointers(1, 1, 0, (Spot(own=False, position=0),), 0)
    view = context_card(pointers, [(passages[0], document)])
    assert_fits(view)
    return "\n".join(texts(view)).splitlines()


def found(passage: Passage, **said: Any) -> str:
    hits = (Hit(passage, Document(spec(**said), (passage,)), 1.0, 1.0),)
    view = sources_card(Statements((Statement("A text.", Kind.SUPPORTED, hits),)))
    assert_fits(view)
    return "\n".join(texts(view))


# Rows of tables


def test_a_row_is_shown_with_its_columns_and_its_matches_in_bold() -> None:
    assert "> day\\: **Monday** · desk\\: north **desk**" in shown(ROW, (0, 6), (13, 17))


def test_a_row_without_columns_has_its_cells_apart() -> None:
    row = replace(ROW, text="Monday\t\t north *desk*", columns=())
    assert "> **Monday** ·  north \\*desk\\*" in shown(row, (0, 6))


def test_a_match_that_runs_over_cells_is_bold_in_each_of_them() -> None:
    assert "> day\\: **Monday** · desk\\: **north** desk" in shown(ROW, (0, 12))


def test_an_empty_cell_and_a_nameless_column_are_left_out() -> None:
    row = replace(ROW, text="\tMonday\t \tnorth", columns=("day", "", "hour", "desk"))
    assert row_in_words(row, [(1, 7), (10, 15)]) == ("Monday · desk: north", [(0, 6), (15, 20)])


def test_a_text_that_is_no_row_stays_as_it_is() -> None:
    assert row_in_words(Passage("d", 1, "a · b"), [(0, 1)]) == ("a · b", [(0, 1)])


def test_the_context_of_a_row_names_its_columns() -> None:
    assert "> **day\\: Monday · desk\\: north desk**" in context(ROW)


def test_the_report_of_a_refresh_names_the_columns_of_a_row() -> None:
    publication: Any = SimpleNamespace(
        revision=SimpleNamespace(number=2, warnings=()), differences=compare([], [ROW]), seconds=1.0
    )
    assert "day\\: Monday · desk\\: north desk" in texts(report_card(publication))[1]


@given(st.lists(st.text("ab \u0301é한*", max_size=8), min_size=1, max_size=6), st.data())
def test_the_bold_of_a_row_is_that_of_its_cells(cells: list[str], data: st.DataObject) -> None:
    columns = tuple(f"c{number}" for number in range(data.draw(st.integers(0, len(cells)))))
    text = CELL_END.join(cells)
    pairs = data.draw(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
    spans = sorted((a, b) for a, b in pairs if a < b <= len(text))
    words, bold = row_in_words(Passage("d", 1, text, columns=columns), spans)
    assert CELL_END not in words
    pieces = [piece for a, b in spans for piece in text[a:b].split(CELL_END) if piece.strip()]
    assert sorted(piece for a, b in bold if (piece := words[a:b]).strip()) == sorted(pieces)


# Places


@pytest.mark.parametrize("is_close", [True, False])
@pytest.mark.parametrize("numbers", [(), ("1",)])
def test_a_heading_of_a_web_page_is_linked(is_close: bool, numbers: tuple[str, ...]) -> None:
    passage = Passage("d", 12, "Words.", numbers, place="#Opening_hours_(summer)")
    text = shown(passage, is_close=is_close, source_url=f"{PAGE}#top")
    address = f"{PAGE}#Opening_hours_%28summer%29"
    assert f"Handbook, [\\#Opening\\_hours\\_\\(summer\\)]({address})" in text
    assert "line 12" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_told_in_the_language_of_the_reader(language: str) -> None:
    passage = Passage("d", 12, "Words.", place="page 3")
    with speaking(language):
        words = say("place.page", page=3)
        assert f"[{words}](https://example.org/handbook.PDF?v=2#page=3)" in shown(
            passage, source_url=PDF
        )
        assert words in shown(passage)
        assert f"[{words}]" not in shown(passage, source_url=PAGE)
        assert say("place.line", line=12) not in shown(passage)
    assert "3" in words


def test_a_pdf_is_told_by_its_format_too() -> None:
    passage = Passage("d", 12, "Words.", place="page 3")
    said = spec(source_url=PAGE, format="pdf")
    assert place_link(passage, said) == f"[page 3]({PAGE}#page=3)"
    assert place_link(replace(passage, place="page iv"), said) == "page iv"


@pytest.mark.parametrize("place", ["", "#", "page ", "folio 3", "#\u200b", "\n"])
def test_without_a_place_it_is_the_line(place: str) -> None:
    passage = Passage("d", 12, "Words.", place=place)
    assert "Handbook, line 12" in shown(passage)
    assert place_words(passage) == "line 12"


def test_what_a_link_ends_with_is_the_line_where_there_is_no_link() -> None:
    passage = Passage("d", 12, "Words.", place="#hours")
    assert "Handbook, line 12" in shown(passage)
    assert place_words(passage) == "#hours"
    assert "**Handbook**, lines 12–12" in context(passage)[0]


def test_an_encoded_place_is_read_decoded_and_is_not_encoded_again() -> None:
    passage = Passage("d", 12, "Words.", place="#%EC%97%AD%EC%82%AC_100%")
    link = place_link(passage, spec(source_url=PAGE))
    assert link == f"[\\#역사\\_100%]({PAGE}#%EC%97%AD%EC%82%AC_100%25)"


def test_an_address_calls_nobody() -> None:
    passage = Passage("d", 12, "Words.", place="#@everyone")
    link = place_link(passage, spec(source_url="https://example.org/@here/@ana"))
    assert link.endswith("(https://example.org/%40here/@ana#%40everyone)")


def test_a_link_too_long_is_left_out_and_its_label_stays() -> None:
    passage = Passage("d", 12, "Words.", place="#" + "x" * 500)
    text = shown(passage, source_url=PAGE)
    assert f"Handbook, \\#{'x' * 58}…" in text
    assert "](https://example.org/handbook#" not in text


def test_a_passage_of_a_web_page_without_a_heading_is_found_by_its_ends() -> None:
    said = spec(source_url=f"{PAGE}#top", format="html")
    long = Passage("d", 4, "One-way, two & three four 한 six seven eight, nine")
    fragment = "#:~:text=One%2Dway%2C%20two%20%26%20three,six%20seven%20eight%2C%20nine"
    assert place_link(long, said) == f"[line 4]({PAGE}{fragment})"
    assert place_link(replace(long, text="Few words (here)"), said).endswith(
        "#:~:text=Few%20words%20%28here%29)"
    )
    row = replace(long, text="Monday\tnorth desk")
    assert place_link(row, said).endswith("#:~:text=Monday,north%20desk)")
    assert place_link(replace(long, text="긴" * 50), said) == "line 4"
    assert place_link(long, spec(source_url=PAGE)) == "line 4"


def test_the_context_names_pages_and_no_lines() -> None:
    passages = [Passage("d", n, f"Words {n}.", ("1",), place=f"page {n}") for n in (1, 2)]
    lines = context(*passages, source_url=PDF)
    assert lines[0] == "**Handbook**"
    link = "[page 2](https://example.org/handbook.PDF?v=2#page=2)"
    assert lines[-1] == f"-# {link} \\[1\\]"
    assert "line" not in "".join(lines)


def test_sources_link_places_and_numbers() -> None:
    references = {"1": {"title": "A book", "url": "https://example.org/book"}}
    passage = Passage("d", 12, "Words.", ("1", "2"), place="#hours")
    text = found(passage, source_url=PAGE, references=references)
    assert (
        "**[\\[1\\]](https://example.org/book) \\[2\\]** · "
        f"Handbook, [\\#hours]({PAGE}#hours)" in text
    )
    assert "Handbook, line 7" in found(replace(ROW, citations=()))


def test_sources_without_room_for_links_keep_their_labels() -> None:
    passage = Passage("d", 12, "Words.", ("1",), place="#" + "x" * 250)
    one = Document(spec(source_url=PAGE), (passage,))
    many = (Statement("A text.", Kind.SUPPORTED, (Hit(passage, one),)),) * 20
    view = sources_card(Statements(many))
    assert_fits(view)
    text = "\n".join(texts(view))
    assert text.count("**\\[1\\]** · Handbook, ") == 20


# References


def references(passage: Passage, **said: Any) -> list[str]:
    view = references_card([(passage, Document(spec(**said), (passage,)))])
    assert_fits(view)
    return "\n".join(texts(view)).splitlines()


def test_unknown_numbers_of_a_document_are_one_line() -> None:
    passage = Passage("d", 1, "Words.", ("3", "1", "28"))
    known = {"1": {"title": "A *book*", "url": "https://example.org/book"}}
    assert references(passage, references=known)[1:3] == [
        "- \\[1\\] [A \\*book\\*](https://example.org/book)",
        "- \\[3\\] \\[28\\]: not known to me",
    ]


def test_a_range_of_numbers_has_those_that_are_known() -> None:
    passage = Passage("d", 1, "Words.", ("2–4", "7–9"))
    known = {number: {"title": f"Book {number}"} for number in ("2", "4")}
    assert references(passage, references=known)[1:4] == [
        "- \\[2\\] Book 2",
        "- \\[4\\] Book 4",
        "- \\[7–9\\]: not known to me",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_document_leads_to_its_list_of_references(language: str) -> None:
    (document,) = load_corpus(shipped_data()).documents
    passage = next(one for one in document.passages if len(one.citations) > 1)
    with speaking(language):
        view = references_card([(passage, document)])
        listed = say("references.list")
    assert_fits(view)
    line = "\n".join(texts(view)).splitlines()[1]
    assert f"[{listed}]({document.spec.source_url}#References)" in line
    assert all(f"\\[{number}\\]" in line for number in passage.citations)
    assert len(line.replace(f"({document.spec.source_url}#References)", "")) < 70


def test_very_many_unknown_numbers_are_counted() -> None:
    numbers = tuple(map(str, range(1000, 1200)))
    lines = references(Passage("d", 1, "Words.", numbers), source_url=PAGE)
    told = lines[1].count("\\]")
    assert 1 < told < 30
    assert f"{200 - told} more" in lines[2]


# What others wrote

_SIGNS = st.lists(st.sampled_from([*HOSTILE, "word", "%", "(", ")", "\t", "#", "\ud800"]))
_WORDS = st.one_of(st.text(max_size=300), _SIGNS.map("".join))


@given(
    st.one_of(_WORDS, _WORDS.map("#{}".format), _WORDS.map("page {}".format)),
    st.lists(_WORDS, max_size=4),
    st.lists(_WORDS, max_size=4),
    st.lists(_WORDS, min_size=1, max_size=4),
    st.sampled_from([None, "html", "pdf"]),
)
def test_nothing_in_places_columns_and_headings_takes_effect(
    place: str, columns: list[str], section: list[str], cells: list[str], told: str | None
) -> None:
    text = CELL_END.join(" ".join(cell.split()) for cell in cells)
    passage = Passage(
        "d", 1, text, ("1",), section=tuple(section), place=place, columns=tuple(columns)
    )
    said: dict[str, Any] = {"source_url": PAGE} | ({"format": told} if told else {})
    for card in (shown(passage, **said), "\n".join(context(passage, **said)), found(passage)):
        assert CELL_END not in card
        unescaped = re.sub(r"\\[^0-9A-Za-z\s]", "\0", card)
        assert not PING.search(unescaped)
        assert set(re.findall(r"\]\((.*?)[)#]", unescaped)) <= {PAGE}
    link = place_link(passage, spec(**said))
    assert "\n" not in link
    assert re.fullmatch(r"\[.*\]\([^()\s<>]*\)|(?!\[).*", link)


@pytest.mark.parametrize("sign", ["*", "x", "한", "@everyone", "\n", ")"])
@pytest.mark.parametrize("url", [PAGE, "https://example.org/" + "x" * 300, "https://[::1"])
def test_the_longest_of_everything_fits(sign: str, url: str) -> None:
    long = sign * 3000
    known = {str(n): {"title": "*" * 200, "url": f"https://example.org/{n}"} for n in range(9)}
    said = spec(
        title="*" * 200,
        attribution="*" * 500,
        licence="*" * 200,
        source_url=url,
        licence_url=url,
        references=known,
        format="html",
    )
    passages = tuple(
        Passage(
            "d", n, CELL_END.join(["*" * 9] * 300), tuple(map(str, range(99))), (), (long,) * 9,
            f"#{long}"[: 10 ** (n % 5)], (long,) * 300,
        )
        for n in range(1, 6)
    )  # fmt: skip
    document = Document(said, passages)
    hits = tuple(
        Hit(one, Document(said.model_copy(), (one,)), 1.0, 1.0, spans=((0, 9),)) for one in passages
    )
    answer = Answer("*" * 500, hits, 5, 1.0, corrected="*" * 300, taken_over=("*" * 300,))
    assert_fits(answer_card(answer))
    assert_fits(answer_card(replace(answer, count=0, is_close=True)))
    pointers = Pointers(1, 1, 0, (Spot(own=False, position=0),), 0)
    assert_fits(context_card(pointers, [(passages[2], document)]))
    assert_fits(references_card([(hit.passage, hit.document) for hit in hits]))
    statements = (Statement("*" * 500, Kind.SUPPORTED, hits),) * 20
    assert_fits(sources_card(Statements(statements)))
    assert escape(place_words(passages[0])) in place_link(passages[0], said)
