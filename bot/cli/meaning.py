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


def searcher_of(library: IndexedLibrary, *, for_one: bool = False) -> Searcher:
    """A searcher over one library, all whose passages have been read where that can be.

    `for_one` question that is not worth while, unless there are few: then the passages are read
    that its words bring up.
    """
    room = ReadingRoom.open(load_settings().meaning)
    reader, total = room.reader, len(library.passages)
    if reader is not None and reader.is_to_prepare(library):
        if total < SHOWN_FROM:
            reader.prepare_at_once(library)
        elif not for_one:
            with shown_progress() as on_progress:
                for done in reader.prepare(library):
                    on_progress("indexing", done, total)
    return Searcher([library], meaning=reader, always=room.always)
