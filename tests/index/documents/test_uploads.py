"""Files handed in by moderators: refused in words, or read with what is open guessed."""

import gzip
import re
from typing import Any, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.documents.corpus import read_document
from index.documents.passage_files import is_passage_file, read_passage_file
from index.documents.reading.guessing import guess_language, guess_markers
from index.documents.reading.markers import find_markers, without_markers
from index.documents.shipped import shipped_data
from index.documents.uploads import Upload, read_upload
from index.errors import CorpusError

SHIPPED = shipped_data() / "japan-south-korea-relations.txt"
WRAPPED = """\
The Great Fire of London was a major conflagration that swept through central
London from Sunday 2 September to Thursday 6 September 1666,[1] gutting the
medieval City of London inside the old Roman city wall, while also extending
past the wall to the west.[2][3] The death toll is generally thought to have been
relatively small,[4] although some historians have challenged this belief.[5]

The fire started in a bakery in Pudding Lane shortly after midnight on Sunday
2 September, and spread rapidly.[6] The use of the major firefighting technique of
the time, the creation of firebreaks by means of removing structures in the
fire's path, was critically delayed due to the indecisiveness of the Lord Mayor.
"""
PASSAGES = """\
title: Harbour rules
licence: CC0
references:
  28: {title: Harbour Act, url: "https://example.org/act"}
  "Note 1": {title: A note}
passages:
  - text: Boats moor at the north quay [sic] and pay the [3] fee.
    citations: [28, "[note 1]"]

  - {text: "The gate closes at ten."}
"""


def problems(name: str, content: bytes, **options: Any) -> list[str]:
    with pytest.raises(CorpusError) as caught:
        read_upload(name, content, **options)
    return [str(problem) for problem in caught.value.problems]


PNG = b"\x89PNG\r\n\x1a\n\x00\x00"


@pytest.mark.parametrize(
    ("name", "content", "place", "said"),
    [
        ("a.doc", b"One.", "a.doc:1: ", "save it as one of them"),
        ("a", b"One.", "a:1: ", ".txt, .md, .markdown, .html"),
        (".txt", b"", "document.txt:1: ", "is empty"),
        ("a.txt", b"", "a.txt:1: ", "is empty"),
        ("a.md", b"\xef\xbb\xbf \n\n", "a.md:1: ", "is empty"),
        ("a.txt", PNG, "a.txt:1: ", "a PNG image"),
        ("a.txt", b"PK\x03\x04\x14\x00", "a.txt:1: ", "name it so: .docx or .epub"),
        ("a.txt", b"%PDF-1.7\n", "a.txt:1: ", "name it so: .pdf"),
        ("a.txt", gzip.compress(b"One.", mtime=0), "a.txt:1: ", "a gzip archive"),
        ("a.txt", b"One.\nTwo\x00 is a long line of text.", "a.txt:2: ", "NUL byte"),
        ("a.txt", "One is so.".encode("utf-16-be"), "a.txt:1: ", "like UTF-16 without its mark"),
        ("a.yaml", "title: A".encode("utf-16-le"), "a.yaml:1: ", "UTF-16; save it as UTF-8"),
        ("a.txt", b"[1]\n[2][3]\n", "a.txt:1: ", "holds no passage"),
        ("a.txt", b"x" * 1_000_000, "a.txt:1: ", "so break it"),
        ("a.txt", b"x" * 2_000_001, "a.txt:1: ", "2,000,000 are the most"),
        ("a.txt", "One.\nTwo \u202eis.".encode(), "a.txt:2: ", "U+202E"),
        ("a.txt", "One \u2066is.".encode(), "a.txt:1: ", "U+2066"),
        ("../../b\u202e*.txt", b"", "b_.txt:1: ", "is empty"),
        ("a.yaml", b"- One.", "a.yaml:1: ", "start it with: title:"),
        ("a.yaml", b"title: [", "a.yaml:1: ", "not valid YAML"),
        ("a.yaml", b"title: A\n", "a.yaml:1: ", "'passages' is missing"),
        ("a.yaml", b"passages: [{text: One.}]\n", "a.yaml:1: ", "'title' is missing"),
        ("a.yaml", b"title: A\npassages: []\n", "a.yaml:2: ", "holds no passage"),
        ("a.yaml", b"title: A\nid: b\npassages: [{text: B}]", "a.yaml:2: ", "unknown key 'id'"),
        ("a.yml", b"title: A\npassages:\n- text: B\n  page: 1", "a.yml:4: ", "unknown key 'page'"),
        ("a.yml", b"title: A\npassages:\n- text: B\n- text: ' '", "a.yml:4: ", "without text"),
        ("a.yml", b"title: A\npassages:\n- {text: B, citations: 3}", "a.yml:3: ", "valid list"),
        ("a.yml", b"title: A\npassages:\n- {text: B, citations: [1.5]}", "a.yml:3: ", "got 1.5"),
        ("a.yml", b'title: A\npassages:\n- text: "B\\u202e"', "a.yml:3: ", "U+202E"),
        ("a.yml", b'title: "A\\u2066"\npassages: [{text: B}]', "a.yml:1: ", "U+2066"),
        ("a.yml", b'title: A\npassages: [{text: "\\ud800"}]', "a.yml:2: ", "U+D800"),
        ("a.yml", b"title: A\nsource_url: b\npassages: [{text: B}]", "a.yml:2: ", "web address"),
        ("a.yml", b"title: &a [*a]", "a.yml:1: ", "write the values out"),
        ("a.yml", b"title: !!bool A", "a.yml:1: ", "delete the tag"),
    ],
)
def test_what_is_refused(name: str, content: bytes, place: str, said: str) -> None:
    found = problems(name, content)
    assert any(problem.startswith(place) and said in problem for problem in found), found


@pytest.mark.parametrize("layout", ["lines", "prose"])
def test_what_is_too_long_is_told(layout: Literal["lines", "prose"]) -> None:
    content = b"One is so.\n\n" + b"x" * 4000 + b"."
    if layout == "lines":
        assert "a passage of 4,001 characters" in problems("a.txt", content, layout=layout)[0]
    else:
        (warning,) = read_upload("a.txt", content, layout=layout).warnings
        assert warning.reason.startswith("left out: a passage of 4,001 characters")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("One is só.".encode("utf-16"), "One is só."),
        ("Le déjà-vu est une impression étrange.".encode("latin-1"), None),
    ],
)
def test_other_encodings_are_read_and_a_guess_is_told(content: bytes, text: str | None) -> None:
    upload = read_upload("a.txt", content)
    if text is None:
        assert "which is a guess" in upload.warnings[0].reason
    else:
        assert [passage.text for passage in upload.document.passages] == [text]
        assert not upload.warnings


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"title": "x" * 201}, "title: "),
        ({"title": "A\u202e"}, "U+202E"),
        ({"source_url": "example.org"}, "web address"),
        ({"language": "English"}, "language code"),
        ({"layout": "verse"}, "'lines' or 'prose'"),
        ({"max_bytes": 3}, "3 are the most"),
        ({"max_passages": 1}, "2 passages; 1 are the most"),
    ],
)
def test_what_is_refused_of_the_options(options: dict[str, Any], said: str) -> None:
    assert said in problems("a.txt", b"One is so.\nTwo is so.", **options)[0]


def test_everything_wrong_with_a_passage_file_is_told_in_one_go() -> None:
    content = b"title: A\ncolour: red\nlanguage: English\npassages:\n  - txt: B"
    lines = [problem.split(":")[1] for problem in problems("a.yaml", content)]
    assert lines == ["2", "3", "5", "5"]


def test_the_shipped_document_is_lines_with_leading_numbers() -> None:
    upload = read_upload(SHIPPED.name, SHIPPED.read_bytes())
    assert upload.guessed == {"language": "en", "layout": "lines", "markers": "leading"}
    assert (len(upload.document.passages), upload.document.numbers) == (30, 23)
    assert upload.document.title == "japan south korea relations"


def test_wrapped_prose_has_trailing_numbers() -> None:
    upload = read_upload("fire.txt", WRAPPED.encode())
    assert upload.guessed == {"language": "en", "layout": "prose", "markers": "trailing"}
    assert [passage.citations for passage in upload.document.passages] == [
        ("1", "2", "3"),
        ("4", "5"),
        ("6",),
        (),
    ]


@pytest.mark.parametrize(
    ("name", "text", "layout", "markers"),
    [
        ("a.txt", "One is so.[1]\nTwo is so.[2]\n[3] Three is so.", "lines", "trailing"),
        ("a.txt", "One is so.\nTwo is so.", "lines", "trailing"),
        ("a.txt", "One is so. Two is so.[1] Three is so.", "prose", "trailing"),
        ("a.txt", "[1] One is so. Two is so.\n\n[2] Three is so. Four is so.", "prose", "leading"),
        ("a.md", "One is so.\nTwo is so.", None, None),
        ("a.txt", "Q: Who?\nA: We are.\nQ: Why?\nA: It is so.", "prose", "trailing"),
        ("a.txt", "One is so.\n[1]\nTwo is so.\n[2]", "lines", "trailing"),
    ],
)
def test_guesses(name: str, text: str, layout: str | None, markers: str | None) -> None:
    guessed = read_upload(name, text.encode()).guessed
    assert (guessed.get("layout"), guessed.get("markers")) == (layout, markers)


MARKERS = ("[1]", "[2], [3]", "[a]", "[ab]", "[sic]", "[4]: 12", "[4]: i", "[citation needed]", "[")
SIGNS = ("a", "Text", "in ", ".", "\u3002", ")", '"', " ", "  ", ", ", "]")


def opens_and_follows(line: str) -> tuple[bool, bool, bool]:
    """What the guess of markers counts, each time by all of what stands before and behind."""
    opens = follows = False
    end = 0
    for marker in find_markers(line):
        if marker.kind == "citation":
            before = without_markers(line[: marker.start]).strip()
            at_end = not without_markers(line[end:]).strip() or not line[marker.end :].strip()
            ends = re.search(
                r"""[.!?\u2026\u3002\uff01\uff1f]["')\]\u201d\u2019\u00bb]*\s*$""", before
            )
            opens = opens or not before
            follows = follows or bool(before and (at_end or ends))
        end = marker.end
    return opens, follows, not without_markers(line).strip()


@settings(max_examples=400)
@given(st.lists(st.lists(st.sampled_from(MARKERS + SIGNS), max_size=14).map("".join), max_size=4))
def test_the_place_of_markers_is_guessed_by_all_of_a_line(lines: list[str]) -> None:
    leading = trailing = 0
    for line in lines:
        opens, follows, alone = opens_and_follows(line.strip())
        leading += opens and not alone
        trailing += follows or (opens and alone)
    assert guess_markers("\n".join(lines)) == ("leading" if leading > trailing else "trailing")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The gate is closed at ten, and the boats are on the quay."),
        ("en", "x y z"),
        ("de", "Das Tor wird um zehn geschlossen, und die Boote liegen an der Mole."),
        ("fr", "La porte est fermée à dix heures et les bateaux sont sur le quai."),
        ("es", "La puerta se cierra a las diez y los barcos están en el muelle."),
        ("ko", "문은 열 시에 닫히고 배는 부두에 있다."),
        ("ja", "門は十時に閉まり、船は埠頭にある。"),
    ],
)
def test_the_language_is_guessed(language: str, text: str) -> None:
    assert guess_language(text) == language


def test_what_is_given_is_not_guessed() -> None:
    upload = read_upload(
        "a.md",
        b"[1] One is so.\nTwo is so.",
        title=" On  one ",
        source_url="https://example.org",
        licence="CC0",
        language="de",
        layout="lines",
        markers="leading",
    )
    spec = upload.document.spec
    assert upload.guessed == {}
    assert (spec.title, spec.id, spec.licence, spec.language) == ("On one", "on-one", "CC0", "de")
    assert [passage.citations for passage in upload.document.passages] == [("1",), ()]


@pytest.mark.parametrize(
    ("title", "name", "taken", "expected"),
    [
        ("Café – Rules!", "a.txt", (), "cafe-rules"),
        ("Rules", "a.txt", ("rules", "rules-2"), "rules-3"),
        ("문", "gate.txt", (), "gate"),
        ("문", "문.txt", ("document",), "document-2"),
        ("x" * 100, "a.txt", ("x" * 64,), "x" * 62 + "-2"),
    ],
)
def test_the_id(title: str, name: str, taken: tuple[str, ...], expected: str) -> None:
    upload = read_upload(name, b"One is so.", title=title, taken_ids=taken)
    assert upload.document.id == expected


def test_a_passage_file_is_taken_as_it_is() -> None:
    upload = read_upload("Harbour.YAML", PASSAGES.encode())
    first, second = upload.document.passages
    assert (first.line, first.citations) == (7, ("28", "note 1"))
    assert first.text == "Boats moor at the north quay [sic] and pay the [3] fee."
    assert (second.line, second.citations, second.document) == (10, (), "harbour-rules")
    reference = upload.document.reference("[note 1]")
    assert reference is not None
    assert reference.title == "A note"
    assert upload.source.file_name == "Harbour.yaml"
    assert upload.guessed == {"language": "en"}
    assert upload.warnings == ()


def test_what_is_given_goes_before_what_a_passage_file_says() -> None:
    upload = read_upload("a.yml", PASSAGES.encode(), title="Gates", layout="lines")
    assert (upload.document.title, upload.document.spec.licence) == ("Gates", "CC0")
    assert "layout is of no use" in upload.warnings[0].reason


def test_a_given_title_is_looked_at_beside_that_of_the_file() -> None:
    assert "U+202E" in problems("a.yml", PASSAGES.encode(), title="A\u202e")[0]


def test_line_breaks_in_a_passage_are_spaces() -> None:
    upload = read_upload("a.yml", b"title: A\npassages:\n- text: |\n    One\n    is so.\n")
    assert [passage.text for passage in upload.document.passages] == ["One is so."]


def test_references_that_no_passage_carries_are_warned_of() -> None:
    content = b"title: A\nreferences:\n  9: {title: B}\npassages: [{text: C}]"
    assert [str(odd) for odd in read_upload("a.yml", content).warnings] == [
        "a.yml:3: no passage carries the number '9' of the references"
    ]


def assert_reads_again(upload: Upload) -> None:
    """What is kept, spec and bytes, gives the same passages again."""
    spec = upload.document.spec
    if is_passage_file(spec.file):
        passages = tuple(read_passage_file(spec, upload.source.content).passages)
    else:
        passages = tuple(read_document(upload.source)[0].passages)
    assert passages == upload.document.passages
    assert passages


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.yaml"])
def test_an_upload_reads_the_same_again(name: str) -> None:
    assert_reads_again(read_upload(name, PASSAGES.encode()))


NAMES = st.text(st.characters(exclude_categories=()), max_size=20)
PIECES = [
    "[1]",
    "A",
    ". ",
    "\n",
    ": ",
    "- ",
    "{",
    "}",
    "&a ",
    "*a",
    "!!int ",
    "text",
    "\u202e",
    "é",
]
CONTENTS = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=80).map(str.encode),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join).map(str.encode),
    st.lists(st.sampled_from(PIECES), max_size=20).map(
        lambda pieces: ("title: A\npassages:\n- text: " + "".join(pieces)).encode()
    ),
)


@settings(max_examples=400, deadline=None)
@given(NAMES, st.sampled_from(["", ".txt", ".md", ".yaml", ".YML"]), CONTENTS, NAMES | st.none())
@example("\ud800", ".txt", b"A.", "\ud800")
@example("a", ".yml", b"title: A\n? {}\n: []", None)
@example("a", ".yml", b"title: A\n28: []\nnull: 3\npassages: [1]", None)
def test_no_bytes_and_names_raise_anything_else(
    stem: str, suffix: str, content: bytes, title: str | None
) -> None:
    try:
        upload = read_upload(stem + suffix, content, title=title)
    except CorpusError as error:
        found = error.problems
    else:
        found = ()
        assert_reads_again(upload)
    assert all(str(problem).encode() for problem in found)


def test_flags_say_nothing_of_where_the_numbers_stand() -> None:
    text = b"It is so.[1][citation needed]\nThis is so too.[2]\nAnd this is the end.[3]\n"
    found = read_upload("a.txt", text)
    assert found.guessed["markers"] == "trailing"
    assert found.document.passages[0].flags == ("citation needed",)
