"""Files of many formats in a corpus folder, one by one and by patterns."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.documents.corpus import (
    load_corpus,
    read_document,
    read_sources,
    readings_of,
    with_readings,
)
from index.documents.editing import read_folder, with_added, without
from index.documents.uploads import read_upload
from index.errors import CorpusError, FootnoteError

RULES = """# Harbour rules

## Who may moor at night?
Boats with a lamp may moor at night.[^1]

[^1]: [Council](https://example.org/council), 1921.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "handbook" / "more").mkdir(parents=True)
    (tmp_path / "handbook" / "rules.md").write_text(RULES)
    (tmp_path / "handbook" / "more" / "opening_hours.md").write_text("The desk opens at nine.\n")
    (tmp_path / "handbook" / ".draft.md").write_text("Nothing is decided.\n")
    (tmp_path / "handbook" / "photo.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / "notes.txt").write_text("[1] A line is a passage.\n")
    return tmp_path


def corpus_of(folder: Path, *entries: str) -> Path:
    (folder / "corpus.yaml").write_text("documents:\n" + "".join(f"  - {{{e}}}\n" for e in entries))
    return folder


NOTES = "id: notes, title: Notes, file: notes.txt"
BOOK = 'id: book, title: Handbook, file: "handbook/**/*.md"'


def problems(folder: Path) -> list[str]:
    with pytest.raises(CorpusError) as caught:
        load_corpus(folder)
    return list(map(str, caught.value.problems))


def test_a_pattern_stands_for_all_files_that_it_matches(folder: Path) -> None:
    documents = load_corpus(corpus_of(folder, NOTES, BOOK)).documents
    assert [(one.id, one.title) for one in documents] == [
        ("notes", "Notes"),
        ("book-handbook-more-opening-hours", "opening hours"),
        ("book-handbook-rules", "Harbour rules"),
    ]
    (passage,) = documents[2].passages
    assert (passage.text, passage.citations) == ("Boats with a lamp may moor at night.", ("1",))
    assert passage.section == ("Who may moor at night?",)
    reference = documents[2].reference("1")
    assert reference is not None
    assert reference.url == "https://example.org/council"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('id: a, title: A, file: "nowhere/*.md"', "corpus.yaml:2: 'nowhere/*.md' matches 0 files"),
        ('id: a, title: A, file: "/etc/*.md"', "corpus.yaml:2: '/etc/*.md' is no pattern of files"),
        ("id: a, title: A, file: notes.txt, importer: 1", "importer is filled in by Footnote"),
        ("id: a, title: A, file: notes.txt, own_title: true", "own_title is filled in by Footnote"),
        ("id: a, title: A, file: notes.txt, keep: [code]", "keep is for what an importer reads"),
        ("id: a, title: A, file: notes.txt, format: word", "documents.format must be 'text'"),
    ],
)
def test_what_an_entry_may_not_say(folder: Path, entry: str, said: str) -> None:
    assert any(said in problem for problem in problems(corpus_of(folder, entry)))


def test_a_text_is_read_by_lines_unless_its_layout_or_format_says_otherwise(folder: Path) -> None:
    for entry, formats in (
        (NOTES, None),
        (f"{NOTES}, layout: prose", "text"),
        (f"{NOTES}, format: markdown", "markdown"),
        ("id: a, title: A, file: handbook/rules.md, layout: lines", None),
        ("id: a, title: A, file: handbook/rules.md", "markdown"),
    ):
        (source,) = read_sources(corpus_of(folder, entry))
        assert source.spec.format == formats, entry
        assert source.spec.importer == (1 if formats else None)


def test_what_was_read_once_is_read_from_what_was_kept(folder: Path) -> None:
    sources = read_sources(corpus_of(folder, NOTES, BOOK))
    corpus = load_corpus(folder)
    kept = with_readings(sources, readings_of(sources, corpus))
    assert [source.reading is None for source in kept] == [True, False, False]
    for source, document in zip(kept, corpus.documents, strict=True):
        assert read_document(source)[0] == document


@pytest.mark.parametrize("name", ["rules.md", "rules.txt"])
def test_an_upload_becomes_an_entry_that_reads_the_same(folder: Path, name: str) -> None:
    data = corpus_of(folder, NOTES)
    path = folder / name
    path.write_text(RULES)
    document = read_upload(name, RULES.encode(), layout="prose").document
    with with_added(data, read_folder(data)[0], document, path) as (corpus, _):
        assert corpus.documents[1] == document
    listed = (folder / "corpus.yaml").read_text()
    assert "importer" not in listed
    assert "example.org" not in listed
    assert load_corpus(folder).documents[1] == document


def test_an_entry_is_removed_though_a_pattern_stands_before_it(folder: Path) -> None:
    data = corpus_of(folder, BOOK, NOTES)
    old = read_folder(data)[0]
    pattern = pytest.raises(FootnoteError, match="one of those that a pattern matches")
    with pattern, without(data, old, "book-handbook-rules"):
        pass
    with without(data, old, "notes") as (corpus, _):
        assert [one.id for one in corpus.documents] == [
            "book-handbook-more-opening-hours",
            "book-handbook-rules",
        ]
