"""/index gaps: the questions that got no answer, or one that people found wrong."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.cards.gaps import gaps_card
from bot.cards.layout import notice
from bot.commands.index.family import ModeratorCommands, moderator_command
from bot.interactions.languages import options, words
from bot.interactions.origin import origin_of, person_of
from bot.interactions.replies import respond
from bot.interactions.views import Confirm
from bot.locales import say

__all__ = ["GapsCommand"]


class GapsCommand(ModeratorCommands):
    """What the documents lack, for those who can add it."""

    @moderator_command("gaps")
    @options("index.gaps", "do")
    @app_commands.choices(
        do=[
            app_commands.Choice(name=words(f"index.gaps.do.{value}"), value=value)
            for value in ("show", "clear")
        ]
    )
    async def gaps(self, interaction: discord.Interaction, do: str = "show") -> None:
        """Show the questions of the last 30 days without names, or delete them after asking."""
        guild_id = interaction.guild_id
        assert guild_id is not None  # noqa: S101 - the check has refused direct messages

        async def work() -> discord.ui.LayoutView:
            feedback = self.app.feedback
            gaps, groups = await feedback.gaps(guild_id)
            if do == "show" or not gaps:
                keeping = origin_of(interaction).settings.keep_gaps
                return gaps_card(gaps, groups, keeping=keeping)

            async def act(press: discord.Interaction) -> discord.ui.LayoutView:
                count = await feedback.clear_gaps(guild_id, person_of(press))
                return notice(say("index.gaps.cleared", count=count))

            question = say("index.gaps.clear", count=len(gaps))
            return Confirm([question], say("index.gaps.confirm"), act, danger=True)

        await respond(interaction, work(), private=True)
