"""What a library takes: each rule on its own, over plain values."""

from __future__ import annotations

import pytest

from bot.errors import LimitReachedError
from bot.libraries.rules import (
    all_but,
    check_free,
    check_known,
    check_new,
    check_passages,
    check_room,
    find_source,
    ids_of,
    taken_ids,
)
from index.documents.corpus import Source
from index.documents.document import Document, DocumentSpec
from index.errors import UnknownDocumentError


def source(name: str, content: bytes = b"") -> Source:
    return Source(DocumentSpec(id=name, title=name.title(), file=name), content, name)


MOATS, TIDES = source("moats", b"A moat."), source("tides", b"A tide.")


def test_the_same_bytes_are_taken_once() -> None:
    check_new(b"Another moat.", [MOATS, TIDES])
    with pytest.raises(LimitReachedError) as told:
        check_new(b"A tide.", [MOATS, TIDES])
    assert told.value.key == "duplicate"
    assert told.value.fields == {"title": "Tides", "document": "tides"}


def test_limits_are_taken_to_the_full() -> None:
    check_room(1, 2)
    check_passages(3, 2, 5)
    with pytest.raises(LimitReachedError, match="too many documents"):
        check_room(2, 2)
    with pytest.raises(LimitReachedError, match="too many passages"):
        check_passages(3, 3, 5)


def test_ids_are_those_of_everything_that_is_searched_together() -> None:
    taken = ids_of([MOATS], [Document(TIDES.spec, ())])
    assert taken == {"moats", "tides"}
    check_free("quays", taken)
    with pytest.raises(LimitReachedError, match="meanwhile"):
        check_free("tides", taken)


def test_a_new_document_takes_no_id_that_another_is_seen_under() -> None:
    assert taken_ids([TIDES], [MOATS]) == {"moats", "tides"}
    assert taken_ids([TIDES], [MOATS, TIDES]) == {"moats", "tides", "tides-2"}


def test_a_document_is_found_and_left_out_by_its_id() -> None:
    assert find_source("tides", [MOATS, TIDES]) == TIDES
    assert all_but("tides", [MOATS, TIDES]) == [MOATS]
    check_known("tides", ["moats", "tides"])
    for ask in (
        lambda: find_source("quays", [MOATS, TIDES]),
        lambda: check_known("quays", ["moats", "tides"]),
    ):
        with pytest.raises(UnknownDocumentError, match="there is: moats, tides"):
            ask()
