"""One preview and one browser for all tests of a module, and a fresh page for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright", reason="playwright is not installed (it is in the test extra)")

from tests.browser.driver import (
    CHROMIUM,
    Channel,
    Running,
    headless_chromium,
    running_preview,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH (on Debian: apt-get install chromium)")
    with headless_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def preview() -> Iterator[Running]:
    with running_preview() as running:
        yield running


@pytest.fixture
def channel(browser: Browser, preview: Running) -> Iterator[Channel]:
    context = browser.new_context(bypass_csp=True)
    yield Channel(context.new_page(), preview.url)
    context.close()
