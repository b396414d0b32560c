"""Files handed in, each of which the bot reads in its turn."""

from __future__ import annotations

from .actions import Where
from .options import Upload
from .reply import Reply
from .standin import StandIn

__all__ = ["hand_in"]

WAITING = ("Your file is being read", "read before yours")
READ_WITHIN_S = 600.0


async def hand_in(standin: StandIn, file: Upload, guild: Where = ...) -> Reply:
    """Hand in a file to a server; the bot's reply once it has said what it makes of it."""
    reply = await standin.slash(
        "index add", {"file": file}, user=standin.moderator, guild=guild, within=None
    )

    def done() -> bool:
        return reply.answered and not any(words in reply.text for words in WAITING)

    await reply.until(done, READ_WITHIN_S)
    return reply
