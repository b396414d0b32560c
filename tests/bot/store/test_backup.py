"""Backups beside a running bot, and their return."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from bot.store import Store, lock_state_folder, restore
from bot.store.database import restoring
from bot.store.errors import (
    BackupError,
    DamagedStoreError,
    ForeignFileError,
    NewerSchemaError,
    StateInUseError,
    StoreBusyError,
)
from tests.bot.store.helpers import (
    check_history,
    contents,
    document,
    documents_of,
    execute_raw,
    file_of,
    number_of,
    publish,
)
from tests.bot.store.test_schema import damaged
from tests.patience import PATIENCE_S


@pytest.fixture
def backup(store: Store, tmp_path: Path) -> Path:
    """A backup of three revisions; the store goes on to the fifth and is closed."""
    for number in (1, 2, 3):
        publish(store, documents_of(number))
    path = tmp_path / "backup"
    store.backup(path)
    for number in (4, 5):
        publish(store, documents_of(number))
    store.close()
    return path


def test_a_backup_is_one_private_file(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in backup.parent.glob("backup*")] == ["backup"]


def test_a_backup_comes_back(backup: Path, state: Path) -> None:
    before = backup.read_bytes()
    assert restore(backup, state) is None
    assert backup.read_bytes() == before
    assert sorted(path.name for path in state.iterdir()) == ["footnote.lock", "footnote.sqlite3"]
    with Store.open(state) as store:
        assert number_of(store) == 3
        check_history(store)
        publish(store, documents_of(4))
        check_history(store)


def test_a_backup_comes_back_on_a_new_machine(backup: Path, tmp_path: Path) -> None:
    assert restore(backup, tmp_path / "new") is None
    with Store.open(tmp_path / "new") as store:
        check_history(store)
        assert number_of(store) == 3


def test_a_backup_comes_back_to_the_file_of_the_url(
    backup: Path, state: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'other' / 'file'}"
    restore(backup, state, url)
    with Store.open(state, url) as store:
        assert number_of(store) == 3
    with Store.open(state) as store:
        assert number_of(store) == 5


def test_a_backup_never_overwrites(store: Store, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    with pytest.raises(BackupError, match="exists"):
        store.backup(precious)
    assert precious.read_text() == "mine"
    with pytest.raises(BackupError, match="cannot be written"):
        store.backup(tmp_path / "no" / "such" / "folder")


def test_a_backup_beside_a_writer_is_whole(state: Path, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        with Store.open(state) as writer:
            for number in range(1, 60):
                publish(writer, documents_of(number))
                if done.is_set():
                    break

    with Store.open(state) as store:
        thread = threading.Thread(target=write)
        thread.start()
        for attempt in range(4):
            store.backup(tmp_path / f"backup-{attempt}")
        done.set()
        thread.join(PATIENCE_S)
    for attempt in range(4):
        restore(tmp_path / f"backup-{attempt}", tmp_path / f"state-{attempt}")
        with Store.open(tmp_path / f"state-{attempt}") as restored:
            check_history(restored)


@pytest.mark.parametrize("kind", [*damaged(b""), "empty"])
def test_a_damaged_backup_is_refused(backup: Path, state: Path, kind: str) -> None:
    backup.write_bytes({**damaged(backup.read_bytes()), "empty": b""}[kind])
    before = contents(state)
    with pytest.raises(DamagedStoreError, match="backup is damaged or cut short"):
        restore(backup, state)
    assert contents(state) == before


def test_a_backup_with_a_bad_page_is_refused(backup: Path, state: Path) -> None:
    whole = backup.read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    backup.write_bytes(whole[:middle] + b"\xff" * 8192 + whole[middle + 8192 :])
    before = contents(state)
    with pytest.raises(DamagedStoreError):
        restore(backup, state)
    assert contents(state) == before


def test_other_files_are_refused(backup: Path, state: Path, tmp_path: Path) -> None:
    before = contents(state)
    execute_raw(tmp_path / "theirs", "CREATE TABLE theirs (a)")
    with pytest.raises(ForeignFileError, match="not a backup of Footnote's"):
        restore(tmp_path / "theirs", state)
    with pytest.raises(BackupError, match="cannot be copied"):
        restore(tmp_path / "nothing", state)
    execute_raw(backup, "UPDATE alembic_version SET version_num = 'from-next-year'")
    with pytest.raises(NewerSchemaError, match="newer Footnote"):
        restore(backup, state)
    assert contents(state) == before


def test_nothing_is_restored_under_a_running_bot(backup: Path, state: Path) -> None:
    before = contents(state)
    with lock_state_folder(state), pytest.raises(StateInUseError):
        restore(backup, state)
    assert contents(state) == before


def test_nothing_is_restored_under_another_writer(backup: Path, state: Path) -> None:
    with Store.open(state) as other:
        with pytest.raises(StoreBusyError, match="stop it first"):
            restore(backup, state)
        assert number_of(other) == 5
        publish(other, documents_of(6))
        check_history(other)


def test_a_damaged_database_is_kept_under_another_name(backup: Path, state: Path) -> None:
    broken = file_of(state).read_bytes()[:20_000]
    file_of(state).write_bytes(broken)
    aside = restore(backup, state)
    assert aside is not None
    assert aside.read_bytes() == broken
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    with Store.open(state) as store:
        assert number_of(store) == 3


def test_a_newer_database_is_kept_under_another_name(backup: Path, state: Path) -> None:
    execute_raw(file_of(state), "UPDATE alembic_version SET version_num = 'from-next-year'")
    newer = file_of(state).read_bytes()
    aside = restore(backup, state)
    assert aside is not None
    assert aside.read_bytes() == newer
    with Store.open(state) as store:
        assert number_of(store) == 3


def test_a_log_without_its_database_does_not_get_into_the_backup(
    backup: Path, tmp_path: Path
) -> None:
    state = tmp_path / "lost"
    with Store.open(state) as store:
        publish(store, [document("a")])
        log = (state / "footnote.sqlite3-wal").read_bytes()
    file_of(state).unlink()
    (state / "footnote.sqlite3-wal").write_bytes(log)
    aside = restore(backup, state)
    assert aside is not None
    assert aside.with_name(aside.name + "-wal").read_bytes() == log
    with Store.open(state) as store:
        assert number_of(store) == 3
        check_history(store)


def test_a_restore_that_fails_at_the_last_step_leaves_the_database(
    backup: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(restoring, "_make_way", fail)
    with pytest.raises(ZeroDivisionError):
        restore(backup, state)
    assert sorted(path.name for path in state.iterdir()) == ["footnote.lock", "footnote.sqlite3"]
    with Store.open(state) as store:
        assert number_of(store) == 5


def test_other_databases_have_their_own_tools(backup: Path, state: Path) -> None:
    with pytest.raises(BackupError, match="postgresql"):
        restore(backup, state, "postgresql://localhost/footnote")
