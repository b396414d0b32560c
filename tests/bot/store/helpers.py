"""Documents and publications for the store's tests."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from bot.store import Action, Counts, Person, Store
from bot.store.database.sqlite import FILE_NAME
from bot.store.database.tables import VoteRow
from index.documents.corpus import Source
from index.documents.document import DocumentSpec

MONA = Person(1001, "mona")
GUILD = 77


def document(
    document_id: str, content: bytes = b"A sentence.\n", reading: bytes | None = None
) -> Source:
    spec = DocumentSpec(id=document_id, title=document_id.title(), file=f"{document_id}.txt")
    return Source(spec, content, f"{document_id}.txt", reading)


def votes_on(store: Store, answer: str) -> tuple[int, int]:
    """How many found an answer right, and how many wrong."""
    query = select(VoteRow.value).where(VoteRow.answer == answer)
    with store.database.read() as connection:
        values = list(connection.execute(query).scalars())
    return values.count(1), values.count(-1)


def publish(
    store: Store,
    documents: Sequence[Source],
    *,
    owner: int = GUILD,
    by: Person = MONA,
    action: Action = "add",
    expected: int | None = None,
) -> int:
    """Publish upon the current revision, or upon `expected`."""
    if expected is None:
        expected = number_of(store, owner)
    counts = Counts(added=len(documents))
    return store.libraries.publish(
        owner,
        documents,
        by=by,
        action=action,
        expected_revision=expected,
        counts=counts,
        seconds=0.25,
    )


def number_of(store: Store, owner: int = GUILD) -> int:
    current = store.libraries.current(owner)
    return 0 if current is None else current.number


def documents_of(number: int) -> list[Source]:
    """What revision `number` holds in the tests that check a whole history: one new file each."""
    fresh = random.Random(number).randbytes(100_000)
    return [document("kept", b"kept\n" * 1000), document(f"fresh-{number % 5}", fresh)]


def check_history(store: Store, owner: int = GUILD) -> None:
    """The kept revisions are the last 20 and what `documents_of` says; nothing is left over."""
    store.check()
    current = number_of(store, owner)
    numbers = [revision.number for revision in store.libraries.history(owner)]
    assert numbers == list(range(current, max(0, current - 20), -1))
    for number in numbers:
        assert store.libraries.load_documents(owner, number) == documents_of(number)
    assert query(store, "SELECT count(*) FROM sources") == [(min(current, 20) + bool(current),)]
    audited = f"SELECT count(*) FROM audit WHERE guild_id = {owner}"  # noqa: S608
    assert query(store, audited) == [(current,)]


def query(store: Store, sql: str) -> list[tuple[object, ...]]:
    with store.database.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def execute_raw(path: Path, sql: str) -> None:
    """Change a database behind the store's back."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(sql)
        raw.commit()


def file_of(state: Path) -> Path:
    return state / FILE_NAME


def contents(state: Path) -> dict[str, bytes]:
    """The bytes of the database and what SQLite keeps beside it."""
    return {path.name: path.read_bytes() for path in sorted(state.glob(f"{FILE_NAME}*"))}
