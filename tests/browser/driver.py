"""`footnote preview` as a process, and its page as a person uses it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import (
    Browser,
    Locator,
    Page,
    Request,
    TimeoutError,  # noqa: A004 (its own class of that name)
    expect,
    sync_playwright,
)

from tests.patience import PATIENCE_S

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT_MS = 1000 * PATIENCE_S
SENT_MS = 3_000
PRESSES = max(1, int(WAIT_MS / SENT_MS))
END_S = 2 * PATIENCE_S
"""Longer than the 60 s that aiohttp gives a request of the page that is under way."""

# What the page posts when a person acts; the rest it posts for itself.
ACTIONS = ("click", "select", "modal_submit", "run_command", "send_message")
# The page drops an action, unsaid, while it awaits a revision or has not heard of the last one.
TAKES_ACTIONS = """() => {
    const page = window.simcordPreview;
    return page.ready && !page.pendingAction && page.awaitingRevision === null
        && !page.transport.uncertainRequestId;
}"""

expect.set_options(timeout=WAIT_MS)


@dataclass(frozen=True)
class Running:
    """A preview that serves its page at `url`."""

    process: subprocess.Popen[str]
    url: str


@contextmanager
def running_preview(*arguments: str) -> Iterator[Running]:
    """Start `footnote preview` and read its address from its one line."""
    command = [sys.executable, "-m", "bot", "preview", "--no-browser", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            line = process.stdout.readline()
            assert line.startswith("Footnote preview: http://127.0.0.1:"), process.stderr.read()
            yield Running(process, line.split()[2])
        finally:
            process.terminate()
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


@contextmanager
def headless_chromium() -> Iterator[Browser]:
    """The system's Chromium; it fetches nothing but the page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Channel:
    """The page's channel, seen as the member until `view_as`."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.messages = page.get_by_role("article")
        self._composer = page.get_by_role("textbox", name="Message", exact=True)
        page.set_default_timeout(WAIT_MS)
        page.goto(url)
        expect(self.messages).not_to_have_count(0)

    def command(self, name: str, **options: str | bool | Path) -> Locator:
        """Pick a command from the list, fill in its options, send it; returns the answer."""
        before = self._settled()
        self._composer.press_sequentially(name)
        self.page.get_by_role("option").filter(has_text=name).click()
        for option, value in options.items():
            if isinstance(value, Path):
                self._add_option(option)
                self.page.get_by_label(f"{option} attachment").set_input_files(value)
            elif isinstance(value, bool):
                self._add_choice(option, str(value))
            else:
                self.page.get_by_role("textbox", name=f"{option}, required").or_(
                    self.page.get_by_role("combobox", name=f"{option}, required")
                ).fill(value)
        self._send()
        return self._message(before)

    def mention(self, question: str) -> Locator:
        """Send a message that mentions the bot as the welcome says; returns the reply."""
        before = self._settled()
        example = self.messages.first.locator("code").filter(has_text="<@").inner_text()
        self._composer.fill(f"{example.split()[0]} {question}")
        self._send()
        return self._message(before + 1)

    def tour(self, button: str) -> Locator:
        """Press a button of the welcome; returns the answer."""
        return self.press(self.messages.first, button)

    def press(self, message: Locator, button: str) -> Locator:
        """Press a button that is answered with a message; returns that."""
        before = self._settled()
        self.turn(message, button)
        return self._message(before)

    def turn(self, message: Locator, button: str) -> None:
        """Press a button that changes its own message."""
        self._act(lambda: self.button(message, button).click(timeout=SENT_MS))

    def open_form(self, message: Locator, button: str) -> None:
        """Press a button that opens a form."""
        self.turn(message, button)
        expect(self.form).to_be_visible()

    def choose(self, message: Locator, option: str) -> Locator:
        """Choose from the menu under a message; returns the answer."""
        before = self._settled()
        choice = self.page.get_by_role("option").filter(has_text=option)

        def pick() -> None:
            if not choice.is_visible():
                message.get_by_role("combobox").click(timeout=SENT_MS)
            choice.click(timeout=SENT_MS)

        self._act(pick)
        return self._message(before)

    def pick(self, menu: Locator, option: str) -> None:
        """Choose from a menu that changes its own message."""

        def pick() -> None:
            choice = self.page.get_by_role("option").filter(has_text=option)
            if not choice.is_visible():
                menu.click(timeout=SENT_MS)
            choice.click(timeout=SENT_MS)

        self._act(pick)

    def submit(self, text: str) -> Locator:
        """Fill in the form that is open, and send it; returns the answer."""
        before = self.messages.count()
        self.fill_in(text)
        return self._message(before)

    def fill_in(self, text: str) -> None:
        """Fill in the form that is open, and send it."""
        self.form.get_by_role("textbox").fill(text)
        self._act(lambda: self.form.get_by_role("button", name="Submit").click(timeout=SENT_MS))

    @property
    def form(self) -> Locator:
        """The form that a button has opened."""
        return self.page.get_by_role("dialog").filter(visible=True)

    @staticmethod
    def button(message: Locator, name: str) -> Locator:
        """A button of a message; `section/name` where several have the same name."""
        section, _, label = name.rpartition("/")
        if section:
            message = message.locator(".component-section").filter(has_text=section)
        return message.get_by_role("button", name=label, exact=True)

    def offered(self, typed: str) -> Locator:
        """The commands in the list that opens when `typed` is."""
        self._settled()
        self._composer.press_sequentially(typed)
        return self.page.get_by_role("option")

    def view_as(self, name: str) -> None:
        """Look at the channel as another person."""
        self._settled()
        picker = self.page.get_by_label("Viewing as")
        picker.select_option(name)
        self._settled()
        expect(picker.locator("option:checked")).to_have_text(name)

    def _add_choice(self, option: str, choice: str) -> None:
        """Add an option that may be left out, and choose its value."""
        self._add_option(option)
        self.page.get_by_role("option", name=choice, exact=True).click()

    def _add_option(self, option: str) -> None:
        self.page.locator(".command-ghost").click()
        self.page.get_by_role("option", name=option).click()

    def _send(self) -> None:
        button = self.page.get_by_role("button", name="Send", exact=True)
        expect(button).to_be_enabled()
        self._act(lambda: button.click(timeout=SENT_MS))

    def _act(self, act: Callable[[], None]) -> None:
        """Act until the page has sent it: a press on what is just drawn anew is lost."""
        for left in reversed(range(PRESSES)):
            self._settled()
            try:
                with self.page.expect_request(_is_action, timeout=SENT_MS):
                    act()
            except TimeoutError:
                if not left:
                    raise
            else:
                return

    def _settled(self) -> int:
        """Wait until the page takes another action; returns how many messages there are."""
        self.page.wait_for_function(TAKES_ACTIONS)
        return self.messages.count()

    def _message(self, position: int) -> Locator:
        message = self.messages.nth(position)
        expect(message).to_be_attached()
        return message


def _is_action(request: Request) -> bool:
    if request.method != "POST" or not request.url.endswith("/api/action"):
        return False
    posted = request.post_data_buffer
    # With a file it is a form, of which the browser tells nothing.
    return posted is None or any(f'"kind":"{kind}"'.encode() in posted for kind in ACTIONS)
