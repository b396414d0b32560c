"""The bot as a process: from a token to a clean end."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from functools import partial
from pathlib import Path

import discord
from yarl import URL

from bot.fetching.fetcher import Fetcher
from bot.following.corpus import CorpusFollower
from bot.gateway.client import FootnoteBot
from bot.gateway.connecting import Connection, refusal
from bot.gateway.sync import sync_now
from bot.interactions.app import App
from bot.interactions.trouble import describe, passes
from bot.libraries.indexes import INDEX_FOLDER, Indexes
from bot.libraries.librarian import Librarian
from bot.libraries.meaning import ReadingRoom
from bot.libraries.places import Place
from bot.libraries.progress import shown_progress
from bot.monitoring.health import HealthServer
from bot.monitoring.metrics import serving_metrics
from bot.settings.settings import Settings
from bot.store import Store, lock_state_folder
from index.engines.search import warm_up
from index.errors import FootnoteError, SetupError
from index.system import give_memory_back, hear_no_more_stops, hear_stops, keep_memory_level

__all__ = ["register_commands", "run_bot"]

log = logging.getLogger("footnote.service")

FIRST_QUESTION = "which wrod is mispelt here?"
"""Asked of the bot by itself at the start; its misspelt words have the lists of words loaded."""
GIVE_BACK_EVERY_S = 60.0
"""Seconds; other threads may wait for memory while some is given back, so it is not done often."""


# Together they leave time for the rest within the 5 seconds that a stop may take.
FINISHING_S = 2.0
GOODBYE_S = 0.7
CLOSING_S = 0.5


class UnreachableError(FootnoteError):
    """Discord does not answer; it may later."""


async def run_bot(settings: Settings, data: Path) -> None:
    """Serve until SIGTERM or SIGINT, however long Discord is away meanwhile.

    Raises SetupError for a missing or refused token, CorpusError for documents that are wrong and
    none stored, StateInUseError beside another bot on the same state folder, StoreError.
    """
    if not await _serve(settings, data):
        # What was given up may go on in a thread, and Python would wait for it. A publication cut
        # short leaves the old revision, as every other end of the process does.
        logging.shutdown()
        os._exit(0)


async def _serve(settings: Settings, data: Path) -> bool:
    """Serve until told to stop; True where no answer had to be given up."""
    token = settings.discord_token()
    keep_memory_level()
    stopping = asyncio.Event()
    hear_stops(asyncio.get_running_loop(), stopping.set)
    with (
        lock_state_folder(settings.state),
        Store.open(settings.state, settings.database()) as store,
    ):
        store.check()
        librarian = await _librarian(settings, data, store, stopping)
        if librarian is None:
            return True
        await _prepare(librarian)
        app = App.of(librarian, Fetcher(settings))
        corpus_follower = CorpusFollower(librarian, app.publisher, app.fetcher)
        make_bot = partial(
            FootnoteBot, app, settings.state, silence_s=settings.gateway_timeout_seconds
        )
        connection = Connection(
            make_bot, settings.reconnect_max_seconds, settings.gateway_timeout_seconds
        )
        _use_server(settings)
        background_tasks = [
            asyncio.create_task(librarian.follow()),
            asyncio.create_task(app.keep_forgetting()),
            asyncio.create_task(_keep_giving_memory_back()),
            asyncio.create_task(app.follower.keep_following()),
            asyncio.create_task(corpus_follower.keep_following()),
        ]
        try:
            async with (
                serving_metrics(app, connection.health, settings),
                HealthServer(settings.state, connection.health),
            ):
                return await _until(stopping, connection, token)
        finally:
            for task in background_tasks:
                task.cancel()
            app.close()


async def _librarian(
    settings: Settings, data: Path, store: Store, stopping: asyncio.Event
) -> Librarian | None:
    """The librarian, ready to serve; None where it is told to stop while it reads."""
    indexes = Indexes(settings.state / INDEX_FOLDER, shown_progress)

    def make() -> Librarian:
        warm_up()  # now, and not beside questions when the first large library is served
        reading_room = ReadingRoom.open(settings.meaning)
        return Librarian(data, store, settings, indexes, reading_room)

    make_task = asyncio.create_task(asyncio.to_thread(make))
    stop_task = asyncio.create_task(stopping.wait())
    await asyncio.wait({make_task, stop_task}, return_when=asyncio.FIRST_COMPLETED)
    stop_task.cancel()
    if not stopping.is_set():
        return await make_task
    log.info("stopping")
    indexes.close()
    await asyncio.wait({make_task})
    # What it raised is that it was told to stop.
    if not make_task.cancelled():
        make_task.exception()
    return None


async def _prepare(librarian: Librarian) -> None:
    """Spare the first people who ask what is loaded once, and all of them long pauses.

    Without this every full collection of garbage looks at all that was imported and indexed.
    """
    await librarian.answer(await librarian.served(Place(None)), FIRST_QUESTION)
    gc.collect()
    gc.freeze()


async def _keep_giving_memory_back() -> None:
    """Do so for as long as this runs, beside what is asked."""
    while True:
        await asyncio.sleep(GIVE_BACK_EVERY_S)
        gc.collect()  # little, as what the start made is frozen; left alone it comes late
        await asyncio.to_thread(give_memory_back)


async def _until(stopping: asyncio.Event, connection: Connection, token: str) -> bool:
    """Serve until told to stop, or until serving ends by itself; what it raised is raised.

    True where no answer had to be given up.
    """
    serve_task = asyncio.create_task(connection.serve(token))
    stop_task = asyncio.create_task(stopping.wait())
    await asyncio.wait({serve_task, stop_task}, return_when=asyncio.FIRST_COMPLETED)
    if stopping.is_set():
        log.info("stopping")
        hear_no_more_stops(asyncio.get_running_loop())
    stop_task.cancel()
    # Hear no more questions, but keep the way open on which the last answers leave.
    serve_task.cancel()
    await asyncio.wait({serve_task})
    bot = connection.bot
    try:
        async with asyncio.timeout(CLOSING_S):
            await bot.leave_gateway()
    except TimeoutError:
        log.warning("the gateway does not say goodbye")
    finished = await bot.app.in_flight.finish(FINISHING_S, GOODBYE_S)
    try:
        async with asyncio.timeout(CLOSING_S):
            await bot.close()
    except TimeoutError:
        log.warning("Discord does not say goodbye")
    if not serve_task.cancelled():
        serve_task.result()
    return finished


async def register_commands(settings: Settings, guild_id: int | None) -> int:
    """Register the commands without connecting to the gateway; returns how many."""
    token = settings.discord_token()
    _use_server(settings)
    bot = FootnoteBot(None, settings.state)
    try:
        await bot.login(token)
        return await sync_now(bot, settings.state, guild_id)
    except discord.Forbidden:
        reason = "Discord refuses: the bot is not in that server, or invited without commands"
        raise SetupError(reason) from None
    except Exception as error:
        if (setup_error := refusal(error)) is not None:
            raise setup_error from None
        if passes(error):
            reason = f"Discord cannot be reached: {describe(error)}; try again later"
            raise UnreachableError(reason) from None
        raise
    finally:
        await bot.close()


def _use_server(settings: Settings) -> None:
    """Point discord.py at another server of the same API, as the settings say."""
    if settings.api_base:
        discord.http.Route.BASE = settings.api_base.rstrip("/")
    if settings.gateway_url:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.gateway_url)
