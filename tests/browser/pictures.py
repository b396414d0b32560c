"""The README's picture, taken from the real preview: python -m tests.browser.pictures OUT_DIR.

Writes OUT_DIR/answer.png: a question and its answer, as a person sees them on a wide screen.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import FloatRect, Locator, expect

from tests.browser.driver import Channel, headless_chromium, running_preview

QUESTION = "who ruled South Korea from 1961 to 1979?"
MARGIN = 16


def main(folder: Path) -> None:
    """Ask the question in the page and keep what surrounds its answer."""
    folder.mkdir(parents=True, exist_ok=True)
    with running_preview() as running, headless_chromium() as browser:
        page = browser.new_page(
            bypass_csp=True, viewport={"width": 1280, "height": 1200}, device_scale_factor=2
        )
        channel = Channel(page, running.url)
        answer = channel.command("/ask", question=QUESTION)
        expect(answer).to_be_in_viewport(ratio=1)
        page.mouse.move(0, 0)  # so that no button of the message shows
        path = folder / "answer.png"
        page.screenshot(path=path, clip=_around(answer), animations="disabled")
        print(f"wrote {path}, {path.stat().st_size:,} bytes")  # noqa: T201


def _around(message: Locator) -> FloatRect:
    """The message's height, and its width as far as its card goes."""
    whole = message.bounding_box()
    card = message.locator(".message-components").bounding_box()
    assert whole is not None
    assert card is not None
    right, bottom = card["x"] + card["width"], card["y"] + card["height"]
    return {
        "x": whole["x"],
        "y": whole["y"] - MARGIN / 2,
        "width": right - whole["x"] + MARGIN,
        "height": bottom - whole["y"] + 1.5 * MARGIN,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
