"""How long the bot waits between attempts, and what it takes for a bad day of Discord's."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import aiohttp
import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.connecting import LONGEST_REQUESTED_PAUSE_S, Pauses, refusal
from bot.interactions.in_flight import MOST_REMEMBERED, InFlight
from bot.interactions.trouble import (
    OneLine,
    describe,
    is_trouble,
    outlast,
    passes,
    retry_after,
)
from tests.patience import PATIENCE_S


def http_error(status: int, code: int = 0, retry: str | None = None) -> discord.HTTPException:
    headers = {} if retry is None else {"Retry-After": retry}
    response: Any = SimpleNamespace(status=status, reason="", headers=headers)
    return discord.HTTPException(response, {"message": "said so", "code": code})


@given(st.floats(min_value=0.01, max_value=3600), st.integers(min_value=2, max_value=2000))
def test_pauses_grow_up_to_the_longest(longest: float, attempts: int) -> None:
    pauses = Pauses(longest)
    assert pauses.next() == 0
    waited = [pauses.next() for _ in range(attempts)]
    for number, pause in enumerate(waited):
        limit = min(longest, 2.0 ** min(number, 30))
        assert limit / 2 <= pause <= limit
    assert pauses.before_identifying() <= longest
    pauses.ease()
    eased = pauses.next()
    assert min(longest, 1.0) / 2 <= eased <= min(longest, 1.0)
    pauses.reset()
    pauses.ease()
    assert pauses.next() == 0


def test_pauses_differ_between_bots() -> None:
    several = [Pauses(60) for _ in range(3)]
    assert len({(one.next(), one.next()) for one in several}) > 1


@pytest.mark.parametrize(
    ("fails", "within_s"), [([http_error(503)], 0.0), ([http_error(404, 10008)], 60.0)]
)
async def test_what_does_not_pass_in_time_is_raised(
    fails: list[Exception], within_s: float
) -> None:
    send = AsyncMock(side_effect=[*fails, "sent"])
    with pytest.raises(discord.HTTPException):
        await outlast(send, "a test", within_s)
    assert send.await_count == 1


async def test_it_waits_at_least_as_long_as_discord_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    monkeypatch.setattr("bot.interactions.trouble.asyncio.sleep", pause)
    fails = [http_error(500), http_error(429, retry="7"), ConnectionResetError(), http_error(502)]
    assert await outlast(AsyncMock(side_effect=[*fails, "sent"]), "a test") == "sent"
    assert paused == [0.0, 7.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("error", "is_passing", "troubled"),
    [
        (http_error(500), True, True),
        (http_error(429), True, True),
        (http_error(404, 10062), False, True),
        (http_error(403, 50013), False, True),
        (http_error(400, 50035), False, False),
        (aiohttp.ServerDisconnectedError(), True, True),
        (ConnectionResetError(104, "reset"), True, True),
        (TimeoutError(), True, True),
        (json.JSONDecodeError("cut", "{", 1), True, True),
        (ValueError("a mistake"), False, False),
        (KeyError("a mistake"), False, False),
    ],
)
def test_what_passes(error: Exception, *, is_passing: bool, troubled: bool) -> None:
    assert (passes(error), is_trouble(error)) == (is_passing, troubled)
    assert describe(error)


def test_what_discord_asks_to_wait() -> None:
    assert retry_after(http_error(429, retry="7")) == 7
    assert retry_after(http_error(503)) == 0
    assert retry_after(http_error(429, retry="Wed, 21 Oct")) == 0
    assert retry_after(discord.RateLimited(1.5)) == 1.5
    assert retry_after(TimeoutError()) == 0 < LONGEST_REQUESTED_PAUSE_S


def test_what_no_waiting_mends() -> None:
    assert "refuses the token" in str(refusal(http_error(401)))
    assert "said so (HTTP 400, code 50041)" in str(refusal(http_error(400, 50041)))
    assert refusal(http_error(502)) is None
    assert refusal(http_error(429)) is None
    assert refusal(KeyError("a mistake")) is None


@pytest.mark.parametrize(("error", "kept"), [(http_error(404, 10062), False), (KeyError(), True)])
def test_only_discords_bad_days_lose_their_traceback(error: Exception, *, kept: bool) -> None:
    try:
        raise error
    except (discord.HTTPException, KeyError):
        record = logging.LogRecord("discord.client", 40, "", 1, "in %s", ("x",), sys.exc_info())
    assert OneLine().filter(record)
    assert (record.exc_info is not None) == kept
    assert record.getMessage().startswith("in x")
    assert ("asked too long ago" in record.getMessage()) != kept


async def test_events_are_taken_once() -> None:
    flight = InFlight()
    assert flight.take(1)
    assert not flight.take(1)
    for number in range(2, MOST_REMEMBERED + 3):
        assert flight.take(number)
    assert not flight.take(MOST_REMEMBERED)
    assert flight.take(1), "forgotten, since the gateway never goes so far back"


async def test_answers_finish_or_are_given_up() -> None:
    flight, messages = InFlight(), []
    beginning, release = asyncio.Event(), asyncio.Event()

    async def answer(event: int, until: asyncio.Event) -> None:
        flight.take(event)
        beginning.set()
        try:
            await until.wait()
            messages.append("answered")
        except asyncio.CancelledError:
            messages.append("goodbye")
            raise

    assert await flight.finish(0, 0)
    quick = asyncio.create_task(answer(1, release))
    await beginning.wait()
    release.set()
    assert await flight.finish(PATIENCE_S, 1)
    beginning.clear()
    slow = asyncio.create_task(answer(2, asyncio.Event()))
    await beginning.wait()
    assert not await flight.finish(0, PATIENCE_S)
    assert (messages, quick.done(), slow.cancelled()) == (["answered", "goodbye"], True, True)
