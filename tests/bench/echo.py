"""A bot that thinks of nothing: it answers every interaction with the same card at once.

`python -m tests.bench.echo` connects as the environment says, as `footnote run` does. It is not
made with discord.py, so what it takes is what the stand-in and the sockets cost.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

import aiohttp

from bot.cards.layout import card

__all__ = ["ECHO"]

ECHO = ("-m", "tests.bench.echo")
IDENTIFY, HEARTBEAT, HELLO = 2, 1, 10
LIKE_AN_ANSWER = ["**A question?**", "> " + "A passage of some length. " * 12, "-# Its author"]
COMMAND = {
    "name": "ask",
    "description": "Echo",
    "options": [{"type": 3, "name": "question", "description": "Any", "required": True}],
}
COMPONENTS_V2 = 1 << 15
INTENTS = 1 << 0 | 1 << 9 | 1 << 12
"""Servers and messages, the ones that Footnote asks for."""


async def echo(api_base: str, gateway_url: str, token: str) -> None:
    """Register `/ask` and answer it until the gateway closes."""
    headers = {"Authorization": f"Bot {token}"}
    parts = [child.to_component_dict() for child in card(LIKE_AN_ANSWER).children]
    data = {"flags": COMPONENTS_V2, "components": parts}
    answer = {"type": 4, "data": data}
    async with aiohttp.ClientSession(headers=headers) as session, asyncio.TaskGroup() as tasks:
        await (await session.put(f"{api_base}/applications/1/commands", json=[COMMAND])).read()
        async with session.ws_connect(gateway_url) as gateway:
            read = 0

            async def beat(seconds: float) -> None:
                while not gateway.closed:
                    await gateway.send_json({"op": HEARTBEAT, "d": read})
                    await asyncio.sleep(seconds)

            async def reply(event: dict[str, Any]) -> None:
                url = f"{api_base}/interactions/{event['id']}/{event['token']}/callback"
                async with session.post(url, json=answer, params={"with_response": "1"}) as done:
                    await done.read()

            async for message in gateway:
                frame = message.json()
                read = frame.get("s") or read
                if frame["op"] == HELLO:
                    await gateway.send_json(
                        {"op": IDENTIFY, "d": {"token": token, "intents": INTENTS}}
                    )
                    tasks.create_task(beat(frame["d"]["heartbeat_interval"] / 1000))
                elif frame["op"] == HEARTBEAT:
                    await gateway.send_json({"op": HEARTBEAT, "d": read})
                elif frame.get("t") == "INTERACTION_CREATE":
                    tasks.create_task(reply(frame["d"]))


if __name__ == "__main__":
    connection = (
        os.environ[name] for name in ("DISCORD_API_BASE", "DISCORD_GATEWAY_URL", "DISCORD_TOKEN")
    )
    asyncio.run(echo(*connection))
