"""Source text to passages."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.passages import Passage
from index.documents.reading.plain import MAX_HEADING_CHARS, read_passages
from index.documents.reading.sentences import Layout, Markers, Reading
from index.documents.shipped import shipped_data


def read(text: str, layout: Layout = "lines", markers: Markers = "leading") -> Reading:
    return read_passages(text, document="d", file="d.txt", layout=layout, markers=markers)


def texts(text: str, layout: Layout) -> list[str]:
    return [passage.text for passage in read(text, layout=layout).passages]


def short(passages: list[Passage]) -> list[tuple[int, tuple[str, ...], str]]:
    return [(passage.line, passage.citations, passage.text) for passage in passages]


class TestTheShippedDocument:
    text = Path(shipped_data() / "japan-south-korea-relations.txt").read_text(encoding="utf-8")

    def test_has_thirty_passages_and_twenty_three_numbers(self) -> None:
        passages = read(self.text).passages
        assert len(passages) == 30
        assert sum(bool(passage.citations) for passage in passages) == 18
        assert len({number for passage in passages for number in passage.citations}) == 23

    def test_gives_each_line_its_own_numbers(self) -> None:
        passages = {passage.line: passage for passage in read(self.text).passages}
        assert passages[7].citations == ("18", "19")
        assert passages[7].text.startswith("A removal from the list")
        assert passages[12].citations == ("28", "33")
        assert passages[10].citations == ()
        assert passages[28].citations == ("89", "90", "91")

    def test_is_verbatim_but_for_its_numbers(self) -> None:
        for passage, line in zip(read(self.text).passages, self.text.split("\n"), strict=True):
            assert line.endswith(passage.text)
            assert "".join(f"[{number}]" for number in passage.citations) == (
                line.removesuffix(passage.text).strip()
            )


class TestMarkers:
    def test_trailing_numbers_belong_to_the_sentence_before(self) -> None:
        reading = read("One is so.[1]\n[2][3] Two is so.[4]", markers="trailing")
        assert short(reading.passages) == [
            (1, ("1", "2", "3"), "One is so."),
            (2, ("4",), "Two is so."),
        ]

    def test_leading_numbers_belong_to_the_line_they_open(self) -> None:
        reading = read("[1] One is so.[2]\n[3] Two is so.")
        assert short(reading.passages) == [
            (1, ("1", "2"), "One is so."),
            (2, ("3",), "Two is so."),
        ]

    def test_leading_numbers_inside_prose_belong_to_the_sentence_they_open(self) -> None:
        reading = read("[3] One is so. [4] Two is so.[5] Three is so.", layout="prose")
        assert short(reading.passages) == [
            (1, ("3",), "One is so."),
            (1, ("4", "5"), "Two is so."),
            (1, (), "Three is so."),
        ]

    def test_leading_numbers_amid_a_wrapped_sentence_stay_in_it(self) -> None:
        reading = read("He left\n[1] in May. She stayed.", layout="prose")
        assert short(reading.passages) == [
            (1, ("1",), "He left in May."),
            (2, (), "She stayed."),
        ]

    def test_leading_numbers_go_past_signs_that_are_no_passage(self) -> None:
        reading = read("... [1] One is so.", layout="prose")
        assert short(reading.passages) == [(1, ("1",), "One is so.")]

    def test_numbers_behind_a_space_open_the_next_sentence_where_they_lead(self) -> None:
        reading = read("One is so. [4][5] Two is so.", layout="prose")
        assert short(reading.passages) == [
            (1, (), "One is so."),
            (1, ("4", "5"), "Two is so."),
        ]

    def test_lines_with_leading_numbers_are_what_is_read_unless_told(self) -> None:
        reading = read_passages("[1] One is so. Two is so.[2]\n[3] Three.", document="d", file="f")
        assert reading.passages == [
            Passage("d", 1, "One is so. Two is so.", ("1", "2")),
            Passage("d", 2, "Three.", ("3",)),
        ]

    def test_a_number_that_is_a_word_belongs_to_its_sentence_and_stays(self) -> None:
        text = "One is so.[1] As shown in [6], it holds.[7] Next is so.[8]"
        assert short(read(text, layout="prose", markers="trailing").passages) == [
            (1, ("1",), "One is so."),
            (1, ("6", "7"), "As shown in [6], it holds."),
            (1, ("8",), "Next is so."),
        ]

    def test_a_line_of_numbers_alone_belongs_to_the_sentence_before(self) -> None:
        reading = read("One is so.\n[1][2]\nTwo is so.", markers="trailing")
        assert short(reading.passages) == [(1, ("1", "2"), "One is so."), (3, (), "Two is so.")]

    @pytest.mark.parametrize(
        ("text", "markers", "said"),
        [
            ("[1] A b.", "trailing", "d.txt:1: [1] has no text before"),
            ("A.\n[1–3]", "leading", "d.txt:2: [1–3] has no text after"),
        ],
    )
    def test_numbers_that_belong_nowhere_are_warned_of(
        self, text: str, markers: Markers, said: str
    ) -> None:
        reading = read(text, markers=markers)
        assert all(passage.citations == () for passage in reading.passages)
        assert [str(warning) for warning in reading.warnings] == [
            f"{said} it to belong to; it is passed over"
        ]

    def test_a_number_between_words_leaves_one_space(self) -> None:
        assert read("He left [3] in May [4].").passages[0].text == "He left in May."

    def test_flags_flag_the_passage(self) -> None:
        passage = read("He left.[citation needed]").passages[0]
        assert (passage.text, passage.citations, passage.flags) == (
            "He left.",
            (),
            ("citation needed",),
        )


class TestProse:
    def test_wrapped_lines_are_joined_and_split_at_sentences(self) -> None:
        reading = read(
            "He left the\nU.S. House in May.[1] Mr. Park\nstayed.[2]\n\nThe end.[3]",
            layout="prose",
            markers="trailing",
        )
        assert short(reading.passages) == [
            (1, ("1",), "He left the U.S. House in May."),
            (2, ("2",), "Mr. Park stayed."),
            (5, ("3",), "The end."),
        ]

    def test_a_passage_knows_the_headings_that_it_stands_under(self) -> None:
        text = (
            "First of all.\n# The ferry [1] #\nIt runs.\n### At night\nIt rests.\n"
            "## Fares\nThey rose.\n# Staff\nThey sleep.\n==Wiki==\nIt ends.\n"
        )
        sections = {one.text: one.section for one in read(text, layout="prose").passages}
        assert sections == {
            "First of all.": (),
            "It runs.": ("The ferry",),
            "It rests.": ("The ferry", "At night"),
            "They rose.": ("The ferry", "Fares"),
            "They sleep.": ("Staff",),
            "It ends.": ("Staff", "Wiki"),
        }

    def test_lines_of_their_own_have_no_headings(self) -> None:
        assert {one.section for one in read("# A list\nOne.\nTwo.\n").passages} == {()}

    def test_a_comment_in_code_is_no_heading(self) -> None:
        text = (
            "# Setup\n```\n# a comment\nrun it\n~~~\n# more\n```\n\nIt runs.\n## Later\nIt ends.\n"
        )
        passages = read(text, layout="prose").passages
        assert {one.section for one in passages[:-1]} == {("Setup",)}
        assert passages[-1].section == ("Setup", "Later")

    def test_a_heading_is_cut_where_it_is_too_long(self) -> None:
        (passage,) = read(f"# {'x' * 999}\nIt runs.\n", layout="prose").passages
        assert passage.section == ("x" * MAX_HEADING_CHARS,)

    def test_headings_are_no_passages_and_items_stand_alone(self) -> None:
        text = "# Title\nFirst words.\n== Part ==\n- one thing\n- another thing"
        assert [p.text for p in read(text, layout="prose").passages] == [
            "First words.",
            "one thing",
            "another thing",
        ]

    def test_numbers_that_open_a_paragraph_belong_to_the_one_before(self) -> None:
        reading = read("One is so.\n\n[1] Two is so.", layout="prose", markers="trailing")
        assert short(reading.passages) == [(1, ("1",), "One is so."), (3, (), "Two is so.")]

    def test_every_sentence_of_a_wrapped_paragraph_knows_its_line(self) -> None:
        text = "One is so.[100][101]\nTwo is so.[102]\nThree is so.\nFour is so. Go\non now."
        assert short(read(text, layout="prose", markers="trailing").passages) == [
            (1, ("100", "101"), "One is so."),
            (2, ("102",), "Two is so."),
            (3, (), "Three is so."),
            (4, (), "Four is so."),
            (4, (), "Go on now."),
        ]

    def test_a_blank_line_ends_a_paragraph_without_a_full_stop(self) -> None:
        assert texts("First words\n\nSecond words", "prose") == ["First words", "Second words"]

    def test_signs_alone_are_a_passage_as_a_line_and_none_as_prose(self) -> None:
        assert texts("* * *\n\nOne is so.", "lines") == ["* * *", "One is so."]
        assert texts("* * *\n\nOne is so.", "prose") == ["One is so."]

    @pytest.mark.parametrize(
        ("tail", "passages"),
        [("there.", 2), ("there", 1), ("there with Mr.", 1)],
    )
    def test_a_long_line_that_ends_a_sentence_is_a_paragraph(
        self, tail: str, passages: int
    ) -> None:
        line = f"The {'very ' * 24}old council could not agree on anything {tail}"
        found = read(f"{line}\n(Park left.)[1]", layout="prose").passages
        assert len(found) == passages
        assert found[-1].citations == ("1",)


class TestWikipediaText:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                "(The vote was annulled.[3]) Nobody objected.[4]",
                [("3", "(The vote was annulled.)"), ("4", "Nobody objected.")],
            ),
            (
                'He said: "We won.[1]" They cheered.[2]',
                [("1", 'He said: "We won."'), ("2", "They cheered.")],
            ),
            (
                "It came in 874.[10]:45 It is disputed.[11]",
                [("10", "It came in 874."), ("11", "It is disputed.")],
            ),
            (
                "So it was.[12]: 45–46 Then not.[15](p33) End.",
                [("12", "So it was."), ("15", "Then not."), ("", "End.")],
            ),
            (
                "Er nannte es „gut“ [3] und ging. Weber kam. [4]",
                [("3", "Er nannte es „gut“ und ging."), ("4", "Weber kam.")],
            ),
            ('The 16" guns [3] fired.', [("3", 'The 16" guns fired.')]),
            ("It scored 8.5[8] (out of ten).", [("8", "It scored 8.5 (out of ten).")]),
            ("Apple Inc.[6], a maker of phones.", [("6", "Apple Inc., a maker of phones.")]),
            ("King Jr.[4] (1929–1968) was.", [("4", "King Jr. (1929–1968) was.")]),
            ("the U.S.[5] House met.[6]", [("5 6", "the U.S. House met.")]),
            ("It holds.[6]–[8] Next.[9], [10]", [("6–8", "It holds."), ("9 10", "Next.")]),
            ("As shown in [6]–[8], it holds.", [("6–8", "As shown in [6]–[8], it holds.")]),
            ("The interval [0, 1] is compact.", [("", "The interval [0, 1] is compact.")]),
            ("x[0] and a[1] hold 2.", [("", "x[0] and a[1] hold 2.")]),
            ("The isotope [14]C decays.", [("", "The isotope [14]C decays.")]),
            ("The law of [1997] was repealed.", [("", "The law of [1997] was repealed.")]),
            (
                "1. First item.[7]\n2. Second item.[8]",
                [("7", "First item."), ("8", "Second item.")],
            ),
            ("Yahoo![3] is a firm.", [("3", "Yahoo! is a firm.")]),
            (
                "It won in May.[1] «Good» he said.",
                [("1", "It won in May."), ("", "«Good» he said.")],
            ),
            ("그는 떠났다.[1]그녀는 갔다.[2]", [("1", "그는 떠났다."), ("2", "그녀는 갔다.")]),
            ("彼は去った。[1]彼女はいた。[2]", [("1", "彼は去った。"), ("2", "彼女はいた。")]),
            ("World War I[3] was long.[A]", [("3 A", "World War I was long.")]),
        ],
    )
    def test_numbers_and_text_come_apart(self, text: str, expected: list[tuple[str, str]]) -> None:
        found = read(text, layout="prose", markers="trailing").passages
        assert [(" ".join(p.citations), p.text) for p in found] == expected


class TestProblems:
    def test_blank_lines_and_unclosed_brackets_are_warnings(self) -> None:
        reading = read("One [is so.\n\nTwo.")
        assert [str(problem) for problem in reading.warnings] == [
            "d.txt:1: the [ at column 5 is never closed; it is read as text",
            "d.txt:2: blank line; it is passed over",
        ]
        assert not reading.errors

    def test_bom_and_crlf_are_accepted(self) -> None:
        assert short(read("\ufeff[1] One.\r\n[2] Two.\r\n").passages) == [
            (1, ("1",), "One."),
            (2, ("2",), "Two."),
        ]

    @pytest.mark.parametrize("text", ["", "\n\n", "[1][2]", " \n\t"])
    def test_no_passage_is_an_error(self, text: str) -> None:
        assert [str(error) for error in read(text).errors] == [
            "d.txt:1: holds no passage; put at least one sentence in it"
        ]

    def test_an_overlong_passage_is_an_error_at_its_line(self) -> None:
        text = "short\n" + "x" * 3001
        said = "d.txt:2: a passage of 3,001 characters; 3,000 are the most, so break the line"
        assert [str(error) for error in read(text).errors] == [
            f"{said}, or say layout: prose to have it split into sentences"
        ]
        (error,) = read(text.replace("short\n", "short\n\n"), layout="prose").errors
        assert str(error) == said.replace(":2:", ":3:")
        assert not read(text[:-1]).errors

    @pytest.mark.parametrize("char", ["\x00", "\x1b", "\u202e", "\u2066"])
    def test_control_characters_are_errors_where_they_stand(self, char: str) -> None:
        (error,) = read(f"First.\n\nOne {char} two").errors
        assert str(error) == (
            f"d.txt:3: the control character U+{ord(char):04X} at column 5; "
            "delete it, for it can hide or reorder what people read"
        )


@given(
    st.text(alphabet="AÉÖ. [](1)2\n\r#-\"'?!\u3002", max_size=200),
    st.sampled_from(["lines", "prose"]),
    st.sampled_from(["leading", "trailing"]),
)
def test_nothing_of_the_source_is_lost_or_made_up(
    text: str, layout: Layout, markers: Markers
) -> None:
    """Every passage's words stand in the source in order, and lines never go backwards."""
    reading = read(text, layout, markers)
    lines = [passage.line for passage in reading.passages]
    assert lines == sorted(lines)
    letters = [char for char in text if char in "ÉÖ"]  # A may be a note: [A]
    headings = layout == "prose" and ("#" in text or "=" in text)
    if not headings:
        assert [c for p in reading.passages for c in p.text if c in "ÉÖ"] == letters
    for passage in reading.passages:
        assert passage.text == passage.text.strip() != ""
