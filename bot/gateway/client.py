"""The Discord client: what it is allowed to see, what it loads at start, and how it ends."""

from __future__ import annotations

import logging
from pathlib import Path

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands import EXTENSIONS
from bot.gateway.invitation import invitation
from bot.gateway.sync import sync_if_changed
from bot.interactions.app import App
from bot.interactions.handling import take_interaction
from bot.interactions.languages import Translator
from bot.interactions.replies import SILENT, deliver_failure
from bot.interactions.trouble import failure_tracing
from bot.monitoring.health import State

__all__ = ["FootnoteBot"]

log = logging.getLogger("footnote.client")


class FootnoteTree(app_commands.CommandTree["FootnoteBot"]):
    """A command tree whose errors reach the person as words and the log as a traceback."""

    async def interaction_check(self, interaction: discord.Interaction[FootnoteBot], /) -> bool:
        """Take each once, and speak its reader's language; what is public goes by the server's."""
        return await take_interaction(interaction)

    async def on_error(
        self, interaction: discord.Interaction[FootnoteBot], error: app_commands.AppCommandError
    ) -> None:
        """Answer privately with what went wrong; an autocomplete just offers nothing."""
        if interaction.type is discord.InteractionType.autocomplete:
            log.error("an autocomplete failed", exc_info=error)
            return
        try:
            await deliver_failure(interaction, error)
        except Exception:
            log.exception("could not tell the person about a failure")


class FootnoteBot(commands.Bot):
    """Footnote on Discord. It asks for no privileged intent."""

    app: App

    def __init__(self, app: App | None, state: Path, *, silence_s: float = 60.0) -> None:
        """Without an `app` it answers nobody, and its commands can only be registered.

        `silence_s` is how long the gateway may be silent before it counts as lost.
        """
        intents = discord.Intents.none()
        intents.guilds = True
        intents.guild_messages = True
        intents.dm_messages = True
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents,
            tree_cls=FootnoteTree,
            allowed_mentions=SILENT,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            heartbeat_timeout=silence_s,
            http_trace=failure_tracing(),
            status=discord.Status.online,
            activity=discord.CustomActivity(name="/ask me for a source"),
        )
        if app is not None:
            self.app = app
        self.state = state
        self._serving = app is not None
        self._gateway_up = False

    @property
    def connected(self) -> bool:
        """Whether people are heard; `is_ready` stays true while the gateway is lost."""
        return self.is_ready() and self._gateway_up and not self.is_closed()

    def health(self) -> State:
        """Whether questions are being answered right now, and what from."""
        revision = self.app.librarian.shared()
        return State(
            connected=self.connected,
            latency_s=self.latency if self.connected else None,
            revision=revision.number,
            passages=len(revision.library.passages),
        )

    async def setup_hook(self) -> None:
        """Load the commands, and register them where they changed."""
        await self.tree.set_translator(Translator())
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        if self._serving:
            await sync_if_changed(self, self.state)

    async def on_ready(self) -> None:
        """Say that the gateway is up, and every server known."""
        log.info("connected as %s, in %d servers", self.user, len(self.guilds))
        if not self.guilds and self.application_id is not None:
            log.info("nobody has invited it yet: %s", invitation(self.application_id))

    async def on_connect(self) -> None:
        """Keep in mind that people are heard; `on_ready` may come when they no longer are."""
        self._gateway_up = True
        self.app.monitor.gateway_connected("began")

    async def on_resumed(self) -> None:
        """Say that the gateway is up again, and that nothing was missed."""
        self._gateway_up = True
        self.app.monitor.gateway_connected("resumed")
        log.info("connected again; nothing was missed")

    async def on_disconnect(self) -> None:
        """Keep in mind that nobody is heard."""
        self._gateway_up = False
        self.app.monitor.gateway_lost()

    async def leave_gateway(self) -> None:
        """Close the gateway properly, so that no more questions come; answers can still leave."""
        self._gateway_up = False
        ws: discord.gateway.DiscordWebSocket | None = self.ws
        if ws is not None and ws.open:
            await ws.close(code=1000)

    async def on_message(self, message: discord.Message, /) -> None:
        """Keep commands.Bot from reading mentions as prefix commands: `commands.chat` answers."""
