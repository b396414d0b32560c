"""Which language is spoken to whom, and the commands' names and descriptions in each."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.locales import DEFAULT, catalogue, language_of, say

__all__ = ["Translator", "language_of_place", "language_of_reader", "options", "words"]

Decorated = TypeVar("Decorated")

_HANGUL = re.compile(r"[\uac00-\ud7af]")
_KANA = re.compile(r"[\u3040-\u30ff]")


def language_of_reader(interaction: discord.Interaction) -> str:
    """What is said to one person alone: in the language of their Discord."""
    return language_of(str(interaction.locale))


def language_of_place(source: discord.Interaction | discord.Message) -> str:
    """What everybody may read, where no moderator chose for it: as the server itself has it.

    In direct messages, the reader's; a message tells no more of that than its script.
    """
    if isinstance(source, discord.Interaction):
        if source.guild_id is None:
            return language_of_reader(source)
        return language_of(str(source.guild_locale))
    if source.guild is None:
        return _language_of_script(source.content)
    return language_of(str(source.guild.preferred_locale))


def _language_of_script(text: str) -> str:
    if _HANGUL.search(text):
        return "ko"
    return "ja" if _KANA.search(text) else DEFAULT


def words(key: str) -> app_commands.locale_str:
    """The words of `key` for Discord's own menus, in English, with all translations."""
    return app_commands.locale_str(say(key), key=key)


def options(command: str, *names: str) -> Callable[[Decorated], Decorated]:
    """Describe and name the options of a command: `COMMAND.OPTION` and `option.OPTION`."""

    def decorate(function: Any) -> Any:
        describe = app_commands.describe(**{name: words(f"{command}.{name}") for name in names})
        rename = app_commands.rename(**{name: words(f"option.{name}") for name in names})
        return rename(describe(function))

    return decorate


class Translator(app_commands.Translator):
    """Gives Discord the words of `words` in each language."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002
    ) -> str | None:
        """The words in `locale`, or None where they are the English ones."""
        language = language_of(locale.value)
        key = string.extras.get("key")
        if key is None or language == DEFAULT:
            return None
        return catalogue(language)[key]
