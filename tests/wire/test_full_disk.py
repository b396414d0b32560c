"""The real `footnote run` on a disk that is full.

Here the system itself refuses, to SQLite, its log and every other file alike, and answers go on.
At which page the room ends is chosen in tests/bot/libraries/test_no_room_in_the_store.py.
"""

from __future__ import annotations

import contextlib
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import SHARED, Store
from bot.store.database.sqlite import FILE_NAME
from index.documents.shipped import shipped_data

from .options import Upload
from .process import QUESTION, Process, running
from .standin import StandIn
from .uploads import hand_in

LARGE = b"".join(b"[%d] Barge %d is moored at quay %d.\n" % (n, n, n * 7) for n in range(5000))
SMALL_DISK = "8m"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(shipped_data(), tmp_path / "data")
    (tmp_path / "state").mkdir()
    return tmp_path


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """The state folder on a disk of its own."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "footnote-test"]
    try:
        subprocess.run([*command, folder / "state"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"a small disk cannot be mounted here: {error}")
    yield folder / "state"
    subprocess.run(["umount", folder / "state"], check=True)


def small() -> Upload:
    return Upload("boats.txt", b"Boats moor at the quay.\n")


def large() -> Upload:
    return Upload("barges.txt", LARGE)


async def add(standin: StandIn, file: Upload) -> str:
    """Add a document to the server; what the moderator is told in the end."""
    asked = await hand_in(standin, file)
    told = await standin.click(asked, "Publish")
    await told.until(lambda: told.messages)
    return told.text


async def serves(standin: StandIn, *, own: int) -> None:
    """Questions are answered as before, and status shows the revision of the server's own."""
    reply = await standin.slash("ask", QUESTION)
    assert "line 4" in reply.text
    status = (await standin.slash("index status", user=standin.moderator)).text
    assert "**Shared documents**: revision 1," in status
    assert (f"**Documents of this server**: revision {own}," in status) == (own > 0)


def fill(disk: Path) -> None:
    """Write into a file until nothing more goes in."""
    with (disk / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(bytes(65536))


def check_store(folder: Path, own: int, guild_id: int) -> None:
    with Store.open(folder / "state") as store:
        store.check()
        assert [revision.number for revision in store.libraries.history(SHARED)] == [1]
        numbers = [revision.number for revision in store.libraries.history(guild_id)]
        assert numbers == list(range(own, 0, -1))
        for number in numbers:
            assert store.libraries.load_documents(guild_id, number)


async def test_a_full_disk(folder: Path, small_disk: Path) -> None:
    async with StandIn() as standin:
        async with running(standin, folder):
            assert "**Revision 1** answers now" in await add(standin, small())
            fill(small_disk)
            said = await add(standin, large())
            assert "There is no room left" in said
            assert "so nothing was changed" in said
            await serves(standin, own=1)
            check_store(folder, 1, standin.guild.id)

            (small_disk / "filler").unlink()
            assert "**Revision 2** answers now" in await add(standin, large())
            await serves(standin, own=2)
        await standin.wait_gone()
        check_store(folder, 2, standin.guild.id)


async def test_a_file_that_may_not_grow(folder: Path) -> None:
    """As above, wherever nothing can be mounted: the kernel refuses what makes a file larger."""
    async with StandIn() as standin:
        async with running(standin, folder) as process:
            assert "**Revision 1** answers now" in await add(standin, small())
            allowed = limit_files_of(process, (folder / "state" / FILE_NAME).stat().st_size)
            said = await add(standin, large())
            assert "cannot be used now, so nothing was changed" in said
            await serves(standin, own=1)
            check_store(folder, 1, standin.guild.id)

            limit_files_of(process, allowed)
            assert "**Revision 2** answers now" in await add(standin, large())
            await serves(standin, own=2)
        await standin.wait_gone()
        check_store(folder, 2, standin.guild.id)


def limit_files_of(process: Process, size: int) -> int:
    """Let no file of a running process grow beyond `size`; what was allowed before."""
    before, most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, most))
    return before
