"""A server's settings as one private message with a control for each; changes hold at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any

import discord

from bot.cards.layout import ACCENT
from bot.interactions.access import moderators_only
from bot.interactions.views import Form, ModeratorView
from bot.locales import LANGUAGES, say
from bot.store import ServerSettings
from index.answering.confidence import THRESHOLD
from index.errors import FootnoteError

__all__ = ["SettingsCard"]

MAX_CHANNELS = 25
READERS_OWN = "own"
"""The value of the choice to answer people in the language of their own Discord."""

ROLE, CHANNEL = discord.SelectDefaultValueType.role, discord.SelectDefaultValueType.channel

Change = Callable[[discord.Interaction, Mapping[str, object]], Awaitable[ServerSettings]]


class SettingsCard(ModeratorView):
    """Shows `settings`; `change` keeps what a moderator chooses, and the card shows it then."""

    def __init__(self, settings: ServerSettings, change: Change, role_steps: str = "") -> None:
        """`role_steps` tells how a role that was just chosen gets to see the commands."""
        super().__init__()
        self._settings = settings
        self._change = change
        container: discord.ui.Container[SettingsCard] = discord.ui.Container(accent_colour=ACCENT)
        container.add_item(discord.ui.TextDisplay(say("settings.heading")))
        if role_steps:
            container.add_item(discord.ui.TextDisplay(role_steps))
        container.add_item(discord.ui.Separator())
        self._add_selects(container)
        container.add_item(discord.ui.Separator())
        for name in ("private_answers", "shared_library", "keep_gaps"):
            container.add_item(self._switch(name))
        container.add_item(self._threshold())
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
            container.add_item(discord.ui.TextDisplay(say(f"settings.{name}")))
            row: discord.ui.ActionRow[SettingsCard] = discord.ui.ActionRow()
            row.add_item(select)
            container.add_item(row)

    def _switch(self, name: str) -> discord.ui.Section[SettingsCard]:
        on = getattr(self._settings, name)
        button: discord.ui.Button[SettingsCard] = discord.ui.Button(
            label=say("settings.turn_off" if on else "settings.turn_on"),
            custom_id=f"{self.token}:turn:{name}",
        )
        button.callback = partial(self._keep, {name: not on})  # type: ignore[method-assign]
        text = say(f"settings.{name}", state=say("settings.on" if on else "settings.off"))
        return discord.ui.Section(text, accessory=button)

    def _threshold(self) -> discord.ui.Section[SettingsCard]:
        threshold = self._settings.threshold
        button: discord.ui.Button[SettingsCard] = discord.ui.Button(
            label=say("settings.change"), custom_id=f"{self.token}:change:threshold"
        )
        button.callback = self._ask_threshold  # type: ignore[method-assign]
        value = f"{THRESHOLD if threshold is None else threshold:.2f}"
        text = say("settings.threshold", value=value)
        return discord.ui.Section(text, accessory=button)

    async def _keep(self, changes: Mapping[str, object], interaction: discord.Interaction) -> None:
        """Keep the changes, and show the card anew."""
        settings = await self._change(interaction, changes)
        steps = ""
        if changes.get("moderator_role_id"):
            role = f"<@&{changes['moderator_role_id']}>"
            steps = say("settings.role.steps", role=role)
        self.stop()  # before the new card, whose controls have the same ids, takes its place
        await interaction.response.edit_message(view=SettingsCard(settings, self._change, steps))

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

    async def _ask_threshold(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(_ThresholdForm(self._settings.threshold, self._keep))


class _ThresholdForm(Form):
    """Asks for a confidence from 0 to 1; nothing brings the default back."""

    def __init__(self, threshold: float | None, keep: Callable[..., Awaitable[None]]) -> None:
        super().__init__(title=say("settings.threshold.title"))
        self._keep = keep
        self.value: discord.ui.TextInput[_ThresholdForm] = discord.ui.TextInput(
            required=False, max_length=6, default="" if threshold is None else f"{threshold:.2f}"
        )
        self.add_item(
            discord.ui.Label(
                text=say("settings.threshold.label"),
                description=say("settings.threshold.help", default=f"{THRESHOLD:.2f}"),
                component=self.value,
            )
        )

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Keep the number; the right is asked for again."""
        moderators_only(interaction)
        text = self.value.value.strip().replace(",", ".")
        try:
            threshold = float(text) if text else None
        except ValueError:
            raise FootnoteError(say("settings.threshold.no_number")) from None
        if threshold is not None and not 0 <= threshold <= 1:
            raise FootnoteError(say("settings.threshold.no_number"))
        await self._keep({"threshold": threshold}, interaction)


def _defaults(
    ids: Iterable[int | None], kind: discord.SelectDefaultValueType
) -> list[discord.SelectDefaultValue]:
    return [discord.SelectDefaultValue(id=key, type=kind) for key in ids if key is not None]
