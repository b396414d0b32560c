"""Markdown to blocks: what is text, what cites, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.importing import read_import
from index.errors import CorpusError
from index.importers.blocks import KINDS, Block, Cited, Entry, Imported, Verbatim, written
from index.importers.markdown import read

TEXT = ("paragraph", "item", "row")


def imported(text: str) -> Imported:
    return read("rules.md", text.encode())


def texts(text: str, *kinds: str) -> list[str]:
    """What the blocks of some kinds say, else of those that become passages."""
    blocks = imported(text).blocks
    return [" ".join(written(block).split()) for block in blocks if block.kind in (kinds or TEXT)]


def numbers(text: str) -> list[tuple[str, ...]]:
    return [
        part.numbers
        for block in imported(text).blocks
        for part in block.parts
        if isinstance(part, Cited)
    ]


def only(text: str) -> Block:
    (block,) = imported(text).blocks
    return block


def passages(text: str) -> list[tuple[str, tuple[str, ...]]]:
    document = read_import("rules.md", text.encode(), "markdown")
    return [(passage.text, passage.citations) for passage in document.passages]


class TestBlocks:
    def test_headings_have_a_level_and_the_place_of_a_link_to_them(self) -> None:
        text = (
            "# The Harbour!\n\nAt rest.\n\n## Fees & *dues*\n\n## Fees & dues\n\n"
            "### Öl_2 {#oil .x}\n"
        )
        blocks = imported(text).blocks
        headings = [(one.level, one.place) for one in blocks if one.kind == "heading"]
        assert headings == [
            (1, "#the-harbour"), (2, "#fees--dues"), (2, "#fees--dues-1"), (3, "#oil"),
        ]  # fmt: skip
        assert blocks[1].place == "#the-harbour"
        assert written(blocks[-1]).strip() == "Öl_2"

    def test_lines_are_those_of_the_file(self) -> None:
        text = (
            "---\ntitle: Rules\n---\n\nOne.\nTwo.\n\n> Three.\n\n| a | b |\n|---|---|\n| c | d |\n"
        )
        blocks = imported(text).blocks
        assert [(block.kind, block.line) for block in blocks[1:]] == [
            ("paragraph", 5), ("paragraph", 8), ("row", 12),
        ]  # fmt: skip

    def test_items_of_an_ordered_list_are_steps_and_others_are_none(self) -> None:
        blocks = imported(
            "1. Cast off.\n   - Slowly.\n2. Row.\n\nText.\n\n- Loose.\n\n1) Land."
        ).blocks
        assert [block.steps for block in blocks] == [1, 1, 1, 0, 0, 2]
        assert [block.kind for block in blocks].count("item") == 5

    def test_rows_have_the_names_of_their_columns(self) -> None:
        row = only("| Port | Fee |\n|:--|--:|\n| **Aber** | 3 *pence* |")
        assert (row.kind, row.columns, written(row)) == ("row", ("Port", "Fee"), "Aber\t3 pence")

    def test_rows_of_html_have_them_too(self) -> None:
        text = "<table><tr><th>Port</th><th>Fee</th></tr>\n<tr><td>Aber</td><td>3</td></tr></table>"
        row = only(text)
        assert (row.columns, written(row)) == (("Port", "Fee"), "Aber\t3")

    def test_rows_that_commonmark_does_not_know_are_rows(self) -> None:
        assert [block.kind for block in imported("+---+---+\n| a | b |\n+---+---+").blocks] == [
            "row"
        ]

    def test_code_is_code(self) -> None:
        text = (
            "```py\na[1]\n```\n\nText.\n\n    b[2]\n\n$$\nx^2\n$$\n\n"
            "\\begin{align}\nx\n\\end{align}"
        )
        assert texts(text, "code") == ["a[1]", "b[2]", "$$ x^2 $$", "\\begin{align} x \\end{align}"]
        assert texts(text) == ["Text."]

    def test_a_term_stands_before_what_is_said_of_it(self) -> None:
        assert texts("Quay\n: Where boats lie.\n: Of stone.") == [
            "Quay : Where boats lie.",
            "Of stone.",
        ]

    def test_a_list_of_links_alone_is_navigation(self) -> None:
        text = (
            "- [Fees](#fees)\n- [Hours](#hours)\n\n* [Boats](b.md) moor here.\n* [Rafts](r.md) too."
        )
        assert texts(text, "navigation") == ["Fees", "Hours"]
        assert texts(text) == ["Boats moor here.", "Rafts too."]

    def test_images_and_badges_say_nothing(self) -> None:
        assert texts("[![build](a.svg)](b) ![A quay](c.png)\n\nBoats ![x](y)moor.") == [
            "Boats moor."
        ]


class TestFrontMatter:
    def test_yaml_tells_of_the_document(self) -> None:
        text = (
            "---\ntitle: Rules\nlang: de-AT\nlicense: CC0\nsource: https://h.org/r\n---\nAn Land."
        )
        got = imported(text)
        assert (got.title, got.language, got.licence) == ("Rules", "de", "CC0")
        assert got.source_url == "https://h.org/r"
        assert [block.kind for block in got.blocks] == ["front matter", "paragraph"]

    def test_toml_does_too(self) -> None:
        assert imported('+++\ntitle = "Rules"\n+++\nText.').title == "Rules"

    def test_without_it_the_one_heading_at_the_top_is_the_title(self) -> None:
        assert imported("# Rules\n\n## Fees").title == "Rules"
        assert imported("# Rules\n\n# Fees").title is None

    def test_a_rule_at_the_top_begins_none(self) -> None:
        assert texts("---\nBoats moor.\n\n---\n\nText.") == ["Boats moor.", "Text."]

    @pytest.mark.parametrize(
        "front",
        [
            "---\ntitle: [\n---\n",
            "---\na: &a [x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(90)) + "---\n",
            "---\na: " + "[" * 9000 + "\n---\n",
            "---\na: " + "b" * 60_000 + "\n---\n",
            "+++\na = \n+++\n",
            "+++\na = " + "[" * 9000 + "\n+++\n",
        ],
    )
    def test_what_is_broken_or_a_bomb_is_told_and_the_text_is_read(self, front: str) -> None:
        got = imported(f"{front}Boats moor.")
        assert "the front matter is left out unread" in got.warnings[0]
        assert got.blocks[-1].parts == ("Boats moor.",)


class TestWithinLines:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("*Boats* **moor** ~~at~~ __the__ ***quay***.", "Boats moor at the quay."),
            (
                "See [the *act*](a.md), <https://a.org> &amp; &copy;.",
                "See the act, https://a.org & ©.",
            ),
            ("Hard  \nbreak and\\\nanother.", "Hard break and another."),
            (r"2 \* 3 \_ \[sic\]", "2 * 3 _ [sic]"),
            ("強調は**「強い」**です。", "強調は「強い」です。"),
            ("A ==marked== word, H~2~O.", "A marked word, H2O."),
            ("Ten 10<sup>3</sup> m^2^, H<sub>2</sub>O.", "Ten 10³ m², H2O."),
            ("Press <kbd>Q</kbd><br>now <!-- no -->then.", "Press Q now then."),
            ("See [[Page]], [[Page|words]] and ![[Put in]].", "See Page, words and ."),
            ('Go [there](my file.md) or [here]({{< ref "a" >}}).', "Go there or here."),
            ("Text [optional](see below).", "Text [optional](see below)."),
            ("Costs {{ price }} now{: .big} {% if x %}or{% endif %} never.", "Costs now or never."),
            ("A [link](a.md){target=_blank} and *b*{.c}.", "A link and b."),
            ("Well done :tada: at 10:30:15.", "Well done at 10:30:15."),
            ("Use {ref}`the page <a>` and {term}`word`.", "Use the page and word."),
            ("<Note kind={x}>Mind.</Note>", "Mind."),
            ("It is $5 and $10, $HOME too.", "It is $5 and $10, $HOME too."),
            ("Mail @alice or a@b.org.", "Mail @alice or a@b.org."),
            ("`` a ` b `` it is.", "a ` b it is."),
        ],
    )
    def test_no_syntax_stays(self, text: str, said: str) -> None:
        (block,) = imported(text).blocks
        assert " ".join(written(block).split()) == said

    def test_code_and_formulas_hold_no_numbers(self) -> None:
        block = only('Ask `a[1]` of `["1","2"]` in $x_[1]$ now.')
        code = [part.text for part in block.parts if isinstance(part, Verbatim)]
        assert code == ["a[1]", '["1","2"]', "x_[1]"]
        assert not any(passage[1] for passage in passages('Ask `a[1]` of `["1","2"]`.'))

    def test_a_task_is_no_citation(self) -> None:
        assert passages("- [x] Moor the boat.\n- [ ] Pay.") == [
            ("Moor the boat.", ()),
            ("Pay.", ()),
        ]


class TestDocumentationSystems:
    @pytest.mark.parametrize(
        "text",
        [
            "{{< hint info >}}\nBoats moor.\n{{< /hint >}}",
            '{{< figure\n  src="a.png"\n  caption="A quay" >}}\n\nBoats moor.',
            '{% hint style="info" %}\nBoats moor.\n{% endhint %}',
            ":::note\nBoats moor.\n:::",
            "::: {.warning}\nBoats moor.\n:::",
            "!!! note\n    Boats moor.",
            "```{note}\n:class: wide\nBoats moor.\n```",
            "> [!NOTE]\n> Boats moor.",
            "> [!NOTE] Boats moor.",
            "> \\[!NOTE] Boats moor.",
            "import A from '@b/c';\n\nexport const a = {\n  b: 1,\n};\n\nBoats moor.",
            "[[_TOC_]]\n\nBoats moor.\n{: .lead}",
            "(quay)=\n\nBoats moor.\n\n%% a remark %%",
            "<div align=center>\n\nBoats moor.\n\n</div>\n\n<style>\na {}\n\nb {}\n</style>",
            "<script>\nvar a;\n\nvar b;\n</script>\n\nBoats moor.\n\n<!-- a\n\nb -->",
        ],
    )
    def test_what_is_around_text_is_taken_off(self, text: str) -> None:
        assert texts(text, *TEXT, "heading", "code") == ["Boats moor."]

    def test_tabs_and_titles_head_their_text_alone(self) -> None:
        text = '# Port\n\n=== "North"\n    Stone.\n\n=== "South"\n    Wood.\n\nBoth are old.'
        got = [(block.kind, block.place) for block in imported(text).blocks]
        assert got == [
            ("heading", "#port"), ("heading", "#north"), ("paragraph", "#north"),
            ("heading", "#south"), ("paragraph", "#south"), ("heading", "#port"),
            ("paragraph", "#port"),
        ]  # fmt: skip

    def test_a_summary_heads_its_details(self) -> None:
        text = (
            "# Port\n\n<details>\n<summary>Who may moor?</summary>\n\nMembers *only*.\n\n"
            "</details>\n\nIt is old."
        )
        document = read_import("a.md", text.encode(), "markdown")
        assert [passage.section for passage in document.passages] == [("Who may moor?",), ()]
        assert document.title == "Port"
        assert [passage.text for passage in document.passages] == ["Members only.", "It is old."]


class TestQuestions:
    @pytest.mark.parametrize(
        "text",
        [
            "## Which day is the market?\n\nFriday. Come early.\n",
            "**Which day is the market?**\n\nFriday. Come early.\n",
            "**Which day is the market?**\nFriday. Come early.\n",
            "> [!faq]- Which day is the market?\n> Friday. Come early.\n",
            '??? question "Which day is the market?"\n    Friday. Come early.\n',
            "::: details Which day is the market?\nFriday. Come early.\n:::\n",
            "**Q: Which day is the market?**\n\n**A:** Friday. Come early.\n",
        ],
    )
    def test_an_answer_stands_under_its_question(self, text: str) -> None:
        document = read_import("faq.md", text.encode(), "markdown")
        assert [(passage.section, passage.text) for passage in document.passages] == [
            (("Which day is the market?",), "Friday. Come early.")
        ]

    def test_a_bold_sentence_is_a_paragraph(self) -> None:
        assert texts("**Never moor here.**\n\n**Hours**\n\nAll day.") == [
            "Never moor here.",
            "All day.",
        ]


class TestFootnotes:
    TEXT = (
        "Oil burns.[^1] Gas[^gas] glows.\n\n[^1]: See [the *book*](https://b.org/x).\n\n"
        "    Page 3.\n"
        "[^gas]: Of coal.\n"
    )

    def test_they_cite_and_their_words_are_references(self) -> None:
        got = imported(self.TEXT)
        assert passages(self.TEXT) == [("Oil burns.", ("1",)), ("Gas glows.", ("gas",))]
        assert got.references == {
            "1": Entry("See the book. Page 3.", "https://b.org/x"), "gas": Entry("Of coal."),
        }  # fmt: skip
        assert texts(self.TEXT, "reference") == ["See the book.", "Page 3.", "Of coal."]
        assert not got.prints_markers

    def test_brackets_beside_them_are_text(self) -> None:
        assert passages("Oil burns.[^1] Set it to [7].\n\n[^1]: Book.")[1] == ("Set it to [7].", ())

    def test_a_note_within_the_text_gets_a_number_that_is_free(self) -> None:
        text = "Oil^[A *book*.] burns.[^1]\n\n[^1]: Coal."
        assert numbers(text) == [("2",), ("1",)]
        assert imported(text).references["2"] == Entry("A book.")

    def test_one_without_a_definition_cites_and_a_class_of_signs_does_not(self) -> None:
        assert passages("Oil burns.[^lost] Match [^a-z] once.") == [
            ("Oil burns.", ("lost",)), ("Match [^a-z] once.", ()),
        ]  # fmt: skip


class TestPrintedNumbers:
    @pytest.mark.parametrize(
        "text",
        [
            "Oil burns.[1](https://a.org) Gas glows.",
            "Oil burns.[[1]](#cite_note-1) Gas glows.",
            r"Oil burns.\[1\] Gas glows.",
            r"Oil burns.[\[1\]](https://a.org) Gas glows.",
            "Oil burns.<sup>[1]</sup> Gas glows.",
            "Oil burns.<sup>1</sup> Gas glows.",
            'Oil burns.<sup><a href="#fn1">1</a></sup> Gas glows.',
            "Oil burns [1]. Gas glows.\n\n[1]: https://a.org 'Book'",
            "Oil burns.[1] Gas glows.",
            "Oil burns [1]. Gas glows.\n\n## References\n\n1. A book.",
            "Oil burns [1]. Gas glows.\n\n[1] A book.",
        ],
    )
    def test_they_go_to_their_sentence_and_tear_nothing(self, text: str) -> None:
        assert passages(text) == [("Oil burns.", ("1",)), ("Gas glows.", ())]

    @pytest.mark.parametrize(
        "text",
        [
            "See issue [12](https://a.org/12) of chapter [3](https://a.org/3).",
            "The list items[1] and items[0] are numbers.",
            "The range [0, 1] and the year [2012] are text.",
            "An area of 10<sup>3</sup> square miles.",
            "It is (2<sup>64</sup>)<sup>1</sup> in all.",
            "Go to [2](two.md) now.",
        ],
    )
    def test_what_cites_nothing_is_text(self, text: str) -> None:
        assert [passage[1] for passage in passages(text)] == [()]

    def test_a_number_that_is_a_word_stays(self) -> None:
        text = "As [1] shows, oil burns.\n\n[1]: https://a.org"
        assert passages(text) == [("As [1] shows, oil burns.", ("1",))]

    @pytest.mark.parametrize(
        ("entries", "entry"),
        [
            ("[1]: https://a.org 'A book'", Entry("A book", "https://a.org")),
            ("## References\n\n1. A [book](https://a.org).", Entry("A book.", "https://a.org")),
            ("[1] A book, https://a.org.", Entry("A book, https://a.org.", "https://a.org")),
        ],
    )
    def test_their_entries_are_references_and_no_text(self, entries: str, entry: Entry) -> None:
        got = imported(f"Oil burns [1].\n\n{entries}")
        assert got.references == {"1": entry}
        assert [
            written(block).replace(" [1]", "") for block in got.blocks if block.kind in TEXT
        ] == ["Oil burns."]

    def test_printed_and_marked_numbers_of_one_row_both_count(self) -> None:
        text = r"Oil burns.[[1]](#cite_note-1) Gas glows.\[2\]"
        assert [number for _, cited in passages(text) for number in cited] == ["1", "2"]


class TestKeys:
    @pytest.mark.parametrize(
        ("text", "keys"),
        [
            ("Oil burns [@smith:2020].", ("smith:2020",)),
            ("Oil burns [see @smith2020, p. 5; also @lee_1\n].", ("smith2020", "lee_1")),
            ("Oil burns [-@{a.b/c}].", ("a.b/c",)),
            (r"Oil burns \citep[p. 5]{smith2020, lee}.", ("smith2020", "lee")),
        ],
    )
    def test_they_cite_and_are_no_text(self, text: str, keys: tuple[str, ...]) -> None:
        assert passages(text) == [("Oil burns.", keys)]

    def test_one_within_the_sentence_stays_where_a_word_would(self) -> None:
        text = "As @smith2020 [p. 5] shows, oil burns [@lee]. Kim @kim1999 agrees. @lee doubts it."
        assert passages(text) == [
            ("As [smith2020] shows, oil burns.", ("smith2020", "lee")),
            ("Kim agrees.", ("kim1999",)),
            ("[lee] doubts it.", ("lee",)),
        ]

    def test_people_are_none_and_neither_are_figures(self) -> None:
        assert not numbers(
            "Ask @alice, or [@bob](https://b.org), or [@carl].\n\n[@carl]: https://c.org"
        )
        assert numbers("Oil burns [@lee]; see @fig:one and [@fig:two].") == [("lee",)]

    def test_a_paper_that_names_its_bibliography_cites_by_names_alone(self) -> None:
        text = "---\nbibliography: a.bib\n---\nBy @lee1999 it is told."
        assert passages(text) == [("By [lee1999] it is told.", ("lee1999",))]


HOSTILE = [
    "[" * 50_000, "![" * 50_000, "*a " * 50_000, "**a" * 50_000, ">" * 50_000, "> " * 5000 + "a",
    "- " * 5000 + "a", "`" * 50_000, "<" * 50_000, "<a " * 30_000, "<!--" * 30_000, "[^" * 50_000,
    "^[a" * 20_000 + "]" * 20_000, "$a" * 50_000, "{{<" * 30_000, "[a](" * 30_000, "[@a;" * 30_000,
    "[a]({{" * 20_000, "~~a" * 50_000, "|a" * 90_000, "a\n\n" * 21_000, "{{<\n" * 4000,
    "```{note}\n" * 3000, "[^a]: " * 20_000, '!!! note "a"\n\n    ' * 2000, "\\begin{a}\n" * 4000,
    "<details><summary>a</summary>\n\n" * 2000, "[1](https://a) " * 20_000, ":::a b" + " " * 90_000,
    "".join("    " * depth + '!!! note "x"\n\n' for depth in range(300)), "# a\n" * 21_000,
    "\x00" * 9,
]  # fmt: skip


class TestHostile:
    @pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
    def test_what_is_no_text_ends_in_blocks_or_in_words(self, text: str) -> None:
        with suppress(CorpusError):
            assert len(imported(text).blocks) <= 20_001

    @pytest.mark.parametrize(
        "text", ["[" * 50_000, "|a" * 130_000, "a\n\n" * 21_000, "a " * 1_100_000]
    )
    def test_too_much_is_told(self, text: str) -> None:
        with pytest.raises(
            CorpusError, match=r"rules\.md:\d+: .*(?:so split|split the file|delete)"
        ):
            imported(text)

    def test_bytes_of_no_encoding_are_told(self) -> None:
        with pytest.raises(CorpusError, match=r"rules\.md:1: .*UTF-8"):
            read("rules.md", b"\xff\x00\xfe" * 50)

    @given(st.binary(max_size=300))
    def test_any_bytes(self, content: bytes) -> None:
        _is_read_or_refused(content)

    @given(st.lists(st.sampled_from(
        ["[", "]", "(", ")", "^", "1", "@a", "*", "_", "`", "\n", "\n\n", "- ", "> ", "    ", "|",
         "<b>", "</b>", "{{<", ">}}", "$", "~", ": ", "#", "\\", "[^1]: ", "[1]: x", "<details>",
         "</details>", "a", "A b.", "---", "==", "!!! a", ":::", "```", "{note}", "&amp;", "<sup>",
         "</sup>", "\t"]
    ), max_size=60))  # fmt: skip
    def test_any_heap_of_marks(self, pieces: list[str]) -> None:
        _is_read_or_refused("".join(pieces).encode())

    @given(st.data())
    def test_documents_that_are_cut_or_damaged(self, data: st.DataObject) -> None:
        content = bytearray("\n".join(_documents()).encode())
        del content[data.draw(st.integers(1, len(content))) :]
        for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
            content[at] ^= 1 << data.draw(st.integers(0, 7))
        _is_read_or_refused(bytes(content))


def _documents() -> Iterator[str]:
    yield "---\ntitle: Rules\n---\n# Port {#p}\n\nOil [@lee] *burns*.[^1]\n\n"
    yield "[^1]: A [b](https://b.org).\n"
    yield "| a | b |\n|---|---|\n| c | d[^1] |\n\n1. One.\n   - Two `x`.\n\n> [!NOTE]\n> At $x$.\n"
    yield '<details><summary>Who?</summary>\n\nWe.\n\n</details>\n\n!!! note "T"\n    Deep.\n'


def _is_read_or_refused(content: bytes) -> None:
    with suppress(CorpusError):
        for block in read("rules.md", content).blocks:
            _is_a_block(block)


def _is_a_block(block: Block) -> None:
    assert block.line >= 1
    assert block.kind in KINDS
    assert not block.columns or block.kind == "row"
    joined = pairwise(block.parts)
    assert not any(isinstance(one, str) and isinstance(two, str) for one, two in joined)
