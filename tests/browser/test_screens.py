"""The page on a wide screen and on a phone: nothing is cut, and everything can be pressed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.driver import Channel, Running

pytestmark = pytest.mark.slow

SCREENS = {"desktop": (1280, 800), "phone": (390, 844)}
TOO_WIDE = """() => [...document.querySelectorAll('article, article *')]
    .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
    .map(element => element.outerHTML.slice(0, 200))"""


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest, browser: Browser, preview: Running) -> Iterator[Channel]:
    width, height = SCREENS[request.param]
    context = browser.new_context(
        bypass_csp=True, viewport={"width": width, "height": height}, has_touch=width < 500
    )
    yield Channel(context.new_page(), preview.url)
    context.close()


def assert_fits(channel: Channel, message: Locator) -> None:
    """Nothing is wider than the screen, and a finger reaches every button and menu."""
    expect(message).to_be_visible()
    assert channel.page.evaluate(TOO_WIDE) == []
    root = "document.documentElement"
    assert channel.page.evaluate(f"() => {root}.scrollWidth <= {root}.clientWidth")
    controls = message.locator(".message-components").get_by_role("button")
    for control in [*controls.all(), *message.get_by_role("combobox").all()]:
        if control.is_enabled():
            control.click(trial=True)


def test_the_welcome_is_on_the_screen_at_once(screen: Channel) -> None:
    welcome = screen.messages.first
    expect(welcome).to_be_in_viewport(ratio=0.99)
    assert_fits(screen, welcome)


def test_answers_and_what_is_under_them(screen: Channel) -> None:
    answer = screen.tour("Ask a question")
    assert_fits(screen, answer)
    assert_fits(screen, screen.press(answer, "Context"))
    assert_fits(screen, screen.choose(answer, "Next passages"))
    assert_fits(screen, screen.tour("Ask what no passage answers"))
    assert_fits(screen, screen.tour("Look up [28]"))
    assert_fits(screen, screen.tour("Find sources for a text"))
    assert_fits(screen, screen.tour("What can be asked"))


def test_the_form_of_a_follow_up(screen: Channel) -> None:
    screen.open_form(screen.tour("Ask a question"), "Follow up")
    expect(screen.form).to_be_in_viewport(ratio=1)
    screen.form.get_by_role("button", name="Submit").click(trial=True)
    screen.form.get_by_role("button", name="Cancel").click()


def test_the_settings(screen: Channel) -> None:
    screen.view_as("moderator")
    assert_fits(screen, screen.command("/index settings"))
