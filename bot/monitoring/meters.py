"""What is measured. No label names a person, a server or anything else that there are many of."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterator
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.interactions.app import App, Monitor
from bot.interactions.tracking import Request
from bot.libraries.meaning import ReadingRoom
from bot.libraries.publisher import Publisher
from bot.monitoring.health import State

__all__ = ["Meters"]

PROBE_S = 0.5
"""How often the event loop is asked how late it is."""
ANSWER_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LAG_BUCKETS_S = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0)


class Meters(Monitor):
    """Counts what it is told, and reads the rest from the app when it is asked."""

    def __init__(self, app: App, health: Callable[[], State]) -> None:
        """`health` is that of the client in use."""
        self.registry = registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self._questions = Counter(
            "footnote_questions",
            "Questions by how they were asked and how they ended; reason says why not answered",
            ["kind", "outcome", "reason"],
            registry=registry,
        )
        self._seconds = Histogram(
            "footnote_question_seconds",
            "From the arrival of a question until its answer was sent",
            ["outcome"],
            buckets=ANSWER_BUCKETS_S,
            registry=registry,
        )
        self._lag = Histogram(
            "footnote_event_loop_lag_seconds",
            "How late the event loop did what was due",
            buckets=LAG_BUCKETS_S,
            registry=registry,
        )
        self._disconnects = Counter(
            "footnote_gateway_disconnects", "Connections to the gateway lost", registry=registry
        )
        self._connects = Counter(
            "footnote_gateway_connects",
            "Sessions with the gateway that began, or were resumed",
            ["how"],
            registry=registry,
        )
        for how in ("began", "resumed"):
            self._connects.labels(how)
        self._was_up = False
        self._read_from(health, registry)
        registry.register(_Publications(app.publisher))
        registry.register(_Readings(app.librarian.reading_room))

    @staticmethod
    def _read_from(health: Callable[[], State], registry: CollectorRegistry) -> None:
        """Gauges that ask for the health at every scrape, in the thread that serves it."""

        def latency() -> float:
            seconds = health().latency_s
            return math.nan if seconds is None else seconds

        for name, text, value in (
            (
                "footnote_gateway_up",
                "1 while Discord sends events",
                lambda: float(health().connected),
            ),
            ("footnote_gateway_latency_seconds", "Of the last heartbeat", latency),
            (
                "footnote_shared_revision",
                "The revision of the shared documents that is served",
                lambda: float(health().revision),
            ),
            (
                "footnote_shared_passages",
                "Passages of the shared documents",
                lambda: float(health().passages),
            ),
        ):
            Gauge(name, text, registry=registry).set_function(value)

    async def probe(self) -> None:
        """Ask the event loop how late it is, for as long as this runs."""
        while True:
            due = time.perf_counter() + PROBE_S
            await asyncio.sleep(PROBE_S)
            self._lag.observe(max(0.0, time.perf_counter() - due))

    def question_ended(self, request: Request) -> None:
        """Count a question that has ended."""
        outcome = request.outcome or ""
        self._questions.labels(request.kind, outcome, request.reason or "").inc()
        self._seconds.labels(outcome).observe(request.seconds)

    def gateway_connected(self, how: Literal["began", "resumed"]) -> None:
        """Count a session, a fresh one or one that goes on."""
        self._connects.labels(how).inc()
        self._was_up = True

    def gateway_lost(self) -> None:
        """Count a lost connection once; failed attempts to come back are told the same way."""
        if self._was_up:
            self._disconnects.inc()
        self._was_up = False


class _Publications(Collector):
    """The publisher's own counts, read at every scrape."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def collect(self) -> Iterator[Metric]:
        text = "Revisions published by this process since it started"
        family = CounterMetricFamily("footnote_publications", text, labels=["library"])
        for library in ("shared", "own"):
            family.add_metric([library], float(self._publisher.publications[library]))
        yield family


class _Readings(Collector):
    """How many open questions were answered by meaning, read at every scrape."""

    def __init__(self, room: ReadingRoom) -> None:
        self._room = room

    def collect(self) -> Iterator[Metric]:
        text = "Open questions answered by what passages mean, or late and by words alone"
        family = CounterMetricFamily("footnote_meaning", text, labels=["answered"])
        family.add_metric(["by_meaning"], float(self._room.answered))
        family.add_metric(["late"], float(self._room.late))
        yield family
