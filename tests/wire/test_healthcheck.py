"""`footnote healthcheck` and the log of the real bot, while all goes well and when it does not.

Only here a bot can lose its gateway, hang or be killed as a whole. What its socket says otherwise
is in tests/bot/monitoring/test_health_socket.py.
"""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import pytest

from bot.monitoring.health import ask_health
from index.documents.shipped import shipped_data
from index.errors import SetupError

from .process import QUESTION, environment, footnote, running, start
from .standin import StandIn

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(shipped_data(), tmp_path / "data")
    return tmp_path


async def test_healthy_only_while_the_gateway_is_up_and_the_bot_answers(folder: Path) -> None:
    async with StandIn() as standin, running(standin, folder) as process:
        env = environment(standin, folder)
        await process.said("connected as")
        healthy = (0, "connected; revision 1, 30 passages\n")
        assert await footnote(env, "healthcheck") == healthy

        await standin.drop_gateway(hold=True)
        await process.said("the gateway is lost")
        status, said = await footnote(env, "healthcheck")
        assert (status, said) == (1, "footnote: the bot runs, but is not connected to Discord\n")
        standin.release_gateway()
        await process.said("connected again")
        assert await footnote(env, "healthcheck") == healthy

        process.send_signal(signal.SIGSTOP)
        status, said = await footnote(env, "healthcheck")
        assert status == 1
        assert "it hangs; restart it" in said
        assert said.count("\n") == 1
        process.send_signal(signal.SIGCONT)
        assert await footnote(env, "healthcheck") == healthy

        process.kill()
        await process.ended()
        assert (folder / "state" / "health.sock").exists()
        status, said = await footnote(env, "healthcheck")
        assert status == 1
        assert "no running bot answers" in said
        assert said.count("\n") == 1


async def test_nobody_answers_before_the_documents_are_loaded(folder: Path) -> None:
    (folder / "data" / "corpus.yaml").write_text("documents: []\n")
    async with StandIn() as standin:
        status, _ = await footnote(environment(standin, folder), "run")
        assert status == 1
    with pytest.raises(SetupError, match="no running bot answers"):
        await ask_health(folder / "state")


async def test_wrong_settings_are_unhealthy_too(folder: Path) -> None:
    async with StandIn() as standin:
        env = environment(standin, folder, FOOTNOTE_STATTE="x")
        status, said = await footnote(env, "healthcheck")
    assert status == 1
    assert "FOOTNOTE_STATTE" in said


async def test_a_log_in_json_is_an_object_a_line_from_start_to_end(folder: Path) -> None:
    async with StandIn() as standin:
        process = await start(environment(standin, folder, FOOTNOTE_LOG_FORMAT="json"), "run")
        try:
            await standin.wait_ready()
            await standin.slash("ask", QUESTION, user=standin.member)
            process.send_signal(signal.SIGTERM)
            await process.ended()
        finally:
            if process.returncode is None:
                process.kill()
                await process.ended()
    records = [json.loads(line) for line in process.log.splitlines()]
    assert {"discord.client", "footnote.questions"} <= {record["logger"] for record in records}
    (question,) = [record for record in records if record["logger"] == "footnote.questions"]
    assert question["outcome"] == "answered"
    assert standin.token not in process.log
