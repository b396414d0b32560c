"""Prometheus metrics over HTTP, where the operator wants them. They need the extra `metrics`."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.interactions.app import App, Monitor
from bot.monitoring.health import State
from bot.settings.settings import Settings
from index.errors import SetupError

__all__ = ["serving_metrics"]


@asynccontextmanager
async def serving_metrics(
    app: App, health: Callable[[], State], settings: Settings
) -> AsyncIterator[None]:
    """Serve the metrics of the app within the block, if the settings name a port.

    A thread of its own answers, also while the event loop is held up. Raises SetupError where the
    extra is missing or the port cannot be had.
    """
    if settings.metrics_port is None:
        yield
        return
    if importlib.util.find_spec("prometheus_client") is None:
        raise SetupError(
            "FOOTNOTE_METRICS_PORT needs one more package; install it with: pip install "
            "'footnote[metrics]' (from a checkout: pip install -e '.[metrics]'), or unset it"
        )
    from prometheus_client import start_http_server  # noqa: PLC0415  (an extra)

    from bot.monitoring.meters import Meters  # noqa: PLC0415  (imports the extra)

    meters = Meters(app, health)
    try:
        server, thread = start_http_server(
            settings.metrics_port, str(settings.metrics_address), meters.registry
        )
    except OSError as error:
        raise SetupError(
            f"FOOTNOTE_METRICS_PORT: port {settings.metrics_port} of {settings.metrics_address} "
            f"cannot be had ({error.strerror}); choose another one"
        ) from None
    probe = asyncio.create_task(meters.probe())
    app.monitor = meters
    try:
        yield
    finally:
        app.monitor = Monitor()
        probe.cancel()
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        await asyncio.to_thread(thread.join)
