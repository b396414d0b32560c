"""What is fuzzed: each target takes bytes, and may raise nothing but a FootnoteError."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from bot.cards.answer import answer_card, question_of
from bot.cards.context import context_card
from bot.cards.sources import sources_card
from bot.libraries.pointers import Pointers, Spot, checksum
from index.answering.searcher import Searcher
from index.documents.corpus import load_corpus
from index.documents.document import Document, DocumentSpec
from index.documents.editing import delete_entry, insert_entry
from index.documents.reading.markers import citation_keys, find_markers
from index.documents.reading.plain import read_passages
from index.documents.reading.sentences import Layout, Markers
from index.documents.uploads import read_upload
from index.errors import FootnoteError
from index.files.lined_yaml import parse_yaml
from index.statements.statements import find_sources
from tests.index.conftest import make_searcher

__all__ = ["TARGETS", "run"]

LAYOUTS: tuple[Layout, ...] = ("lines", "prose")
MARKERS: tuple[Markers, ...] = ("leading", "trailing")
MAX_TEXT = 4000


@cache
def _searcher() -> Searcher:
    return make_searcher(
        "The European Parliament adopted a resolution on December 13, 2007.",
        "Park Chung-hee ruled South Korea from 1961 to 1979.",
        "成田空港は東京の近くにあります。",
    )


def _text(data: bytes) -> str:
    """What is no UTF-8 becomes lone surrogates, as in the arguments of a command line."""
    return data.decode("utf-8", "surrogateescape")


def _chosen(data: bytes) -> tuple[Layout, Markers, str]:
    first = data[0] if data else 0
    return LAYOUTS[first & 1], MARKERS[first >> 1 & 1], data[1:].decode("utf-8", "replace")


def reader(data: bytes) -> None:
    """A source text; all of a passage's text is in the source, and its line exists."""
    layout, markers, text = _chosen(data)
    reading = read_passages(text, document="d", file="f", layout=layout, markers=markers)
    lines = text.count("\n") + text.count("\r") + 1
    for passage in reading.passages:
        assert 1 <= passage.line <= lines
        assert passage.text.strip()


def markers(data: bytes) -> None:
    """Markers follow each other, and each is in the source where it says."""
    text = data.decode("utf-8", "replace")
    end = 0
    for marker in find_markers(text):
        assert end <= marker.start < marker.end <= len(text)
        assert not text[marker.start].isspace()
        end = marker.start + 1
        for value in marker.values:
            citation_keys(value)


def upload(data: bytes) -> None:
    """A file that a moderator hands in, of any kind."""
    name = ("a.txt", "a.md", "a.yaml")[data[0] % 3] if data else "a.txt"
    read_upload(name, data[1:])


def passage_file(data: bytes) -> None:
    """A file of passages whose beginning is right, so that more is reached."""
    read_upload("a.yaml", b"title: T\npassages:\n- text: The gate.\n  citations: " + data)


def yaml_file(data: bytes) -> None:
    """YAML of any kind: a value with a line at each path."""
    source = parse_yaml(data, "f")
    assert all(line >= 1 for line in source.lines)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="footnote-fuzz-"))
    (folder / "a.txt").write_text("[1] The gate opens.\n", encoding="utf-8")
    return folder


def corpus(data: bytes) -> None:
    """A corpus.yaml; where it can be served, an entry can be added and taken out again."""
    file = _folder() / "corpus.yaml"
    file.write_bytes(data)
    found = load_corpus(file)
    text = data.decode("utf-8-sig")
    entry = {"id": "zz-new", "title": "New: #1", "file": "a.txt"}
    grown = parse_yaml(insert_entry(text, entry).encode(), "f").value
    assert len(grown["documents"]) == len(found.documents) + 1
    if len(found.documents) > 1:
        shrunk = parse_yaml(delete_entry(text, 0).encode(), "f").value
        assert len(shrunk["documents"]) == len(found.documents) - 1


def question(data: bytes) -> None:
    """Questions, one leaning on the others, to their card."""
    asked = [line[:1200] for line in _text(data).split("\n")[:4]]
    answer = _searcher().answer(asked[-1], previous=asked[:-1])
    view = answer_card(answer, "an example?")
    texts = [child.content for child in view.walk_children() if hasattr(child, "content")]
    assert sum(map(len, texts)) <= MAX_TEXT
    question_of(texts)
    for hit in answer.hits:
        assert all(0 <= start < end <= len(hit.passage.text) for start, end in hit.matches)


def look_up(data: bytes) -> None:
    """A citation number as a person types it."""
    _searcher().cite(_text(data)[:100])


def sources(data: bytes) -> None:
    """A text whose statements want sources, to its card."""
    view = sources_card(find_sources(_searcher(), _text(data)[:MAX_TEXT]))
    texts = [child.content for child in view.walk_children() if hasattr(child, "content")]
    assert sum(map(len, texts)) <= MAX_TEXT


def pointers(data: bytes) -> None:
    """A custom_id that somebody made up, and a page of what it points at."""
    document = Document(
        DocumentSpec(id="d", title="D", file="d.txt"), _searcher().collection.libraries[0].passages
    )
    at = len(data) % len(document.passages)
    good = Pointers(1, 1, 0, (Spot(own=False, position=at),), checksum([document.passages[at]]))
    found = good.resolve([document], None)
    context_card(good, found, 0, int.from_bytes(data[:3], "big", signed=True))
    Pointers.decode(data.decode("latin-1")).resolve([document], None)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (
        reader, markers, upload, passage_file, yaml_file, corpus, question, look_up, sources,
        pointers,
    )
}  # fmt: skip


def run(name: str, data: bytes) -> None:
    """Give `data` to a target; what is refused in words is as it should be."""
    try:
        TARGETS[name](data)
    except FootnoteError:
        return
