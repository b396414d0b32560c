"""Files and names made to do harm: each is refused in words, at its place, and nothing hangs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.documents.corpus import load_corpus
from index.documents.uploads import read_upload
from index.errors import CorpusError
from index.files.lined_yaml import parse_yaml
from index.files.regular import read_regular_file

TEXT = "[1] The gate opens at seven.\n"


def refused(folder: Path, entry: str) -> str:
    (folder / "corpus.yaml").write_text(f"documents:\n- {entry}\n", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        load_corpus(folder)
    return str(caught.value)


def refused_upload(content: str) -> str:
    with pytest.raises(CorpusError) as caught:
        read_upload("a.yaml", content.encode())
    return str(caught.value)


class TestFilesOfACorpus:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "outside.txt").write_text(TEXT)
        inside = tmp_path / "data"
        inside.mkdir()
        (inside / "a.txt").write_text(TEXT)
        return inside

    @pytest.mark.parametrize(
        "file",
        ["../outside.txt", "a/../../outside.txt", "/etc/passwd", "link", "folder-link/outside.txt"],
    )
    def test_none_outside_of_the_folder_is_read(self, folder: Path, file: str) -> None:
        (folder / "link").symlink_to(folder.parent / "outside.txt")
        (folder / "folder-link").symlink_to(folder.parent)
        said = refused(folder, f"{{id: a, title: A, file: {file}}}")
        assert said.startswith("corpus.yaml:2: ")
        assert "leads out of the folder" in said

    def test_a_link_within_the_folder_is_followed(self, folder: Path) -> None:
        (folder / "link").symlink_to("a.txt")
        (folder / "corpus.yaml").write_text("documents:\n- {id: a, title: A, file: link}\n")
        assert len(load_corpus(folder).passages) == 1

    def test_a_pipe_is_refused_without_waiting(self, folder: Path) -> None:
        os.mkfifo(folder / "pipe")
        assert "not a regular file" in refused(folder, "{id: a, title: A, file: pipe}")

    def test_a_pipe_as_corpus_yaml_is_refused_without_waiting(self, folder: Path) -> None:
        os.mkfifo(folder / "corpus.yaml")
        with pytest.raises(CorpusError, match=r"corpus\.yaml:1: .*not a regular file"):
            load_corpus(folder)

    def test_a_device_as_corpus_yaml_is_refused(self, folder: Path) -> None:
        (folder / "corpus.yaml").symlink_to("/dev/zero")
        with pytest.raises(CorpusError, match="not a regular file"):
            load_corpus(folder)

    def test_a_folder_is_refused(self, folder: Path) -> None:
        assert "is a directory" in refused(folder, "{id: a, title: A, file: .}")

    def test_a_link_in_a_circle_is_refused(self, folder: Path) -> None:
        (folder / "circle").symlink_to("circle")
        said = refused(folder, "{id: a, title: A, file: circle}")
        assert said.startswith("corpus.yaml:2: ")

    @pytest.mark.parametrize(
        ("value", "sign"),
        [(r"\0", "U+0000"), (r"\ud800", "U+D800"), (r"\e[31m", "U+001B"), (r"\u202e", "U+202E")],
    )
    @pytest.mark.parametrize("key", ["file", "title", "attribution"])
    def test_signs_that_no_name_has_are_refused(
        self, folder: Path, key: str, value: str, sign: str
    ) -> None:
        entry = {"id": "a", "title": "A", "file": "a.txt", key: f"a{value}"}
        shown = ", ".join(f'{name}: "{said}"' for name, said in entry.items())
        assert f"corpus.yaml:2: the control character {sign}" in refused(folder, f"{{{shown}}}")

    def test_a_name_longer_than_any_is_refused(self, folder: Path) -> None:
        assert "cannot be read" in refused(folder, f"{{id: a, title: A, file: {'a' * 290}}}")

    @pytest.mark.parametrize(
        "name", ["\u0430", "a\u200b", "\uff41", "a\u0301", "2001-01-01T00:00:00Z", "1", "A", "a_b"]
    )
    def test_an_id_that_looks_like_another_is_none(self, folder: Path, name: str) -> None:
        said = refused(folder, f"{{id: {name}, title: A, file: a.txt}}")
        assert "id: " in said or "documents.id: " in said

    def test_a_date_as_an_id_is_told_as_no_text(self, folder: Path) -> None:
        said = refused(folder, "{id: 2001-01-01, title: A, file: a.txt}")
        assert "documents.id: input should be a valid string" in said


class TestRegularFiles:
    def test_no_more_is_read_than_allowed(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"12345")
        assert read_regular_file(tmp_path / "a", 5) == b"12345"
        with pytest.raises(OSError, match="More than 4 bytes"):
            read_regular_file(tmp_path / "a", 4)

    def test_a_device_is_not_read(self) -> None:
        with pytest.raises(OSError, match="Not a regular file"):
            read_regular_file(Path("/dev/zero"), 10)


class TestYaml:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("title: !!python/object/apply:os.system [ls]\n", "could not determine a constructor"),
            ("title: !!python/name:os.system x\n", "could not determine a constructor"),
            ("title: !!timestamp foo\n", "does not fit its tag"),
            ("title: !!int x\n", "not valid YAML"),
            ("title: !!binary aGFsbG8=\n", "title: input should be a valid string"),
            ("title: 2001-13-41\n", "month must be in 1..12"),
            ("title: 2001-01-01T00:00:00+99:99\n", "not valid YAML"),
            ("title: A\ntitle: B\n", "'title' is given twice"),
            ("? [title]\n: A\n", "a list or a mapping as a key"),
            ("? {a: b}\n: A\n", "a list or a mapping as a key"),
            ("a: &a\n  <<: *a\n", "alias"),
            ("passages: &a\n- *a\n", "alias"),
            ("<<: {title: A}\n<<: {title: B}\n", "'<<' is given twice"),
            ("title: A\n---\ntitle: B\n", "another document"),
            ("%YAML 9.9\n---\ntitle: A\n", "incompatible YAML"),
            ("~: 1\n", "unknown key None"),
            ("true: 1\n", "unknown key True"),
            ("title: .nan\n", "title: input should be a valid string"),
            ("title: 0x" + "f" * 5000 + "\n", "a number of 5,002 signs"),
            ("title: !!int '0x" + "f" * 5000 + "'\n", "a number of 5,002 signs"),
            ("title: 1" + ":1" * 5000 + ".0\n", "a number of 10,003 signs"),
            ('title: "a\\ud800"\n', "the control character U+D800"),
            ('"a\\ud800": b\n', "the control character U+D800"),
        ],
    )
    def test_is_refused_in_words(self, content: str, said: str) -> None:
        refusal = refused_upload(f"{content}passages: [{{text: The gate.}}]\n"
                                 if "passages" not in content else content)  # fmt: skip
        assert said in refusal
        assert refusal.startswith("a.yaml:")

    def test_a_merge_key_means_what_yaml_says(self) -> None:
        value = parse_yaml(b"a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n", "f").value
        assert value["b"] == {"x": 1, "y": 3}

    @pytest.mark.parametrize("size", [100, 101])
    def test_a_number_has_at_most_100_signs(self, size: int) -> None:
        content = f"a: {'1' * size}\n".encode()
        if size == 100:
            assert parse_yaml(content, "f").value == {"a": int("1" * 100)}
        else:
            with pytest.raises(CorpusError, match="f:1: a number of 101 signs"):
                parse_yaml(content, "f")

    def test_what_libyaml_refuses_is_told_in_the_words_of_pyyaml(self) -> None:
        with pytest.raises(CorpusError, match="expected the node content"):
            parse_yaml(b"a: [\n", "f")


def test_a_passage_of_very_many_numbers_is_refused() -> None:
    with pytest.raises(CorpusError, match=r"a\.txt:1: a passage with 201 citation numbers"):
        read_upload("a.txt", b"[1]" * 201 + b" The gate.\n", layout="lines", markers="leading")
    content = f"title: T\npassages:\n- text: g\n  citations: [{', '.join(['1'] * 201)}]\n"
    assert "a.yaml:3: a passage with 201 citation numbers" in refused_upload(content)


def test_an_upload_with_a_lone_surrogate_is_said_to_be_no_utf8() -> None:
    content = "The gate \ud800.\n".encode("utf-8", "surrogatepass")
    warnings = read_upload("a.txt", content).warnings
    assert any("not UTF-8; read as" in warning.reason for warning in warnings)


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "..\\a.txt", "a\x00b.txt", "\ud800.txt"])
def test_a_file_name_of_an_upload_is_made_harmless(name: str) -> None:
    made = read_upload(name, TEXT.encode())
    assert "/" not in made.source.file_name
    assert "\\" not in made.source.file_name
    assert made.source.file_name.isprintable()
    assert made.source.file_name.encode()
