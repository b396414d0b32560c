"""A bibliography beside a document, BibTeX or CSL-JSON: what the keys of citations stand for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import PurePath
from typing import Protocol, cast
from urllib.parse import quote

from index.errors import CorpusError, Problem
from index.importers.blocks import Entry
from index.importers.encodings import MAX_TEXT_CHARS, decode

__all__ = ["Bibliography", "read_bibliography"]

MAX_ENTRIES = 20_000
MAX_WARNINGS = 20

_TITLES = ("title", "booktitle", "shorttitle", "container-title", "howpublished", "note")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s{}]+", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")


@dataclass(frozen=True, slots=True)
class Bibliography:
    """What the keys stand for, and what could not be read of the file."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


def read_bibliography(file: str, content: bytes) -> Bibliography:
    """The entries of a `.bib` or `.json` by their keys; the first of those with one key.

    Raises CorpusError for files that are neither or hold no entry, and where bibtexparser is not
    installed. Single entries that are broken are told in the warnings.
    """
    text, told = decode(file, content)
    if len(text) > MAX_TEXT_CHARS:
        reason = f"{len(text):,} characters; {MAX_TEXT_CHARS:,} are the most, so keep what is cited"
        raise CorpusError([Problem(file, 1, reason)])
    suffix = PurePath(file).suffix.lower()
    if suffix not in (".bib", ".json"):
        reason = "is neither BibTeX (.bib) nor CSL-JSON (.json); export it as one of them"
        raise CorpusError([Problem(file, 1, reason)])
    warnings = [Problem(file, 1, reason) for reason in told]
    found = (_bibtex if suffix == ".bib" else _csl)(file, text, warnings)
    entries: dict[str, Entry] = {}
    for line, key, fields in found:
        if not key:
            warnings.append(Problem(file, line, "an entry without a key; it is passed over"))
        elif key in entries:
            reason = f"another entry {key!r}; the first one counts"
            warnings.append(Problem(file, line, reason))
        elif len(entries) < MAX_ENTRIES:
            entries[key] = _entry(key, fields)
    if not entries:
        reason = "holds no entry with a key; export it anew as BibTeX or CSL-JSON"
        raise CorpusError([*warnings[:MAX_WARNINGS], Problem(file, 1, reason)])
    return Bibliography(entries, tuple(warnings[:MAX_WARNINGS]))


Found = tuple[int, str, Mapping[str, str]]
"""The line, the key and the fields of an entry."""


class _Reader(Protocol):
    def entries_of(
        self, file: str, text: str, fields: Sequence[str], warnings: list[Problem]
    ) -> Iterable[Found]: ...


def _bibtex(file: str, text: str, warnings: list[Problem]) -> Iterable[Found]:
    try:
        module = import_module("index.importers.bibliography.bibtex")
    except ModuleNotFoundError as error:
        reason = (
            f"needs {error.name} to be read; install it with: pip install 'footnote[documents]'"
        )
        raise CorpusError([Problem(file, 1, reason)]) from None
    return cast("_Reader", module).entries_of(file, text, _TITLES, warnings)


def _csl(file: str, text: str, warnings: list[Problem]) -> Iterator[Found]:
    """The items of CSL-JSON: a list, one below `items`, or one by id."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        reason = "is no JSON; export the bibliography anew as CSL-JSON"
        raise CorpusError([Problem(file, line, reason)]) from None
    if isinstance(value, dict):
        inner = value.get("items")
        value = (
            inner
            if isinstance(inner, list)
            else [{"id": key, **item} for key, item in value.items() if isinstance(item, dict)]
        )
    for item in value if isinstance(value, list) else []:
        key = item.get("id") if isinstance(item, dict) else None
        if not isinstance(key, str | int) or not str(key).strip():
            warnings.append(Problem(file, 1, "an item without an id; it is passed over"))
            continue
        texts = {
            str(name).lower(): " ".join(_TAG.sub("", given).split())
            for name, given in item.items()
            if isinstance(given, str)
        }
        yield 1, str(key).strip(), texts


def _entry(key: str, fields: Mapping[str, str]) -> Entry:
    """The title of a source, and its address: that of its DOI, else its own."""
    titles = (" ".join(re.sub(r"[{}]", "", fields.get(name, "")).split()) for name in _TITLES)
    title = next(filter(None, titles), key)
    address = _ADDRESS.search(fields.get("url", "")) or _ADDRESS.search(
        fields.get("howpublished", "")
    )
    doi = _DOI.search(fields.get("doi", ""))
    url = f"https://doi.org/{quote(doi[1], safe='/:;().,_-')}" if doi else None
    return Entry(title, url or (address[0] if address else None))
