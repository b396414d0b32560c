"""kill -9 of the real `footnote run` while a moderator publishes: after a restart it is whole.

Only here the start after the kill is the real one, and its moderator is shown the revision and
answered from it. That no moment of a publication is a bad one takes more kills than this can have:
they are in tests/bot/libraries/test_kill_of_a_publisher.py.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import shutil
from pathlib import Path

import pytest

from bot.store import SHARED, Store, lock_state_folder
from index.documents.shipped import shipped_data

from .options import Upload
from .process import running
from .reply import Reply
from .standin import StandIn
from .uploads import hand_in

KILLS = 10
LONGEST_WAIT_S = 0.12
SOURCE = "japan-south-korea-relations.txt"


def text_of(number: int) -> bytes:
    """A document whose first line holds the SHA-256 of all the others."""
    body = b"".join(b"[%d] Quay %d is dredged in year %d.\n" % (n, n, number) for n in range(300))
    return b"Year %d %s.\n" % (number, hashlib.sha256(body).hexdigest().encode()) + body


def contents(folder: Path, owner: int) -> list[bytes]:
    """The documents of the current revision of a bot that does not run; all of its store whole."""
    with lock_state_folder(folder / "state"), Store.open(folder / "state") as store:
        store.check()
        history = store.libraries.history(owner)
        current = history[0].number if history else 0
        assert [revision.number for revision in history] == list(range(current, 0, -1))
        kept = [store.libraries.load_documents(owner, number) for number in range(1, current + 1)]
        return [document.content for document in kept[-1]] if kept else []


async def publish_by_refresh(standin: StandIn, folder: Path, number: int) -> Reply:
    """Begin to publish a changed document, without waiting for the answer."""
    (folder / "data" / SOURCE).write_bytes(text_of(number))
    return await standin.slash("index refresh", user=standin.moderator, within=None)


async def publish_by_add(standin: StandIn, folder: Path, number: int) -> Reply:
    """Begin to publish one more document, without waiting for the answer."""
    file = Upload(f"year-{number}.txt", text_of(number))
    asked = await hand_in(standin, file)
    return await standin.click(asked, "Publish", within=None)


def shown(status: Reply, heading: str) -> int:
    """The revision of a library that /index status shows; 0 where it shows none."""
    found = re.search(rf"\*\*{heading}\*\*: revision (\d+)", status.text)
    return int(found[1]) if found else 0


@pytest.mark.slow
async def test_killed_ten_times(tmp_path: Path) -> None:
    shutil.copytree(shipped_data(), tmp_path / "data")
    (tmp_path / "data" / SOURCE).write_bytes(text_of(0))
    moments = random.Random(KILLS)
    outcomes = []
    own_texts: list[bytes] = []
    async with StandIn() as standin:
        owners = {SHARED: "Shared documents", standin.guild.id: "Documents of this server"}
        for number in range(1, KILLS + 1):
            owner = list(owners)[number % 2]
            publish = publish_by_refresh if owner == SHARED else publish_by_add
            old = contents(tmp_path, owner) if number > 1 else []
            async with running(standin, tmp_path) as process:
                status = await standin.slash("index status", user=standin.moderator)
                before = shown(status, owners[owner])
                await publish(standin, tmp_path, number)
                moment = moments.uniform(0, LONGEST_WAIT_S)
                await asyncio.sleep(moment)  # any moment will do: that is the subject
                process.kill()
            await standin.wait_gone()

            found = contents(tmp_path, owner)
            new = [text_of(number)] if owner == SHARED else [*own_texts, text_of(number)]
            assert found in (old, new)
            outcomes.append(f"{'new' if found == new else 'old'} after {moment * 1000:.0f} ms")
            if owner != SHARED:
                own_texts = found
            async with running(standin, tmp_path):
                status = await standin.slash("index status", user=standin.moderator)
                # What stands changed in the folder is published by the start.
                after = before + (found == new or owner == SHARED)
                assert shown(status, owners[owner]) == after
                question = {"question": f"is quay 7 dredged in year {number}?"}
                answer = await standin.slash("ask", question)
                if found == new or owner == SHARED:
                    assert f"year {number}" in answer.text.replace("*", "")
            await standin.wait_gone()
    print(f"\n{KILLS} kills of footnote run at moments seeded with {KILLS}: {', '.join(outcomes)}")  # noqa: T201
