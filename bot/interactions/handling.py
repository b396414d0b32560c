"""The begin of all that people do: with an id for the log, in their language, and once."""

from __future__ import annotations

import discord

from bot.interactions.app import App, app_of
from bot.interactions.languages import language_of_reader
from bot.interactions.origin import Origin
from bot.interactions.tracking import begin
from bot.locales import speak

__all__ = ["begun", "message_begun", "message_taken", "taken"]


def taken(interaction: discord.Interaction) -> bool:
    """Begin with an interaction, and count it among those that a stop waits for.

    False for one that was delivered before, which is not to be answered again.
    """
    begun(interaction)
    return app_of(interaction.client).in_flight.take(interaction.id)


def begun(interaction: discord.Interaction) -> None:
    """Handle an interaction from here on, within this task, in its reader's language."""
    begin(interaction)
    speak(language_of_reader(interaction))


def message_taken(app: App, message: discord.Message, origin: Origin) -> bool:
    """The same as `taken` for a message that is a question."""
    if not app.in_flight.take(message.id):
        return False
    message_begun(message, origin)
    return True


def message_begun(message: discord.Message, origin: Origin) -> None:
    """Handle a message from here on, within this task, in the language of its place."""
    begin(message)
    speak(origin.language)
