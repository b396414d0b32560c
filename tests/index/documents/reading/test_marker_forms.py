"""Forms of citation markers in plain text: each is read whole, or is text; none is torn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.reading.markers import find_markers, normalise_citation, without_markers
from index.documents.reading.plain import read_passages
from index.documents.reading.sentences import Markers


def read(text: str, markers: Markers = "trailing") -> list[tuple[str, str]]:
    reading = read_passages(text, document="d", file="f", layout="prose", markers=markers)
    return [(" ".join(passage.citations), passage.text) for passage in reading.passages]


def numbers(text: str) -> list[str]:
    return [value for m in find_markers(text) if m.kind == "citation" for value in m.values]


class TestFootnoteMarks:
    def test_belong_to_the_sentence_before(self) -> None:
        assert read("It was lit in 1871.[^1] It burned oil.[^note] Then gas [^3][^b].") == [
            ("1", "It was lit in 1871."),
            ("note", "It burned oil."),
            ("3 b", "Then gas."),
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "[^1]: Mason, The harbour lights.",
            "[^1]: Mason. [^2]: Lee.",
            "It burned oil. [^note]: Mason, The harbour lights.",
            "The class [^abc] is a set of signs.",
            "Any but digits is written x[^0-9]+ there.",
            "It matches x[^abc]* only.",
            'The pattern "[^a]" matches.',
            "The sign [^] is a caret.",
        ],
    )
    def test_their_texts_and_classes_of_signs_are_text(self, text: str) -> None:
        assert numbers(text) == []
        assert without_markers(text) == text


class TestSuperscripts:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                "It was lit in 1871.¹ It burned oil.²˒³ Then gas.",
                [("1", "It was lit in 1871."), ("2 3", "It burned oil."), ("", "Then gas.")],
            ),
            (
                "It burned oil¹⁻³ and gas.¹²,¹⁴ So.",
                [("1–3 12 14", "It burned oil and gas."), ("", "So.")],
            ),
            ("“It burned oil.”⁴ So it did.", [("4", "“It burned oil.”"), ("", "So it did.")]),
            ("It burned (in winter)⁵ oil.", [("5", "It burned (in winter) oil.")]),
            (
                "등대는 1871년에 세워졌다.¹ 기름을² 태웠다.",
                [("1", "등대는 1871년에 세워졌다."), ("2", "기름을 태웠다.")],
            ),
            (
                "灯台は建てられた¹。油を燃やした。²それは",
                [("1", "灯台は建てられた。"), ("2", "油を燃やした。"), ("", "それは")],
            ),
            ("It burned oil.¹ ² So.", [("1 2", "It burned oil."), ("", "So.")]),
            ("It burned oil[1]² so.", [("1 2", "It burned oil so.")]),
        ],
    )
    def test_are_numbers_behind_words_and_full_stops(
        self, text: str, expected: list[tuple[str, str]]
    ) -> None:
        assert read(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "It covers 5 m² or 3 km² of land.",
            "About 10⁶ of them, or 2⁸, live.",
            "Take x² and 2ⁿ and CO₂ and y²⁰.",
            "Ions are Ca²⁺ and SO₄²⁻ here.",
            "It flows at 3 m³ s⁻¹, 5 mol⁻¹ or 4 cells⁻².",
            "The isotope ¹⁴C decays, and ²H, too.",
            "The square (a + b)² and f(x)³ grow.",
            "A partial eta² of 0.3 and chi² of 5 and cos² t.",
            "Some 3 miles², 4 feet² and 5 Mpc³ of it, at 4 GeV².",
            "It is ¹/₂ of it, or foo¹⁄₂.",
            "word⁰ and word¹²³⁴⁵",
            "¹ Mason, The harbour lights.",
            "Mason wrote f'² there.",
        ],
    )
    def test_of_units_and_powers_are_text(self, text: str) -> None:
        assert numbers(text) == []
        assert without_markers(text) == text


class TestWords:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                "It was lit (see Ref. [16]) in 1871. Then gas came.",
                [("16", "It was lit (see Ref. [16]) in 1871."), ("", "Then gas came.")],
            ),
            (
                "We follow Refs. [16] and [17] here. So it is.",
                [("16 17", "We follow Refs. [16] and [17] here."), ("", "So it is.")],
            ),
            (
                "As [12] showed, oil burns. [13] showed gas does.",
                [("12", "As [12] showed, oil burns."), ("13", "[13] showed gas does.")],
            ),
            (
                "Oil burns.[1] [13] and [14] also showed that gas does. So it is.[2]",
                [
                    ("1", "Oil burns."),
                    ("13 14", "[13] and [14] also showed that gas does."),
                    ("2", "So it is."),
                ],
            ),
            (
                "It burns.\n\n[13] showed that gas does.",
                [("", "It burns."), ("13", "[13] showed that gas does.")],
            ),
            (
                "Oil burns. [13] Then gas came.",
                [("13", "Oil burns."), ("", "Then gas came.")],
            ),
            ("Lit near the U.S. [5] and in May.", [("5", "Lit near the U.S. and in May.")]),
            (
                "Mason et al. [8] showed that oil burns.",
                [("8", "Mason et al. showed that oil burns.")],
            ),
            (
                "oil burns. [3] gas burns, too. [4]",
                [("3", "oil burns."), ("4", "gas burns, too.")],
            ),
            ("Es brennt, vgl. [3]. Gas auch.", [("3", "Es brennt, vgl. [3]."), ("", "Gas auch.")]),
            (
                "It burns (e.g., [3]; see also [4]).",
                [("3 4", "It burns (e.g., [3]; see also [4]).")],
            ),
        ],
    )
    def test_stay_in_the_sentence_that_they_belong_to(
        self, text: str, expected: list[tuple[str, str]]
    ) -> None:
        assert read(text) == expected

    def test_where_numbers_lead_one_that_opens_a_sentence_is_its_own_as_before(self) -> None:
        assert read("Oil burns. [13] Then gas. [14] showed more.", "leading") == [
            ("", "Oil burns."),
            ("13", "Then gas."),
            ("14", "[14] showed more."),
        ]


class TestLists:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Lit in 1871 [1]- [3], [5] and [7].", ("1-3 5 7", "Lit in 1871.")),
            ("Lit in 1871 [1], [2], and [3].", ("1 2 3", "Lit in 1871.")),
            ("Erbaut 1871 [1] und [2].", ("1 2", "Erbaut 1871.")),
            ("1871년에 세워졌다[1] 및 [2].", ("1 2", "1871년에 세워졌다.")),
            ("Lit in 1871 ([1], [2]) and dark.", ("1 2", "Lit in 1871 and dark.")),
            ("It calls max([1, 2]) twice.", ("", "It calls max([1, 2]) twice.")),
        ],
    )
    def test_are_taken_out_whole(self, text: str, expected: tuple[str, str]) -> None:
        assert read(text) == [expected]


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("【1】", "1"), ("【注2】", "注2"), ("［3, 4］", "3 4"), ("〔5〕", "5"),
        ("【12†source】", "12"),
        ("[출처 2]", "2"), ("[citation 2]", "2"), ("[source 3]", "3"), ("[ref 4]", "4"),
        ("[Quelle 5]", "5"), ("[источник 6]", "6"), ("[出典 7]", "7"), ("[sources 1, 2]", "1 2"),
        ("[注 2]", "注 2"), ("[주 1]", "주 1"), ("[각주 1]", "각주 1"), ("[脚注 3]", "脚注 3"),
        ("[nota 2]", "nota 2"), ("[Anm. 3]", "Anm. 3"), ("[прим. 3]", "прим. 3"),
        ("[note 1]", "note 1"), ("[Fußnote 4]", "Fußnote 4"),
        ("[1, p. 5]", "1"), ("[2, Fig. 3]", "2"), ("[1: 23–25]", "1"), ("[3, §2]", "3"),
        ("[1, pp. 5–7, 9]", "1"), ("[1, p. 5; 2, S. 7]", "1 2"), ("[4, Theorem 3.2]", "4"),
        ("[2, 45쪽]", "2"), ("[2, 第3章]", "2"), ("[1, 2, p. 5]", "1 2"), ("[1 p. 5]", "1"),
        (r"\[1\]", "1"), (r"\[3, 4\]\[5\]", "3 4 5"), (r"\[note 1\]", "note 1"), (r"\[1]", "1"),
        ("[[1]](#cite_note-1)", "1"), (r"[\[1\]](#cite_note-1)", "1"),
    ],
)  # fmt: skip
def test_printed_forms_are_numbers_behind_a_sentence_and_in_it(marker: str, expected: str) -> None:
    assert read(f"It was lit.{marker} It burned oil{marker}.") == [
        (expected, "It was lit."),
        (expected, "It burned oil."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It was lit.[†] It burned[*] oil.", "It was lit [Knuth, 1997] there.",
        "It was lit.[A1] It burned.[S2]", "It was lit.[Smi20]", 'It returns ["1","2"] here.',
        "See [1](https://x.example) there.", "Be `f`.[2](mailto:a@x.example) So.",
        "It says.[2](/there) So.", "See.[a](#x)", "The array [[1], [2], [3]] is nested.",
        "The array [[1,2],[3,4]] is nested.", r"The length \\[2] is skipped.", r"It is [1\] there.",
        "At [12:30] it closed.", "The ratio[1:10] is so.", "He [2012, p. 5] says so.",
        "【1】 序論", "It is [1, or so] there.",
        "The mass ([M]) fell.", "It is [1, 5 p.m.] there.", "It is【long】 there.",
        "It is [1】 there.", "It is [page 5] there.", "It is lit.[note]", "It is [0, p. 5] there.",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_marker_is_text(text: str) -> None:
    assert numbers(text) == []
    assert without_markers(text) == text


def test_a_box_to_tick_is_text() -> None:
    assert read("- [x] Light it.\n- [X] Burn oil.\n- [ ] Go.") == [
        ("", "[x] Light it."), ("", "[X] Burn oil."), ("", "[ ] Go."),
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["[^28]", "【28】", "［28］", "28"])
def test_numbers_are_found_as_they_are_printed(typed: str) -> None:
    assert normalise_citation(typed) == "28"


_PIECES = st.sampled_from(
    [
        "It", " ", " ", ".", ". ", ", ", "and ", " und ", "see ", "Ref. ", "showed ", "(", ")",
        "1", "m", "-", "\\", "[", "]", "[[", "]]", "[1]", "[^1]", "[^n]", "[2, p. 5]", "¹", "²",
        "⁻", "˒", "【", "】", "【3】", "[x]", "(#a)", "(https://x)", "[note 1]", "[출처 2]",
        r"\[4\]", "그는", "した", "。", "[who?]", ": ", ":12",
    ]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_text_less_markers_is_the_source_less_runs_of_it(text: str) -> None:
    end = 0
    for marker in find_markers(text):
        assert end <= marker.start < marker.end
        assert marker.values
        assert not text[marker.start : marker.end][0].isspace()
        end = marker.end


@given(
    st.lists(_PIECES, max_size=25).map("".join),
    st.sampled_from(["leading", "trailing"]),
)
def test_nothing_but_markers_and_spaces_disappears(text: str, markers: Markers) -> None:
    text = f"Ä {text}"
    passages = read_passages(text, document="d", file="f", layout="lines", markers=markers).passages
    kept = without_markers(text, keep_words=True)
    assert "".join("".join(p.text for p in passages).split()) == "".join(kept.split())


@pytest.mark.parametrize(
    "piece",
    [
        "[", "[1", "[[", "[^", "\\", "\\[", "¹", "¹,", "a¹", "a.¹", "(see [", "【", "【1", "[1]",
        "[1], ", "([1]) ", "[1, p. 5; ", "[[1]](#", "[1](", "[^a] ", ". [1] showed ", "Ref. [1] ",
        "[1] and ", "[1]:1,",
    ],
)  # fmt: skip
def test_a_line_of_one_beginning_after_the_other_is_read_in_time_that_grows_with_it(
    piece: str,
) -> None:
    text = piece * (99_900 // len(piece))
    for marker in find_markers(text):
        assert marker.values
    reading = read_passages(text, document="d", file="f", layout="prose", markers="trailing")
    assert reading.errors or reading.passages


def test_a_paragraph_of_very_many_raised_figures_is_refused() -> None:
    text = "oil.¹ " * 10_001
    (error,) = read_passages(text, document="d", file="f", layout="prose").errors
    assert str(error).startswith(
        "f:1: 10,001 opening brackets and raised figures without a break; 10,000 are the most"
    )
