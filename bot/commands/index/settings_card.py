"""A server's settings as one private message with a control for each; changes hold at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

import discord

from bot.cards.layout import ACCENT
from bot.cards.markdown import one_line
from bot.interactions.views import ModeratorView
from bot.locales import LANGUAGES, say
from bot.store import ServerSettings, Sureness
from index.errors import FootnoteError

__all__ = ["SettingsCard", "Shown"]

MAX_CHANNELS = 25
MAX_DESCRIPTION = 100
READERS_OWN = "own"
"""The value of the choice to answer people in the language of their own Discord."""

ROLE, CHANNEL = discord.SelectDefaultValueType.role, discord.SelectDefaultValueType.channel

Change = Callable[[discord.Interaction, Mapping[str, object]], Awaitable[ServerSettings]]


@dataclass(frozen=True, slots=True)
class Shown:
    """For how many of `count` unanswered questions each choice would have shown a passage."""

    count: int
    by_choice: Mapping[Sureness, int]


class SettingsCard(ModeratorView):
    """Shows `settings`; `change` keeps what a moderator chooses, and the card shows it then."""

    def __init__(
        self,
        settings: ServerSettings,
        change: Change,
        shown: Shown | None = None,
        role_steps: str = "",
    ) -> None:
        """`role_steps` tells how a role that was just chosen gets to see the commands."""
        super().__init__()
        self._settings = settings
        self._change = change
        self._shown = shown
        container: discord.ui.Container[SettingsCard] = discord.ui.Container(accent_colour=ACCENT)
        container.add_item(discord.ui.TextDisplay(say("settings.heading")))
        if role_steps:
            container.add_item(discord.ui.TextDisplay(role_steps))
        container.add_item(discord.ui.Separator())
        self._add_selects(container)
        container.add_item(discord.ui.Separator())
        for name in ("private_answers", "shared_library", "keep_gaps"):
            container.add_item(self._switch(name))
        self._add_sureness(container)
        self.add_item(container)

    def _add_selects(self, container: discord.ui.Container[SettingsCard]) -> None:
        settings = self._settings
        role: discord.ui.RoleSelect[SettingsCard] = discord.ui.RoleSelect(
            custom_id=f"{self.token}:choose:role",
            placeholder=say("settings.role.none"),
            min_values=0,
            max_values=1,
            default_values=_defaults([settings.moderator_role_id], ROLE),
        )
        channels: discord.ui.ChannelSelect[SettingsCard] = discord.ui.ChannelSelect(
            custom_id=f"{self.token}:choose:channels",
            placeholder=say("settings.channels.all"),
            min_values=0,
            max_values=MAX_CHANNELS,
            channel_types=[
                discord.ChannelType.text,
                discord.ChannelType.news,
                discord.ChannelType.forum,
                discord.ChannelType.voice,
            ],
            default_values=_defaults(settings.mention_channel_ids, CHANNEL),
        )
        language: discord.ui.Select[SettingsCard] = discord.ui.Select(
            custom_id=f"{self.token}:choose:language",
            options=[
                discord.SelectOption(
                    label=name, value=code, default=code == (settings.language or READERS_OWN)
                )
                for code, name in ((READERS_OWN, say("settings.language.own")), *LANGUAGES.items())
            ],
        )
        role.callback = partial(self._choose_role, role)  # type: ignore[method-assign]
        channels.callback = partial(self._choose_channels, channels)  # type: ignore[method-assign]
        language.callback = partial(self._choose_language, language)  # type: ignore[method-assign]
        for name, select in (("role", role), ("channels", channels), ("language", language)):
            _add_select(container, say(f"settings.{name}"), select)

    def _add_sureness(self, container: discord.ui.Container[SettingsCard]) -> None:
        select: discord.ui.Select[SettingsCard] = discord.ui.Select(
            custom_id=f"{self.token}:choose:sureness",
            options=[
                discord.SelectOption(
                    label=say(f"settings.sureness.{choice}"),
                    value=choice,
                    description=self._describe(choice),
                    default=choice == self._settings.sureness,
                )
                for choice in get_args(Sureness)
            ],
        )
        select.callback = partial(self._choose_sureness, select)  # type: ignore[method-assign]
        _add_select(container, say("settings.sureness"), select)

    def _describe(self, choice: Sureness) -> str:
        """What a choice does, and what it would have done of late."""
        text = say(f"settings.sureness.{choice}.description")
        if self._shown is None:
            return text
        count = self._shown.count
        of_late = say("settings.sureness.shown", shown=self._shown.by_choice[choice], total=count)
        return one_line(f"{text} · {of_late}", MAX_DESCRIPTION)

    def _switch(self, name: str) -> discord.ui.Section[SettingsCard]:
        on = getattr(self._settings, name)
        button: discord.ui.Button[SettingsCard] = discord.ui.Button(
            label=say("settings.turn_off" if on else "settings.turn_on"),
            custom_id=f"{self.token}:turn:{name}",
        )
        button.callback = partial(self._keep, {name: not on})  # type: ignore[method-assign]
        text = say(f"settings.{name}", state=say("settings.on" if on else "settings.off"))
        return discord.ui.Section(text, accessory=button)

    async def _keep(self, changes: Mapping[str, object], interaction: discord.Interaction) -> None:
        """Keep the changes, and show the card anew."""
        settings = await self._change(interaction, changes)
        steps = ""
        if changes.get("moderator_role_id"):
            role = f"<@&{changes['moderator_role_id']}>"
            steps = say("settings.role.steps", role=role)
        # Other documents would have shown others; the next card counts anew.
        shown = None if "shared_library" in changes else self._shown
        card = SettingsCard(settings, self._change, shown, steps)
        self.stop()  # before the new card, whose controls have the same ids, takes its place
        await interaction.response.edit_message(view=card)

    async def _choose_role(
        self, select: discord.ui.RoleSelect[Any], interaction: discord.Interaction
    ) -> None:
        role_id = select.values[0].id if select.values else None
        if role_id == interaction.guild_id:
            raise FootnoteError(say("settings.role.everyone"))
        await self._keep({"moderator_role_id": role_id}, interaction)

    async def _choose_channels(
        self, select: discord.ui.ChannelSelect[Any], interaction: discord.Interaction
    ) -> None:
        channel_ids = tuple(channel.id for channel in select.values)
        await self._keep({"mention_channel_ids": channel_ids}, interaction)

    async def _choose_language(
        self, select: discord.ui.Select[Any], interaction: discord.Interaction
    ) -> None:
        code = select.values[0]
        await self._keep({"language": None if code == READERS_OWN else code}, interaction)

    async def _choose_sureness(
        self, select: discord.ui.Select[Any], interaction: discord.Interaction
    ) -> None:
        await self._keep({"sureness": select.values[0]}, interaction)


def _add_select(
    container: discord.ui.Container[SettingsCard],
    text: str,
    select: discord.ui.Item[SettingsCard],
) -> None:
    row: discord.ui.ActionRow[SettingsCard] = discord.ui.ActionRow()
    row.add_item(select)
    container.add_item(discord.ui.TextDisplay(text))
    container.add_item(row)


def _defaults(
    ids: Iterable[int | None], kind: discord.SelectDefaultValueType
) -> list[discord.SelectDefaultValue]:
    return [discord.SelectDefaultValue(id=key, type=kind) for key in ids if key is not None]
