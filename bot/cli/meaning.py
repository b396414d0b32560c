"""A searcher on the command line, that asks what passages mean as the settings say."""

from __future__ import annotations

from bot.libraries.meaning import ReadingRoom
from bot.libraries.progress import shown_progress
from bot.settings.settings import load_settings
from index.answering.searcher import Searcher
from index.library.library import IndexedLibrary

__all__ = ["searcher_of"]

SHOWN_FROM = 500
"""Passages whose reading takes so long that it is shown."""


def searcher_of(library: IndexedLibrary) -> Searcher:
    """A searcher over one library, all whose passages have been read where that can be."""
    room = ReadingRoom.open(load_settings().meaning)
    reader = room.reader
    if reader is not None and room.state_for(library.languages) == "serves":
        total = len(library.passages)
        if total < SHOWN_FROM:
            reader.prepare_at_once(library)
        elif reader.is_to_prepare(library):
            with shown_progress() as on_progress:
                for done in reader.prepare(library):
                    on_progress("indexing", done, total)
    return Searcher([library], meaning=reader, always=room.always)
