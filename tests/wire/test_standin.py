"""The stand-in itself, tried with a discord.py client in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from discord import app_commands

from tests.patience import PATIENCE_S

from .components import custom_ids, texts
from .options import Upload, Value
from .redirect import redirect
from .standin import StandIn


class Card(discord.ui.LayoutView):
    """A Components V2 answer with a button that changes it and one that asks."""

    def __init__(self, text: str) -> None:
        super().__init__(timeout=None)
        more: discord.ui.Button[Card] = discord.ui.Button(label="More", custom_id="more")
        more.callback = self.more  # type: ignore[method-assign]
        follow: discord.ui.Button[Card] = discord.ui.Button(label="Follow up", custom_id="follow")
        follow.callback = self.follow  # type: ignore[method-assign]
        row: discord.ui.ActionRow[Card] = discord.ui.ActionRow(more, follow)
        self.add_item(discord.ui.Container(discord.ui.TextDisplay(text), row))

    async def more(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=Card("more of it"))

    async def follow(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())


class Form(discord.ui.Modal, title="Follow up"):
    """A modal with one question."""

    question: discord.ui.TextInput[Form] = discord.ui.TextInput(label="Question", custom_id="q")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"asked {self.question.value}", ephemeral=True)


class Bot(discord.Client):
    """A bot with a command, a group, a context menu and an ear for mentions."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        group = app_commands.Group(name="index", description="Index", guild_only=True)
        group.command(name="add", description="Add")(add)
        group.command(name="late", description="Late")(late)
        asking = self.tree.command(name="ask", description="Ask")(ask)
        asking.autocomplete("question")(suggest)
        self.tree.add_command(group)
        self.tree.context_menu(name="Find sources")(sources)
        self.heard: list[str] = []

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user:
            return
        self.heard.append(message.content)
        if self.user in message.mentions or message.guild is None:
            async with message.channel.typing():
                await message.reply(f"heard: {message.content}")


async def ask(interaction: discord.Interaction, question: str, private: bool = False) -> None:
    await interaction.response.defer(ephemeral=private)
    manager = interaction.permissions.manage_guild
    text = f"{question} in {interaction.locale}, manager {manager}, limit"
    await interaction.followup.send(view=Card(f"{text} {interaction.filesize_limit}"))


async def suggest(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{typed}?", value=typed)]


async def add(interaction: discord.Interaction, file: discord.Attachment) -> None:
    answer = await interaction.response.send_message((await file.read()).decode())
    assert answer.message_id
    await interaction.followup.send("and done")


async def late(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("too late")


async def sources(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"sources of {message.content}")


@pytest.fixture
async def discord_server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    """A stand-in that every client started in this process connects to."""
    monkeypatch.setattr(discord.http.Route, "BASE", "")
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", None)
    async with StandIn() as standin:
        redirect(standin.api_base, standin.gateway_url)
        yield standin
        assert not standin.unknown_requests


@pytest.fixture
async def bot(discord_server: StandIn) -> AsyncIterator[Bot]:
    """A bot that has synced and is ready."""
    async with Bot() as client:
        running = asyncio.create_task(client.start(discord_server.token))
        await discord_server.wait_synced()
        await discord_server.wait_ready()
        yield client
    await running


async def test_the_bot_finds_its_world(discord_server: StandIn, bot: Bot) -> None:
    await bot.wait_until_ready()
    guild = bot.get_guild(discord_server.guild.id)
    assert guild is not None
    assert [channel.name for channel in guild.text_channels] == ["general"]
    assert guild.me.guild_permissions.send_messages
    assert bot.user is not None
    assert bot.user.id == discord_server.bot.id
    assert [c.name for c in await bot.tree.fetch_commands()] == ["ask", "index", "Find sources"]
    assert (await bot.application_info()).name == "footnote"


async def test_a_deferred_answer(discord_server: StandIn, bot: Bot) -> None:
    reply = await discord_server.slash("ask", {"question": "why"}, user=discord_server.moderator)
    assert reply.callback_type == 5
    assert 0 < reply.latency < reply.responses[-1].at - reply.dispatched_at
    assert not reply.ephemeral
    assert reply.texts == [
        "why in en-US, manager True, limit 10485760",
        "More",
        "Follow up",
    ]
    assert [response.kind for response in reply.responses] == ["callback", "followup"]
    assert len(reply.messages) == 1


async def test_a_private_answer_in_a_dm(discord_server: StandIn, bot: Bot) -> None:
    options: dict[str, Value] = {"question": "why", "private": True}
    reply = await discord_server.slash("ask", options, guild=None, locale="ko")
    assert reply.ephemeral
    assert "why in ko, manager False" in reply.text


async def test_attachments_and_second_messages(discord_server: StandIn, bot: Bot) -> None:
    reply = await discord_server.slash("index add", {"file": Upload("a.txt", b"the text")})
    await reply.until(lambda: len(reply.responses) == 2)
    assert reply.callback_type == 4
    assert reply.texts == ["the text", "and done"]


async def test_autocomplete(discord_server: StandIn, bot: Bot) -> None:
    reply = await discord_server.autocomplete("ask", "question", "wh")
    assert reply.choices == [{"name": "wh?", "value": "wh"}]


async def test_clicks_and_modals(discord_server: StandIn, bot: Bot) -> None:
    answer = await discord_server.slash("ask", {"question": "why", "private": True})
    changed = await discord_server.click(answer, "more")
    assert changed.callback_type == 7
    assert texts(changed.components)[0] == "more of it"
    opened = await discord_server.click(answer, "Follow up")
    assert custom_ids(opened.modal["components"]) == ["q"]
    asked = await discord_server.submit(opened, {"q": "and then"})
    assert (asked.text, asked.ephemeral) == ("asked and then", True)
    with pytest.raises(LookupError, match="cannot see"):
        await discord_server.click(answer, "more", user=discord_server.moderator)


async def test_messages(discord_server: StandIn, bot: Bot) -> None:
    reply = await discord_server.message("hello", mention=True)
    assert reply.text == f"heard: {discord_server.mention} hello"
    assert reply.typing
    assert (await discord_server.message("again", reply_to=reply)).text == "heard: again"
    assert (await discord_server.message("psst", guild=None)).text == "heard: psst"
    ignored = await discord_server.message("among us", within=None)
    await discord_server.wait_read()
    assert bot.heard[-1] == "", "without the intent the text is withheld"
    found = await discord_server.menu("Find sources", ignored.event)
    assert found.text == "sources of among us"
    assert not ignored.responses
    assert len(discord_server.posts) == 3


@pytest.mark.parametrize("code", [None, 4000, 1001])
async def test_a_missed_interaction_is_replayed(
    discord_server: StandIn, bot: Bot, code: int | None
) -> None:
    opened = discord_server.gateway.opened
    await discord_server.drop_gateway(code, hold=True)
    missed = await discord_server.slash("ask", {"question": "missed"}, within=None)
    await discord_server.until(lambda: discord_server.gateway.opened > opened)
    assert not missed.responses
    discord_server.release_gateway()
    await missed.wait()
    assert missed.text.startswith("missed")
    assert (discord_server.identifies, discord_server.resumes) == (1, 1)
    assert [frame["t"] for frame in discord_server.gateway.replayed] == ["INTERACTION_CREATE"]
    await discord_server.wait_ready()


async def test_a_late_callback_is_refused(discord_server: StandIn, bot: Bot) -> None:
    discord_server.rest.interactions.deadline = 0.0
    reply = await discord_server.slash("index late", within=None)
    await discord_server.until(lambda: reply.called_back_at)
    assert reply.latency > 0
    assert not reply.responses


async def test_faults_are_given_once(discord_server: StandIn, bot: Bot) -> None:
    fault = discord_server.fail_next("POST", r"^/webhooks/", 429)
    reply = await discord_server.slash("ask", {"question": "limited"})
    assert fault.times == 0
    assert [r.status for r in discord_server.requests_to("POST", r"/webhooks/.*")] == [429, 200]
    assert reply.text.startswith("limited")


async def test_what_no_client_could_send(discord_server: StandIn, bot: Bot) -> None:
    with pytest.raises(LookupError, match="no command 'nope'"):
        await discord_server.slash("nope")
    with pytest.raises(LookupError, match="not offered there"):
        await discord_server.slash("index late", guild=None)
    with pytest.raises(ValueError, match="without"):
        await discord_server.slash("ask")
    with pytest.raises(TypeError, match="does not take 3"):
        await discord_server.slash("ask", {"question": 3})


async def test_limits_and_unknown_routes(discord_server: StandIn, bot: Bot) -> None:
    bot.tree.command(name="long", description="x" * 101)(late)
    with pytest.raises(app_commands.CommandSyncFailure, match="between 1 and 100"):
        await bot.tree.sync()
    with pytest.raises(discord.NotFound):
        await bot.fetch_guild(discord_server.guild.id)
    assert [request.path.split("/")[1] for request in discord_server.unknown_requests] == ["guilds"]
    discord_server.unknown_requests.clear()


async def test_a_wrong_token(discord_server: StandIn) -> None:
    async with Bot() as client:
        with pytest.raises(discord.LoginFailure):
            await client.start("wrong")
    with pytest.raises(TimeoutError, match="GET /users/@me -> 401"):
        await discord_server.wait_ready(0)


async def test_privileged_intents_must_be_granted(discord_server: StandIn) -> None:
    async with discord.Client(intents=discord.Intents.all()) as client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(discord_server.token)


async def test_another_process_is_pointed_here(discord_server: StandIn, tmp_path: Path) -> None:
    (tmp_path / "where.py").write_text(
        "import sys, discord.http\nprint(__name__, discord.http.Route.BASE, *sys.argv[1:])\n"
    )
    process = await asyncio.create_subprocess_exec(
        *discord_server.argv("where", "run", "-x"), cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert output.decode().split() == ["__main__", discord_server.api_base, "run", "-x"]
    assert process.returncode == 0
