"""The real `footnote preview` in a real browser: the tour, questions, and what is under answers."""

from __future__ import annotations

import signal

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driver import END_S, Channel, Running, running_preview

pytestmark = pytest.mark.slow

RULED = "who ruled South Korea from 1961 to 1979?"
LINE_4 = (
    "Between 1961 and 1979, South Korea's head of state was dictator Park Chung-hee, who had "
    "served in the Imperial Japanese military during World War II."
)


class TestTour:
    def test_ask(self, channel: Channel) -> None:
        answer = channel.tour("Ask a question")
        expect(answer).to_contain_text("On December 13, 2007, the European Parliament adopted")
        expect(answer).to_contain_text("[28] [33]")

    def test_ask_in_vain_and_see_what_comes_nearest(self, channel: Channel) -> None:
        silence = channel.tour("Ask what no passage answers")
        expect(silence).to_contain_text("No passage of the sources answers that.")
        expect(silence.get_by_role("blockquote")).to_have_count(0)
        nearest = channel.press(silence, "Show what comes nearest")
        expect(nearest).to_contain_text("What comes nearest does not answer it")
        expect(nearest.get_by_role("blockquote")).not_to_have_count(0)

    def test_look_up_a_number(self, channel: Channel) -> None:
        passages = channel.tour("Look up [28]")
        expect(passages).to_contain_text("According to the New York Times")
        expect(passages.get_by_role("blockquote")).to_have_count(2)

    def test_find_sources(self, channel: Channel) -> None:
        sources = channel.tour("Find sources for a text")
        expect(sources).to_contain_text("Only you can see this")
        expect(sources).to_contain_text("1 of 3 statements")
        expect(sources).to_contain_text("Not there: 2009")

    def test_what_can_be_asked(self, channel: Channel) -> None:
        expect(channel.tour("What can be asked")).to_contain_text("30 passages")

    def test_it_goes_on_after_one_stop(self, channel: Channel) -> None:
        for _ in range(3):
            expect(channel.tour("Ask a question")).to_contain_text("[28] [33]")
        expect(channel.tour("Look up [28]")).to_contain_text("[28] [33]")


class TestAsk:
    def test_the_line_with_its_number(self, channel: Channel) -> None:
        answer = channel.command("/ask", question=RULED)
        expect(answer).to_contain_text(LINE_4)
        expect(answer).to_contain_text("[3]")
        expect(answer).to_contain_text("Japan–South Korea relations, line 4")
        expect(answer.get_by_role("link", name="CC BY-SA 4.0")).to_be_visible()

    def test_a_question_without_an_answer_gets_none(self, channel: Channel) -> None:
        answer = channel.command("/ask", question="who won the 2002 World Cup?")
        expect(answer).to_contain_text("No passage of the sources answers that.")
        expect(answer.get_by_role("blockquote")).to_have_count(0)

    def test_privately_and_share_it(self, channel: Channel) -> None:
        answer = channel.command("/ask", question=RULED, private=True)
        expect(answer).to_contain_text("Only you can see this")
        shared = channel.choose(answer, "Share")
        expect(shared).to_contain_text(LINE_4)
        expect(shared).to_contain_text("Shared by member")
        expect(shared).not_to_contain_text("Only you can see this")

    def test_by_a_mention_which_gets_a_reply(self, channel: Channel) -> None:
        answer = channel.mention("why did tourism to Japan drop?")
        expect(answer).to_contain_text("[89] [90] [91]")


class TestControls:
    def test_context_and_its_pages(self, channel: Channel) -> None:
        context = channel.press(channel.command("/ask", question=RULED), "Context")
        expect(context).to_contain_text("nearby excerpts, lines 2–6")
        expect(context.locator("strong").filter(has_text=LINE_4)).to_be_visible()
        channel.turn(context, "Later")
        expect(context).to_contain_text("lines 7–11")
        channel.turn(context, "Earlier")
        expect(context).to_contain_text("lines 2–6")
        channel.turn(context, "Earlier")
        expect(context).to_contain_text("lines 1–1")
        expect(channel.button(context, "Earlier")).to_be_disabled()

    def test_next_passages(self, channel: Channel) -> None:
        following = channel.choose(channel.command("/ask", question=RULED), "Next passages")
        expect(following).to_contain_text("The passages that come next")
        expect(following.get_by_role("blockquote")).not_to_have_count(0)
        expect(following).not_to_contain_text(LINE_4)

    def test_what_the_numbers_stand_for(self, channel: Channel) -> None:
        answer = channel.command("/ask", question=RULED)
        numbers = channel.choose(answer, "What the numbers stand for")
        expect(numbers).to_contain_text("[3]")

    def test_follow_up(self, channel: Channel) -> None:
        answer = channel.tour("Ask a question")
        channel.open_form(answer, "Follow up")
        followed = channel.submit("what did the U.S. House of Representatives demand?")
        expect(followed).to_contain_text("In July 2007, the U.S. House of Representatives")
        expect(followed).not_to_contain_text("Only you can see this")
        expect(channel.form).to_have_count(0)

    def test_a_thumb_up_and_taken_back(self, channel: Channel) -> None:
        answer = channel.command("/ask", question=RULED)
        expect(channel.press(answer, "👍")).to_contain_text("Thank you.")
        expect(channel.press(answer, "👍")).to_contain_text("Taken back.")


def test_cite_shows_all_passages_of_a_number(channel: Channel) -> None:
    answer = channel.command("/cite", number="28")
    expect(answer).to_contain_text("According to the New York Times")
    expect(answer).to_contain_text("[28] [33]")


def test_sources_are_found_for_a_text(channel: Channel) -> None:
    text = "Park Chung-hee was South Korea's head of state between 1961 and 1979. Pigs can fly."
    sources = channel.command("/sources", text=text)
    expect(sources).to_contain_text("1 of 2 statements")
    expect(sources).to_contain_text("line 4")


def test_a_member_is_not_offered_the_moderators_commands(channel: Channel) -> None:
    offered = channel.offered("/")
    expect(offered.filter(has_text="/ask")).to_be_visible()
    expect(offered.filter(has_text="/index")).to_have_count(0)


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
