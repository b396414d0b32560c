"""/index settings: what a server's moderators choose for it."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.commands.index.family import ModeratorCommands, moderator_command
from bot.commands.index.settings_card import SettingsCard, Shown
from bot.interactions.origin import origin_of, person_of
from bot.interactions.replies import respond
from bot.store import ServerSettings

__all__ = ["SettingsCommand"]


class SettingsCommand(ModeratorCommands):
    """One card with everything on it."""

    @moderator_command("settings")
    async def settings(self, interaction: discord.Interaction) -> None:
        """Show the settings with a control for each."""

        async def change(
            press: discord.Interaction, changes: Mapping[str, object]
        ) -> ServerSettings:
            place = origin_of(press).place
            return await self.app.librarian.change_settings(place, changes, person_of(press))

        async def work() -> discord.ui.LayoutView:
            settings, shown = origin_of(interaction).settings, await self._shown(interaction)
            return SettingsCard(settings, change, shown)

        await respond(interaction, work(), private=True)

    async def _shown(self, interaction: discord.Interaction) -> Shown | None:
        """What each choice would have shown of late; None where no question went unanswered."""
        assert interaction.guild_id is not None  # noqa: S101 - the check has refused direct messages
        questions = await self.app.feedback.unanswered(interaction.guild_id)
        if not questions:
            return None
        served = await origin_of(interaction).served()
        asked = self.app.pools.questions
        by_choice = await asked.run(interaction.guild_id, served.would_show, questions)
        return Shown(len(questions), by_choice)
