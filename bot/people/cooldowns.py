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
        self._kept: OrderedDict[int, Cooldown] = OrderedDict()
        self._told_until: dict[int, float] = {}

    def take(self, user_id: int, at: datetime) -> None:
        """Count a question asked `at` that time; raises TooFastError."""
        rate, per = self._limits.cooldown_questions, self._limits.cooldown_seconds
        cooldown = self._kept.setdefault(user_id, Cooldown(rate, per))
        self._kept.move_to_end(user_id)
        if len(self._kept) > MAX_PEOPLE:
            self._told_until.pop(self._kept.popitem(last=False)[0], None)
        now = at.timestamp()
        left = cooldown.update_rate_limit(now)
        if left is None:
            self._told_until.pop(user_id, None)
            return
        again = now < self._told_until.get(user_id, 0.0)
        self._told_until[user_id] = now + left
        raise TooFastError(rate, max(1, math.ceil(left)), again=again)
