"""The begin of all that people do: with an id for the log, in their language, and once."""

from __future__ import annotations

import discord

from bot.interactions.app import App, app_of
from bot.interactions.languages import language_of_reader
from bot.interactions.origin import Origin, origin_of
from bot.interactions.tracking import begin
from bot.locales import speak

__all__ = ["begin_interaction", "begin_message", "take_interaction", "take_message"]


async def take_interaction(interaction: discord.Interaction) -> bool:
    """Begin with an interaction, and count it among those that a stop waits for.

    False for one that was delivered before, which is not to be answered again.
    """
    begin_interaction(interaction)
    if not app_of(interaction.client).in_flight.take(interaction.id):
        return False
    await origin_of(interaction).read_settings()
    return True


def begin_interaction(interaction: discord.Interaction) -> None:
    """Handle an interaction from here on, within this task, in its reader's language."""
    begin(interaction)
    speak(language_of_reader(interaction))


async def take_message(app: App, message: discord.Message, origin: Origin) -> bool:
    """Begin with a message that is a question, and count it among those that a stop waits for.

    False for one that was delivered before, which is not to be answered again.
    """
    if not app.in_flight.take(message.id):
        return False
    await begin_message(message, origin)
    return True


async def begin_message(message: discord.Message, origin: Origin) -> None:
    """Handle a message from here on, within this task, in the language of its place."""
    begin(message)
    await origin.read_settings()
    speak(origin.language)
