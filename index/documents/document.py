"""A document: what is said of it, and its passages in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from index.documents.passages import Passage
from index.documents.reading.markers import normalise_citation
from index.documents.reading.sentences import Layout, Markers
from index.importers.blocks import Kind
from index.importers.formats import Format

__all__ = [
    "LANGUAGE_CODE",
    "CitationCounts",
    "Document",
    "DocumentSpec",
    "Reference",
    "Strict",
    "WebAddress",
    "check_address",
    "check_visible",
    "count_citations",
    "is_web_address",
]

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")
MAX_ADDRESS = 1000
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def _as_key(value: Any) -> Any:
    """A number that YAML read as an integer (`28:`) is the citation `28`."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def is_web_address(address: str) -> bool:
    """Whether it can be linked: http or https, without spaces and quotes, of bounded length."""
    return len(address) <= MAX_ADDRESS and bool(_WEB_ADDRESS.fullmatch(address))


def check_address(address: str | None) -> str | None:
    """`address`. Raises ValueError for what is no address of the web."""
    if address is not None and not _WEB_ADDRESS.fullmatch(address):
        raise ValueError("must be a web address that starts with https:// or http://")
    return address


WebAddress = Annotated[str, Field(max_length=MAX_ADDRESS)]


def check_visible(text: str) -> str:
    """`text`. Raises ValueError where it holds nothing that can be seen."""
    if not any(sign.isprintable() and not sign.isspace() for sign in text):
        raise ValueError("holds nothing that can be seen")
    return text


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(check_visible)]


class Strict(BaseModel):
    """A model that knows all of its keys, converts nothing and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Reference(Strict):
    """What a citation number stands for."""

    title: Name
    url: WebAddress | None = None

    _address = field_validator("url")(check_address)


def _is_unset(value: object) -> bool:
    return not value


class DocumentSpec(Strict):
    """One entry of corpus.yaml.

    With a `format` its file is read by that format's importer, whose version is `importer`, and a
    title of the file's own goes before `title` where `own_title` is set. Without one it is a text
    that is read line by line, or paragraph by paragraph, or a file of passages. `keep` are kinds of
    blocks that become passages besides paragraphs, list items and rows of tables.
    """

    id: str
    title: Name
    file: str = Field(min_length=1, max_length=300)
    source_url: WebAddress | None = None
    licence: Name | None = None
    licence_url: WebAddress | None = None
    attribution: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    example: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    language: str = "en"
    layout: Layout = "lines"
    markers: Markers = "leading"
    contiguous: bool = True
    aliases: list[Annotated[list[Name], Field(min_length=2, max_length=20)]] = Field(
        default_factory=list
    )
    references: Mapping[Annotated[str, BeforeValidator(_as_key)], Reference] = Field(
        default_factory=dict
    )
    # Left out where they are unset, so that what is stored of other documents stays as it is.
    format: Format | None = Field(default=None, exclude_if=_is_unset)
    keep: list[Kind] = Field(default_factory=list, exclude_if=_is_unset)
    importer: int | None = Field(default=None, exclude_if=_is_unset)
    own_title: bool = Field(default=False, exclude_if=_is_unset)

    _addresses = field_validator("source_url", "licence_url")(check_address)

    @field_validator("id")
    @classmethod
    def _check_id(cls, value: str) -> str:
        if not _ID.fullmatch(value):
            raise ValueError("must be 1 to 64 lower-case letters, digits and hyphens")
        return value

    @field_validator("language")
    @classmethod
    def _check_language(cls, value: str) -> str:
        if not LANGUAGE_CODE.fullmatch(value):
            raise ValueError("must be a language code of two or three letters, such as en")
        return value

    def in_place_of(self, old: DocumentSpec) -> DocumentSpec:
        """The same under the id of `old`, with what is said of that one and not of this."""
        names = ["source_url", "attribution", "example", "aliases"]
        names += ["licence", "licence_url"] if self.licence in {None, old.licence} else []
        kept = {name: getattr(old, name) for name in names if not getattr(self, name)}
        contiguous = self.contiguous and old.contiguous
        return self.model_copy(update={**kept, "id": old.id, "contiguous": contiguous})


class CitationCounts(NamedTuple):
    """How many passages carry at least one number, and how many distinct numbers they carry."""

    cited: int
    numbers: int


@singledispatch
def count_citations(passages: Sequence[Passage]) -> CitationCounts:
    """Count the citation numbers of passages; sequences that know theirs register a shorter way."""
    return CitationCounts(
        sum(bool(passage.citations) for passage in passages),
        len({number for passage in passages for number in passage.citations}),
    )


@dataclass(frozen=True, slots=True)
class Document:
    """One source file as it was read: what corpus.yaml says of it, and its passages in order."""

    spec: DocumentSpec
    passages: Sequence[Passage]

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def title(self) -> str:
        return self.spec.title

    @property
    def cited(self) -> int:
        """How many passages carry at least one number."""
        return count_citations(self.passages).cited

    @property
    def numbers(self) -> int:
        """How many distinct numbers the passages carry."""
        return count_citations(self.passages).numbers

    def reference(self, citation: str) -> Reference | None:
        """What `citation` stands for, where corpus.yaml says it."""
        return self.spec.references.get(normalise_citation(citation))
