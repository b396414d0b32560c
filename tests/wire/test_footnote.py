"""The real `footnote run`, as a process, against the stand-in over real sockets."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from index.documents.shipped import shipped_data
from tests.patience import promised

from .process import QUESTION, environment, footnote, running
from .standin import StandIn

COMMANDS = r"/applications/\d+/commands"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(shipped_data(), tmp_path / "data")
    return tmp_path


async def test_it_logs_in_syncs_answers_refreshes_and_leaves_on_sigterm(folder: Path) -> None:
    async with StandIn() as standin, running(standin, folder) as process:
        await standin.wait_synced()
        assert {"ask", "cite", "index"} <= {command["name"] for command in standin.commands}

        reply = await standin.slash("ask", QUESTION, user=standin.member)
        assert "Park Chung" in reply.text
        assert "line 4" in reply.text
        assert not reply.ephemeral

        reply = await standin.slash("ask", QUESTION, user=standin.member, guild=None)
        assert "line 4" in reply.text
        reply = await standin.message(
            "what is the capital of France?", author=standin.member, mention=True
        )
        assert "no answer" in reply.text

        document = folder / "data" / "japan-south-korea-relations.txt"
        document.write_text("[7] Whales are not mentioned in treaties.\n")
        reply = await standin.slash("index refresh", user=standin.member)
        assert "Manage Server" in reply.text
        reply = await standin.slash("index refresh", user=standin.moderator)
        assert "Revision 2" in reply.text
        reply = await standin.slash("ask", {"question": "whales in treaties"}, user=standin.member)
        assert "Whales" in reply.text

        await process.said("connected as")  # discord.py is ready a little after the gateway is
        status, said = await footnote(environment(standin, folder), "healthcheck")
        assert (status, said.strip()) == (0, "connected; revision 2, 1 passages")

        with promised(5):
            process.send_signal(signal.SIGTERM)
            assert await process.ended() == 0
        assert standin.token not in process.log
        assert standin.unknown_requests == []
    status, said = await footnote(environment(standin, folder), "healthcheck")
    assert status == 1
    assert "no running bot" in said


async def test_commands_are_registered_once_and_again_only_when_changed(folder: Path) -> None:
    async with StandIn() as standin:
        for _ in range(2):
            async with running(standin, folder) as process:
                await standin.wait_ready()
                await standin.slash("ask", QUESTION, user=standin.member)
                process.send_signal(signal.SIGINT)
                assert await process.ended() == 0
            await standin.wait_gone()
        assert len(standin.requests_to("PUT", COMMANDS)) == 1
        (note,) = (folder / "state").glob("commands-*.sha256")
        note.write_text("of other commands\n")
        async with running(standin, folder):
            await standin.wait_ready()
        assert len(standin.requests_to("PUT", COMMANDS)) == 2


async def test_sync_registers_everywhere_or_in_one_server(folder: Path) -> None:
    async with StandIn() as standin:
        env = environment(standin, folder)
        assert await footnote(env, "sync") == (0, "registered 9 commands\n")
        status, said = await footnote(env, "sync", "--guild", str(standin.guild.id))
        assert (status, said) == (0, "registered 9 commands\n")
        assert len(standin.requests_to("PUT", r"/applications/\d+/guilds/\d+/commands")) == 1
        assert standin.identifies == 0


async def test_sync_needs_neither_documents_nor_what_is_stored(folder: Path) -> None:
    shutil.rmtree(folder / "data")
    async with StandIn() as standin:
        status, said = await footnote(environment(standin, folder), "sync")
    assert (status, said) == (0, "registered 9 commands\n")
    (note,) = (folder / "state").iterdir()
    assert note.name.startswith("commands-")


@pytest.mark.parametrize("command", ["run", "sync"])
async def test_a_wrong_token_is_one_clear_line_that_does_not_repeat_it(
    folder: Path, command: str
) -> None:
    async with StandIn() as standin:
        env = environment(standin, folder, DISCORD_TOKEN="wrong.token.here")
        status, said = await footnote(env, command)
    assert status == 78
    last = said.strip().splitlines()[-1]
    assert last.startswith("footnote: Discord refuses the token")
    assert "wrong.token.here" not in said
    assert "Traceback" not in said


async def test_a_dropped_gateway_is_resumed_and_the_question_answered(folder: Path) -> None:
    async with StandIn() as standin, running(standin, folder):
        await standin.drop_gateway()
        reply = await standin.slash("ask", QUESTION, user=standin.member)
        assert "line 4" in reply.text
        assert standin.identifies == 1
