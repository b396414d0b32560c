"""README's pictures, taken from the real preview: python -m tests.browser.pictures OUT_DIR.

Writes answer.png, follow-up.png, moderators.png and phone.png.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, FloatRect, Locator, expect

from tests.browser.driver import Channel, headless_chromium, running_preview

QUESTION = "who ruled South Korea from 1961 to 1979?"
RESOLUTION = "what did the European Parliament demand in 2007?"
FOLLOW_UP = "and the U.S. House of Representatives?"
STATUTES = """\
The reading room is open from nine to six.[1] On Sundays it is closed.[2]

Members may borrow five books at a time.[3][4] Maps and manuscripts never leave the house.[5]
"""
MARGIN = 16
WIDE, NARROW = (1280, 1200), (390, 844)


def main(folder: Path) -> None:
    """Do in the page what each picture shows, each in a preview of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with headless_chromium() as browser:
        with _channel(browser, WIDE) as channel:
            answer = channel.command("/ask", question=QUESTION)
            _keep(channel, folder / "answer.png", answer)
        with _channel(browser, WIDE) as channel:
            answer = channel.command("/ask", question=RESOLUTION)
            channel.open_form(answer, "Follow up")
            _keep(channel, folder / "follow-up.png", answer, channel.submit(FOLLOW_UP))
        with _channel(browser, WIDE) as channel, TemporaryDirectory() as temporary:
            channel.view_as("moderator")
            file = Path(temporary) / "library-rules.md"
            file.write_text(STATUTES, encoding="utf-8")
            _keep(channel, folder / "moderators.png", channel.command("/index add", file=file))
        with _channel(browser, NARROW) as channel:
            answer = channel.command("/ask", question=QUESTION)
            _keep(channel, folder / "phone.png", answer, whole_width=True)


@contextmanager
def _channel(browser: Browser, size: tuple[int, int]) -> Iterator[Channel]:
    width, height = size
    with running_preview() as running:
        page = browser.new_page(
            bypass_csp=True,
            viewport={"width": width, "height": height},
            device_scale_factor=2,
        )
        yield Channel(page, running.url)
        page.close()


def _keep(channel: Channel, path: Path, *messages: Locator, whole_width: bool = False) -> None:
    """A picture of messages that follow each other, without the page around them."""
    messages[-1].scroll_into_view_if_needed()
    for message in messages:
        expect(message).to_be_in_viewport(ratio=0.99)
    page = channel.page
    page.mouse.move(0, 0)  # so that no button of the message shows
    page.evaluate("document.activeElement.blur()")
    composer = page.get_by_role("textbox", name="Message", exact=True)
    composer.evaluate("box => box.closest('form').style.visibility = 'hidden'")
    clip = _around(messages[0], messages[-1])
    if whole_width:
        assert page.viewport_size is not None
        clip["width"] = page.viewport_size["width"] - clip["x"]
    page.screenshot(path=path, clip=clip, animations="disabled")
    print(f"wrote {path}, {path.stat().st_size:,} bytes")  # noqa: T201


def _around(first: Locator, last: Locator) -> FloatRect:
    """From the top of the first message to the end of the last one's controls, as wide as these."""
    top, bottom = first.bounding_box(), last.locator(".message-components").bounding_box()
    assert top is not None
    assert bottom is not None
    return {
        "x": top["x"],
        "y": top["y"] - MARGIN / 2,
        "width": bottom["x"] + bottom["width"] - top["x"] + MARGIN,
        "height": bottom["y"] + bottom["height"] - top["y"] + 1.5 * MARGIN,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
