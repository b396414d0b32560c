"""The file: made, recognised, migrated, and refused when it is not what this version can serve."""

from __future__ import annotations

import random
import stat
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.exc import OperationalError

from bot.store import Store
from bot.store.database import sqlite
from bot.store.database.tables import Table
from bot.store.errors import (
    DamagedStoreError,
    ForeignFileError,
    NewerSchemaError,
    StoreBusyError,
    StoreError,
)
from index.errors import SetupError
from tests.bot.store.helpers import (
    contents,
    document,
    execute_raw,
    file_of,
    number_of,
    publish,
    query,
)
from tests.bot.store.processes import context, everything_sent, next_sent, open_and_say, process


def test_the_migrations_make_the_tables(store: Store) -> None:
    with store.database.engine.connect() as connection:
        migration = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(migration, Table.metadata) == []
        for table in Table.metadata.sorted_tables:
            found = sa.inspect(connection)
            name = table.name
            if not table.dialect_options["sqlite"]["autoincrement"]:  # SQLite names none of those
                assert found.get_pk_constraint(name)["name"] == table.primary_key.name
            expected = {key.name for key in table.foreign_key_constraints}
            assert {key["name"] for key in found.get_foreign_keys(name)} == expected


def test_questions_kept_before_ids_were_given_once_stay(state: Path) -> None:
    with Store.open(state) as store:
        for question in ("who?", "where?"):
            store.gaps.add(7, question, "no_answer", person="h1", answer="a1")
        before = store.gaps.recent(7)
    for statement in (
        *(f"DROP TABLE {name}" for name in ("words", "pointed_questions", "kept_messages")),
        "CREATE TABLE old AS SELECT * FROM gaps",
        "DROP TABLE gaps",
        (
            "CREATE TABLE gaps (id INTEGER NOT NULL, guild_id BIGINT NOT NULL, "
            "question TEXT NOT NULL, kind VARCHAR(20) NOT NULL, at DATETIME NOT NULL, "
            "person VARCHAR(128), answer VARCHAR(128), CONSTRAINT pk_gaps PRIMARY KEY (id))"
        ),
        "INSERT INTO gaps SELECT * FROM old",
        "DROP TABLE old",
        "UPDATE alembic_version SET version_num = '0005'",
    ):
        execute_raw(file_of(state), statement)
    with Store.open(state) as store:
        assert store.gaps.recent(7) == before
        assert [gap.id for gap in store.gaps.recent(7)] == [gap.id for gap in before]
        assert store.gaps.count_person("h1") == store.gaps.withdraw("a1", "h1") == 2
        store.gaps.add(7, "when?", "no_answer")
        assert store.gaps.recent(7)[0].id > before[0].id


def test_the_file_is_the_owners_alone_and_safe(store: Store, state: Path) -> None:
    publish(store, [document("a")])
    for path in state.glob("footnote.sqlite3*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    pragmas = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }
    for name, value in pragmas.items():
        assert query(store, f"PRAGMA {name}") == [(value,)]


def test_opening_again_keeps_everything(state: Path) -> None:
    with Store.open(state) as store:
        publish(store, [document("a")])
    with Store.open(state, f"sqlite:///{file_of(state)}") as store:
        assert number_of(store) == 1


def test_a_file_that_others_could_read_is_closed_to_them(state: Path) -> None:
    Store.open(state).close()
    file_of(state).chmod(0o644)
    Store.open(state).close()
    assert stat.S_IMODE(file_of(state).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "url", ["nonsense", "sqlite://", "sqlite:///:memory:", "sqlite:////tmp/x?mode=ro"]
)
def test_a_url_that_names_no_database_is_a_wrong_setup(state: Path, url: str) -> None:
    with pytest.raises(SetupError, match="DATABASE_URL"):
        Store.open(state, url)


def test_a_missing_driver_is_named_and_the_password_is_not(state: Path) -> None:
    with pytest.raises(SetupError, match="pg8000") as caught:
        Store.open(state, "postgresql+pg8000://footnote:hunter2@localhost/footnote")
    assert "hunter2" not in str(caught.value)


def test_a_state_folder_that_cannot_be_made_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="check the state folder"):
        Store.open(tmp_path / "file")


def damaged(whole: bytes) -> dict[str, bytes]:
    return {
        "garbage": random.Random(1).randbytes(len(whole)),
        "ten bytes": b"0123456789",
        "text": b"not a database\n" * 1000,
        "half": whole[: len(whole) // 2],
        "cut in the first page": whole[:1000],
        "zeros": bytes(len(whole)),
    }


@pytest.mark.parametrize("kind", list(damaged(b"")))
def test_a_damaged_file_is_refused_and_left(state: Path, kind: str) -> None:
    with Store.open(state) as store:
        publish(store, [document("a", b"sentence\n" * 10_000)])
    broken = damaged(file_of(state).read_bytes())[kind]
    file_of(state).write_bytes(broken)
    with pytest.raises(DamagedStoreError, match="footnote restore"):
        Store.open(state)
    assert contents(state) == {"footnote.sqlite3": broken}


def test_damage_further_in_is_found_by_the_check(state: Path) -> None:
    with Store.open(state) as store:
        publish(store, [document("a", random.Random(1).randbytes(2_000_000))])
    whole = file_of(state).read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    file_of(state).write_bytes(whole[:middle] + b"\xff" * 8192 + whole[middle + 8192 :])
    with Store.open(state) as store, pytest.raises(DamagedStoreError):
        store.check()


def test_another_programs_database_is_refused_and_left(state: Path) -> None:
    state.mkdir()
    execute_raw(file_of(state), "CREATE TABLE theirs (a)")
    before = contents(state)
    with pytest.raises(ForeignFileError):
        Store.open(state)
    assert contents(state) == before


def test_a_newer_schema_is_refused_and_left(state: Path) -> None:
    Store.open(state).close()
    execute_raw(file_of(state), "UPDATE alembic_version SET version_num = 'from-next-year'")
    before = file_of(state).read_bytes()
    with pytest.raises(NewerSchemaError, match="from-next-year"):
        Store.open(state)
    assert file_of(state).read_bytes() == before


def test_a_migration_rebuilds_a_table_without_losing_what_refers_to_it(store: Store) -> None:
    publish(store, [document("a")])
    with store.database.backend.migration(store.database.engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("revisions", recreate="always") as batch:
            batch.add_column(sa.Column("note", sa.Text))
    assert [found.spec.id for found in store.libraries.load_documents(77, 1)] == ["a"]
    assert query(store, "PRAGMA foreign_keys") == [(1,)]


def migrate(store: Store, *statements: str) -> None:
    with store.database.backend.migration(store.database.engine) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_migration_that_fails_leaves_the_schema_as_it_was(store: Store) -> None:
    before = query(store, "SELECT sql FROM sqlite_master")
    with pytest.raises(OperationalError, match="no such table: nonsense"):
        migrate(store, "CREATE TABLE half (a)", "DROP TABLE gaps", "DROP TABLE nonsense")
    assert query(store, "SELECT sql FROM sqlite_master") == before


def test_a_migration_that_breaks_a_reference_does_not_commit(store: Store) -> None:
    publish(store, [document("a")])
    with pytest.raises(DamagedStoreError):
        migrate(store, "DELETE FROM sources")
    assert len(store.libraries.load_documents(77, 1)) == 1


def test_another_programs_lock_is_told_in_words(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PRAGMAS", ("PRAGMA busy_timeout = 20", *sqlite.PRAGMAS[1:]))
    with Store.open(state) as store, Store.open(state) as other:
        with other.database.write(), pytest.raises(StoreBusyError, match="another program"):
            publish(store, [document("a")])
        assert publish(store, [document("a")]) == 1


def test_processes_that_open_a_new_store_together_all_get_it(state: Path) -> None:
    barrier = context.Barrier(3)
    with (
        process(open_and_say, state, barrier) as (_, first),
        process(open_and_say, state, barrier) as (_, second),
        process(open_and_say, state, barrier) as (_, third),
    ):
        for pipe in (first, second, third):
            assert everything_sent(pipe) == ["opening", "open"]


def test_a_store_whose_making_was_killed_is_made_by_the_next_start(tmp_path: Path) -> None:
    moments = random.Random(7)
    for attempt in range(10):
        state = tmp_path / str(attempt)
        with process(open_and_say, state, None) as (maker, pipe):
            assert next_sent(pipe) == "opening"
            time.sleep(moments.uniform(0, 0.03))  # any moment will do: that is the subject
            maker.kill()
        with Store.open(state) as store:
            store.check()
            assert publish(store, [document("a")]) == 1
