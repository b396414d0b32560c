"""What all families of /index share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands

from bot.commands.index.followed import add_news
from bot.errors import NotAllowedError
from bot.interactions.access import moderators_only
from bot.interactions.app import AppCog
from bot.interactions.languages import words
from bot.interactions.replies import FURTHER

__all__ = ["ModeratorCommands", "moderator_command"]


class ModeratorCommands(AppCog):
    """A family of moderators' commands."""


def moderator_command(name: str) -> Callable[[Any], app_commands.Command[Any, ..., None]]:
    """A command of /index that refuses everybody but moderators; its words are in the catalogue."""

    def decorate(function: Any) -> app_commands.Command[Any, ..., None]:
        command: app_commands.Command[Any, ..., None] = app_commands.command(
            name=words(f"index.{name}.name"), description=words(f"index.{name}.description")
        )(function)
        command.add_check(_pass_moderators)
        return command

    return decorate


def _pass_moderators(interaction: discord.Interaction) -> bool:
    """Let moderators pass; discord.py wants another refusal to be an error of its own."""
    interaction.extras[FURTHER] = add_news
    try:
        return moderators_only(interaction)
    except NotAllowedError as error:
        raise app_commands.CheckFailure(str(error)) from error
