"""The way to Discord, and back to it: waits for as long as it is away, and says what for.

discord.py ends where Discord cannot be reached at the start, and comes back without a pause where
the gateway closes each connection at once; so the loop around its websocket is here.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from random import SystemRandom
from typing import Any

import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.gateway.client import FootnoteBot
from bot.interactions.trouble import describe, passes, retry_after
from bot.monitoring.health import State
from index.errors import SetupError

__all__ = ["Connection", "Pauses", "refusal"]

log = logging.getLogger("footnote.connecting")

FIRST_PAUSE_S = 1.0
STEADY_S = 60.0
"""A connection that held so long was a good one: the next pauses are short again."""
RESUMING_TRIES = 3
"""So often the address to resume at may not be reached before the bot connects anew."""
LONGEST_REQUESTED_PAUSE_S = 3600.0

_TOKEN = "Discord refuses the token: copy it again from the developer portal (Bot, Reset Token)"  # noqa: S105
_REFUSED_CLOSES = {
    4004: _TOKEN,
    4010: "Discord refuses the shard that this bot asks for; update Footnote",
    4011: "Discord wants sharding, since the bot is in too many servers for one connection; "
    "remove it from some",
    4012: "Discord no longer speaks this version of its gateway; update Footnote",
    4013: "Discord does not know the intents that this bot asks for; update Footnote",
    4014: "Discord refuses the intents of this bot; it needs none that is privileged, so "
    "check the application in the developer portal",
}


class Pauses:
    """How long to wait between attempts: not at all at first, then each time about twice as long.

    Chance shortens each by up to half, so that not all bots return in the same second.
    """

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self._random = SystemRandom()
        self._attempts = 0

    def next(self) -> float:
        """Seconds to wait before the next attempt."""
        self._attempts += 1
        if self._attempts == 1:
            return 0.0
        pause = min(self._longest_s, FIRST_PAUSE_S * 2.0 ** min(self._attempts - 2, 30))
        return self._random.uniform(pause / 2, pause)

    def before_identifying(self) -> float:
        """Seconds that Discord asks for between a lost session and a new one."""
        return min(self._longest_s, self._random.uniform(1, 5))

    def ease(self) -> None:
        """Let the next one be short again, but be one."""
        self._attempts = min(self._attempts, 1)

    def reset(self) -> None:
        """Begin again with short ones."""
        self._attempts = 0


def refusal(error: Exception) -> SetupError | None:
    """What an operator has to put right, where Discord refuses the bot for good."""
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return SetupError(_REFUSED_CLOSES[4014])
    if isinstance(error, discord.ConnectionClosed):
        reason = _REFUSED_CLOSES.get(error.code)
        return SetupError(reason) if reason else None
    if isinstance(error, discord.LoginFailure):
        return SetupError(_TOKEN)
    if isinstance(error, discord.app_commands.CommandSyncFailure) or passes(error):
        return None
    if isinstance(error, discord.HTTPException):
        if error.status == 401:
            return SetupError(_TOKEN)
        return SetupError(f"Discord refuses the bot: {describe(error)}")
    return None


class Connection:
    """The bot's connection to Discord, from the first attempt on; `bot` is the client in use."""

    def __init__(
        self, make_bot: Callable[[], FootnoteBot], longest_pause_s: float, silence_s: float
    ) -> None:
        """`silence_s` is how long a gateway may keep the bot waiting before it counts as gone."""
        self._make_bot = make_bot
        self._pauses = Pauses(longest_pause_s)
        self._silence_s = silence_s
        self.bot = make_bot()

    def health(self) -> State:
        """Whether questions are being answered right now, and what from."""
        return self.bot.health()

    async def serve(self, token: str) -> None:
        """Answer until cancelled. Raises SetupError where Discord refuses the bot for good."""
        await self._log_in(token)
        self._pauses.reset()
        await self._keep_up()

    async def _log_in(self, token: str) -> None:
        """Log in with a fresh client at each attempt, for discord.py's cannot be used again."""
        while True:
            try:
                await self.bot.login(token)
            except Exception as error:
                if (setup_error := refusal(error)) is not None:
                    raise setup_error from None
                if not passes(error):
                    raise
                await self.bot.close()
                self.bot = self._make_bot()
                await self._wait(f"waiting for Discord: {describe(error)}", retry_after(error))
            else:
                return

    async def _keep_up(self) -> None:
        """Connect to the gateway, and again whenever that is lost, resuming where it can be."""
        bot, failed_tries = self.bot, 0
        session: dict[str, Any] = {}
        while True:
            start, is_open = time.monotonic(), False
            try:
                connection = DiscordWebSocket.from_client(
                    bot, initial=True, shard_id=bot.shard_id, **session
                )
                bot.ws = await asyncio.wait_for(connection, self._silence_s)
                is_open = True
                while True:
                    await bot.ws.poll_event()
            except ReconnectWebSocket:
                code = bot.ws.socket.close_code if is_open else None
                reason = "the gateway is lost" + (f" (close code {code})" if code else "")
            except Exception as error:
                if (setup_error := refusal(error)) is not None:
                    raise setup_error from None
                if not passes(error) and not isinstance(error, discord.ConnectionClosed):
                    raise
                reason = f"waiting for Discord's gateway: {describe(error)}"
            bot.dispatch("disconnect")
            failed_tries = 0 if is_open else failed_tries + 1
            before = session
            session = {} if failed_tries >= RESUMING_TRIES else _session_of(bot)
            if is_open and time.monotonic() - start > STEADY_S:
                self._pauses.reset()
            elif _has_gone_on(before, session):
                # Who asks by command during a pause waits three seconds, and resuming is free.
                self._pauses.ease()
            # Without a session the bot introduces itself anew, which Discord wants done slowly.
            identify_pause_s = 0.0 if session or not is_open else self._pauses.before_identifying()
            await self._wait(reason, identify_pause_s)

    async def _wait(self, reason: str, at_least_s: float = 0.0) -> None:
        pause = max(self._pauses.next(), min(at_least_s, LONGEST_REQUESTED_PAUSE_S))
        when = f"in {pause:.1f} s" if pause else "at once"
        log.warning("%s; trying again %s", reason, when)
        await asyncio.sleep(pause)


def _has_gone_on(before: dict[str, Any], session: dict[str, Any]) -> bool:
    """Whether a session was resumed, and events came since."""
    if not before or not session:
        return False
    is_same = session["session"] == before["session"]
    return bool(is_same and session["sequence"] != before["sequence"])


def _session_of(bot: FootnoteBot) -> dict[str, Any]:
    """What is needed to resume: nothing where the gateway has ended the session."""
    ws: DiscordWebSocket | None = bot.ws
    if ws is None or ws.session_id is None:
        return {}
    return {
        "resume": True,
        "session": ws.session_id,
        "sequence": ws.sequence,
        "gateway": ws.gateway,
    }
