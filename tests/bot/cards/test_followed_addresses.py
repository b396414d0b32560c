"""Very many followed addresses, of very long titles, in the words of a card."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.cards.layout import MAX_TEXT
from bot.cards.reports import (
    MAX_FOLLOWED,
    MAX_NEWS,
    checked_words,
    followed_words,
    news_words,
    status_card,
)
from bot.following.follower import Checked
from bot.store import FollowedAddress
from tests.bot.cards.test_cards_of_extremes import document, revision, words

NOW = datetime(2026, 1, 2, tzinfo=UTC)
FINE = FollowedAddress(
    7, "fine", "https://docs.example/*_~`|" + "a" * 900, "", None, None, "", 24, NOW, NOW
)
GONE = replace(FINE, document="gone", failures=5, failing_since=NOW, failure="gone")
HELD = replace(FINE, document="held", held="numbers", held_since=NOW - timedelta(days=1))
TITLES = {name: name + "*_~`|<>@[]()" * 16 for name in ("fine", "gone", "held")}


def test_very_many_fit_beside_very_many_documents() -> None:
    followed = followed_words([FINE, GONE, HELD] * 20, TITLES)
    assert len(followed) <= MAX_FOLLOWED
    documents = [document(id=f"d{n}" + "x" * 60) for n in range(60)]
    card = status_card(
        revision(*documents), revision(*documents, owner=7), meaning="serves", followed=followed
    )
    assert len(words(card)) <= MAX_TEXT
    assert "d0" in words(card)


def test_those_that_need_a_look_come_first_with_since_when_and_why() -> None:
    lines = followed_words([FINE, HELD, GONE], {}).split("\n")
    titles = [line for line in lines if "every 24 h" in line]
    assert [title[2:6] for title in titles] == ["gone", "held", "fine"]
    assert lines[2] == (
        f"-# It could not be read since <t:{int(NOW.timestamp())}:R>, as there is nothing any "
        "more. What it said last is answered from."
    )
    assert "a citation number has lost its passages" in lines[4]
    assert followed_words([], {}) == ""


def test_what_a_look_and_the_news_say_fits() -> None:
    checked = [Checked(FINE), Checked(FINE, (1, 2, 0)), Checked(FINE, is_busy=True), Checked(HELD)]
    told = checked_words(checked, {}).split("\n")[1:]
    assert told[:3] == [
        "**fine**: as before",
        "**fine**: 1 added, 2 removed",
        "**fine**: not looked at just now; I look again soon",
    ]
    assert told[3].startswith("**held**: It changed <t:")
    assert len(checked_words(checked * 50, TITLES)) <= MAX_FOLLOWED
    assert len(news_words([GONE, HELD] * 50, TITLES)) <= MAX_NEWS
