"""Which message answers which question, for ten minutes: an edit or a deletion goes along."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeVar

import discord

from bot.people.conversations import REMEMBERED_S

__all__ = ["Exchange", "Exchanges"]

MAX_REMEMBERED = 1000
MAX_EARLY_EDITS = 100


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question as it was asked and when, what came before it, and the message that answers it."""

    asker: int
    at: float
    content: str
    before: tuple[str, ...]
    answer: discord.Message


@dataclass(frozen=True, slots=True)
class _EarlyEdit:
    """A message as it was edited, and when that was told, before Discord told of the message."""

    asker: int
    at: float
    message: discord.Message


Kept = TypeVar("Kept", Exchange, _EarlyEdit)


class Exchanges:
    """The exchanges of the last ten minutes by their questions, in memory alone."""

    def __init__(self) -> None:
        self._exchanges: OrderedDict[int, Exchange] = OrderedDict()
        self._early_edits: OrderedDict[int, _EarlyEdit] = OrderedDict()

    def get(self, message_id: int) -> Exchange | None:
        """The exchange that began with that message."""
        return self._exchanges.get(message_id)

    def keep(self, message_id: int, exchange: Exchange) -> None:
        """Remember an exchange, anew where its question was edited."""
        _keep(self._exchanges, message_id, exchange, MAX_REMEMBERED)

    def pop(self, message_id: int) -> None:
        """Forget an exchange whose question was deleted."""
        self._exchanges.pop(message_id, None)

    def keep_early(self, message: discord.Message) -> None:
        """Remember an edited message that was not answered: it may be that it comes only now."""
        early = _EarlyEdit(message.author.id, time.monotonic(), message)
        _keep(self._early_edits, message.id, early, MAX_EARLY_EDITS)

    def latest(self, message: discord.Message) -> discord.Message:
        """A message that comes, as it was edited where Discord has told of that before."""
        early = self._early_edits.pop(message.id, None)
        return message if early is None else early.message

    def forget_person(self, user_id: int) -> None:
        """Forget what a person asked."""
        _forget_person(self._exchanges, user_id)
        _forget_person(self._early_edits, user_id)

    def sweep(self) -> None:
        """Forget what is older than ten minutes."""
        _sweep(self._exchanges)
        _sweep(self._early_edits)


def _keep(kept: OrderedDict[int, Kept], message_id: int, value: Kept, most: int) -> None:
    kept[message_id] = value
    if len(kept) > most:
        kept.popitem(last=False)


def _forget_person(kept: OrderedDict[int, Kept], user_id: int) -> None:
    for message_id in [key for key, value in kept.items() if value.asker == user_id]:
        del kept[message_id]


def _sweep(kept: OrderedDict[int, Kept]) -> None:
    oldest = time.monotonic() - REMEMBERED_S
    while kept and next(iter(kept.values())).at < oldest:
        kept.popitem(last=False)
