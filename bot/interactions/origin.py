"""Who asks and where: what an interaction or a message tells, and what is chosen for its place."""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

import discord
from discord import app_commands

from bot.cards.waiting import preparing_words
from bot.interactions.app import app_of
from bot.interactions.languages import language_of_place
from bot.interactions.tracking import guild_id_of, telling
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place, Served
from bot.libraries.pointers import Found, Pointers
from bot.people.conversations import Talk
from bot.store import Person, ServerSettings
from index.errors import FootnoteError

__all__ = ["Origin", "everywhere", "origin_of", "person_of", "place_of", "talk_of"]

ORIGIN = "origin"
"""The key of an interaction's extras that keeps its origin."""

Command = TypeVar("Command")


class Origin:
    """Who asks by one interaction or message, and where; what is chosen there is read first."""

    def __init__(self, librarian: Librarian, source: discord.Interaction | discord.Message) -> None:
        self.place = place_of(source)
        user = source.user if isinstance(source, discord.Interaction) else source.author
        self.asker = user.id
        self._librarian = librarian
        self._place_language = language_of_place(source)
        self._settings: ServerSettings | FootnoteError | None = None

    async def read_settings(self) -> None:
        """Read what the server's moderators chose, once; what goes wrong, `settings` raises."""
        if self._settings is None:
            try:
                self._settings = await self._librarian.settings(self.place)
            except FootnoteError as error:
                self._settings = error

    @property
    def settings(self) -> ServerSettings:
        """What the server's moderators chose. Raises StoreError."""
        if self._settings is None:
            raise RuntimeError("the settings were not read yet")
        if isinstance(self._settings, FootnoteError):
            raise self._settings
        return self._settings

    @cached_property
    def language(self) -> str:
        """What everybody may read: as the moderators chose, else as the place itself has it."""
        try:
            return self.settings.language or self._place_language
        except FootnoteError:  # whoever answers meets it again, and says so
            return self._place_language

    async def served(self) -> Served:
        """The revisions that a question asked here is answered from. Raises StoreError.

        Where they have to be made ready first, whoever waits is told how far that is.
        """
        with telling(self._how_far):
            return await self._librarian.served(self.place, self.settings)

    def _how_far(self) -> str | None:
        """How far the server's library is made ready; None where it is ready."""
        loading = self._librarian.loading(self.place)
        return None if loading is None else preparing_words(loading)

    async def find(self, pointers: Pointers) -> list[Found]:
        """The passages that a button pressed here points at. Raises GoneError, StoreError."""
        with telling(self._how_far):
            return await self._librarian.find(self.place, pointers, self.settings)


def origin_of(interaction: discord.Interaction) -> Origin:
    """The origin of an interaction: one object, however often it is asked for."""
    origin: Origin | None = interaction.extras.get(ORIGIN)
    if origin is None:
        origin = Origin(app_of(interaction.client).librarian, interaction)
        interaction.extras[ORIGIN] = origin
    return origin


def place_of(source: discord.Interaction | discord.Message) -> Place:
    """The place an interaction or a message comes from."""
    if isinstance(source, discord.Interaction):
        return Place(source.guild_id)
    return Place(guild_id_of(source))


def talk_of(source: discord.Interaction | discord.Message, *, private: bool = False) -> Talk:
    """The talk that a question belongs to; in direct messages there is one, and it is private."""
    if isinstance(source, discord.Interaction):
        is_private = private or source.guild_id is None
        return Talk(source.user.id, source.channel_id or 0, is_private)
    return Talk(source.author.id, source.channel.id, private or guild_id_of(source) is None)


def person_of(interaction: discord.Interaction) -> Person:
    """Who presses or commands, as the audit names them."""
    return Person(interaction.user.id, interaction.user.name)


def everywhere(command: Command) -> Command:
    """Offer a command in servers and in direct messages with the bot, and nowhere else."""
    command = app_commands.allowed_installs(guilds=True, users=False)(command)
    return app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)(command)
