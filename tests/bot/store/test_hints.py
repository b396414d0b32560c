"""Hints as the store keeps them: bounded, a server's own, and deleted with their asker."""

from __future__ import annotations

import pytest

from bot.errors import LimitReachedError
from bot.store import Store, Target
from bot.store.taught.hints import MAX_POINTED, MAX_POINTED_AT_ONCE, MAX_WORDS

GUILD = 7
TARGET = Target(GUILD, "rules", 3, "0" * 64)


def gap(store: Store, question: str, person: str | None = None, guild_id: int = GUILD) -> int:
    store.gaps.add(guild_id, question, "no_answer", person=person)
    return store.gaps.recent(guild_id)[0].id


def test_words_are_a_servers_own_and_bounded(store: Store) -> None:
    for number in range(MAX_WORDS):
        store.hints.add_words(GUILD, [f"word {number}", "말"])
    with pytest.raises(LimitReachedError):
        store.hints.add_words(GUILD, ["one", "more"])
    store.hints.add_words(GUILD + 1, ["ferry", "boat"])
    rows = store.hints.of(GUILD).words
    assert len(rows) == MAX_WORDS
    assert rows[0].forms == ("word 0", "말")
    (other,) = store.hints.of(GUILD + 1).words
    assert store.hints.remove_words(GUILD, other.id) == 0
    assert store.hints.remove_words(GUILD, rows[0].id) == 1
    assert store.hints.of(GUILD).words == rows[1:]


def test_a_gap_is_pointed_once_a_wording_and_goes(store: Store) -> None:
    ids = [gap(store, question, "h1") for question in ("who?", "who?", "Who is it?")]
    elsewhere = gap(store, "where?", "h1", GUILD + 1)
    assert store.hints.point(GUILD, [*ids, elsewhere], TARGET) == 3
    pointed = store.hints.of(GUILD).pointed
    assert {one.question for one in pointed} == {"who?", "Who is it?"}
    assert {one.target for one in pointed} == {TARGET}
    assert store.gaps.recent(GUILD) == []
    assert len(store.gaps.recent(GUILD + 1)) == 1
    assert store.hints.remove_pointed(GUILD + 1, pointed[0].id) == 0
    assert store.hints.remove_pointed(GUILD, pointed[0].id) == 1
    assert store.hints.count_person("h1") == 1
    assert store.hints.delete_person("h1") == 1
    assert store.hints.of(GUILD).none


def test_of_many_wordings_the_newest_are_pointed_and_the_oldest_go(store: Store) -> None:
    ids = [gap(store, f"question {number}?") for number in range(MAX_POINTED_AT_ONCE + 5)]
    assert store.hints.point(GUILD, ids, TARGET) == MAX_POINTED_AT_ONCE + 5
    questions = [one.question for one in store.hints.of(GUILD).pointed]
    assert len(questions) == MAX_POINTED_AT_ONCE
    assert "question 4?" not in questions
    for number in range(MAX_POINTED):
        store.hints.point(GUILD, [gap(store, f"later {number}?")], TARGET)
    pointed = store.hints.of(GUILD).pointed
    assert len(pointed) == MAX_POINTED
    assert not any(one.question.startswith("question") for one in pointed)


def test_more_gaps_than_a_statement_takes_are_dismissed(store: Store) -> None:
    ids = [gap(store, "who?") for _ in range(3)]
    assert store.gaps.dismiss(GUILD + 1, ids) == 0
    assert store.gaps.dismiss(GUILD, [*ids, *range(10_000, 11_200)]) == 3
    assert store.gaps.recent(GUILD) == []


def test_a_card_that_is_old_names_no_question_or_words_that_came_later(store: Store) -> None:
    old = gap(store, "how deep is the moat?")
    store.gaps.clear(GUILD)
    gap(store, "who is the cook?")
    assert store.hints.point(GUILD, [old], TARGET) == store.gaps.dismiss(GUILD, [old]) == 0
    store.hints.add_words(GUILD, ["ferry", "boat"])
    (words,) = store.hints.of(GUILD).words
    store.hints.remove_words(GUILD, words.id)
    store.hints.add_words(GUILD, ["moat", "ditch"])
    assert store.hints.remove_words(GUILD, words.id) == 0
    store.hints.point(GUILD, [one.id for one in store.gaps.recent(GUILD)], TARGET)
    (pointed,) = store.hints.of(GUILD).pointed
    store.hints.remove_pointed(GUILD, pointed.id)
    store.hints.point(GUILD, [gap(store, "when does the gate open?")], TARGET)
    assert store.hints.remove_pointed(GUILD, pointed.id) == 0
