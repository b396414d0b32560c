"""`footnote run` is stopped, or killed, in the midst of things."""

from __future__ import annotations

import asyncio
import shutil
import signal
from pathlib import Path

import pytest

from index.documents.shipped import shipped_data
from tests.patience import PATIENCE_S, promised, quiet_machine

from .options import Upload
from .process import QUESTION, Process, environment, footnote, running
from .standin import StandIn
from .uploads import hand_in

pytestmark = pytest.mark.slow

CALLBACK = "^/interactions/"
SHORTLY = {"file": Upload("quays.txt", b"[1] Boats moor at the quay.\n")}
LARGE = b"".join(b"[%d] Barge %d is moored at quay %d.\n" % (n, n, n * 7) for n in range(9000))
STOP_S = 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(shipped_data(), tmp_path / "data")
    return tmp_path


async def stopped_properly(standin: StandIn, process: Process, *, signals: int = 1) -> None:
    with promised(STOP_S):
        for _ in range(signals):
            process.send_signal(signal.SIGTERM)
        assert await process.ended() == 0
    assert standin.gateway.client_closes == [1000]
    assert "Traceback" not in process.log
    assert "Unclosed" not in process.log
    assert "never retrieved" not in process.log


def done_in_time(*, done: bool) -> None:
    """A stop leaves answers two seconds, and then 0.7 to say goodbye: a busy machine needs more."""
    if not done and not quiet_machine():
        pytest.skip("this machine is too busy for what a stop leaves time for")
    assert done


@pytest.mark.parametrize("signals", [1, 5])
async def test_answers_in_flight_finish(folder: Path, signals: int) -> None:
    async with StandIn() as standin, running(standin, folder) as process:
        standin.hold_uploads()
        adding = await standin.slash("index add", SHORTLY, user=standin.moderator, within=None)
        standin.fail_next("POST", CALLBACK, 502)  # discord.py tries again after a second
        asking = await standin.slash("ask", QUESTION, within=None)
        await standin.until(lambda: standin.rest.uploads_asked)
        await standin.until(lambda: standin.requests_to("POST", "/interactions/.*"))
        stopping = asyncio.create_task(stopped_properly(standin, process, signals=signals))
        await process.said("stopping after 2 answers in flight")
        standin.release_uploads()
        await stopping
        done_in_time(done="answers take too long" not in process.log)
        assert "line 4" in asking.text
        assert "1 passage" in adding.text


async def test_answers_that_take_too_long_say_so(folder: Path) -> None:
    async with StandIn() as standin, running(standin, folder) as process:
        standin.hold_uploads()
        adding = await standin.slash("index add", SHORTLY, user=standin.moderator, within=None)
        await adding.wait_callback()
        await stopped_properly(standin, process)
        assert "1 answers take too long" in process.log
        done_in_time(done="I am being restarted" in adding.text)


async def test_an_answer_that_discord_does_not_take(folder: Path) -> None:
    """It does not hold up the stop either."""
    async with StandIn() as standin, running(standin, folder) as process:
        standin.fail_next("POST", CALLBACK, 503, times=99)
        await standin.slash("ask", QUESTION, within=None)
        await standin.until(lambda: standin.requests_to("POST", "/interactions/.*"))
        await stopped_properly(standin, process)


async def test_a_gateway_that_does_not_say_goodbye(folder: Path) -> None:
    async with StandIn() as standin, running(standin, folder) as process:
        standin.gateway.mute()
        standin.gateway.deafen()
        with promised(STOP_S):
            process.send_signal(signal.SIGTERM)
            assert await process.ended() == 0
        assert "Traceback" not in process.log


async def test_a_publication_in_flight_is_whole(folder: Path) -> None:
    async with StandIn() as standin:
        async with running(standin, folder) as process:
            file = Upload("barges.txt", LARGE)
            shown = await hand_in(standin, file)
            told = await standin.click(shown, "Publish", within=None)
            await told.wait_callback()
            await stopped_properly(standin, process)
            said = told.text
        await standin.wait_gone()
        async with running(standin, folder):
            status = (await standin.slash("index status", user=standin.moderator)).text
            published = "**Documents of this server**: revision 1," in status
            assert published or "answers now" not in said
            assert "line 4" in (await standin.slash("ask", QUESTION)).text
        done_in_time(done="answers now" in said or "I am being restarted" in said)


async def test_killed_while_answering(folder: Path) -> None:
    """The next start needs no hand: socket and lock are left behind, and the question is not."""
    async with StandIn() as standin:
        async with running(standin, folder) as process:
            standin.delay_next("POST", CALLBACK, PATIENCE_S)
            await standin.slash("ask", QUESTION, within=None)
            await standin.until(lambda: standin.requests_to("POST", "/interactions/.*"))
            process.kill()
            assert await process.ended() == -signal.SIGKILL
        assert (folder / "state" / "health.sock").exists()
        env = environment(standin, folder)
        status, said = await footnote(env, "healthcheck")
        assert (status, "no running bot answers" in said) == (1, True)
        await standin.wait_gone()
        async with running(standin, folder) as process:
            assert "line 4" in (await standin.slash("ask", QUESTION)).text
            await process.said("connected as")
            assert (await footnote(env, "healthcheck"))[0] == 0
            status, said = await footnote(env, "run")
            assert status != 0
            assert "another footnote runs on" in said
        assert len([reply for reply in standin.world.replies.values() if reply.messages]) == 2
