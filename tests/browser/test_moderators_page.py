"""What a moderator does in the page of the preview."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Channel

pytestmark = pytest.mark.slow

HARBOUR = "Boats moor at the north quay.[1] The harbour closes at dusk.[2][3]\n"


@pytest.fixture(autouse=True)
def moderating(channel: Channel) -> None:
    channel.view_as("moderator")


def test_status_and_refresh(channel: Channel) -> None:
    expect(channel.command("/index status")).to_contain_text("30 passages")
    expect(channel.command("/index refresh")).to_contain_text("Nothing changed")


def test_a_switch_of_the_settings_holds_at_once(channel: Channel) -> None:
    settings = channel.command("/index settings")
    expect(settings).to_contain_text("Private answers by default are off")
    channel.turn(settings, "Private answers by default/Turn on")
    expect(settings).to_contain_text("Private answers by default are on")
    channel.view_as("member")
    answer = channel.command("/ask", question="who ruled South Korea from 1961 to 1979?")
    expect(answer).to_contain_text("Only you can see this")
    channel.view_as("moderator")
    settings = channel.command("/index settings")
    channel.turn(settings, "Private answers by default/Turn off")
    expect(settings).to_contain_text("Private answers by default are off")


def test_how_sure_to_be_is_one_of_three(channel: Channel) -> None:
    settings = channel.command("/index settings")
    expect(settings).to_contain_text("How sure I must be")
    menu = settings.get_by_role("combobox").last
    expect(menu).to_contain_text("Balanced")
    channel.pick(menu, "Open")
    expect(settings.get_by_role("combobox").last).to_contain_text("Open")
    channel.pick(settings.get_by_role("combobox").last, "Balanced")


def test_a_document_is_added_and_answered_from(channel: Channel, tmp_path: Path) -> None:
    file = tmp_path / "harbour.md"
    file.write_text(HARBOUR, encoding="utf-8")
    seen = channel.command("/index add", file=file)
    expect(seen).to_contain_text("2 passages; 2 of them carry")
    expect(seen).to_contain_text("Nothing is published yet.")
    channel.turn(seen, "Publish")
    expect(seen).to_contain_text("2 added")
    answer = channel.command("/ask", question="where do boats moor?")
    expect(answer).to_contain_text("Boats moor at the north quay.")


def test_the_tour_goes_on_where_the_shared_documents_are_turned_off(channel: Channel) -> None:
    settings = channel.command("/index settings")
    channel.turn(settings, "Shared documents/Turn off")
    expect(settings).to_contain_text("Shared documents are off")
    expect(channel.tour("Look up [28]")).to_contain_text("No passage carries the citation number")
    channel.turn(settings, "Shared documents/Turn on")
    expect(settings).to_contain_text("Shared documents are on")
