"""BEIR folders and question lists: what they become, and every problem as file:line: reason."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from index.documents.corpus import Corpus, load_corpus
from index.documents.shipped import shipped_data
from index.errors import CorpusError
from index.evaluation import QuestionSet, read_set
from index.evaluation.sets import NO_TITLE, has_title

HEADER = "query-id\tcorpus-id\tscore\n"


def write_beir(
    folder: Path,
    sentences: Sequence[tuple[str, str, str]],
    questions: Mapping[str, str],
    grades: Sequence[tuple[str, str, int]],
) -> Path:
    """A BEIR folder: (_id, title, text), _id -> question, (question, sentence, grade)."""
    (folder / "qrels").mkdir(parents=True)
    rows = [{"_id": one, "title": title, "text": text} for one, title, text in sentences]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    lines = [json.dumps({"_id": one, "text": text}) + "\n" for one, text in questions.items()]
    (folder / "queries.jsonl").write_text("".join(lines))
    judged = "".join(f"{query}\t{one}\t{grade}\n" for query, one, grade in grades)
    (folder / "qrels" / "test.tsv").write_text(HEADER + judged)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_beir(
        tmp_path / "cities",
        [
            ("s0", "Oslo", "Oslo is the capital of Norway."),
            ("s1", "Rome", "Rome is the capital of Italy [3]."),
            ("s2", "Oslo", "It lies on a fjord."),
            ("s3", "", "Nobody knows where this belongs."),
        ],
        {"q0": "capital of Norway?", "q1": "which fjord?", "q2": "unjudged?", "q3": "nothing?"},
        [("q0", "s0", 2), ("q0", "s2", 1), ("q1", "s2", 1), ("q1", "s0", 0), ("q3", "s3", 0)],
    )


def problems(path: Path, corpus: Corpus | None = None) -> list[str]:
    with pytest.raises(CorpusError) as caught:
        read_set(path, corpus)
    return [str(problem) for problem in caught.value.problems]


def test_a_beir_folder_becomes_documents_by_title(folder: Path) -> None:
    found = read_set(folder)
    assert (found.name, found.form) == ("cities", "beir")
    assert [document.title for document in found.corpus.documents] == ["Oslo", "Rome", NO_TITLE]
    assert [has_title(document) for document in found.corpus.documents] == [True, True, False]
    oslo, rome, _ = found.corpus.documents
    assert [(one.line, one.text) for one in oslo.passages] == [
        (1, "Oslo is the capital of Norway."),
        (2, "It lies on a fjord."),
    ]
    assert rome.passages[0].text == "Rome is the capital of Italy [3]."
    assert found.ids == {
        (oslo.id, 1): "s0", (rome.id, 1): "s1", (oslo.id, 2): "s2",
        (found.corpus.documents[2].id, 1): "s3",
    }  # fmt: skip


def test_questions_are_answerable_unanswerable_or_unjudged(folder: Path) -> None:
    found = read_set(folder)
    assert {one.id: dict(one.grades) for one in found.answerable} == {
        "q0": {"s0": 2, "s2": 1},
        "q1": {"s2": 1},
    }
    assert [one.id for one in found.unanswerable] == ["q3"]
    assert [one.id for one in found.questions if not one.judged] == ["q2"]


def test_all_qrels_files_are_read(folder: Path) -> None:
    (folder / "qrels" / "dev.tsv").write_text(HEADER + "q2\ts1\t1\r\n")
    assert [one.id for one in read_set(folder).answerable] == ["q0", "q1", "q2"]


def test_null_titles_windows_lines_and_blank_lines_are_read(folder: Path) -> None:
    text = '{"_id": "s0", "title": null, "text": "a\u2028b"}\r\n\r\n{"_id": "s2", "text": ""}\r\n'
    (folder / "corpus.jsonl").write_bytes(text.encode("utf-8-sig"))
    (folder / "qrels" / "test.tsv").write_text(HEADER + "q0\ts0\t1\n")
    assert [one.text for one in read_set(folder).corpus.passages] == ["a\u2028b", ""]


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("corpus.jsonl", '{"_id": "s0"\n', "corpus.jsonl:1: not valid JSON: EOF while parsing"),
        ("corpus.jsonl", '\n{"_id": "s0"}\n', "corpus.jsonl:2: 'text' is missing; add it"),
        ("corpus.jsonl", '{"_id": 1, "text": ""}\n', "corpus.jsonl:1: _id: input should be"),
        ("corpus.jsonl", '{"_id": "a b", "text": ""}\n', "corpus.jsonl:1: _id must not be empty"),
        ("corpus.jsonl", "[]\n", "corpus.jsonl:1: the line: "),
        ("corpus.jsonl", "\n", "corpus.jsonl:1: is empty"),
        ("corpus.jsonl", "\xff", "corpus.jsonl:1: byte 0xff is not UTF-8"),
        ("queries.jsonl", '{"_id": "q", "text": "a"}\n' * 2, "queries.jsonl:2: the _id 'q' is"),
        ("qrels/test.tsv", "q0\ts0\t1\n", "qrels/test.tsv:1: must start with the header"),
        ("qrels/test.tsv", "", "qrels/test.tsv:1: must start with the header"),
        ("qrels/test.tsv", HEADER + "q9\ts0\t1\n", "qrels/test.tsv:2: queries.jsonl has no 'q9'"),
        ("qrels/test.tsv", HEADER + "q0\ts9\t1\n", "qrels/test.tsv:2: corpus.jsonl has no 's9'"),
        ("qrels/test.tsv", HEADER + "q0\ts0\n", "qrels/test.tsv:2: has 2 fields"),
        ("qrels/test.tsv", HEADER + "q0\ts0\tx\n", "qrels/test.tsv:2: the score must be a whole"),
        ("qrels/test.tsv", HEADER + "q0\ts0\t0\n", "qrels:1: no question has a sentence"),
    ],
)
def test_a_wrong_line_is_named(folder: Path, file: str, text: str, expected: str) -> None:
    (folder / file).write_bytes(text.encode("latin-1"))
    found = problems(folder)
    assert found[0].startswith(expected)
    assert len(found) == 1


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    name = "qrels" if file.startswith("qrels") else file
    assert problems(folder)[0].startswith(f"{name}:1: ")
    assert "a BEIR folder holds corpus.jsonl, queries.jsonl and qrels/*.tsv" in problems(folder)[0]


def test_a_file_that_is_wrong_throughout_is_told_in_part(folder: Path) -> None:
    (folder / "corpus.jsonl").write_text("no\n" * 1000)
    assert len(problems(folder)) == 20


def test_a_path_that_is_no_set_is_named(tmp_path: Path) -> None:
    assert "does not exist" in problems(tmp_path / "nowhere")[0]
    (tmp_path / "notes.txt").write_text("x")
    assert problems(tmp_path / "notes.txt")[0].startswith("notes.txt:1: is no BEIR folder")
    assert problems(tmp_path / "list.yaml")[0].startswith("list.yaml:1: cannot be read")


@pytest.fixture(scope="module")
def shipped() -> Corpus:
    return load_corpus(shipped_data())


def read_list(folder: Path, text: str, corpus: Corpus) -> QuestionSet:
    (folder / "list.yaml").write_text(text)
    return read_set(folder / "list.yaml", corpus)


def test_the_shipped_list_is_right(shipped: Corpus) -> None:
    found = read_set(shipped_data() / "questions.yaml", shipped)
    assert (found.name, found.form) == ("questions", "questions")
    assert len(found.answerable) >= 80
    assert len(found.unanswerable) >= 40
    near = [one for one in found.unanswerable if one.kind == "near"]
    assert 2 * len(near) >= len(found.unanswerable)
    assert len({one.text for one in found.questions}) == len(found.questions)


def test_a_list_names_sentences_by_document_and_line(tmp_path: Path, shipped: Corpus) -> None:
    text = """\
answerable:
  - {question: a, lines: [1, 2], kind: direct}
  - {question: b, lines: [4], document: japan-south-korea-relations}
unanswerable:
  - {question: c, kind: far}
"""
    found = read_list(tmp_path, text, shipped)
    document = "japan-south-korea-relations"
    assert [dict(one.grades) for one in found.questions] == [
        {f"{document}:1": 1, f"{document}:2": 1},
        {f"{document}:4": 1},
        {},
    ]
    assert [one.id for one in found.questions] == ["answerable-1", "answerable-2", "unanswerable-1"]
    assert [one.kind for one in found.questions] == ["direct", "", "far"]


def test_a_line_within_a_passage_names_that(tmp_path: Path) -> None:
    """An answer of a few lines is one passage of an imported document."""
    (tmp_path / "faq.md").write_text("# Harbour\n\n## Who moors?\n\nBoats moor.\n\nNets do not.\n")
    listing = "documents: [{id: faq, title: FAQ, file: faq.md}]\n"
    (tmp_path / "corpus.yaml").write_text(listing)
    found = read_list(
        tmp_path, "answerable:\n  - {question: a, lines: [7]}\n", load_corpus(tmp_path)
    )
    assert [dict(one.grades) for one in found.questions] == [{"faq:5": 1}]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{question: a, lines: [1, 999]}", "list.yaml:2: the document 'japan-south-korea-relation"),
        ("{question: a, lines: [1], document: b}", "list.yaml:2: no document is called 'b'"),
        ("{question: a, lines: []}", "list.yaml:2: answerable.lines: list should have at least 1"),
        ("{question: a}", "list.yaml:2: 'lines' is missing; add it"),
        ("{question: a, lines: [1], sort: b}", "list.yaml:2: unknown key 'sort'"),
        ("{question: 12, lines: [1]}", "list.yaml:2: answerable.question: input should be a"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, shipped: Corpus, entry: str, expected: str) -> None:
    (tmp_path / "list.yaml").write_text(f"answerable:\n  - {entry}\n")
    found = problems(tmp_path / "list.yaml", shipped)
    assert found[0].startswith(expected)
    assert len(found) == 1


def test_a_list_over_several_documents_must_name_one(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "list.yaml").write_text("answerable:\n  - {question: a, lines: [1]}\n")
    found = problems(tmp_path / "list.yaml", read_set(folder).corpus)
    assert found == ["list.yaml:2: 'document' is missing, and there are 3: d1, d2, d3"]


def test_the_half_for_reports_is_read_apart(tmp_path: Path, shipped: Corpus) -> None:
    path = tmp_path / "list.yaml"
    path.write_text(
        "answerable:\n  - {question: one?, lines: [1]}\n"
        "  - {question: two?, lines: [2], report: true}\n"
        "unanswerable:\n  - {question: three?, report: true}\n  - {question: four?}\n"
    )
    tuned, reported = read_set(path, shipped), read_set(path, shipped, report=True)
    assert [one.text for one in tuned.questions] == ["one?", "four?"]
    assert [one.text for one in reported.questions] == ["two?", "three?"]
    assert [one.id for one in reported.questions] == ["answerable-2", "unanswerable-1"]


def test_a_list_without_a_half_for_reports_says_so(tmp_path: Path, shipped: Corpus) -> None:
    path = tmp_path / "list.yaml"
    path.write_text("answerable:\n  - {question: one?, lines: [1]}\n")
    with pytest.raises(CorpusError, match=r"list\.yaml:1: no answerable question is marked"):
        read_set(path, shipped, report=True)


def test_an_empty_list_is_named(tmp_path: Path, shipped: Corpus) -> None:
    (tmp_path / "list.yaml").write_text("answerable: []\n")
    assert problems(tmp_path / "list.yaml", shipped)[0].startswith("list.yaml:1: answerable: ")


@pytest.mark.parametrize(
    ("metadata", "given", "language"),
    [
        ({"language": "hi"}, None, "hi"),
        ({"language": "hi"}, "ja", "ja"),
        ({"language": "Hindi, as it is spoken"}, None, "en"),
        ([1], None, "en"),
        (None, "de", "de"),
    ],
)
def test_a_folder_is_read_in_its_language(
    folder: Path, metadata: object, given: str | None, language: str
) -> None:
    rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text().splitlines()]
    told = [json.dumps(row | {"metadata": metadata}) + "\n" for row in rows]
    (folder / "corpus.jsonl").write_text("".join(told))
    documents = read_set(folder, language=given).corpus.documents
    assert {document.spec.language for document in documents} == {language}
