"""The real bot in a local browser page, without a token and without Discord.

simcord plays Discord inside this process and serves it as a page on the loopback address. The
bot is the one that `run` starts, but its state lies in a temporary folder, and `bot.tour` guides.
"""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import math
import os
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import discord

from bot.gateway.client import FootnoteBot
from bot.interactions.app import App
from bot.interactions.replies import SILENT
from bot.libraries.librarian import Librarian
from bot.libraries.meaning import ReadingRoom
from bot.locales import say
from bot.preview.tour import TourButton, welcome_card
from bot.settings.limits import Limits
from bot.settings.settings import load_settings
from bot.store import Store
from index.errors import SetupError
from index.system import hear_stops

if TYPE_CHECKING:
    import simcord

__all__ = ["run_preview"]

EXTRA = ("simcord", "aiohttp", "linkify_it", "markdown_it", "PIL", "regex")
"""What `footnote[preview]` brings, by the names it is imported under."""
SETTLE_TIMEOUT_S = 20
TICK_S = 1.0
UNHURRIED = Limits(cooldown_questions=100)
"""One person tries everything here, one thing right after the other."""


async def run_preview(data: Path, *, open_browser: bool, port: int | None) -> None:
    """Serve the page until SIGTERM, Ctrl-C or its own "End preview session".

    Raises SetupError for a missing extra or a port that cannot be had, CorpusError for documents
    that are wrong.
    """
    _require_extra()
    import simcord  # noqa: PLC0415  (an extra, and asked for just before)

    stopping = asyncio.Event()
    hear_stops(asyncio.get_running_loop(), stopping.set)
    async with AsyncExitStack() as stack:
        stack.enter_context(_errors_only())
        state = stack.enter_context(TemporaryDirectory(prefix="footnote-preview-"))
        store = stack.enter_context(Store.open(Path(state)))
        settings = load_settings()
        room = ReadingRoom.open(settings.meaning)
        fetched = settings.fetched
        librarian = Librarian(data, store, UNHURRIED, reading_room=room, fetched=fetched)
        app = App.of(librarian)
        stack.callback(app.close)
        bot = FootnoteBot(app, Path(state))
        bot.add_dynamic_items(TourButton)
        stack.push_async_callback(bot.close)
        world = simcord.run(bot, check_errors=False, settle_timeout=SETTLE_TIMEOUT_S)
        _set_name_and_clock(world)
        env = await stack.enter_async_context(world)
        channel, viewers = _furnish(env)
        await _welcome(bot, channel.id)
        try:
            page = await stack.enter_async_context(
                env.preview(
                    channel, viewers=viewers, layout="channel", port=port, timezone=_time_zone()
                )
            )
        except simcord.SetupError as error:
            raise _setup_error(error, port) from error
        click.echo(f"Footnote preview: {page.url} (Ctrl-C ends it)")
        if open_browser:
            # A thread of its own, and a daemon: some browsers return only when they are closed.
            threading.Thread(target=webbrowser.open, args=(page.url,), daemon=True).start()
        ends = {asyncio.create_task(stopping.wait()), asyncio.create_task(page.wait_closed())}
        while not (await asyncio.wait(ends, timeout=TICK_S, return_when="FIRST_COMPLETED"))[0]:
            _let_time_pass(env)
        for end in ends:
            end.cancel()


async def _welcome(bot: FootnoteBot, channel_id: int) -> None:
    library = bot.app.librarian.shared().library
    user = cast("discord.ClientUser", bot.user)
    view = welcome_card(library, user.mention)
    await bot.get_partial_messageable(channel_id).send(view=view, allowed_mentions=SILENT)


def _furnish(env: simcord.Env) -> tuple[simcord.ChannelHandle, list[simcord.MemberActor]]:
    """A server with one channel, and a member and a moderator to look at it as."""
    server = env.create_guild(say("preview.server"))
    channel = server.create_text_channel(say("preview.channel"), topic=say("preview.topic"))
    role = server.create_role(
        say("preview.moderator"), permissions=discord.Permissions(manage_guild=True)
    )
    member = server.add_member(env.create_user(say("preview.member")))
    moderator = server.add_member(env.create_user(say("preview.moderator")), roles=[role])
    return channel, [member, moderator]


def _time_zone() -> str:
    """The name of the time zone here, or UTC where the system does not tell it."""
    name = os.environ.get("TZ") or os.path.realpath("/etc/localtime").rpartition("zoneinfo/")[2]
    try:
        return ZoneInfo(name).key
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return "UTC"


def _require_extra() -> None:
    missing = [name for name in EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        raise SetupError(
            f"the preview needs more packages ({', '.join(missing)} not found); install them with: "
            "pip install 'footnote[preview]' (from a checkout: pip install -e '.[preview]')"
        )


def _setup_error(error: Exception, port: int | None) -> SetupError:
    """Why simcord did not open the page, in words for the person at the terminal."""
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.errno is not None and port is not None:
        return SetupError(
            f"port {port} cannot be had ({os.strerror(cause.errno).lower()}); give another one "
            "with --port, or leave --port out for a free one"
        )
    return SetupError(f"the preview does not start: {error}")


@contextmanager
def _errors_only() -> Iterator[None]:
    """Log errors with their tracebacks to standard error and nothing below."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    discord.utils.setup_logging(level=logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers


# The two functions below use names that simcord keeps to itself; the extra pins its version.


def _set_name_and_clock(world: simcord.run) -> None:
    """Call the bot Footnote and start the clock at the present, before the bot sees either."""
    backend = world._env.backend  # noqa: SLF001
    backend.bot_user.name = "Footnote"
    backend.clock._epoch = datetime.now(UTC)  # noqa: SLF001


def _let_time_pass(env: simcord.Env) -> None:
    """Bring simcord's clock to the present and run the timers that fell due.

    `env.advance_time` would do the same, but the page breaks for good when a click comes while
    it is under way. This gives the loop no chance for that.
    """
    from simcord._settlement import _run_due_virtual_callbacks  # noqa: PLC0415

    env.backend.advance_clock(max(0.0, (datetime.now(UTC) - env.now()).total_seconds()))
    _run_due_virtual_callbacks(env._settlement_state(), deadline=math.inf)  # noqa: SLF001
