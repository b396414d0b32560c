"""The passages of an answer as a short text that fits into a button's custom_id, and back.

A pointer is true to revisions: it names those that the answer came from, and carries a checksum of
the passages, so that it finds them word for word or says that they are gone. It never names a
server: the library it points into is that of the place where the button is pressed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.errors import GoneError
from index.documents.document import Document
from index.documents.passages import Passage

__all__ = ["Found", "Pointers", "Spot", "checksum"]

Found = tuple[Passage, Document]

_ENCODED = re.compile(
    r"(?P<asker>[0-9a-z]{1,13})\.(?P<shared>[0-9a-z]{1,7})\.(?P<own>[0-9a-z]{1,7})\."
    r"(?P<check>[0-9a-z]{1,7})\.(?P<spots>(?:[SO][0-9a-z]{1,6}){0,5})"
)
_SPOT = re.compile(r"([SO])([0-9a-z]+)")


@dataclass(frozen=True, slots=True)
class Spot:
    """A passage's position in a library, the shared one or the server's own."""

    own: bool
    position: int


@dataclass(frozen=True, slots=True)
class Pointers:
    """Who asked, and which passages of which revisions (0: none) were shown."""

    asker: int
    shared: int
    own: int
    spots: tuple[Spot, ...]
    check: int

    def encode(self) -> str:
        """At most 73 characters of [0-9a-zSO.] for five passages."""
        spots = "".join(f"{'O' if s.own else 'S'}{_base36(s.position)}" for s in self.spots)
        parts = (self.asker, self.shared, self.own, self.check)
        return ".".join([*map(_base36, parts), spots])

    @classmethod
    def decode(cls, text: str) -> Self:
        """Raises GoneError for a text that `encode` does not make."""
        match = _ENCODED.fullmatch(text)
        if match is None:
            raise GoneError
        spots = tuple(
            Spot(kind == "O", int(position, 36)) for kind, position in _SPOT.findall(match["spots"])
        )
        asker, shared, own, check = (
            int(match[name], 36) for name in ("asker", "shared", "own", "check")
        )
        return cls(asker, shared, own, spots, check)

    def resolve(
        self, shared: Sequence[Document] | None, own: Sequence[Document] | None
    ) -> list[Found]:
        """The passages in the documents of the revisions named; raises GoneError."""
        if not self.spots:
            raise GoneError
        cited = []
        for spot in self.spots:
            documents = own if spot.own else shared
            if documents is None:
                raise GoneError
            cited.append(_at(documents, spot.position))
        if checksum(passage for passage, _ in cited) != self.check:
            raise GoneError
        return cited


def checksum(passages: Iterable[Passage]) -> int:
    """CRC-32 over documents, lines and texts, in order."""
    value = 0
    for passage in passages:
        content = f"{passage.document}\0{passage.line}\0{passage.text}\0"
        value = zlib.crc32(content.encode("utf-8", "surrogatepass"), value)
    return value


def _at(documents: Sequence[Document], position: int) -> Found:
    for document in documents:
        if position < len(document.passages):
            return document.passages[position], document
        position -= len(document.passages)
    raise GoneError


def _base36(number: int) -> str:
    return np.base_repr(number, 36).lower()
