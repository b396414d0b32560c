"""Entries of corpus.yaml added and removed as text, so that its comments and its form stay."""

from __future__ import annotations

import os
import secrets
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from index.documents.corpus import (
    CORPUS_FILE,
    CORPUS_SUFFIXES,
    MAX_SOURCE_BYTES,
    Corpus,
    Source,
    read_corpus,
    read_sources,
)
from index.documents.differences import compare_documents
from index.documents.document import Document, DocumentSpec
from index.documents.listing import Entry, is_pattern, listed_specs
from index.documents.passage_files import is_passage_file
from index.documents.shipped import shipped_data
from index.errors import CorpusError, FootnoteError, SetupError
from index.files.lined_yaml import decode_utf8, parse_yaml
from index.files.regular import read_regular_file
from index.files.replacing import create_file, replace_file
from index.importers.formats import format_of

__all__ = [
    "check_editable",
    "corpus_file",
    "delete_entry",
    "insert_entry",
    "read_folder",
    "replace_entry",
    "with_added",
    "with_replaced",
    "without",
]

BOM = b"\xef\xbb\xbf"
ONE_LINE = 100_000
"""Wider than any entry: a long title is not folded."""

Folder = tuple[Corpus, tuple[Source, ...]]
"""What a corpus folder holds, and what that was read from."""


def corpus_file(data: Path) -> Path:
    """The corpus.yaml that `--data` means: that file itself, or the one in the folder."""
    return data if data.suffix in CORPUS_SUFFIXES else data / CORPUS_FILE


def read_folder(data: Path, fetched: Path | None = None) -> Folder:
    """Read `data` as `load_corpus` does, and keep the bytes; raises CorpusError."""
    sources = read_sources(data, fetched)
    return read_corpus(sources), sources


def check_editable(data: Path) -> None:
    """Raise SetupError for the shipped folder and for one that cannot be written to."""
    folder = corpus_file(data).parent
    own = "make a folder of your own with: footnote init DIR, and give it with --data DIR"
    if folder.resolve() == shipped_data().resolve():
        reason = f"the documents in {folder} are the shipped ones, which an update replaces; {own}"
        raise SetupError(reason)
    if not os.access(folder, os.W_OK):
        raise SetupError(f"{folder} cannot be written to; check who may write there, or {own}")


@contextmanager
def with_added(
    data: Path, old: Corpus, document: Document, file: Path, fetched: Path | None = None
) -> Iterator[Folder]:
    """The corpus with `document`, whose bytes `file` holds; all is taken back if the body fails.

    A file that lies in the folder is listed where it is, another one is copied there. Raises
    CorpusError, SetupError, and FootnoteError where the folder is no longer `old`.
    """
    path = corpus_file(data)
    with _explained(path):
        name, copied = _place(path.parent, document.spec.file, file)
    spec = document.spec.model_copy(update={"file": name})
    entry = _entry(spec)
    expected = (*old.documents, Document(spec, document.passages))
    by_hand = f"add this to its documents:\n{_dumped([entry])}"
    try:
        edit = partial(insert_entry, entry=entry)
        with _replaced(path, edit, expected, by_hand, fetched) as edited:
            yield edited
    except BaseException:
        if copied:
            (path.parent / name).unlink(missing_ok=True)
        raise


@contextmanager
def without(
    data: Path, old: Corpus, document: str, fetched: Path | None = None
) -> Iterator[Folder]:
    """The corpus without `document`, whose file stays; raises as `with_added` does."""
    path = corpus_file(data)
    position = _entry_of(path, document).position
    expected = [known for known in old.documents if known.id != document]
    by_hand = f"delete the entry of {document!r}"
    edit = partial(delete_entry, position=position)
    with _replaced(path, edit, expected, by_hand, fetched) as edited:
        yield edited


@contextmanager
def with_replaced(
    data: Path, old: Corpus, document: Document, file: Path, fetched: Path | None = None
) -> Iterator[Folder]:
    """The corpus with `document`, whose bytes `file` holds, in the place of the one of its id.

    A file that lies in the folder is listed where it is. Another one takes the place of the file
    that is listed now, or is copied beside it where its format is another. The entry stays as it is
    where it says all that the document is read by. All is taken back if the body fails; raises as
    `with_added` does.
    """
    path = corpus_file(data)
    position, listed, origin = _entry_of(path, document.id)
    if origin is not None:
        raise FootnoteError(
            f"{document.id!r} is fetched from {origin.url}, which would take its place again; "
            f"give its entry in {path} a file first, in the place of {origin.kind}"
        )
    with _explained(path), _in_place(path.parent, listed, document, file) as name:
        by_hand = f"let the entry of {document.id!r} name {name!r}"
        spec = document.spec.model_copy(update={"file": name})
        new, entry = Document(spec, document.passages), _entry(spec)
        if listed.references:
            entry |= {"references": listed.model_dump(mode="json")["references"]}
            references = {**spec.references, **listed.references}
            new = replace(new, spec=spec.model_copy(update={"references": references}))
        edit, stays = partial(replace_entry, position=position, entry=entry), False
        if (
            name == listed.file
            and (read := _read_aside(path, path.read_bytes(), fetched)) is not None
        ):
            again = next(one for one in read[0].documents if one.id == document.id)
            if stays := compare_documents(again, new).same:
                new = again
        expected = [new if known.id == document.id else known for known in old.documents]
        with _replaced(path, str if stays else edit, expected, by_hand, fetched) as edited:
            yield edited


@contextmanager
def _in_place(folder: Path, listed: DocumentSpec, document: Document, file: Path) -> Iterator[str]:
    """The name in `folder` under which the bytes of `file` lie from here on.

    What is written is taken back if the body fails.
    """
    target, inside = folder / listed.file, file.resolve()
    if inside.is_relative_to(folder.resolve()) or target.suffix.lower() != file.suffix.lower():
        name, copied = _place(folder, document.spec.file, file)
        try:
            yield name
        except BaseException:
            if copied:
                (folder / name).unlink(missing_ok=True)
            raise
        return
    before = read_regular_file(target, MAX_SOURCE_BYTES)
    replace_file(target, read_regular_file(file, MAX_SOURCE_BYTES))
    try:
        yield listed.file
    except BaseException:
        replace_file(target, before)
        raise


def _entry_of(path: Path, document: str) -> Entry:
    """A document's entry; raises FootnoteError where it has none of its own."""
    with _explained(path):
        entries, _ = listed_specs(parse_yaml(path.read_bytes(), path.name))
    for entry in entries:
        if entry.spec.id == document and not is_pattern(entry.spec.file):
            return entry
    raise FootnoteError(
        f"{document!r} has no entry of its own in {path}: its file is one of those that a pattern "
        "matches, or that are fetched together; put another file there or move it away, or edit "
        "the entry"
    )


def insert_entry(text: str, entry: dict[str, Any]) -> str:
    """`text` of a corpus.yaml with one more entry at the end of its list of documents."""
    listed = _listed(text)
    last = listed.value[-1]
    if listed.flow_style:
        at = last.end_mark.index
        return f"{text[:at]}, {_dumped(entry, flow=True)}{text[at:]}"
    column = _column(text, last)
    at = _end(text, last, column)
    before = text[:at] if text[:at].endswith("\n") else f"{text[:at]}\n"
    edited = before + textwrap.indent(_dumped([entry]), " " * column)
    if "\r\n" in text:
        edited = edited.replace("\r\n", "\n").replace("\n", "\r\n")
    return edited + text[at:]


def delete_entry(text: str, position: int) -> str:
    """`text` of a corpus.yaml without the entry at `position`, and the comments indented under it.

    What stands above the entry, at its own indentation, stays: it may head all that follow.
    """
    listed = _listed(text)
    entry = listed.value[position]
    if listed.flow_style:
        if position:
            return text[: listed.value[position - 1].end_mark.index] + text[entry.end_mark.index :]
        return text[: entry.start_mark.index] + text[listed.value[1].start_mark.index :]
    column = _column(text, entry)
    start = _dash(text, entry) - column
    return text[:start] + text[_end(text, entry, column) :]


def replace_entry(text: str, position: int, entry: dict[str, Any]) -> str:
    """`text` of a corpus.yaml with another entry at `position`; comments under it stay."""
    listed = _listed(text)
    old = listed.value[position]
    if listed.flow_style:
        dumped = _dumped(entry, flow=True)
        return text[: old.start_mark.index] + dumped + text[old.end_mark.index :]
    column, last = _column(text, old), _last_mark(old)
    start = _dash(text, old) - column
    end = last if text[:last].endswith("\n") else _next_line(text, last)
    edited = textwrap.indent(_dumped([entry]), " " * column)
    if "\r\n" in text:
        edited = edited.replace("\n", "\r\n")
    return text[:start] + edited + text[end:]


def _listed(text: str) -> yaml.SequenceNode:
    """The list of documents of a corpus.yaml that was read to documents."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == "documents" and isinstance(value, yaml.SequenceNode):
            return value
    raise FootnoteError("the list of documents is not where it was; try again")


def _dash(text: str, entry: yaml.Node) -> int:
    return text.rfind("-", 0, entry.start_mark.index)


def _column(text: str, entry: yaml.Node) -> int:
    dash = _dash(text, entry)
    return dash - _line_start(text, dash)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _next_line(text: str, index: int) -> int:
    return text.find("\n", index) + 1 or len(text)


def _end(text: str, entry: yaml.Node, column: int) -> int:
    """The start of the line after an entry and the comments that are indented under it."""
    last = _last_mark(entry)
    at = last if text[:last].endswith("\n") else _next_line(text, last)
    while at < len(text):
        line = text[at : _next_line(text, at)]
        bare = line.lstrip(" ")
        if not bare.startswith("#") or len(line) - len(bare) <= column:
            break
        at += len(line)
    return at


def _last_mark(node: yaml.Node) -> int:
    """Where the last value in `node` ends; a block's own end lies after the comments behind it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        if isinstance(node, yaml.MappingNode):
            return max(_last_mark(part) for pair in node.value for part in pair)
        return max(map(_last_mark, node.value))
    return int(node.end_mark.index)


def _entry(spec: DocumentSpec) -> dict[str, Any]:
    """What corpus.yaml says of a document, with what is read from it even where that is usual."""
    entry = spec.model_dump(mode="json", exclude_defaults=True)
    always = {"language"} if is_passage_file(spec.file) else {"language", "layout", "markers"}
    full = spec.model_dump(mode="json", exclude_none=True)
    told = {key: value for key, value in full.items() if key in entry or key in always}
    if spec.format is not None:  # what the file and its name say is read from them
        unsaid = ["importer", "own_title", "references"]
        if spec.format == format_of(spec.file):
            unsaid += ["format"] if spec.format == "text" else ["format", "layout"]
        told = {key: value for key, value in told.items() if key not in unsaid}
    return told


def _dumped(value: Any, *, flow: bool = False) -> str:
    dumped = ""
    for as_it_is in (True, False):
        dumped = yaml.safe_dump(
            value,
            allow_unicode=as_it_is,
            sort_keys=False,
            width=ONE_LINE,
            default_flow_style=flow,
        )
        if yaml.safe_load(dumped) == value:  # PyYAML loses U+0085 unless it escapes it
            break
    return dumped.strip() if flow else dumped


def _place(folder: Path, name: str, file: Path) -> tuple[str, bool]:
    """The name of `file` in `folder`, and whether it was copied there; nothing is overwritten."""
    inside = file.resolve()
    if inside.is_relative_to(folder.resolve()):
        return inside.relative_to(folder.resolve()).as_posix(), False
    content = read_regular_file(file, MAX_SOURCE_BYTES)
    stem, suffix = Path(name).stem, Path(name).suffix
    for number in count(1):
        path = folder / (name if number == 1 else f"{stem}-{number}{suffix}")
        try:
            create_file(path, content)
        except FileExistsError:
            if path.is_file() and path.read_bytes() == content:
                return path.name, False
        else:
            return path.name, True
    raise AssertionError  # count never ends


@contextmanager
def _replaced(
    path: Path,
    edit: Callable[[str], str],
    expected: Sequence[Document],
    by_hand: str,
    fetched: Path | None,
) -> Iterator[Folder]:
    """Replace `path` by what `edit` makes of it, read and found to be `expected` before."""
    with _explained(path):
        old = path.read_bytes()
        content = (BOM if old.startswith(BOM) else b"") + edit(decode_utf8(old, path.name)).encode()
        edited = _read_aside(path, content, fetched)
        if edited is None or edited[0].documents != tuple(expected):
            raise FootnoteError(
                f"{path} changed meanwhile, or is written in a way that this command cannot edit; "
                f"nothing was changed. Try again, or edit it yourself: {by_hand}"
            )
        replace_file(path, content)
    try:
        yield edited
    except BaseException:
        replace_file(path, old)
        raise


def _read_aside(path: Path, content: bytes, fetched: Path | None) -> Folder | None:
    """The folder with `content` in place of the file at `path`, None where that is none."""
    aside = path.with_name(f".{secrets.token_hex(8)}.yaml")
    try:
        aside.write_bytes(content)
        return read_folder(aside, fetched)
    except CorpusError as error:
        if any(problem.file == aside.name for problem in error.problems):
            return None
        raise
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What the system refused, in words."""
    try:
        yield
    except OSError as error:
        place = error.filename or path
        reason = f"{place}: {error.strerror}; nothing was changed. Check the folder"
        raise SetupError(reason) from None
