"""How fast one person may ask, wherever they do, and one server hand in files."""

from __future__ import annotations

import math
from collections import OrderedDict
from datetime import datetime

from discord.app_commands import Cooldown

from bot.errors import TooFastError

__all__ = ["Cooldowns"]

MOST_REMEMBERED = 10_000


class Cooldowns:
    """So many acts within so many seconds; one cooldown each for the last who did something."""

    def __init__(self, rate: int, per_s: int, refusal: type[TooFastError] = TooFastError) -> None:
        """`rate` acts within `per_s` seconds; one more is a `refusal`."""
        self._rate, self._per_s, self._refusal = rate, per_s, refusal
        self._cooldowns: OrderedDict[int, Cooldown] = OrderedDict()
        self._refusal_ends: dict[int, float] = {}

    def take(self, owner: int, at: datetime) -> None:
        """Count an act `at` that time. Raises TooFastError where it is one too many."""
        cooldown = self._cooldowns.setdefault(owner, Cooldown(self._rate, self._per_s))
        self._cooldowns.move_to_end(owner)
        if len(self._cooldowns) > MOST_REMEMBERED:
            self._refusal_ends.pop(self._cooldowns.popitem(last=False)[0], None)
        now = at.timestamp()
        wait_s = cooldown.update_rate_limit(now)
        if wait_s is None:
            self._refusal_ends.pop(owner, None)
            return
        again = now < self._refusal_ends.get(owner, 0.0)
        self._refusal_ends[owner] = now + wait_s
        raise self._refusal(self._rate, max(1, math.ceil(wait_s)), again=again)
