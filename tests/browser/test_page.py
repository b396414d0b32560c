"""The real `footnote preview` in a real browser: what a person does first."""

from __future__ import annotations

import signal

from playwright.sync_api import Browser, expect

from tests.browser.driver import END_S, Channel, Running, running_preview

LINE_4 = (
    "Between 1961 and 1979, South Korea's head of state was dictator Park Chung-hee, who had "
    "served in the Imperial Japanese military during World War II."
)


def test_the_welcome_says_what_to_try(channel: Channel) -> None:
    welcome = channel.messages.first
    for example in ("who ruled South Korea from 1961 to 1979?", "/cite", "28", "/index refresh"):
        expect(welcome).to_contain_text(example)


def test_ask_quotes_the_line_with_its_number(channel: Channel) -> None:
    answer = channel.command("/ask", question="who ruled South Korea from 1961 to 1979?")
    expect(answer).to_contain_text(LINE_4)
    expect(answer).to_contain_text("[3] · Japan–South Korea relations, line 4")
    expect(answer.get_by_role("link", name="CC BY-SA 4.0")).to_be_visible()


def test_a_question_without_an_answer_gets_none(channel: Channel) -> None:
    answer = channel.command("/ask", question="who won the 2002 World Cup?")
    expect(answer).to_contain_text("No passage of the sources answers that.")
    expect(answer.get_by_role("blockquote")).to_have_count(0)


def test_cite_shows_all_passages_of_a_number(channel: Channel) -> None:
    answer = channel.command("/cite", number="28")
    expect(answer).to_contain_text("According to the New York Times")
    expect(answer).to_contain_text("[28] [33]")


def test_a_mention_is_answered_with_a_reply(channel: Channel) -> None:
    answer = channel.mention("why did tourism to Japan drop?")
    expect(answer).to_contain_text("[89] [90] [91]")


def test_a_member_is_not_offered_the_moderators_commands(channel: Channel) -> None:
    offered = channel.offered("/")
    expect(offered.filter(has_text="/ask")).to_be_visible()
    expect(offered.filter(has_text="/index")).to_have_count(0)


def test_a_moderator_sees_the_status_and_refreshes(channel: Channel) -> None:
    channel.view_as("moderator")
    expect(channel.command("/index status")).to_contain_text("30 passages")
    expect(channel.command("/index refresh")).to_contain_text("Nothing changed")


def test_ctrl_c_ends_it_while_the_page_is_open(browser: Browser) -> None:
    with running_preview() as running:
        page = browser.new_page()
        page.goto(running.url)
        expect(page.get_by_role("article")).to_be_visible()
        assert _end(running) == (0, "", "")
        page.close()


def _end(running: Running) -> tuple[int, str, str]:
    running.process.send_signal(signal.SIGINT)
    out, err = running.process.communicate(timeout=END_S)
    return running.process.returncode, out, err
