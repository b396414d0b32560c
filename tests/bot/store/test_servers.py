"""What is kept of servers and people: settings, audit, gaps, votes, and the end of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.store import Gap, KeptMessage, Person, ServerSettings, Store, Sureness, Target
from bot.store.errors import SettingError, StoreError
from index.answering.confidence import BALANCED, CHOICES
from tests.bot.store.conftest import Clock
from tests.bot.store.helpers import (
    GUILD,
    MONA,
    contents,
    document,
    execute_raw,
    file_of,
    number_of,
    publish,
    query,
    votes_on,
)
from tests.bot.store.test_followed import followed


def test_a_server_has_the_defaults_until_it_chooses(store: Store) -> None:
    assert store.settings.of(GUILD) == ServerSettings()
    chosen = store.settings.change(GUILD, {"language": "ko", "sureness": "strict"}, MONA)
    assert store.settings.of(GUILD) == chosen == ServerSettings(language="ko", sureness="strict")
    store.settings.change(GUILD, {"shared_library": False}, MONA)
    assert store.settings.of(GUILD) == chosen.model_copy(update={"shared_library": False})
    assert store.settings.of(GUILD + 1) == ServerSettings()
    assert [entry.what for entry in store.audit.entries(GUILD)] == [
        "settings shared_library",
        "settings language, sureness",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"nonsense": 1},
        {"language": "de"},
        {"sureness": "very"},
        {"threshold": 0.7},
        {"private_answers": "yes"},
    ],
)
def test_a_setting_that_cannot_be_changes_nothing(store: Store, changes: dict[str, object]) -> None:
    with pytest.raises(SettingError, match=next(iter(changes))):
        store.settings.change(GUILD, {"keep_gaps": False, **changes}, MONA)
    assert store.settings.of(GUILD) == ServerSettings()
    assert store.audit.entries(GUILD) == []


def test_an_unknown_key_fails_in_the_model_and_in_the_database(store: Store, state: Path) -> None:
    with pytest.raises(ValidationError):
        ServerSettings.model_validate({"nonsense": 1})
    store.settings.change(GUILD, {"language": "ja"}, MONA)
    execute_raw(file_of(state), """UPDATE server_settings SET settings = '{"nonsense": 1}'""")
    with pytest.raises(StoreError, match="nonsense"):
        store.settings.of(GUILD)


def store_settings(state: Path, text: str) -> None:
    execute_raw(file_of(state), f"UPDATE server_settings SET settings = '{text}'")  # noqa: S608


def test_the_choices_of_a_server_are_those_of_the_searcher() -> None:
    assert list(get_args(Sureness)) == list(CHOICES)
    assert CHOICES[ServerSettings().sureness] is BALANCED


@pytest.mark.parametrize(
    ("threshold", "sureness"),
    [
        ("null", "balanced"),
        ("0.65", "strict"),
        ("1.0", "strict"),
        ("1", "strict"),
        ("0.64", "balanced"),
        ("0.5", "balanced"),
        ("0.36", "balanced"),
        ("0.35", "open"),
        ("0", "open"),
    ],
)
def test_settings_of_an_earlier_version_come_to_a_choice(
    store: Store, state: Path, threshold: str, sureness: str
) -> None:
    store.settings.change(GUILD, {"language": "ja"}, MONA)
    earlier = (
        '{"moderator_role_id":7,"mention_channel_ids":[1,2],"language":"ko",'
        f'"private_answers":true,"threshold":{threshold},"shared_library":true,"keep_gaps":false}}'
    )
    store_settings(state, earlier)
    loaded = store.settings.of(GUILD)
    assert loaded.model_dump() == {
        "moderator_role_id": 7,
        "mention_channel_ids": (1, 2),
        "language": "ko",
        "private_answers": True,
        "sureness": sureness,
        "shared_library": True,
        "keep_gaps": False,
    }
    changed = store.settings.change(GUILD, {"language": None}, MONA)
    assert store.settings.of(GUILD) == changed == loaded.model_copy(update={"language": None})


@pytest.mark.parametrize(
    "stored",
    [
        '{"threshold": 1.5}',
        '{"threshold": "high"}',
        '{"threshold": true}',
        '{"threshold": 0.5, "sureness": "open"}',
        "[]",
    ],
)
def test_what_no_version_stored_fails(store: Store, state: Path, stored: str) -> None:
    store.settings.change(GUILD, {"language": "ja"}, MONA)
    store_settings(state, stored)
    with pytest.raises(StoreError, match="the settings of server"):
        store.settings.of(GUILD)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.builds(
        ServerSettings,
        moderator_role_id=st.none() | st.integers(0, 2**63 - 1),
        mention_channel_ids=st.lists(st.integers(0, 2**63 - 1), max_size=5).map(tuple),
        sureness=st.sampled_from(get_args(Sureness)),
    )
)
def test_settings_come_back_as_they_were(store: Store, chosen: ServerSettings) -> None:
    store.settings.change(GUILD, chosen.model_dump(), MONA)
    assert store.settings.of(GUILD) == chosen


def test_a_persons_name_can_be_replaced_everywhere(store: Store) -> None:
    publish(store, [document("a")])
    publish(store, [document("b")], by=Person(2, "milo"))
    store.audit.add(GUILD, MONA, "gaps clear", "3 deleted")
    assert store.audit.forget_person(1001) == 3
    names = [revision.by.name for revision in store.libraries.history(GUILD)]
    assert names == ["milo", "somebody"]
    entries = [entry.by.name for entry in store.audit.entries(GUILD)]
    assert entries == ["somebody", "milo", "somebody"]
    assert store.audit.entries(GUILD, limit=1)[0].outcome == "3 deleted"


def test_gaps_of_the_last_thirty_days_are_listed(store: Store, clock: Clock) -> None:
    store.gaps.add(GUILD, "old?", "no_answer")
    clock.pass_days(20)
    first = clock.now
    store.gaps.add(GUILD, "who?", "no_answer", person="h1")
    store.gaps.add(GUILD + 1, "elsewhere?", "no_answer", person="h1")
    clock.pass_days(10.01)
    store.gaps.add(GUILD, "why?", "thumbs_down", person="h2", answer="m1")
    assert store.gaps.recent(GUILD) == [
        Gap("why?", "thumbs_down", clock.now),
        Gap("who?", "no_answer", first),
    ]
    assert len(store.gaps.recent(GUILD, limit=1)) == 1
    assert store.gaps.expire() == 1
    assert store.gaps.expire() == 0
    assert store.gaps.withdraw("m1", "h1") == 0
    assert store.gaps.withdraw("m1", "h2") == 1
    assert store.gaps.delete_person("h1") == 2
    store.gaps.add(GUILD, "what?", "no_answer")
    assert store.gaps.clear(GUILD) == 1
    assert store.gaps.recent(GUILD) == []


def test_a_person_has_one_vote_an_answer(store: Store) -> None:
    store.votes.cast(GUILD, "m1", "h1", 1)
    store.votes.cast(GUILD, "m1", "h2", 1)
    store.votes.cast(None, "m2", "h1", -1)
    assert votes_on(store, "m1") == (2, 0)
    store.votes.cast(GUILD, "m1", "h1", -1)
    assert votes_on(store, "m1") == (1, 1)
    assert store.votes.of("m1", "h1") == -1
    assert store.votes.take_back("m1", "h1")
    assert not store.votes.take_back("m1", "h1")
    assert store.votes.of("m1", "h1") is None
    assert store.votes.delete_person("h1") == 1
    assert votes_on(store, "m2") == (0, 0)
    assert votes_on(store, "m1") == (1, 0)


def fill(store: Store, guild_id: int) -> None:
    publish(store, [document("a", b"confidential " * 50 + str(guild_id).encode())], owner=guild_id)
    store.settings.change(guild_id, {"language": "ko"}, MONA)
    store.gaps.add(guild_id, "who?", "no_answer")
    store.votes.cast(guild_id, f"m{guild_id}", "h1", 1)
    store.messages.keep(KeptMessage(guild_id, guild_id, 5, "messages", "h1"))
    store.followed.follow(followed(store, owner=guild_id))
    store.hints.add_words(guild_id, ["ferry", "boat"])
    (gap,) = store.gaps.recent(guild_id)
    store.gaps.add(guild_id, "when?", "no_answer")
    store.hints.point(guild_id, [gap.id], Target(guild_id, "a", 0, "0"))


def test_what_was_kept_of_a_server_that_left_goes(store: Store, state: Path, clock: Clock) -> None:
    for guild_id in (1, 2, 3, 4):
        fill(store, guild_id)
    publish(store, [document("shared")], owner=0)
    assert store.servers.known() == {1, 2, 3, 4}
    left = clock.now
    for guild_id in (1, 2, 3):
        store.servers.mark_left(guild_id, left)
    store.servers.mark_joined(2)
    assert store.servers.known() == {2, 4}
    clock.pass_days(31)
    store.servers.mark_left(1, clock.now)
    store.servers.mark_left(3, clock.now)
    store.servers.mark_left(4, clock.now)
    assert store.servers.delete_left(clock.now - timedelta(days=30)) == [1, 3]
    assert store.servers.delete_left(clock.now - timedelta(days=30)) == []
    for table in (
        "server_settings",
        "audit",
        "gaps",
        "votes",
        "words",
        "pointed_questions",
        "kept_messages",
    ):
        held = {row[0] for row in query(store, f"SELECT guild_id FROM {table}")}  # noqa: S608
        assert held - {0} == {2, 4}
    for table in ("libraries", "revisions", "revision_documents", "followed_addresses"):
        held = {row[0] for row in query(store, f"SELECT owner FROM {table}")}  # noqa: S608
        assert held - {0} == {2, 4}
    everything = b"".join(contents(state).values())
    assert everything.count(b"confidential " * 50 + b"2") == 1
    assert b"confidential " * 50 + b"1" not in everything
    assert b"confidential " * 50 + b"3" not in everything
    assert publish(store, [document("anew")], owner=1) == 1
    assert number_of(store, 2) == 1


def test_a_naive_time_is_refused(store: Store) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(Exception, match="naive"):
        store.servers.mark_left(1, naive)
