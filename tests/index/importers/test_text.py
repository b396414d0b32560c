"""Plain text to blocks: what neighbours and words tell of headings, lists and references."""

from __future__ import annotations

import pytest

from index.importers.blocks import Cited, Entry, written
from tests.index.importers.texts import BUILT, BURNED, KEPT, SEEN, document, imported, kinds


def test_short_texts_that_end_no_sentence_are_headings() -> None:
    text = ("History", BUILT, "The lamp", BURNED)
    assert kinds(*text) == ["heading", "paragraph", "heading", "paragraph"]


@pytest.mark.parametrize(
    "text",
    [
        "It burned oil.",
        "It was the first on that coast[3]",
        "It had three parts:",
        "and was sold in the year after",
        "It was sold, as the books say, to",
        "The height of the tower, , exceeds",
    ],
)
def test_short_texts_that_are_no_headings(text: str) -> None:
    assert kinds(BUILT, text, BURNED) == ["paragraph"] * 3


def test_a_heading_that_asks() -> None:
    text = (BUILT, "Which ships came?", SEEN)
    assert kinds(*text) == ["paragraph", "heading", "paragraph"]
    assert document(*text).passages[-1].section == ("Which ships came?",)


def test_questions_right_above_their_answers() -> None:
    text = "Which day is the market?\nIt is held on Tuesdays, in the square before the town hall."
    assert kinds(text) == ["heading", "paragraph"]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_lines_of_questions_and_answers(between: str) -> None:
    first, second = document(
        f"Q: Which day is the market?{between}A: It is on Tuesdays.",
        f"Q: Where is it?{between}A: In the square.",
    ).passages
    assert (first.section, first.text) == (("Which day is the market?",), "It is on Tuesdays.")
    assert (second.section, second.text) == (("Where is it?",), "In the square.")


@pytest.mark.parametrize(
    ("heading", "text", "level"),
    [
        ("# Lamps", "Lamps", 1),
        ("### Lamps ###", "Lamps", 3),
        ("== Lamps ==", "Lamps", 1),
        ("Lamps\n=====", "Lamps", 1),
        ("Lamps\n-----", "Lamps", 2),
        ("Lamps[edit]", "Lamps", 2),
        ("3. Lamps", "3. Lamps", 2),
        ("3.1.  Lamps", "3.1. Lamps", 3),
        ("Appendix A. Lamps", "Appendix A. Lamps", 2),
        ("제3장 등대", "제3장 등대", 2),
    ],
)
def test_headings_that_are_marked_or_numbered(heading: str, text: str, level: int) -> None:
    block = imported(BUILT, heading, BURNED).blocks[1]
    assert (block.kind, " ".join(written(block).split()), block.level) == ("heading", text, level)


def test_a_marked_heading_needs_no_blank_lines() -> None:
    assert kinds(f"# Lamps\n{BURNED}\n## Ships\n{SEEN}") == ["heading", "paragraph"] * 2


def test_what_looks_like_a_heading_in_code_is_none() -> None:
    assert kinds(BUILT, "```\n# light\n\nlamp = 1\n```", BURNED) == [
        "paragraph",
        "code",
        "paragraph",
    ]


def test_a_definition_that_is_set_in_is_code_whatever_it_cites() -> None:
    rules = "     light = <light, see [3]>\n     tower = light / storey [3]"
    assert kinds(BUILT, rules, BURNED) == ["paragraph", "code", "paragraph"]
    assert kinds(BUILT, "So light = storey in all that is said here [3].", BURNED)[1] == "paragraph"


def test_a_plain_heading_right_below_another_stands_under_it() -> None:
    sections = [passage.section for passage in document(BUILT, "Lamps", "Oil", BURNED).passages]
    assert sections == [(), ("Lamps", "Oil"), ("Lamps", "Oil")]


def test_a_title_stands_above_all() -> None:
    text = imported("Lamps of the coast", "History", BUILT)
    assert text.title == "Lamps of the coast"
    assert [block.level for block in text.blocks] == [1, 2, 0]


def test_what_stands_between_the_title_and_the_first_sentences_is_front_matter() -> None:
    text = ("Lamps of the coast", "Ada Mason, Ann Lee", "Port, Hill County", "Abstract", BUILT)
    assert kinds(*text) == ["heading", "front matter", "front matter", "heading", "paragraph"]


def test_a_text_without_sentences_is_kept() -> None:
    assert kinds("Opening hours", "Monday to Friday, nine to five") == ["paragraph"] * 2


def test_items() -> None:
    text = "To light it:\n\n1. Open the door.\n2. Turn the key.\n\n- Oil\n- Wick,\n  and a match"
    blocks = imported(BUILT, text).blocks[2:]
    assert [block.kind for block in blocks] == ["item"] * 4
    assert [written(block) for block in blocks] == [
        "Open the door.",
        "Turn the key.",
        "Oil",
        "Wick,\nand a match",
    ]
    assert [block.steps for block in blocks] == [1, 1, 0, 0]


def test_a_year_at_the_beginning_of_a_line_is_no_number_of_an_item() -> None:
    assert kinds(
        "The lamp was lit for the first time in the autumn of the year\n1871. It burned oil."
    ) == ["paragraph"]


def test_nothing_short_is_lost_at_the_end() -> None:
    text = (BUILT, "Keepers", KEPT, "Lamps: Ada Mason\nTowers: Ann Lee", "Port, Hill County")
    assert kinds(*text)[-2:] == ["paragraph", "paragraph"]


def test_a_chain_of_short_texts_is_a_list() -> None:
    assert kinds(BUILT, "Oil", "Wicks", "Matches", "A spare lamp", BURNED) == [
        "paragraph",
        *["item"] * 4,
        "paragraph",
    ]


def test_short_texts_below_a_lead_in_are_items() -> None:
    text = (BUILT, "It has three parts:", "A tower of stone", "A lamp room", "A house", BURNED)
    assert kinds(*text) == ["paragraph", "paragraph", "item", "item", "item", "paragraph"]


def test_a_page_that_is_copied_whole() -> None:
    page = (
        "Jump to content",
        "Contents",
        "1 History",
        "1.1 The keeper",
        "2 The lamp",
        "3 References",
        BUILT,
        "History[edit]",
        "A tower on a cliff",
        BURNED,
        "The keeper",
        "Main article: Keepers of the coast",
        KEPT,
        "The lamp",
        f"{SEEN}[1][2]",
        "References",
        "^ Mason, Ada (1902). Lamps.",
        "^ a b Lee, Ann. https://towers.example/",
        "Lights of the coast",
        "Port",
        "Hill",
        "Cape",
        "Retrieved from lamps.example",
    )
    text = imported(*page)
    assert [block.kind for block in text.blocks] == [
        *["navigation"] * 6,
        "paragraph",
        "heading",
        "caption",
        "paragraph",
        "heading",
        "navigation",
        "paragraph",
        "heading",
        "paragraph",
        "heading",
        "reference",
        "reference",
        *["navigation"] * 5,
    ]
    assert text.references == {
        "1": Entry("Mason, Ada (1902). Lamps."),
        "2": Entry("Lee, Ann. https://towers.example/", "https://towers.example/"),
    }
    levels = {written(block): block.level for block in text.blocks if block.kind == "heading"}
    assert levels["The keeper"] == levels["History"] + 1


def test_captions_stand_between_headings_that_can_be_edited() -> None:
    text = (BUILT, "History[edit]", "A tower on a cliff", BURNED, "The lamp[edit]", SEEN)
    assert kinds(*text) == [
        *("paragraph", "heading", "caption", "paragraph"),
        *("heading", "paragraph"),
    ]


def test_a_copied_page_without_blank_lines() -> None:
    lines = (
        *("Contents", "1\tHistory", "1.1\tOil", "2\tUse", f"{BUILT} {KEPT}"),
        *("History", f"{KEPT} {SEEN}", "Oil[edit]", "See also: Gas", f"{BURNED} {KEPT}"),
        *("Use", f"{SEEN} {BUILT}"),
    )
    assert kinds("\n".join(lines)) == [
        *("navigation", "navigation", "navigation", "navigation", "paragraph"),
        *("heading", "paragraph", "heading", "navigation", "paragraph", "heading", "paragraph"),
    ]


def test_headings_right_above_what_is_set_in() -> None:
    assert kinds("NAME\n    lamp, which burns oil.\n\nUSE\n    It is lit.") == [
        *("heading", "paragraph"),
        *("heading", "paragraph"),
    ]


def test_entries_without_numbers_are_counted_only_where_as_many_are_cited() -> None:
    entries = ("References", "^ Mason, Ada (1902). Lamps.", "^ Lee, Ann (1903). Towers.")
    assert not imported(f"{BUILT}[1][2][3]", *entries).references
    assert set(imported(f"{BUILT}[1]", f"{BURNED}[2]", *entries).references) == {"1", "2"}


def test_a_list_of_contents_with_the_numbers_of_pages() -> None:
    contents = "1. History ........ 1\n  1.1. The keeper ..... 2\n2. Lamps ....... 14"
    text = ("Table of Contents", contents, "1. History", BUILT, "1.1. The keeper", KEPT)
    assert kinds(*text) == ["navigation", "navigation", *["heading", "paragraph"] * 2]


@pytest.mark.parametrize(
    "caption",
    [
        "Fig 1. The lamp of 1871, as the keeper drew it.",
        "Figure 2 The lamp of 1902.",
        "Table 1",
        "Table S1: Prices.",
        "S1 Text Letters of the keeper. (PDF)",
        "Abb. 3: Die Lampe.",
        "표 1. 등대의 값.",
    ],
)
def test_captions(caption: str) -> None:
    assert kinds(BUILT, caption, BURNED)[1] == "caption"


@pytest.mark.parametrize(
    "text",
    [
        "Figure 2 shows the lamp of 1902.",
        "Fig. 5 C shows how much oil was burned.",
        "Tables were set for the guests.",
        "S1 was the first of the lamps.",
    ],
)
def test_sentences_about_figures_are_no_captions(text: str) -> None:
    assert kinds(BUILT, text, BURNED)[1] == "paragraph"


@pytest.mark.parametrize(
    "notice",
    ["See also: Lamps of the coast", "For other uses, see Lamp (disambiguation).", "Edit", "Print"],
)
def test_what_sends_elsewhere_is_navigation(notice: str) -> None:
    assert kinds(BUILT, notice, BURNED)[1] == "navigation"


def test_a_text_that_is_set_in() -> None:
    text = """
1.  Lamps

   A lamp burns what its keeper gives to it, and it goes on to burn
   until that is used up, as is defined in [RFC2119].

     lamp = oil / gas

   o  Oil is dear.

   o  Gas is cheap, and it is laid on to each of the houses of the
      town.

8.  References

8.1.  Normative References

   [RFC2119]  Bradner, S., "Key words for use in RFCs", BCP 14,
              March 1997, <https://words.example/>.

   [OIL]      Mason, A., "Oil", 1902.

Appendix A.  Changes

   The lamps were changed, and the oil was changed with them, as
   it was found by those of the town that it burned badly.
"""
    document = imported(text)
    assert [block.kind for block in document.blocks] == [
        "heading",
        "paragraph",
        "code",
        "item",
        "item",
        "heading",
        "heading",
        "reference",
        "reference",
        "heading",
        "paragraph",
    ]
    assert set(document.references) == {"RFC2119", "OIL"}
    assert document.references["RFC2119"].url == "https://words.example/"


LABELLED = ("References", '[RFC2119] Bradner, S., "Key words".', "[Smi20] Smith. Lamps. 2020.")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("As in [RFC2119], they burn.", ("As in [RFC2119]", Cited(("RFC2119",)), ", they burn.")),
        ("They burn.[Smi20] So it is.", ("They burn.", Cited(("Smi20",)), " So it is.")),
        ("They burn. [Smi20] So it is.", ("They burn.", Cited(("Smi20",)), " So it is.")),
        ("They burn. [Smi20] says so.", ("They burn. [Smi20]", Cited(("Smi20",)), " says so.")),
        ("So [RFC2119; Smi20].", ("So [RFC2119; Smi20]", Cited(("RFC2119", "Smi20")), ".")),
        ("So [Smi20, p. 5] said.", ("So [Smi20, p. 5]", Cited(("Smi20",)), " said.")),
        ("So [Lee01] said [sic].", ("So [Lee01] said [sic].",)),
    ],
)
def test_labels_of_entries_are_citations(text: str, parts: tuple[object, ...]) -> None:
    assert imported(text, *LABELLED).blocks[0].parts == parts


def test_labels_become_citations_of_their_sentence() -> None:
    known = document("As is said in [RFC2119], they burn. They burn oil. [Smi20]", *LABELLED)
    assert [(passage.text, passage.citations) for passage in known.passages] == [
        ("As is said in [RFC2119], they burn.", ("RFC2119",)),
        ("They burn oil.", ("Smi20",)),
    ]
    assert known.references["rfc2119"].title == 'Bradner, S., "Key words".'


def test_a_list_of_references_ends_at_a_heading_with_prose_below() -> None:
    text = (f"{BUILT}[1]", "Notes", "1. Mason, Ada (1902). Lamps.", "Afterword", f"{BURNED} {SEEN}")
    assert kinds(*text) == ["paragraph", "heading", "reference", "heading", "paragraph"]


def test_prose_below_a_heading_that_lists_often_have_is_prose() -> None:
    assert kinds(BUILT, "Sources", BURNED, "Notes", f"{KEPT}[2]") == [
        "paragraph",
        *["heading", "paragraph"] * 2,
    ]


def test_a_list_of_references_in_another_language() -> None:
    assert kinds(BUILT, "Einzelnachweise", "[1] Mason: Lampen. 1902.", "[2] Lee, S. 5.") == [
        "paragraph",
        "heading",
        "reference",
        "reference",
    ]
