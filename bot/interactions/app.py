"""What those who answer people need, whichever client of Discord's they are called by."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import TooManyUploadsError
from bot.fetching.fetcher import Fetcher
from bot.following.follower import Follower
from bot.interactions.in_flight import InFlight
from bot.interactions.tracking import Request
from bot.libraries.librarian import Librarian
from bot.libraries.publisher import Publisher
from bot.people.conversations import Conversations
from bot.people.cooldowns import Cooldowns
from bot.people.exchanges import Exchanges
from bot.people.feedback import Feedback
from bot.settings.limits import Limits
from bot.settings.settings import Settings
from bot.store import Store
from bot.uploads.held import HeldUploads
from bot.uploads.reader import UploadReader
from bot.work.pools import Pools

__all__ = ["App", "AppCog", "MenuCog", "Monitor", "app_of"]

SWEEP_S = 60.0


class Monitor:
    """Is told what is worth counting, and counts nothing."""

    def question_ended(self, request: Request) -> None:
        """A question was answered, or not."""

    def gateway_connected(self, how: Literal["began", "resumed"]) -> None:
        """A session with the gateway is there."""

    def gateway_lost(self) -> None:
        """There is none, or none could be had; told as often as it is tried."""


@dataclass(slots=True)
class App:
    """The parts of the bot that go on when its client is made anew."""

    librarian: Librarian
    publisher: Publisher
    feedback: Feedback
    cooldowns: Cooldowns
    upload_cooldowns: Cooldowns
    fetcher: Fetcher
    uploads: UploadReader = field(default_factory=UploadReader)
    held_uploads: HeldUploads = field(default_factory=HeldUploads)
    conversations: Conversations = field(default_factory=Conversations)
    exchanges: Exchanges = field(default_factory=Exchanges)
    in_flight: InFlight = field(default_factory=InFlight)
    monitor: Monitor = field(default_factory=Monitor)
    follower: Follower = field(init=False)

    def __post_init__(self) -> None:
        """Have documents follow their addresses, with what there is here."""
        self.follower = Follower(self.librarian, self.publisher, lambda: self.uploads, self.fetcher)

    @classmethod
    def of(cls, librarian: Librarian, fetcher: Fetcher | None = None) -> Self:
        """An app that answers from what the librarian serves, within its limits.

        Without a fetcher nothing can be fetched: no host is allowed.
        """
        limits = librarian.limits
        return cls(
            librarian,
            Publisher(librarian),
            Feedback(librarian.store, librarian.pools.store),
            Cooldowns(limits.cooldown_questions, limits.cooldown_seconds),
            Cooldowns(
                limits.cooldown_uploads, limits.cooldown_uploads_seconds, TooManyUploadsError
            ),
            fetcher or Fetcher(Settings()),
        )

    def close(self) -> None:
        """End what is being built or read; whoever waits for it is told so."""
        self.fetcher.close()
        self.uploads.close()
        self.librarian.close()

    async def keep_forgetting(self) -> None:
        """Forget every minute what nothing can lean on or edit any more, for as long as this runs.

        A loop of discord.py's would go by the clock on the wall, and stand still where it is set
        back.
        """
        while True:
            await asyncio.sleep(SWEEP_S)
            self.conversations.sweep()
            self.exchanges.sweep()

    @property
    def limits(self) -> Limits:
        return self.librarian.limits

    @property
    def pools(self) -> Pools:
        return self.librarian.pools

    @property
    def store(self) -> Store:
        return self.librarian.store


class _HoldsApp(Protocol):
    app: App


def app_of(client: discord.Client) -> App:
    """The app that the client was made with."""
    return cast("_HoldsApp", client).app


class AppCog(commands.Cog):
    """Commands, or what else is heard of Discord, over the app of their client."""

    def __init__(self, bot: commands.Bot) -> None:
        self.bot = bot

    @property
    def app(self) -> App:
        return app_of(self.bot)


class MenuCog(AppCog):
    """A cog with an entry in the menu of messages, which discord.py refuses inside a class."""

    def __init__(self, bot: commands.Bot, menu: app_commands.ContextMenu) -> None:
        super().__init__(bot)
        self._menu = menu

    async def cog_load(self) -> None:
        """Put the entry into the menu of messages."""
        self.bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take it out again."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)
