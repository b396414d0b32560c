"""/documents, /help and /privacy; and that nothing of a person stays where it should not."""

from __future__ import annotations

import logging

import pytest

from bot.libraries.places import Place
from bot.monitoring.logs import set_up_logging
from bot.settings.limits import Limits
from bot.settings.settings import load_settings
from bot.store import Person
from tests.bot.commands.test_presses import ask, press
from tests.bot.conftest import World, text_of
from tests.bot.libraries.test_server_libraries import document, publish
from tests.bot.store.helpers import votes_on

MONA = Person(1, "mona")
UNANSWERED = "which penguins sleep in the castle?"


async def test_documents_tells_what_can_be_asked_about(world: World) -> None:
    await publish(world.bot.app.publisher, Place(world.guild.id), "[1] The gate opens at seven.")
    result = await world.member.slash(world.channel, "documents")
    text = text_of(result)
    assert result.ephemeral
    assert "2 documents" in text
    assert "[Japan–South Korea relations](https://en.wikipedia.org" in text
    assert "CC BY-SA 4.0" in text
    assert "For example: when did the European Parliament" in text
    assert "Rules-0" in text or "Rules\\-0" in text
    elsewhere = text_of(await world.env.create_user("dora").slash("documents"))
    assert "One document" in elsewhere
    assert "Rules" not in elsewhere


async def test_help_shows_what_this_person_may_use_here(world: World) -> None:
    member = text_of(await world.member.slash(world.channel, "help"))
    assert "/ask" in member
    assert "Mention me" in member
    assert "/index" not in member
    moderator = text_of(await world.moderator.slash(world.channel, "help"))
    assert "/index settings" in moderator
    direct = text_of(await world.env.create_user("dora").slash("help"))
    assert "Just write your question" in direct
    assert "/index" not in direct
    assert "menu of any message" not in direct
    for text in (member, moderator, direct):
        assert len(text) < 2500
        assert text.count("\n") < 25


async def test_every_command_is_in_somebodys_help(world: World) -> None:
    text = text_of(await world.moderator.slash(world.channel, "help"))
    left_out = {"help", "index download", "index purge"}
    for command in world.bot.tree.walk_commands():
        if not hasattr(command, "commands") and command.qualified_name not in left_out:
            assert f"/{command.qualified_name}" in text


async def test_privacy_counts_and_deletes_at_once(world: World) -> None:
    shown = await ask(world, UNANSWERED)
    answered = await ask(world)
    await press(world.member, answered, "down")
    await press(world.moderator, answered, "up")
    result = await world.member.slash(world.channel, "privacy")
    assert "3 votes and questions" in text_of(result)
    assert "never holds them" in text_of(result)
    assert result.response is not None
    forgotten = await press(world.member, result.response, "forget")
    assert "Deleted: 3" in text_of(forgotten)
    assert world.store.gaps.recent(world.guild.id) == []
    assert votes_on(world.store, str(answered.id)) == (1, 0)
    assert shown is not None


async def test_a_moderators_name_is_replaced(world: World) -> None:
    place = Place(world.guild.id)
    by = Person(world.moderator.id, "mona")
    await world.bot.app.librarian.change_settings(place, {"keep_gaps": False}, by)
    result = await world.moderator.slash(world.channel, "privacy")
    assert result.response is not None
    await press(world.moderator, result.response, "forget")
    (entry,) = world.store.audit.entries(world.guild.id)
    assert "mona" not in entry.by.name
    assert entry.by.id != world.moderator.id


async def test_the_store_never_holds_an_account_beside_a_question(world: World) -> None:
    await ask(world, UNANSWERED)
    world.store.close()
    content = b"".join(path.read_bytes() for path in world.data.parent.glob("state/*.sqlite3*"))
    assert UNANSWERED.encode() in content
    assert str(world.member.id).encode() not in content
    assert b"alice" not in content


@pytest.mark.parametrize("logged", [False, True])
async def test_questions_are_in_the_log_only_where_the_operator_wants_that(
    world: World, caplog: pytest.LogCaptureFixture, logged: bool
) -> None:
    world.bot.app.librarian.limits = Limits(log_questions=logged)
    levels = {name: logging.getLogger(name).level for name in ("", "discord", "alembic")}
    handlers = logging.getLogger().handlers[:]
    try:
        set_up_logging(load_settings({"FOOTNOTE_LOG_LEVEL": "DEBUG"}))
        caplog.set_level(logging.DEBUG)
        await ask(world, UNANSWERED)
        await world.member.send(world.channel, f"{world.mention} {UNANSWERED}")
        await world.member.send_dm(UNANSWERED)
        await world.member.slash(world.channel, "ask", question=UNANSWERED, private=True)
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        logging.getLogger().handlers[:] = handlers
        logging.captureWarnings(capture=False)
    assert caplog.text.count("asked in") == (4 if logged else 0)
    assert ("penguins" in caplog.text) == logged


async def test_a_moderators_name_is_served_no_more(world: World) -> None:
    place, by = Place(world.guild.id), Person(world.moderator.id, "monamoniker")
    added_document = document("The gate opens at seven.")
    await world.bot.app.publisher.publish(place, [added_document], by, "add")
    assert "monamoniker" in text_of(await world.moderator.slash(world.channel, "index status"))
    result = await world.moderator.slash(world.channel, "privacy")
    assert result.response is not None
    await press(world.moderator, result.response, "forget")
    for command in ("index status", "index history"):
        assert "monamoniker" not in text_of(await world.moderator.slash(world.channel, command))


async def test_deleted_words_are_gone_from_the_files(world: World) -> None:
    await ask(world, "where do zebrafish sleep?")
    result = await world.member.slash(world.channel, "privacy")
    assert result.response is not None
    await press(world.member, result.response, "forget")
    for path in world.data.parent.glob("state/*.sqlite3*"):
        assert b"zebrafish" not in path.read_bytes(), path


async def test_questions_of_messages_that_are_gone_are_no_gaps(world: World) -> None:
    asked = await world.member.send(world.channel, f"{world.mention} {UNANSWERED}")
    assert len(world.store.gaps.recent(world.guild.id)) == 1
    await world.member.delete(asked)
    assert world.store.gaps.recent(world.guild.id) == []
