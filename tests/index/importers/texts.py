"""Sentences for small texts, and what the importer makes of such texts."""

from __future__ import annotations

from index.documents.importing import ImportedDocument, read_import
from index.importers.blocks import Imported, Kind, written
from index.importers.text import read

BUILT = "The lighthouse was built in 1871 by the harbour board, which paid for it for years."
BURNED = "The lamp burned oil until 1902. Then gas was laid on, and the oil was sold off."
SEEN = "Ships of all kinds came to the harbour, as the lamp could be seen from afar."
KEPT = "The keeper wrote what he used in a book, which was lost in the fire of that year."


def imported(*paragraphs: str) -> Imported:
    return read("lamps.txt", "\n\n".join(paragraphs).encode())


def told(*paragraphs: str) -> list[tuple[Kind, str]]:
    return [
        (block.kind, " ".join(written(block).split())) for block in imported(*paragraphs).blocks
    ]


def kinds(*paragraphs: str) -> list[Kind]:
    return [kind for kind, _ in told(*paragraphs)]


def document(*paragraphs: str) -> ImportedDocument:
    return read_import("lamps.txt", "\n\n".join(paragraphs).encode(), "text")
