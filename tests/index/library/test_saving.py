"""Saved libraries answer as those just made, and nothing that is damaged is trusted."""

import errno
import os
import shutil
from pathlib import Path
from random import Random

import numpy as np
import pytest

from index.answering.searcher import Searcher
from index.arrays.folder import UnusableFolderError, map_folder, write_folder
from index.documents.corpus import Corpus, load_corpus
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from index.documents.shipped import shipped_data
from index.errors import Problem
from index.library import saving
from index.library.library import IndexedLibrary
from index.library.saving import documents_named, library_name, load_library, save_library
from tests.index.library.test_engine_chosen import made, shipped_questions

ODD = (Problem("made.txt", 3, "is odd"),)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """The shipped documents as a library, saved."""
    folder = tmp_path / "index" / "digest"
    save_library(folder, IndexedLibrary.build(load_corpus(shipped_data())), ODD)
    return folder


def test_a_saved_library_answers_as_before(saved: Path) -> None:
    exact = IndexedLibrary.build(load_corpus(shipped_data()))
    loaded = load_library(saved, exact_up_to=0)
    mapped = loaded.library
    assert loaded.warnings == ODD
    assert mapped.documents == exact.documents
    assert mapped.words == exact.words
    searchers = Searcher([exact]), Searcher([mapped])
    for question in [*shipped_questions(), "[28]", "wich tribunl found the emperer guilty"]:
        assert searchers[0].answer(question) == searchers[1].answer(question)


def test_several_documents_with_numbers_and_flags_come_back(tmp_path: Path) -> None:
    first = made(30).documents[0]
    spec = DocumentSpec(id="other", title="Other", file="o.txt", aliases=[["a", "b"]])
    marked = tuple(Passage("other", n, f"Word {n}.", (str(n % 3),), ("who?",)) for n in range(9))
    empty = Document(DocumentSpec(id="empty", title="Empty", file="e.txt"), ())
    corpus = Corpus((first, Document(spec, marked), empty))
    library = IndexedLibrary.build(corpus)
    save_library(tmp_path / "saved", library)
    mapped = load_library(tmp_path / "saved").library
    assert mapped.documents == corpus.documents
    assert [passage.flags for passage in mapped.documents[1].passages] == [("who?",)] * 9
    assert mapped.find("2") == [32, 35, 38]
    assert mapped.find("2", "made") == []
    assert [mapped.document_at(position).id for position in (0, 29, 30, 38)] == [
        "made",
        "made",
        "other",
        "other",
    ]
    assert [position for position in range(39) if mapped.is_lead(position)] == [0, 30]
    assert list(mapped.around(30, 2)) == [30, 31, 32]
    assert list(mapped.around(37, 2)) == [35, 36, 37, 38]


def test_what_is_mapped_cannot_be_written_to(saved: Path) -> None:
    library = load_library(saved).library
    with pytest.raises(ValueError, match="read-only"):
        library.arrays.postings.lengths[0] = 7


def test_no_damaged_byte_is_trusted(saved: Path) -> None:
    rng = Random(0)
    for path in sorted(saved.iterdir()):
        content = path.read_bytes()
        for at in [0, len(content) - 1, *rng.sample(range(len(content)), 60)]:
            if content[at : at + 1] == b" ":
                continue  # between the values of JSON, where it says nothing
            path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            with pytest.raises(UnusableFolderError, match=saved.name):
                load_library(saved)
        for size in [0, 1, len(content) // 2, len(content) - 1]:
            path.write_bytes(content[:size])
            with pytest.raises(UnusableFolderError, match=saved.name):
                load_library(saved)
        path.write_bytes(content)
    assert load_library(saved).library.passages


def test_a_missing_file_is_told(saved: Path) -> None:
    (saved / "arrays.bin").unlink()
    with pytest.raises(UnusableFolderError, match=r"arrays\.bin is gone"):
        load_library(saved)
    shutil.rmtree(saved)
    with pytest.raises(UnusableFolderError, match=r"header\.json is gone"):
        load_library(saved)


def test_what_another_version_wrote_is_not_used(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = library_name("digest")
    newer = {**saving.versions(), "PyStemmer": "99"}
    monkeypatch.setattr(saving, "versions", lambda: newer)
    with pytest.raises(UnusableFolderError, match="another version"):
        load_library(saved)
    assert library_name("digest") != before
    assert documents_named(library_name("digest")) == documents_named(before) == "digest"


def test_a_library_saved_again_takes_the_place_of_a_damaged_one(saved: Path) -> None:
    library = load_library(saved).library
    (saved / "header.json").write_bytes(b"{}")
    save_library(saved, library)
    assert load_library(saved).library.documents == library.documents
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    arrays = {"a": np.arange(3)}
    write_folder(tmp_path / "kept", arrays, None)
    monkeypatch.setattr(os, "fsync", full)
    for name in ("kept", "new"):
        with pytest.raises(OSError, match="No space"):
            write_folder(tmp_path / name, {"a": np.zeros(5)}, None)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert map_folder(tmp_path / "kept").arrays["a"].tolist() == [0, 1, 2]
