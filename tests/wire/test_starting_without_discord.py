"""`footnote run` while Discord is away: it waits, says what for, and answers once it is back."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from index.documents.shipped import shipped_data
from tests.patience import promised

from .process import QUESTION, environment, footnote, free_port, starting
from .standin import StandIn

pytestmark = pytest.mark.slow

QUICK = {"FOOTNOTE_RECONNECT_MAX_SECONDS": "0.2"}
WAITING = "waiting for Discord"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(shipped_data(), tmp_path / "data")
    return tmp_path


async def health(env: dict[str, str]) -> tuple[int, str]:
    return await footnote(env, "healthcheck")


async def answers(standin: StandIn) -> None:
    await standin.wait_ready()
    assert "line 4" in (await standin.slash("ask", QUESTION)).text


async def test_nothing_listens(folder: Path) -> None:
    port = free_port()
    away = StandIn(port=port)
    away.world.base_url = f"http://127.0.0.1:{port}"
    away.api_base = f"{away.world.base_url}/api/v10"
    away.gateway_url = f"ws://127.0.0.1:{port}/gateway"
    env = environment(away, folder, **QUICK)
    async with starting(env) as process:
        await process.said(f"{WAITING}: no connection to 127.0.0.1:{port}", 4)
        assert await health(env) == (
            1,
            "footnote: the bot runs, but is not connected to Discord\n",
        )
        async with away as standin:
            await answers(standin)
    assert "Traceback" not in process.log
    assert "Unclosed" not in process.log


@pytest.mark.parametrize("status", [pytest.param(429, marks=pytest.mark.slow), 502, 503])
async def test_the_api_refuses(folder: Path, status: int) -> None:
    """discord.py tries again after a 502 by itself, and gives up after the others."""
    async with StandIn() as standin:
        times = 1 if status == 502 else 4
        headers = {"Retry-After": "0"} if status == 429 else None  # as its proxy bans an address
        fault = standin.fail_next("GET", "^/users/@me$", status, headers, "no", times)
        async with starting(environment(standin, folder, **QUICK)) as process:
            await answers(standin)
        assert fault.times == 0
        if status != 429:
            assert f"Discord answers GET /api/v10/users/@me with {status}" in process.log
        if status != 502:
            assert process.log.count(f"{WAITING}: no (HTTP {status})") == 4
        assert "Traceback" not in process.log


async def test_an_answer_at_login_is_cut(folder: Path) -> None:
    async with StandIn() as standin:
        standin.cut_next("GET", "^/users/@me$", "at once", times=2)  # aiohttp tries twice
        standin.cut_next("GET", "^/oauth2/applications/@me$", "halfway")
        standin.fail_next("PUT", "^/applications/", 503)
        async with starting(environment(standin, folder, **QUICK)) as process:
            await answers(standin)
            assert "ask" in {command["name"] for command in standin.commands}
        assert process.log.count(WAITING) == 3
        assert "Traceback" not in process.log


async def test_the_gateway_is_away(folder: Path) -> None:
    async with StandIn() as standin:
        port = free_port()
        address = f"ws://127.0.0.1:{port}/gateway"
        env = environment(standin, folder, **QUICK, DISCORD_GATEWAY_URL=address)
        async with starting(env) as process:
            await process.said(f"{WAITING}'s gateway: no connection to 127.0.0.1:{port}", 4)
            assert (await health(env))[0] == 1
            standin.gateway.refused_with = 503
            await standin.also_listen(port)
            await process.said(f"{WAITING}'s gateway: the gateway refuses (HTTP 503)", 2)
            standin.gateway.refused_with = None
            standin.gateway.close_next = [4000, 1001]
            await answers(standin)
        assert "Traceback" not in process.log


async def test_a_gateway_that_says_nothing(folder: Path) -> None:
    async with StandIn() as standin:
        await standin.drop_gateway(hold=True)
        env = environment(standin, folder, **QUICK, FOOTNOTE_GATEWAY_TIMEOUT_SECONDS="0.3")
        async with starting(env) as process:
            await process.said("trying again", 2)
            standin.release_gateway()
            await answers(standin)
        assert "Traceback" not in process.log


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
)
async def test_a_stop_ends_the_waiting_at_once(folder: Path, number: int) -> None:
    async with StandIn() as standin:
        standin.fail_next("GET", "^/users/@me$", 503, times=99)
        async with starting(environment(standin, folder)) as process:  # pauses of up to a minute
            await process.said(WAITING, 4)
            asked = len(standin.requests)
            with promised(4):
                process.send_signal(number)
                assert await process.ended() == 0
            assert len(standin.requests) == asked
        assert "Traceback" not in process.log


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (4004, "Discord refuses the token"),
        pytest.param(4010, "Discord refuses the shard", marks=pytest.mark.slow),
        (4011, "too many servers"),
        pytest.param(4012, "no longer speaks this version", marks=pytest.mark.slow),
        pytest.param(4013, "does not know the intents", marks=pytest.mark.slow),
        (4014, "needs none that is privileged"),
    ],
)
async def test_what_the_gateway_refuses_for_good(folder: Path, code: int, said: str) -> None:
    async with StandIn() as standin:
        standin.gateway.close_next = [code]
        async with starting(environment(standin, folder)) as process:
            assert await process.ended() == 78
        last = process.log.strip().splitlines()[-1]
        assert last.startswith("footnote: ")
        assert said in last
        assert "Traceback" not in process.log
        assert standin.gateway.opened == 1


async def test_a_version_of_the_api_that_is_no_more(folder: Path) -> None:
    async with StandIn() as standin:
        standin.refuse_next("GET", "^/users/@me$", 50041)
        async with starting(environment(standin, folder)) as process:
            assert await process.ended() == 78
        last = process.log.strip().splitlines()[-1]
        assert last.startswith("footnote: Discord refuses the bot: Invalid API version")
        assert "Traceback" not in process.log


async def test_sync_while_discord_is_away(folder: Path) -> None:
    """A command that somebody waits for does not wait itself."""
    async with StandIn() as standin:
        standin.fail_next("GET", "^/users/@me$", 503)
        status, said = await footnote(environment(standin, folder), "sync")
    assert status == 1
    assert said.strip().splitlines()[-1].startswith("footnote: Discord cannot be reached")
    assert "Traceback" not in said
