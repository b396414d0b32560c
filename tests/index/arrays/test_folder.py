"""What is mapped from a folder stays as it was read, whatever becomes of the folder."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.arrays import folder as folder_module
from index.arrays.folder import (
    UnusableFolderError,
    check_folder,
    is_untouched,
    map_folder,
    write_folder,
)
from tests.patience import PATIENCE_S

COUNT = 1_000_000
SUM = COUNT * (COUNT - 1) // 2
SIZE = 8 * COUNT + folder_module.ALIGNMENT

READER = """
import sys
from pathlib import Path
from index.arrays.folder import map_folder

values = map_folder(Path(sys.argv[1])).arrays["values"]
for _ in sys.stdin:
    print(int(values.sum()), flush=True)
"""
"""A process that maps a folder, and at each line that it is sent reads everything in it."""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    write_folder(tmp_path / "saved", {"values": np.arange(COUNT)}, "about")
    return tmp_path / "saved"


def cut(path: Path) -> None:
    with path.open("rb+") as file:
        file.truncate(10_000)


def flip(path: Path) -> None:
    with path.open("rb+") as file:
        file.seek(SIZE // 2)
        file.write(b"\xff")


def delete(path: Path) -> None:
    shutil.rmtree(path.parent)


def reading(folder: Path, limit: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", READER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,  # noqa: PLW1509 - no threads of the tests hold anything that it needs
    )


def read_again(process: subprocess.Popen[str]) -> int:
    """What a reader adds up now; its end is told."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    said = process.stdout.readline()
    assert said, f"it ended with status {process.wait(PATIENCE_S)}"
    return int(said)


@pytest.mark.parametrize("damage", [cut, flip, delete])
def test_damage_to_the_files_reaches_nobody_who_serves_them(
    saved: Path, damage: Callable[[Path], None]
) -> None:
    with reading(saved) as process:
        assert read_again(process) == SUM
        damage(saved / "arrays.bin")
        assert read_again(process) == SUM
        assert process.communicate(timeout=PATIENCE_S)[1] == ""
    assert process.returncode == 0


def test_nothing_with_a_name_is_left_beside_the_folder(saved: Path) -> None:
    mapped = map_folder(saved)
    assert [path.name for path in saved.parent.iterdir()] == ["saved"]
    assert int(mapped.arrays["values"].sum()) == SUM
    assert mapped.refusal is None


def test_where_the_disk_has_no_room_memory_serves(saved: Path) -> None:
    def limit_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE // 2, SIZE // 2))

    with reading(saved, limit_files) as process:
        assert read_again(process) == SUM
        cut(saved / "arrays.bin")
        assert read_again(process) == SUM
        assert process.communicate(timeout=PATIENCE_S)[1] == ""


def test_what_the_disk_refused_is_told_to_who_maps(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE // 2, before[1]))
    try:
        mapped = map_folder(saved)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert mapped.refusal == "File too large"
    assert int(mapped.arrays["values"].sum()) == SUM
    with pytest.raises(ValueError, match="read-only"):
        mapped.arrays["values"][0] = 7


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut, f"arrays.bin has 10,000 bytes, and {SIZE:,} were written"),
        (flip, "arrays.bin is not what was written"),
        (Path.unlink, "arrays.bin is gone"),
        (delete, "header.json is gone"),
        (lambda path: (path.parent / "header.json").write_bytes(b"{"), "header.json is not what"),
        (lambda path: (path.parent / "header.json").write_bytes(b"[]"), "header.json is not what"),
    ],
)
def test_what_is_wrong_with_which_file_is_said(
    saved: Path, damage: Callable[[Path], None], said: str
) -> None:
    stamp = map_folder(saved).stamp
    assert is_untouched(saved, stamp)
    damage(saved / "arrays.bin")
    assert not is_untouched(saved, stamp)
    with pytest.raises(UnusableFolderError, match=f"saved cannot be used: {said}"):
        map_folder(saved)
    with pytest.raises(UnusableFolderError, match=f"saved cannot be used: {said}"):
        check_folder(saved)


def test_the_same_bytes_in_other_files_are_as_they_were_written(saved: Path) -> None:
    stamp = map_folder(saved).stamp
    shutil.copytree(saved, saved.with_name("copy"))
    shutil.rmtree(saved)
    saved.with_name("copy").rename(saved)
    assert not is_untouched(saved, stamp)
    again = check_folder(saved)
    assert again.checksum == stamp.checksum
    assert is_untouched(saved, again)


def test_who_writes_a_folder_knows_its_stamp(saved: Path) -> None:
    written = write_folder(saved, {"values": np.arange(3)}, "about")
    assert is_untouched(saved, written)
    assert map_folder(saved).stamp == written
