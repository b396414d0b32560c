"""Controls that only live as long as this process, and what tells that they have ended.

Their custom_ids are `m1:TOKEN:NAME`. A press on one whose token is not alive, after a restart or
its time, would otherwise be met with silence.
"""

from __future__ import annotations

import secrets
from typing import Any, Protocol
from weakref import WeakValueDictionary

import discord

__all__ = ["has_ended", "live_token", "mark_heard"]

PREFIX = "m1"
HEARD = "heard"


class _Ending(Protocol):
    def is_finished(self) -> bool: ...


_alive: WeakValueDictionary[str, _Ending] = WeakValueDictionary()


def live_token(owner: _Ending) -> str:
    """What the custom_ids of the controls of `owner`, a view or a modal, begin with."""
    token = secrets.token_hex(6)
    _alive[token] = owner
    return f"{PREFIX}:{token}"


def mark_heard(interaction: discord.Interaction) -> None:
    """Tell that a control was heard: it may end by that very press."""
    interaction.extras[HEARD] = True


def has_ended(interaction: discord.Interaction) -> bool:
    """Whether the control was one of ours and nothing is there to hear it."""
    data: Any = interaction.data or {}
    prefix, _, rest = str(data.get("custom_id", "")).partition(":")
    if prefix != PREFIX or interaction.extras.get(HEARD):
        return False
    owner = _alive.get(rest.partition(":")[0])
    return owner is None or owner.is_finished()
