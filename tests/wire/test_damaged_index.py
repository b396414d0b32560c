"""The real `footnote run`, whose saved index somebody cuts, changes or deletes while it answers."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from index.documents.shipped import shipped_data
from index.errors import FootnoteError
from index.library.saving import load_library

from .process import Process, environment, starting
from .reply import Reply
from .standin import StandIn

pytestmark = pytest.mark.slow

GATES, LOWEST = 6000, 70_000
"""How many gates there are, and the number of the tide of the first."""
LOOK_OFTEN = """
from bot.cli.main import main
from bot.libraries import librarian

librarian.LOOK_EVERY_S = 1.0
main()
"""
"""`footnote` as it is, but that it looks after its indexes every second."""


def text(year: int) -> bytes:
    gates = (b"[%d] Gate %d opens with tide %d.\n" % (n, n, LOWEST + n) for n in range(GATES))
    return b"".join(gates) + b"The ferry of %d leaves at seven.\n" % year


def cut(arrays: Path) -> None:
    with arrays.open("rb+") as file:
        file.truncate(4096)


def flip(arrays: Path) -> None:
    """Change every byte, in the file that is there."""
    content = arrays.read_bytes()
    with arrays.open("rb+") as file:
        file.write(bytes(byte ^ 0xFF for byte in content))


def delete(arrays: Path) -> None:
    """At one blow, so that nobody sees half of it gone."""
    gone = arrays.parent.rename(arrays.parents[2] / "gone")
    shutil.rmtree(gone)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = Path(shutil.copytree(shipped_data(), tmp_path / "data"))
    listing = "documents: [{id: tides, title: Tides, file: tides.txt}]\n"
    (data / "corpus.yaml").write_text(listing, encoding="utf-8")
    (data / "tides.txt").write_bytes(text(1911))
    return tmp_path


def saved(folder: Path) -> list[Path]:
    return sorted((folder / "state" / "index").iterdir())


def is_whole(index: Path) -> bool:
    try:
        return len(load_library(index).library.passages) == GATES + 1
    except FootnoteError:
        return False


def plain(reply: Reply) -> str:
    """What a reply says, without what marks it up."""
    return reply.text.replace("*", "").replace("\\", "")


async def ask(standin: StandIn, gate: int) -> None:
    reply = await standin.slash("ask", {"question": f"with which tide does gate {gate} open?"})
    assert f"Gate {gate} opens with tide {LOWEST + gate}." in plain(reply)


@asynccontextmanager
async def questions(standin: StandIn) -> AsyncIterator[None]:
    """One question after another is asked while the block runs, and each answered rightly."""
    done = asyncio.Event()

    async def ask_on() -> int:
        asked = 0
        while not (done.is_set() and asked):
            await ask(standin, (asked * 1657) % GATES)
            asked += 1
        return asked

    asking = asyncio.create_task(ask_on())
    try:
        yield
    finally:
        done.set()
        assert await asking


async def healed(process: Process, index: Path, said: str) -> None:
    """Wait until the log says what was wrong, and look whether it is right again."""
    await process.said(said)
    await process.said("it was saved anew from what is served")
    assert is_whole(index)
    assert process.log.count(said) == 1
    assert process.returncode is None


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut, "arrays.bin has 4,096 bytes, and"),
        (flip, "arrays.bin is not what was written"),
        (delete, "header.json is gone"),
    ],
)
async def test_damage_while_it_answers(
    folder: Path, damage: Callable[[Path], None], said: str
) -> None:
    async with StandIn() as standin:
        env = environment(standin, folder, FOOTNOTE_COOLDOWN_QUESTIONS="100000")
        async with starting(env, ("-c", LOOK_OFTEN)) as process:
            await standin.wait_ready()
            (index,) = saved(folder)
            async with questions(standin):
                damage(index / "arrays.bin")
                await healed(process, index, said)

            # Nobody has looked after it yet when the next one is compared with it.
            (folder / "data" / "tides.txt").write_bytes(text(1912))
            async with questions(standin):
                damage(index / "arrays.bin")
                told = await standin.slash("index refresh", user=standin.moderator)
                await told.until(lambda: "answers now" in told.text)
            assert "0 added, 0 removed, 1 changed" in told.text
            asked = await standin.slash("ask", {"question": "when does the ferry of 1912 leave?"})
            assert "The ferry of 1912 leaves at seven." in plain(asked)
            assert process.returncode is None
            assert "database" not in process.log
        await standin.wait_gone()
