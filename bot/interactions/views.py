"""Forms, and private messages with controls, that live as long as this process.

The custom_ids of their controls are `m1:TOKEN:NAME`. A press on one whose token is not alive, after
a restart or its time, would otherwise be met with silence: `has_ended` tells it. So would one that
comes before Discord's receipt of the message, or after that was lost: `hand_over` is for those.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Protocol

import discord

from bot.cards.layout import framed, notice
from bot.interactions.access import moderators_only
from bot.interactions.handling import take_interaction
from bot.interactions.replies import defer_response, deliver_failure, edit_response, explain
from bot.interactions.tracking import current_guild_id
from bot.locales import say
from index.errors import FootnoteError

__all__ = ["Act", "Confirm", "Decision", "Form", "ModeratorView", "hand_over", "has_ended"]

FORM_TIMEOUT_S = 15 * 60
"""How long a form is waited for; discord.py would remember each one for ever."""
VIEW_TIMEOUT_S = 14 * 60
"""A little less than Discord lets an answer be edited."""
PREFIX = "m1"
HEARD = "heard"


class _Owner(Protocol):
    def is_finished(self) -> bool: ...

    def hear(self, interaction: discord.Interaction) -> asyncio.Task[None] | None:
        """Do as where discord.py has heard it."""


_owners: dict[str, tuple[float, _Owner]] = {}
"""By token: until when, by the monotonic clock, an owner is alive."""


def _live_token(owner: _Owner, seconds: float) -> str:
    """What the custom_ids of the controls of `owner` begin with, which is alive for so long."""
    now = time.monotonic()
    for old in [token for token, (end, _) in _owners.items() if end < now]:
        del _owners[old]
    token = secrets.token_hex(6)
    _owners[token] = now + seconds, owner
    return f"{PREFIX}:{token}"


def _let_go(custom_id: str) -> None:
    """Keep nothing more of the owner of a control."""
    _owners.pop(custom_id.split(":")[1], None)


def _has_id(item: discord.ui.Item[Any], custom_id: str) -> bool:
    return getattr(item, "custom_id", None) == custom_id


def _mark_heard(interaction: discord.Interaction) -> None:
    """Tell that a control was heard: it may end by that very press."""
    interaction.extras[HEARD] = True


def _check_server(interaction: discord.Interaction, guild_id: int | None) -> None:
    """Refuse a press elsewhere than where the control was shown: it acts on that server."""
    if interaction.guild_id != guild_id:
        raise FootnoteError(say("control.ended"))


def has_ended(interaction: discord.Interaction) -> bool:
    """Whether the control was one of ours and nothing is there to hear it."""
    token = _unheard_token(interaction)
    return token is not None and _owner_of(token) is None


async def hand_over(interaction: discord.Interaction) -> None:
    """Let the owner of a control of ours hear what discord.py has not given it.

    discord.py knows a message's controls only once Discord's receipt of it has come: people can be
    faster, and the receipt can be lost.
    """
    token = _unheard_token(interaction)
    owner = None if token is None else _owner_of(token)
    task = None if owner is None else owner.hear(interaction)
    if task is not None:
        await task


def _owner_of(token: str) -> _Owner | None:
    end, owner = _owners.get(token, (0.0, None))
    return None if owner is None or owner.is_finished() or end < time.monotonic() else owner


def _unheard_token(interaction: discord.Interaction) -> str | None:
    """The token of a control of ours that nobody has heard yet."""
    prefix, _, token_and_name = _custom_id_of(interaction).partition(":")
    if prefix != PREFIX or interaction.extras.get(HEARD):
        return None
    return token_and_name.partition(":")[0]


def _custom_id_of(interaction: discord.Interaction) -> str:
    data: Any = interaction.data or {}
    return str(data.get("custom_id", ""))


class Form(discord.ui.Modal):
    """A modal that is answered in the reader's language, and whose errors are told in words."""

    def __init__(self, title: str) -> None:
        token = _live_token(self, FORM_TIMEOUT_S)
        super().__init__(title=title, custom_id=token, timeout=FORM_TIMEOUT_S)
        self._guild_id = current_guild_id()

    def hear(self, interaction: discord.Interaction) -> asyncio.Task[None]:
        """Take the answer as where discord.py gives it."""
        data: Any = interaction.data
        return self._dispatch_submit(interaction, data["components"], data.get("resolved", {}))

    def stop(self) -> None:
        """End, and keep nothing."""
        _let_go(self.custom_id)
        super().stop()

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Take the answer of whoever filled it in."""
        _mark_heard(interaction)
        taken = await take_interaction(interaction)
        _check_server(interaction, self._guild_id)
        return taken

    async def on_error(  # type: ignore[override]  # as discord.py's own modal does
        self, interaction: discord.Interaction, error: Exception, /
    ) -> None:
        """Tell the person in words; discord.py alone would only log it."""
        await deliver_failure(interaction, error)


Act = Callable[[discord.Interaction], Awaitable[discord.ui.LayoutView]]


class ModeratorView(discord.ui.LayoutView):
    """Lets moderators press, and tells everybody in words what went wrong."""

    def __init__(self) -> None:
        super().__init__(timeout=VIEW_TIMEOUT_S)
        self.token = _live_token(self, VIEW_TIMEOUT_S)
        self._guild_id = current_guild_id()

    def hear(self, interaction: discord.Interaction) -> asyncio.Task[None] | None:
        """Take a press as where discord.py gives it."""
        custom_id = _custom_id_of(interaction)
        items = (item for item in self.walk_children() if _has_id(item, custom_id))
        item = next(items, None)
        return None if item is None else self._dispatch_item(item, interaction)

    def stop(self) -> None:
        """End, and keep nothing."""
        _let_go(self.token)
        super().stop()

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Time has passed since the command: ask for the right again."""
        _mark_heard(interaction)
        taken = await take_interaction(interaction)
        _check_server(interaction, self._guild_id)
        return taken and moderators_only(interaction)

    async def on_error(
        self,
        interaction: discord.Interaction,
        error: Exception,
        item: discord.ui.Item[discord.ui.LayoutView],  # noqa: ARG002
        /,
    ) -> None:
        """Tell the person in words; discord.py alone would only log it."""
        await deliver_failure(interaction, error)


class Decision(ModeratorView):
    """Does `act` at the press of one button, or nothing at that of another; each ends it."""

    def __init__(self, act: Act, on_end: Callable[[], object] = lambda: None) -> None:
        """`on_end` hears that it can be pressed no more."""
        super().__init__()
        self._act, self._on_end = act, on_end

    def yes_button(self, label: str, *, danger: bool = False) -> discord.ui.Button[Any]:
        """The button that acts; `danger` is what cannot be undone."""
        style = discord.ButtonStyle.danger if danger else discord.ButtonStyle.primary
        return self._button(label, "yes", style, self._act)

    def other_button(self, label: str, act: Act) -> discord.ui.Button[Any]:
        """A button that does something else instead."""
        return self._button(label, "other", discord.ButtonStyle.secondary, act)

    def _button(
        self, label: str, name: str, style: discord.ButtonStyle, act: Act
    ) -> discord.ui.Button[Any]:
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=label, style=style, custom_id=f"{self.token}:{name}"
        )
        button.callback = partial(self._confirmed, act)  # type: ignore[method-assign]
        return button

    def no_button(self) -> discord.ui.Button[Any]:
        """The button that changes nothing."""
        no: discord.ui.Button[Any] = discord.ui.Button(
            label=say("confirm.cancel"), custom_id=f"{self.token}:no"
        )
        no.callback = self._cancelled  # type: ignore[method-assign]
        return no

    async def on_timeout(self) -> None:
        """Nobody has pressed in time."""
        self._on_end()

    async def _confirmed(self, act: Act, interaction: discord.Interaction) -> None:
        self._end()
        await defer_response(interaction, thinking=False)
        try:
            view = await act(interaction)
        except asyncio.CancelledError:
            await edit_response(interaction, view=notice(say("confirm.stopping")))
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            view = explain(error)
        await edit_response(interaction, view=view)

    async def _cancelled(self, interaction: discord.Interaction) -> None:
        self._end()
        await interaction.response.edit_message(view=notice(say("confirm.cancelled")))

    def _end(self) -> None:
        self.stop()
        self._on_end()


class Confirm(Decision):
    """Shows `blocks` and does `act` at the press of a button; the card says what came of it."""

    def __init__(
        self, blocks: Sequence[str], label: str, act: Act, *, danger: bool = False
    ) -> None:
        """`danger` is what cannot be undone."""
        super().__init__(act)
        self.add_item(framed(blocks))
        self.add_item(discord.ui.ActionRow(self.yes_button(label, danger=danger), self.no_button()))
