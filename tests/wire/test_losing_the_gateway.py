"""The gateway is lost while the bot runs: it comes back, and answers each question once."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from index.documents.shipped import shipped_data

from .gateway import INVALID_SESSION
from .process import QUESTION, Process, environment, footnote, free_port, running
from .standin import StandIn

QUICK = {"FOOTNOTE_RECONNECT_MAX_SECONDS": "0.2", "FOOTNOTE_GATEWAY_TIMEOUT_SECONDS": "8"}
RECONNECT = 7

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("footnote")
    shutil.copytree(shipped_data(), made / "data")
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn() as made:
        made.gateway.heartbeat_interval = 0.2
        yield made
        assert made.unknown_requests == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process(standin: StandIn, folder: Path) -> AsyncIterator[Process]:
    more = {**QUICK, "FOOTNOTE_COOLDOWN_QUESTIONS": "1000"}
    async with running(standin, folder, **more) as made:
        yield made
        assert "Traceback" not in made.log


async def is_answered_once(standin: StandIn) -> None:
    """A question asked while the bot may be away gets one answer."""
    reply = await standin.slash("ask", QUESTION)
    assert "line 4" in reply.text
    await standin.wait_ready()
    await standin.wait_read()
    # On a busy machine it is deferred first; a second answer would be a follow-up.
    assert [response.kind for response in reply.responses] in (["callback"], ["callback", "edit"])


# A session ends with these codes, or goes on.
@pytest.mark.parametrize(
    ("code", "resumed"),
    [(None, True), (4000, True), (4001, True), (4008, True), (4007, False), (4009, False)],
)
async def test_closed(standin: StandIn, process: Process, code: int | None, resumed: bool) -> None:
    await standin.wait_ready()
    before, identified, mark = standin.resumes, standin.identifies, len(process.log)
    await standin.drop_gateway(code)
    if resumed:
        await is_answered_once(standin)
        assert standin.identifies == identified
    else:
        await standin.until(lambda: standin.identifies > identified)
        await standin.wait_ready()
        await is_answered_once(standin)
    assert standin.resumes == before + 1
    await process.said("the gateway is lost", since=mark)
    if code is not None:
        assert f"(close code {code})" in process.log[mark:]


@pytest.mark.parametrize("code", [1000, 1001])
async def test_closed_as_if_that_were_all(standin: StandIn, process: Process, code: int) -> None:
    await standin.wait_ready()
    mark = len(process.log)
    await standin.drop_gateway(code)
    await is_answered_once(standin)
    await process.said("the gateway is lost", since=mark)


async def test_what_is_asked_meanwhile_is_answered_late(
    standin: StandIn, process: Process, folder: Path
) -> None:
    await standin.wait_ready()
    mark = len(process.log)
    await standin.drop_gateway(4000, hold=True)
    missed = await standin.slash("ask", QUESTION, within=None)
    mention = await standin.message(QUESTION["question"], mention=True, within=None)
    status, said = await footnote(environment(standin, folder), "healthcheck")
    assert (status, "not connected" in said) == (1, True)
    standin.release_gateway()
    assert "line 4" in (await mention.wait()).text
    await process.said("connected again; nothing was missed", since=mark)
    await standin.wait_read()
    assert len((await missed.wait()).responses) == 1
    assert len(mention.responses) == 1


async def test_told_to_reconnect(standin: StandIn, process: Process) -> None:
    await standin.wait_ready()
    before = standin.resumes
    await standin.gateway.send(RECONNECT)
    await standin.until(lambda: standin.resumes > before)
    await is_answered_once(standin)


@pytest.mark.parametrize("resumable", [True, False])
async def test_the_session_is_invalid(standin: StandIn, process: Process, resumable: bool) -> None:
    await standin.wait_ready()
    resumes, identifies = standin.resumes, standin.identifies
    await standin.gateway.send(INVALID_SESSION, resumable)
    await standin.until(
        lambda: standin.resumes > resumes if resumable else standin.identifies > identifies
    )
    await standin.wait_ready()
    await is_answered_once(standin)
    assert (standin.resumes - resumes, standin.identifies - identifies) == (
        (1, 0) if resumable else (0, 1)
    )


async def test_silence(standin: StandIn, process: Process) -> None:
    """The connection is dead, and nobody closed it."""
    await standin.wait_ready()
    before = standin.resumes
    standin.gateway.mute()
    reply = await standin.slash("ask", QUESTION, within=None)
    await standin.until(lambda: standin.resumes > before)
    await standin.wait_ready()
    assert len(reply.responses) <= 1
    await is_answered_once(standin)


async def test_closed_again_and_again(standin: StandIn, process: Process) -> None:
    """It comes back with pauses, not as fast as it can."""
    await standin.wait_ready()
    mark, opened = len(process.log), standin.gateway.opened
    standin.gateway.close_next = [4000] * 5
    await standin.drop_gateway(4000)
    await standin.until(lambda: standin.gateway.opened >= opened + 6)
    await standin.wait_ready()
    await is_answered_once(standin)
    assert process.log.count("trying again in 0.", mark) >= 4


async def test_events_that_are_delivered_again(standin: StandIn, process: Process) -> None:
    await standin.wait_ready()
    asked = await standin.slash("ask", QUESTION)
    mention = await standin.message(QUESTION["question"], mention=True)
    clicked = await standin.click(asked, "Follow up")
    mark = len(process.log)
    callbacks = len(standin.requests_to("POST", r"/interactions/.*"))
    standin.gateway.replay_again = 8
    await standin.drop_gateway(4000)
    await process.said("was delivered again", 2, since=mark)
    standin.gateway.replay_again = 0
    await standin.wait_read()
    assert len(standin.requests_to("POST", r"/interactions/.*")) == callbacks
    assert [len(one.responses) for one in (asked, mention, clicked)] == [1, 1, 1]


async def test_the_address_to_resume_at_is_dead(
    standin: StandIn, process: Process, folder: Path
) -> None:
    standin.gateway.resume_url = f"ws://127.0.0.1:{free_port()}/gateway"
    identifies = standin.identifies
    await standin.gateway.send(INVALID_SESSION, data=False)
    await standin.until(lambda: standin.identifies == identifies + 1)
    await standin.wait_ready()
    standin.gateway.resume_url = None
    await standin.drop_gateway(4000)
    await standin.until(lambda: standin.identifies == identifies + 2)
    await standin.wait_ready()
    await is_answered_once(standin)


async def test_the_token_is_reset_meanwhile(folder: Path) -> None:
    async with StandIn() as standin:
        env = {**QUICK, "FOOTNOTE_STATE": str(folder / "another")}
        async with running(standin, folder, **env) as process:
            await standin.drop_gateway(4004)
            assert await process.ended() == 78
        assert "footnote: Discord refuses the token" in process.log
        assert "Traceback" not in process.log
