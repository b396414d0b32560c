"""Metrics over HTTP: what they count, where they listen, and that they end with the bot."""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import time
import urllib.request
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.gateway.client import FootnoteBot
from bot.interactions.app import App, Monitor
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.monitoring.metrics import serving_metrics
from bot.settings.settings import Settings, load_settings
from bot.store import Store
from index.answering.confidence import Outcome
from index.errors import SetupError
from tests.bot.commands.test_presses import ask
from tests.bot.conftest import World, forced
from tests.bot.publishers import MONA, document
from tests.patience import PATIENCE_S

UNANSWERED = "what is the capital of France?"


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def fetch(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE_S) as answer:
        return str(answer.read().decode())


async def samples(port: int) -> dict[tuple[str, ...], float]:
    """The values by name and labels, in the order of the labels' names."""
    text = await asyncio.to_thread(fetch, port)
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def settings() -> Settings:
    return load_settings({"FOOTNOTE_METRICS_PORT": str(free_port())})


@pytest.fixture
async def port(world: World, settings: Settings) -> AsyncIterator[int]:
    assert settings.metrics_port is not None
    async with serving_metrics(world.bot.app, world.bot.health, settings):
        yield settings.metrics_port


async def test_questions_are_counted_by_how_they_ended(world: World, port: int) -> None:
    await ask(world)
    await ask(world, UNANSWERED)
    await world.member.send(world.channel, f"{world.mention} {UNANSWERED}")
    with forced(Outcome.CLOSEST):
        await ask(world)
    counted = await samples(port)
    assert counted["footnote_questions_total", "slash", "answered", ""] == 1
    assert counted["footnote_questions_total", "slash", "closest", "low_confidence"] == 1
    assert counted["footnote_question_seconds_count", "closest"] == 1
    assert counted["footnote_questions_total", "slash", "silent", "no_match"] == 1
    assert counted["footnote_questions_total", "mention", "silent", "no_match"] == 1
    assert counted["footnote_question_seconds_count", "silent"] == 2
    assert counted["footnote_question_seconds_sum", "answered"] > 0


async def test_questions_answered_by_meaning_are_counted(world: World, port: int) -> None:
    room = world.bot.app.librarian.reading_room
    room.answered, room.late = 2, 1
    counted = await samples(port)
    assert counted["footnote_meaning_total", "by_meaning"] == 2
    assert counted["footnote_meaning_total", "late"] == 1


async def test_the_shared_documents_and_publications_are_told(world: World, port: int) -> None:
    before = await samples(port)
    assert before["footnote_shared_revision",] == 1
    assert before["footnote_shared_passages",] == 30
    assert before["footnote_publications_total", "shared"] == 0
    world.document.write_text("[7] Whales are not mentioned in treaties.\n")
    await world.moderator.slash(world.channel, "index refresh")
    after = await samples(port)
    assert after["footnote_shared_revision",] == 2
    assert after["footnote_shared_passages",] == 1
    assert after["footnote_publications_total", "shared"] == 1
    assert after["footnote_publications_total", "own"] == 0


async def test_what_makes_no_revision_is_no_publication(world: World, port: int) -> None:
    publisher, place = world.bot.app.publisher, Place(world.guild.id)
    await world.moderator.slash(world.channel, "index refresh")
    for _ in range(2):
        await publisher.publish(place, [document("rules", 1)], MONA, "add")
    counted = await samples(port)
    assert counted["footnote_publications_total", "shared"] == 0
    assert counted["footnote_publications_total", "own"] == 1


async def dispatch(world: World, *events: str) -> None:
    for event in events:
        world.bot.dispatch(event)
        await world.env.settle()


async def test_a_lost_gateway_is_counted_once_however_often_it_is_tried(
    world: World, port: int
) -> None:
    before = await samples(port)
    assert before["footnote_gateway_up",] == 1
    await dispatch(world, "resumed", "disconnect", "disconnect", "disconnect")
    lost = await samples(port)
    assert lost["footnote_gateway_up",] == 0
    assert lost["footnote_gateway_disconnects_total",] == 1
    await dispatch(world, "resumed")
    back = await samples(port)
    assert back["footnote_gateway_up",] == 1
    assert back["footnote_gateway_connects_total", "resumed"] == 2
    assert back["footnote_gateway_disconnects_total",] == 1


async def test_a_held_up_event_loop_shows_and_keeps_nobody_from_asking(
    data: Path, state: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without simcord, whose timers are none."""
    port = settings.metrics_port
    assert port is not None
    monkeypatch.setattr("bot.monitoring.meters.PROBE_S", 0.001)
    with Store.open(state) as store, ThreadPoolExecutor() as threads:
        bot = FootnoteBot(App.of(Librarian(data, store)), state)
        async with serving_metrics(bot.app, bot.health, settings):
            await asyncio.sleep(0)  # one turn of the loop: the probe begins
            hold_up = threads.submit(fetch, port).result  # answered by another thread
            assert "footnote_event_loop_lag_seconds" in hold_up(PATIENCE_S)
            threads.submit(time.sleep, 0.2).result()  # longer than what the buckets tell apart
            buckets = "footnote_event_loop_lag_seconds_bucket"
            async with asyncio.timeout(PATIENCE_S):
                counted = await samples(port)
                while counted[buckets, "0.1"] == counted[buckets, "+Inf"]:
                    counted = await samples(port)
        await bot.close()


async def test_the_process_is_measured_and_nobody_is_named(world: World, port: int) -> None:
    await ask(world)
    text = await asyncio.to_thread(fetch, port)
    assert "process_resident_memory_bytes" in text
    assert "python_gc_objects_collected_total" in text
    for named in (world.guild.id, world.channel.id, world.member.id, "alice", "South Korea"):
        assert str(named) not in text


async def test_it_listens_on_this_machine_alone_and_ends_with_the_bot(
    world: World, settings: Settings
) -> None:
    port = settings.metrics_port
    assert port is not None
    async with serving_metrics(world.bot.app, world.bot.health, settings):
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connected:
            assert connected.getpeername()[0] == "127.0.0.1"
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port), timeout=PATIENCE_S)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)


async def test_without_a_port_nothing_is_served(world: World) -> None:
    async with serving_metrics(world.bot.app, world.bot.health, load_settings({})):
        assert type(world.bot.app.monitor) is Monitor


async def test_a_port_in_use_is_told(world: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(SetupError, match=f"port {port} of 127.0.0.1 cannot be had"):
            async with serving_metrics(
                world.bot.app, world.bot.health, load_settings({"FOOTNOTE_METRICS_PORT": port})
            ):
                pass


async def test_a_missing_extra_is_told(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_spec(name: str, *more: Any) -> None:
        assert name == "prometheus_client"

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    with pytest.raises(SetupError, match=r"pip install 'footnote\[metrics\]'"):
        async with serving_metrics(world.bot.app, world.bot.health, settings):
            pass


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PORT", "0"), ("PORT", "70000"), ("PORT", "many"), ("ADDRESS", "localhost:1")],
)
def test_wrong_settings_are_refused(variable: str, value: str) -> None:
    with pytest.raises(SetupError, match=f"FOOTNOTE_METRICS_{variable}: "):
        load_settings({f"FOOTNOTE_METRICS_{variable}": value})
