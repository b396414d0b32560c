"""corpus.yaml: every problem as file:line: reason, all in one go."""

from pathlib import Path

import pytest

from index.documents.corpus import Corpus, load_corpus
from index.documents.shipped import shipped_data
from index.errors import CorpusError

ENTRY = "documents:\n  - {id: a, title: A, file: a.txt}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("[1] One is so.\n")
    return tmp_path


def load(folder: Path, corpus: str | bytes) -> Corpus:
    content = corpus.encode() if isinstance(corpus, str) else corpus
    (folder / "corpus.yaml").write_bytes(content)
    return load_corpus(folder)


def problems(folder: Path, corpus: str | bytes) -> list[str]:
    with pytest.raises(CorpusError) as caught:
        load(folder, corpus)
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_corpus_is_right() -> None:
    corpus = load_corpus(shipped_data())
    (document,) = corpus.documents
    assert (len(document.passages), document.cited, document.numbers) == (30, 18, 23)
    assert not document.spec.contiguous
    assert document.spec.licence == "CC BY-SA 4.0"
    assert corpus.warnings == ()


def test_references_say_what_a_number_stands_for(folder: Path) -> None:
    entry = "documents:\n- {id: a, title: A, file: a.txt, references: {1: {title: A book}}}"
    reference = load(folder, entry).documents[0].reference("1")
    assert reference is not None
    assert reference.title == "A book"


def test_everything_wrong_is_told_in_one_go(folder: Path) -> None:
    (folder / "latin.txt").write_bytes(b"fine\nd\x00j\x00\n")
    (folder / "empty.txt").write_text("\n")
    (folder / "long.txt").write_text("x" * 3001)
    found = problems(
        folder,
        "documents:\n"
        "  - {id: a, title: A, file: a.txt, colour: red}\n"
        "  - id: b\n"
        "    title: B\n"
        "    file: nowhere.txt\n"
        "  - {id: c, title: C, file: latin.txt}\n"
        "  - {id: c, title: C, file: empty.txt}\n"
        "  - {id: d, title: D, file: long.txt}\n"
        "  - {id: e, title: E, file: a.txt, layout: columns}\n"
        "  - {title: F, file: a.txt}\n",
    )
    beginnings = [
        "corpus.yaml:2: unknown key 'colour'",
        "corpus.yaml:9: documents.layout must be 'lines' or 'prose', not 'columns'",
        "corpus.yaml:10: 'id' is missing",
        "corpus.yaml:7: the id 'c' is used twice",
        "corpus.yaml:5: the file 'nowhere.txt' cannot be read (no such file or directory)",
        "latin.txt:2: holds a NUL byte and so looks like a binary file",
        "empty.txt:1: holds no passage",
        "long.txt:1: a passage of 3,001 characters",
    ]
    assert len(found) == len(beginnings)
    for problem, beginning in zip(found, beginnings, strict=True):
        assert problem.startswith(beginning)


@pytest.mark.parametrize(
    ("corpus", "said"),
    [
        ("", "corpus.yaml:1: has no list of documents"),
        ("documents: 3", "corpus.yaml:1: documents: input should be a valid list"),
        ("documents: []", "corpus.yaml:1: documents: list should have at least 1 item"),
        ("documents: [a", "corpus.yaml:1: not valid YAML"),
        ("- just\n- a list", "corpus.yaml:1: has no list of documents"),
        (ENTRY + "extra: 1", "corpus.yaml:3: unknown key 'extra'"),
        (
            "documents:\n- {id: a, id: b, title: A, file: a.txt}",
            "corpus.yaml:2: 'id' is given twice",
        ),
        ("documents:\n- {id: A B, title: A, file: a.txt}", "corpus.yaml:2: documents.id: must be"),
        ("documents:\n- {id: a, title: 3, file: a.txt}", "corpus.yaml:2: documents.title: input"),
        (
            "documents:\n- {id: a, title: A, file: a.txt, source_url: 'javascript:x'}",
            "corpus.yaml:2: documents.source_url: must be a web address",
        ),
        ("documents: !!python/object:os.system {}", "corpus.yaml:1: not valid YAML"),
        ("documents: &a [*a]", "corpus.yaml:1: an alias"),
        ("a: !!bool foo", "corpus.yaml:1: not valid YAML"),
        (
            'documents:\n- {id: a, title: A, file: "a\\0b"}',
            "corpus.yaml:2: the control character U+0000",
        ),
        ("when: 2020-13-45", "corpus.yaml:1: not valid YAML"),
        ("documents:\n- \0", "corpus.yaml:2: holds a character that YAML does not allow"),
        (b"documents:\n- \xff", "corpus.yaml:2: byte 0xff is not UTF-8"),
        ("[" * 30, "corpus.yaml:1: nested more than"),
        ("a: &a 1\nb: [" + "*a, " * 60 + "]", "corpus.yaml:2: more than 50 aliases"),
        ("documents:\n- {id: a, title: A, file: ../a.txt}", "corpus.yaml:2: '../a.txt' leads out"),
        (
            "documents:\n- {id: a, title: A, file: /etc/passwd}",
            "corpus.yaml:2: '/etc/passwd' leads",
        ),
        ("documents:\n- {id: a, title: A, file: .}", "corpus.yaml:2: the file '.' cannot be read"),
    ],
)
def test_a_bad_corpus_is_told_by_line_and_reason(
    folder: Path, corpus: str | bytes, said: str
) -> None:
    assert problems(folder, corpus)[0].startswith(said)


def test_a_bomb_of_aliases_is_refused(folder: Path) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 6)}]" for n in range(1, 9)]
    assert "once its aliases are written out" in problems(folder, "\n".join(rows))[0]


def test_a_link_out_of_the_folder_is_refused(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.txt"
    outside.write_text("Secret.")
    (folder / "a.txt").unlink()
    (folder / "a.txt").symlink_to(outside)
    assert "leads out of the folder" in problems(folder, ENTRY)[0]


def test_a_missing_folder_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="footnote init"):
        load_corpus(tmp_path / "nowhere")


def test_warnings_do_not_keep_a_corpus_from_being_served(folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"\xef\xbb\xbf[1] One is so.\r\n\r\nTwo [is so.\r\n")
    corpus = load(folder, b"\xef\xbb\xbf" + ENTRY.encode())
    assert [str(warning) for warning in corpus.warnings] == [
        "a.txt:2: blank line; it is passed over",
        "a.txt:3: the [ at column 5 is never closed; it is read as text",
    ]
    assert [passage.line for passage in corpus.passages] == [1, 3]
