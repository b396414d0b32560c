"""The preview from inside: what it says, when it does not start, and how it ends."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
import simcord
from discord import app_commands

from bot.gateway.client import FootnoteBot
from bot.interactions.app import App
from bot.interactions.replies import explain
from bot.libraries.librarian import Librarian
from bot.preview.page import (
    _errors_only,
    _let_time_pass,
    _set_name_and_clock,
    _time_zone,
    run_preview,
)
from bot.store import Store
from index.errors import CorpusError, SetupError
from tests.patience import PATIENCE_S

AWAY = timedelta(minutes=2)


def said(result: simcord.InteractionResult) -> str:
    assert result.response is not None
    return result.response.content


def left_in(folder: Path, pattern: str = "*") -> list[Path]:
    return list(folder.glob(pattern))


class TestStart:
    @pytest.fixture(autouse=True)
    def temporary(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        folder = tmp_path / "temporary"
        folder.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        return folder

    async def test_without_the_extra_it_says_how_to_get_it(
        self, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "linkify_it", None)
        with pytest.raises(SetupError, match=r"linkify_it.*pip install 'footnote\[preview\]'"):
            await run_preview(data, open_browser=False, port=None)

    async def test_a_port_in_use_is_told(self, data: Path, temporary: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(SetupError, match=f"port {port} .*in use.*--port"):
                await run_preview(data, open_browser=False, port=port)
        assert not left_in(temporary)

    async def test_wrong_documents_are_told(self, data: Path, temporary: Path) -> None:
        (data / "corpus.yaml").write_text("documents: []", encoding="utf-8")
        with pytest.raises(CorpusError):
            await run_preview(data, open_browser=False, port=None)
        assert not left_in(temporary)

    async def test_it_opens_the_browser_and_leaves_nothing_behind(
        self,
        data: Path,
        temporary: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        loop = asyncio.get_running_loop()
        opened = loop.create_future()
        monkeypatch.setattr(
            webbrowser, "open", lambda url: loop.call_soon_threadsafe(opened.set_result, url)
        )
        running = asyncio.create_task(run_preview(data, open_browser=True, port=None))
        url = await asyncio.wait_for(opened, PATIENCE_S)
        assert capsys.readouterr().out == f"Footnote preview: {url} (Ctrl-C ends it)\n"
        assert left_in(temporary, "footnote-preview-*/commands-*")
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(running, PATIENCE_S)
        assert not left_in(temporary)
        assert capsys.readouterr() == ("", "")


class TestTime:
    @pytest.fixture
    async def member(self, data: Path, state: Path) -> AsyncIterator[simcord.MemberActor]:
        """Someone in a world whose clock is AWAY behind."""
        store = Store.open(state)
        bot = FootnoteBot(App.of(Librarian(data, store)), state)

        @bot.tree.command(name="once", description="Once a minute")
        @app_commands.checks.cooldown(1, 60)
        async def once(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("yes")

        @bot.tree.command(name="patient", description="Wait for a minute")
        async def patient(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("waiting")
            with pytest.raises(TimeoutError):
                await bot.wait_for("message", timeout=60)
            await interaction.followup.send("enough")

        world = simcord.run(bot, check_errors=False, settle_timeout=PATIENCE_S)
        _set_name_and_clock(world)
        world._env.backend.clock._epoch -= AWAY
        env = world._env
        await env.start()
        yield env.create_guild().add_member(env.create_user("alice"))
        await env.shutdown()

    async def test_the_bot_has_its_name_and_the_present(self, member: simcord.MemberActor) -> None:
        env = member._env
        assert env.bot.user is not None
        assert env.bot.user.name == "Footnote"
        assert datetime.now(UTC) - env.now() > AWAY
        before = datetime.now(UTC)
        _let_time_pass(env)
        assert before - timedelta(milliseconds=1) < env.now() <= datetime.now(UTC)

    async def test_cooldowns_end(self, member: simcord.MemberActor) -> None:
        channel = member.guild.create_text_channel("general")
        assert said(await member.slash(channel, "once")) == "yes"
        assert said(await member.slash(channel, "once")) != "yes"
        _let_time_pass(member._env)
        assert said(await member.slash(channel, "once")) == "yes"

    async def test_timers_go_off(self, member: simcord.MemberActor) -> None:
        channel = member.guild.create_text_channel("general")
        result = await member.slash(channel, "patient")
        assert not result.followups
        _let_time_pass(member._env)
        async with asyncio.timeout(PATIENCE_S):
            # Not settle(), which runs what is due by itself.
            while not result.followups:  # noqa: ASYNC110
                await asyncio.sleep(0)
        assert [message.content for message in result.followups] == ["enough"]


@pytest.mark.parametrize(
    ("variable", "zone"),
    [("Asia/Seoul", "Asia/Seoul"), ("Nowhere/City", "UTC"), ("/etc/localtime", "UTC")],
)
def test_the_time_zone_is_that_of_the_system(
    variable: str, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", variable)
    assert _time_zone() == zone


def test_failures_show_and_nothing_else_does(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:]
    with _errors_only():
        logging.getLogger("discord.client").warning("noise")
        explain(RuntimeError("a bug"))
    shown = capsys.readouterr().err
    assert "RuntimeError: a bug" in shown
    assert "noise" not in shown
    assert logging.getLogger().handlers == before
