"""How fast one person may ask, wherever they do."""

from __future__ import annotations

import math
from collections import OrderedDict
from datetime import datetime

from discord.app_commands import Cooldown

from bot.errors import TooFastError
from bot.settings.limits import Limits

__all__ = ["Cooldowns"]

MAX_PEOPLE = 10_000


class Cooldowns:
    """One cooldown a person, of those who asked last."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cooldowns: OrderedDict[int, Cooldown] = OrderedDict()
        self._refusal_ends: dict[int, float] = {}

    def take(self, user_id: int, at: datetime) -> None:
        """Count a question asked `at` that time. Raises TooFastError where it is one too many."""
        rate, per = self._limits.cooldown_questions, self._limits.cooldown_seconds
        cooldown = self._cooldowns.setdefault(user_id, Cooldown(rate, per))
        self._cooldowns.move_to_end(user_id)
        if len(self._cooldowns) > MAX_PEOPLE:
            self._refusal_ends.pop(self._cooldowns.popitem(last=False)[0], None)
        now = at.timestamp()
        wait_s = cooldown.update_rate_limit(now)
        if wait_s is None:
            self._refusal_ends.pop(user_id, None)
            return
        again = now < self._refusal_ends.get(user_id, 0.0)
        self._refusal_ends[user_id] = now + wait_s
        raise TooFastError(rate, max(1, math.ceil(wait_s)), again=again)
