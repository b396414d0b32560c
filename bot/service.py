"""The bot as a process: from a token to a clean end."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import discord
from yarl import URL

from bot.client import FootnoteBot
from bot.health import HealthServer
from bot.librarian import Librarian
from bot.metrics import serving_metrics
from bot.settings import Settings
from bot.store import Store, lock_state_folder
from bot.sync import sync_now
from index.errors import FootnoteError, SetupError

__all__ = ["register_commands", "run_bot"]

log = logging.getLogger("footnote.service")


class UnreachableError(FootnoteError):
    """Discord does not answer; it may later."""


async def run_bot(settings: Settings, data: Path) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises SetupError for a missing or refused token, CorpusError for documents that are wrong and
    none stored, StateInUseError beside another bot on the same state folder, StoreError.
    """
    token = settings.discord_token()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stopping.set)
    with (
        lock_state_folder(settings.state),
        Store.open(settings.state, settings.database()) as store,
    ):
        store.check()
        bot = FootnoteBot(Librarian(data, store, settings), settings.state)
        _use_server(settings)
        following = asyncio.create_task(bot.librarian.follow())
        try:
            async with serving_metrics(bot, settings), HealthServer(settings.state, bot.health):
                await _until(stopping, _explained(bot.start(token)), bot)
        finally:
            following.cancel()


async def _until(
    stopping: asyncio.Event, serving: Coroutine[Any, Any, None], bot: FootnoteBot
) -> None:
    """Serve until told to stop, or until serving ends by itself; what it raised is raised."""
    running = asyncio.create_task(serving)
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if stopping.is_set():
        log.info("stopping")
    waiting.cancel()
    await bot.close()
    if not running.done():
        running.cancel()
        await asyncio.wait({running})
    if not running.cancelled():
        running.result()


async def register_commands(settings: Settings, data: Path, guild_id: int | None) -> int:
    """Register the commands without connecting to the gateway; returns how many."""
    token = settings.discord_token()
    _use_server(settings)
    # It answers nobody, so what is stored for the running bot is left alone.
    with TemporaryDirectory(prefix="footnote-sync-") as aside, Store.open(Path(aside)) as store:
        bot = FootnoteBot(Librarian(data, store), settings.state, serving=False)
        try:
            await _explained(bot.login(token))
            return await sync_now(bot, settings.state, guild_id)
        except discord.Forbidden:
            reason = "Discord refuses: the bot is not in that server, or invited without commands"
            raise SetupError(reason) from None
        finally:
            await bot.close()


async def _explained(connecting: Awaitable[None]) -> None:
    """Await a login, with what Discord refuses turned into SetupError."""
    try:
        await connecting
    except discord.LoginFailure:
        raise SetupError(
            "Discord refuses the token: copy it again from the developer portal (Bot, Reset Token)"
        ) from None
    except (aiohttp.ClientError, OSError) as error:
        raise UnreachableError(
            f"Discord cannot be reached ({error}); check the network, and start again"
        ) from None
    except discord.PrivilegedIntentsRequired:
        raise SetupError(
            "Discord refuses the intents of this bot; it needs none that is privileged, so "
            "check the application in the developer portal"
        ) from None


def _use_server(settings: Settings) -> None:
    """Point discord.py at another server of the same API, as the settings say."""
    if settings.api_base:
        discord.http.Route.BASE = settings.api_base.rstrip("/")
    if settings.gateway_url:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.gateway_url)
