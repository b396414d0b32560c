"""One line a question, and one id from what a person did to what the operator reads of it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import discord
import pytest

from bot.libraries.librarian import Librarian
from bot.monitoring.logs import log_handler
from bot.people.cooldowns import Cooldowns
from bot.settings.limits import Limits
from bot.store.errors import StoreBusyError
from index.answering.answer import Answer
from index.answering.confidence import Outcome
from tests.bot.commands.test_moderators import modal_field
from tests.bot.commands.test_presses import ask, press
from tests.bot.conftest import World, forced, text_of, text_of_message

QUESTION = "who ruled South Korea from 1961 to 1979?"
UNANSWERED = "what is the capital of France?"


class Log:
    """What is written while a test runs."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def questions(self) -> list[dict[str, Any]]:
        return [record for record in self.records if record["logger"] == "footnote.questions"]


@pytest.fixture
def log() -> Iterator[Log]:
    stream = io.StringIO()
    handler = log_handler("json", stream=stream)
    root = logging.getLogger("footnote")
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield Log(stream)
    root.removeHandler(handler)
    root.setLevel(level)


def ended(log: Log) -> tuple[str, str, str | None]:
    (question,) = log.questions
    return question["kind"], question["outcome"], question["reason"]


async def test_an_answered_question_is_one_line_without_its_words_or_its_asker(
    world: World, log: Log
) -> None:
    await ask(world, QUESTION)
    (question,) = log.questions
    assert question["level"] == "INFO"
    assert question["request"]
    assert (question["guild"], question["channel"]) == (world.guild.id, world.channel.id)
    assert (question["kind"], question["outcome"], question["reason"]) == (
        "slash", "answered", None,
    )  # fmt: skip
    assert question["revisions"] == {"shared": 1}
    assert question["milliseconds"] > 0
    assert str(world.guild.id) in question["message"]
    assert "answered" in question["message"]
    for private in ("South Korea", "alice", str(world.member.id)):
        assert private not in log.text


async def test_a_silence_says_why(world: World, log: Log) -> None:
    await ask(world, UNANSWERED)
    assert ended(log) == ("slash", "silent", "no_match")


async def test_the_closest_passage_is_no_answer(world: World, log: Log) -> None:
    with forced(Outcome.CLOSEST):
        await ask(world, QUESTION)
    assert ended(log) == ("slash", "closest", "low_confidence")
    assert log.questions[0]["revisions"] == {"shared": 1}


async def test_a_mention(world: World, log: Log) -> None:
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert ended(log) == ("mention", "answered", None)


async def test_a_direct_message(world: World, log: Log) -> None:
    await world.member.send_dm(QUESTION)
    assert ended(log) == ("dm", "answered", None)
    assert log.questions[0]["guild"] is None


async def test_a_reply(world: World, log: Log) -> None:
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    answer = world.channel.last_message
    await world.member.send(world.channel, f"{world.mention} and in 1948?", reply_to=answer)
    assert [question["kind"] for question in log.questions] == ["mention", "reply"]


async def test_an_edited_question_is_another_question(world: World, log: Log) -> None:
    message = await world.member.send(world.channel, f"{world.mention} {UNANSWERED}")
    await world.member.edit(message, f"{world.mention} {QUESTION}")
    assert [question["outcome"] for question in log.questions] == ["silent", "answered"]
    assert len({question["request"] for question in log.questions}) == 2


async def test_a_follow_up(world: World, log: Log) -> None:
    form = await press(world.member, await ask(world, QUESTION), "follow")
    await world.member.submit_modal(form, {modal_field(form): "and in 1948?"})
    assert [question["kind"] for question in log.questions] == ["slash", "form"]


async def test_a_question_asked_too_fast_is_refused(world: World, log: Log) -> None:
    world.bot.app.cooldowns = Cooldowns(1, 20)
    await ask(world, QUESTION)
    await ask(world, QUESTION)
    assert [question["reason"] for question in log.questions] == [None, "too_fast"]
    assert log.questions[1]["outcome"] == "refused"


async def test_a_greeting_is_no_question(world: World, log: Log) -> None:
    await world.member.send(world.channel, world.mention)
    assert log.questions == []


async def test_a_press_is_a_request_but_no_question(world: World, log: Log) -> None:
    await press(world.member, await ask(world, QUESTION), "context")
    assert len(log.questions) == 1


def broken(*_: object, **__: object) -> Answer:
    logging.getLogger("footnote.test").info("in the middle of it")
    raise RuntimeError("nobody foresaw this")


@pytest.mark.parametrize("threaded", [False, True])
async def test_the_code_that_a_person_is_told_finds_every_record_of_the_request(
    world: World, log: Log, monkeypatch: pytest.MonkeyPatch, threaded: bool
) -> None:
    if threaded:
        monkeypatch.setattr("bot.libraries.librarian.DIRECT_PASSAGES", 0)
    monkeypatch.setattr("index.answering.searcher.Searcher.answer_by_words", broken)
    told = text_of(await world.member.slash(world.channel, "ask", question=QUESTION))
    by_name = {record["logger"]: record for record in log.records}
    assert set(by_name) == {"footnote.test", "footnote.failures", "footnote.questions"}
    (code,) = {record["request"] for record in log.records}
    assert code in told
    assert "RuntimeError: nobody foresaw this" in by_name["footnote.failures"]["exc_info"]
    assert ended(log) == ("slash", "failed", "runtime")


async def test_so_does_the_code_of_a_message(
    world: World, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.answering.searcher.Searcher.answer_by_words", broken)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    (code,) = {record["request"] for record in log.records}
    assert code in text_of_message(world.channel.last_message)
    assert ended(log) == ("mention", "failed", "runtime")


async def test_so_does_the_code_of_a_press(
    world: World, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await ask(world, QUESTION)
    monkeypatch.setattr(Librarian, "find", broken)
    told = text_of(await press(world.member, asked, "context"))
    (failure,) = [record for record in log.records if record["logger"] == "footnote.failures"]
    assert failure["request"] in told
    assert failure["request"] != log.questions[0]["request"]


async def test_what_the_store_cannot_do_has_failed(
    world: World, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise StoreBusyError("busy")

    monkeypatch.setattr("index.answering.searcher.Searcher.answer_by_words", busy)
    await ask(world, QUESTION)
    assert ended(log) == ("slash", "failed", "store_busy")


async def test_an_answer_that_could_not_be_sent_has_failed(
    world: World, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        response = type("Response", (), {"status": 400, "reason": "refused"})()
        raise discord.HTTPException(response, "down")

    monkeypatch.setattr(discord.Message, "reply", refuse)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert ended(log) == ("mention", "failed", "http_exception")


async def test_a_question_that_is_logged_stays_on_its_line(world: World, log: Log) -> None:
    world.bot.app.librarian.limits = Limits(log_questions=True)
    await world.member.send_dm("who ruled?\n2026-01-01 INFO footnote.forged all is well")
    (asked,) = [record for record in log.records if record["logger"] == "footnote.answering"]
    assert "\n" not in asked["message"]
    assert "forged" in asked["message"]
