"""The digest of the documents of a revision: it names them, whatever changes them."""

from __future__ import annotations

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine

from bot.store import Store
from bot.store.documents import digest_of
from tests.bot.store.helpers import (
    GUILD,
    MONA,
    document,
    execute_raw,
    file_of,
    number_of,
    publish,
    query,
)

A, B = document("a", b"A moat.\n"), document("b", b"A gate.\n")
OTHER = 78


def digests(store: Store, owner: int = GUILD) -> dict[int, str]:
    return {one.number: one.documents_digest for one in store.libraries.history(owner)}


def as_stored(store: Store, owner: int = GUILD) -> dict[int, str]:
    """The digests of what is stored, made anew."""
    kept = [one.number for one in store.libraries.history(owner)]
    return {one: digest_of(store.libraries.load_documents(owner, one)) for one in kept}


def test_a_digest_follows_specs_bytes_and_their_order() -> None:
    renamed = document("c", A.content)
    changed = document("a", A.content + b"\n")
    found = {digest_of(one) for one in ([A, B], [B, A], [A], [renamed], [changed], [])}
    assert len(found) == 6
    assert all(len(one) == 64 for one in found)
    assert digest_of([document("a", A.content)]) == digest_of([A])


def test_each_revision_has_the_digest_of_its_documents(store: Store) -> None:
    publish(store, [A])
    publish(store, [A, B])
    publish(store, [A])
    assert digests(store) == as_stored(store)
    assert digests(store) == {1: digest_of([A]), 2: digest_of([A, B]), 3: digest_of([A])}
    current = store.libraries.current(GUILD)
    assert current is not None
    assert current.documents_digest == digest_of([A])
    assert store.libraries.revision(GUILD, 2).documents_digest == digest_of([A, B])


def test_a_purge_changes_the_digests_of_all_revisions_that_held_the_document(store: Store) -> None:
    for documents in ([A, B], [A], [B, A], [B]):
        publish(store, documents)
    publish(store, [A, B], owner=OTHER)
    store.libraries.purge(GUILD, "b", by=MONA)
    only_a, nothing = digest_of([A]), digest_of([])
    assert digests(store) == {1: only_a, 2: only_a, 3: only_a, 4: nothing, 5: nothing}
    assert digests(store) == as_stored(store)
    assert digests(store, OTHER) == {1: digest_of([A, B])}


def test_a_purge_after_many_revisions(store: Store) -> None:
    for number in range(25):
        publish(store, [A, B] if number % 3 else [B])
    store.libraries.purge(GUILD, "a", by=MONA)
    assert digests(store) == as_stored(store)
    assert set(digests(store).values()) == {digest_of([B])}


def test_the_current_ones_of_those_that_are_asked_for(store: Store) -> None:
    assert store.libraries.current_digests([]) == set()
    publish(store, [A])
    publish(store, [A, B])
    publish(store, [B], owner=OTHER)
    many = [f"{n:064x}" for n in range(1200)]
    asked = [*many, digest_of([A]), digest_of([A, B]), "no digest"]
    assert store.libraries.current_digests(asked) == {digest_of([A, B])}
    asked.append(digest_of([B]))
    assert store.libraries.current_digests(asked) == {digest_of([A, B]), digest_of([B])}


def take_readings_out(state: Path) -> None:
    """Make the tables what they were before the migration 0004."""
    engine = create_engine(f"sqlite:///{file_of(state)}")
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("revision_documents") as batch:
            batch.drop_index("ix_revision_documents_reading")
            batch.drop_constraint("fk_revision_documents_reading", type_="foreignkey")
            batch.drop_column("reading")
    engine.dispose()


def test_what_was_stored_before_there_were_digests_gets_them(state: Path) -> None:
    with Store.open(state) as store:
        for documents in ([A, B], [B], [B, A]):
            publish(store, documents)
        publish(store, [B], owner=OTHER)
        store.libraries.purge(OTHER, "b", by=MONA)
        before = digests(store), digests(store, OTHER), store.libraries.history(GUILD)
    take_readings_out(state)
    for statement in (
        "DROP TABLE followed_addresses",
        "DROP TABLE words",
        "DROP TABLE pointed_questions",
        "DROP TABLE kept_messages",
        "DROP INDEX ix_revisions_documents_digest",
        "ALTER TABLE revisions DROP COLUMN documents_digest",
        "UPDATE alembic_version SET version_num = '0002'",
    ):
        execute_raw(file_of(state), statement)
    with Store.open(state) as store:
        store.check()
        assert (digests(store), digests(store, OTHER), store.libraries.history(GUILD)) == before
        assert store.libraries.load_documents(GUILD, 3) == [B, A]
        assert publish(store, [A]) == number_of(store) == 4
        empty = "SELECT count(*) FROM revisions WHERE documents_digest = ''"
        assert query(store, empty) == [(0,)]
