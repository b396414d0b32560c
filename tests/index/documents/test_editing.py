"""corpus.yaml edited as text: what is not of the entry stays byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from index.documents.corpus import load_corpus
from index.documents.editing import delete_entry, insert_entry, with_added, without
from index.errors import FootnoteError

NEW = {"id": "new", "title": "Nouveau: #1", "file": "new.txt", "references": {"28": {"title": "B"}}}
FORMS = {
    "indented": "# head\ndocuments:\n  - id: a\n    title: A # of a\n  # of b\n  - id: b\n# tail\n",
    "not indented": "documents:\n- id: a\n- id: b\n",
    "deep": "documents:\n      - id: a\n      - id: b\n        aliases:\n          - [x, y]\n",
    "no line break at the end": "documents:\n  - id: a\n  - id: b",
    "Windows": "documents:\r\n  - id: a\r\n  - id: b\r\n",
    "flow in block": "documents:\n  - {id: a}\n  - {id: b,\n     title: B}\n",
    "flow": "documents: [{id: a}, {id: b}]  # all\n",
    "flow with a comma at the end": "documents: [\n  {id: a},\n  {id: b},\n]\n",
    "JSON": '{"documents": [{"id": "a"}, {"id": "b"}]}\n',
    "literal text at the end": "documents:\n  - id: a\n  - id: b\n    x: |\n      B\n\n# tail\n",
    "dash on a line of its own": "documents:\n  -\n    id: a\n  -\n    id: b\n",
    "anchors": "documents: &all\n  - &one\n    id: a\n  - id: b\n    aliases: []\n",
    "document marks": "---\ndocuments:\n  - id: a\n  - id: b\n...\n",
    "nothing at the end": "documents:\n  - id: a\n  - id: b\n    licence:\n\n\n# tail\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_an_entry_is_added_at_the_end(text: str) -> None:
    made = insert_entry(text, NEW)
    assert yaml.safe_load(made)["documents"] == [*yaml.safe_load(text)["documents"], NEW]
    assert [c for c in text.split() if c.startswith("#")] == [
        c for c in made.replace("#1", "").split() if c.startswith("#")
    ]
    if "\r\n" in text:
        assert made.count("\r\n") == made.count("\n")


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_what_was_added_is_removed_again(text: str) -> None:
    position = len(yaml.safe_load(text)["documents"])
    again = delete_entry(insert_entry(text, NEW), position)
    assert again.rstrip("\n") == text.rstrip("\n")


@pytest.mark.parametrize("position", [0, 1])
@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_any_entry_is_removed(text: str, position: int) -> None:
    kept = yaml.safe_load(text)["documents"]
    del kept[position]
    assert yaml.safe_load(delete_entry(text, position))["documents"] == kept


def test_comments_go_with_the_entry_they_are_indented_under() -> None:
    text = "documents:\n  # of a\n  - id: a\n    # in a\n  # of b\n  - id: b\n    # in b\n# tail\n"
    assert delete_entry(text, 0) == (
        "documents:\n  # of a\n  # of b\n  - id: b\n    # in b\n# tail\n"
    )
    assert delete_entry(text, 1) == (
        "documents:\n  # of a\n  - id: a\n    # in a\n  # of b\n# tail\n"
    )


@given(st.text(min_size=1).filter(str.strip), st.sampled_from(sorted(FORMS)))
@example("0\x85", "JSON")
@example("a\u2028b", "indented")
def test_any_title_survives(title: str, form: str) -> None:
    entry = NEW | {"title": title}
    made = yaml.safe_load(insert_entry(FORMS[form], entry))["documents"][-1]
    assert made == entry


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus.yaml").write_text(
        "documents:\n- &a {id: a, title: A, file: a.txt}\n- {<<: *a, id: b}\n"
    )
    (tmp_path / "a.txt").write_text("One thing.\n")
    return tmp_path


def test_what_cannot_be_edited_is_refused_and_told(folder: Path) -> None:
    before = (folder / "corpus.yaml").read_bytes()
    old = load_corpus(folder)
    with pytest.raises(FootnoteError, match="delete the entry of 'a'"), without(folder, old, "a"):
        pass
    assert (folder / "corpus.yaml").read_bytes() == before
    assert len(list(folder.iterdir())) == 2


def test_a_link_and_the_rights_of_the_file_stay(folder: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "real.yaml"
    real.parent.mkdir()
    (folder / "corpus.yaml").rename(real)
    real.chmod(0o640)
    (folder / "corpus.yaml").symlink_to(real)
    with without(folder, load_corpus(folder), "b") as (corpus, sources):
        assert [document.id for document in corpus.documents] == ["a"]
        assert [source.spec.id for source in sources] == ["a"]
    assert (folder / "corpus.yaml").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_byte_order_mark_stays(folder: Path) -> None:
    path = folder / "corpus.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    old = load_corpus(folder)
    with without(folder, old, "b"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbfdocuments")


def test_a_failure_within_takes_everything_back(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "outside" / "c.txt"
    file.parent.mkdir()
    file.write_text("Another thing.\n")
    old = load_corpus(folder)
    (folder / "in").mkdir()
    before = sorted(path.name for path in folder.iterdir())
    made = load_corpus(folder).documents[0]
    with pytest.raises(FootnoteError), with_added(folder, old, made, file):
        pass  # the id is taken already
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize("text", ["title: no list\n", "documents: none\n", "- a\n"])
def test_where_there_is_no_list_of_documents_nothing_is_added(text: str) -> None:
    with pytest.raises(FootnoteError, match="is not where it was; try again"):
        insert_entry(text, {"id": "a"})


def test_the_list_of_documents_may_come_after_other_keys() -> None:
    text = "x: 1\ndocuments:\n  - id: a\n"
    assert yaml.safe_load(insert_entry(text, {"id": "b"}))["documents"] == [
        {"id": "a"},
        {"id": "b"},
    ]
