"""Discord is told of every language, and each person is spoken to in the one they read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import discord
import pytest
import simcord.interactions

from bot.cards.reports import name_of
from bot.libraries.editing import COMMAND_LINE
from bot.libraries.librarian import AT_START
from bot.libraries.places import Place
from bot.locales import DEFAULT, LANGUAGES, speaking
from bot.store import Person
from bot.store.audit import FORGOTTEN
from tests.bot.commands.test_presses import ask, choose, press
from tests.bot.conftest import World, id_of, parts_of, text_of, text_of_message

QUESTION = "who ruled South Korea from 1961 to 1979?"
UNANSWERED = "what is the capital of France?"
PASSAGE = "> Between **1961** and **1979**, **South Korea's** head of state"
MONA = Person(1, "mona")
OTHERS = [language for language in LANGUAGES if language != DEFAULT]


# What Discord is told


def registered(world: World) -> list[dict[str, Any]]:
    """The commands as they were registered."""
    (request,) = (
        request
        for request in world.env.http_requests
        if request.method == "PUT" and request.path.endswith("/commands")
    )
    payload: Any = request.json
    return list(payload)


def parts(things: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Commands, options and choices, each with what it is."""
    for thing in things:
        yield "choice" if "value" in thing else "command", thing
        yield from parts(thing.get("options") or ())
        yield from parts(thing.get("choices") or ())


async def test_commands_are_registered_in_every_language(world: World) -> None:
    commands = registered(world)
    assert len(commands) == 9
    for kind, part in parts(commands):
        assert set(part["name_localizations"]) == set(OTHERS), part["name"]
        if kind == "command" and part.get("type") != discord.AppCommandType.message.value:
            assert set(part["description_localizations"]) == set(OTHERS), part["name"]
    by_name = {command["name"]: command for command in commands}
    assert by_name["ask"]["name_localizations"] == {"ko": "질문", "ja": "質問"}
    assert by_name["Find sources"]["name_localizations"]["ko"] == "출처 찾기"
    adding = next(one for one in by_name["index"]["options"] if one["name"] == "add")
    layout = next(one for one in adding["options"] if one["name"] == "layout")
    assert layout["name_localizations"]["ja"] == "構成"
    assert [choice["value"] for choice in layout["choices"]] == ["lines", "prose"]
    assert layout["choices"][0]["name_localizations"]["ko"] == "줄 단위"


@pytest.mark.parametrize("language", OTHERS)
async def test_no_two_commands_or_options_beside_each_other_have_one_name(
    world: World, language: str
) -> None:
    commands = registered(world)
    for siblings in (commands, *(part.get("options") or () for _, part in parts(commands))):
        names = [one["name_localizations"][language] for one in siblings]
        assert len(set(names)) == len(names)


# Who is spoken to in which language


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the language of the readers' Discord, and of the server's."""
    real = simcord.interactions.base_payload

    def set_locales(reader: str, server: str = "en-US") -> None:
        def base_payload(*given: Any, **named: Any) -> Any:
            record, payload = real(*given, **named)
            payload["locale"] = reader
            if "guild_locale" in payload:
                payload["guild_locale"] = server
            return record, payload

        monkeypatch.setattr(simcord.interactions, "base_payload", base_payload)

    return set_locales


def labels(shown: Any) -> list[str]:
    """The labels and placeholders of the controls of a message."""
    parts = parts_of(shown.components)
    return [
        str(part[name]) for part in parts for name in ("label", "placeholder") if part.get(name)
    ]


async def set_language(world: World, language: str) -> None:
    place = Place(world.guild.id)
    await world.bot.app.librarian.change_settings(place, {"language": language}, MONA)


async def test_a_korean_readers_private_answer_is_korean_but_for_the_passage(
    world: World, reads: Any
) -> None:
    reads("ko")
    result = await world.member.slash(world.channel, "ask", question=QUESTION, private=True)
    text = text_of(result)
    assert PASSAGE in text
    assert "4번째 줄" in text
    assert "line" not in text.replace("online", "")
    shown = labels(result.response)
    assert shown[:3] == ["앞뒤 문맥", "이어서 질문", "더 보기 …"]
    assert {"다음 구절", "번호가 가리키는 것", "공유"} >= set(shown[3:])
    assert "공유" in shown


async def test_what_a_korean_reader_presses_answers_in_korean(world: World, reads: Any) -> None:
    shown = await ask(world)
    assert "Context" in labels(shown)
    reads("ko")
    around = await press(world.member, shown, "context")
    assert "가까운 발췌" in text_of(around)
    assert "이전" in labels(around.response)
    assert "번호가 가리키는 것" in text_of(await choose(world.member, shown, "sources"))
    modal = await press(world.member, shown, "follow")
    assert "이어서 질문" in str(modal.modal)
    assert "다음 질문" in str(modal.modal)


async def test_what_is_shared_is_in_the_language_of_the_server(world: World, reads: Any) -> None:
    reads("ko", "ja")
    shown = await ask(world, private=True)
    await choose(world.member, shown, "share")
    shared = world.channel.last_message
    assert "さんが共有しました" in text_of_message(shared)
    assert "前後の文脈" in labels(shared)


async def test_a_public_answer_is_in_the_language_of_the_servers_settings(
    world: World, reads: Any
) -> None:
    await set_language(world, "ja")
    reads("ko", "ko")
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert PASSAGE in text_of(result)
    assert "4 行目" in text_of(result)
    assert labels(result.response)[:2] == ["前後の文脈", "続けて質問"]
    silent = await world.member.slash(world.channel, "ask", question=UNANSWERED)
    assert "お答えできません" in text_of(silent)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert "4 行目" in text_of_message(world.channel.last_message)


async def test_without_a_setting_a_public_answer_is_in_the_language_of_the_server(
    world: World, reads: Any
) -> None:
    reads("ko", "ja")
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert "4 行目" in text_of(result)
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    guild.preferred_locale = discord.Locale.korean
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert "4번째 줄" in text_of_message(world.channel.last_message)


async def test_a_failure_is_told_in_the_language_of_its_reader(world: World, reads: Any) -> None:
    await set_language(world, "ja")
    reads("ko")
    refused = await world.member.slash(world.channel, "cite", number="29")
    assert refused.ephemeral
    assert "가장 가까운 번호: 21, 28, 33" in text_of(refused)
    world.admit_everyone_to_index()
    refused = await world.member.slash(world.channel, "index status")
    assert "서버 관리하기" in text_of(refused)
    for _ in range(6):
        last = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert last.ephemeral
    assert "연달아 5번까지만" in text_of(last)


async def test_an_unforeseen_failure_is_told_in_the_language_of_its_reader(
    world: World, reads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(world.bot.app.librarian, "answer", broken)
    reads("ja", "ko")
    result = await world.member.slash(world.channel, "ask", question="who?")
    assert "問題が起き" in text_of(result)


@pytest.mark.parametrize(
    ("locale", "heading", "command"),
    [
        ("ko", "여기서 할 수 있는 것", "`/질문` 질문하면"),
        ("ja", "ここでできること", "`/質問` 質問すると"),
        ("de", "What you can do here", "`/ask` Ask a question"),
        ("en-GB", "What you can do here", "`/index status`"),
    ],
)
async def test_help_is_in_the_language_of_its_reader(
    world: World, reads: Any, locale: str, heading: str, command: str
) -> None:
    reads(locale)
    text = text_of(await world.moderator.slash(world.channel, "help"))
    assert heading in text
    assert command in text


async def test_the_settings_and_their_refusals_are_in_the_language_of_their_reader(
    world: World, reads: Any
) -> None:
    reads("ko")
    shown = await world.moderator.slash(world.channel, "index settings")
    assert "이 서버의 설정" in text_of(shown)
    assert {"역할 없음", "모든 채널", "켜기", "끄기", "엄격하게", "日本語"} <= set(
        labels(shown.response)
    )
    assert shown.response is not None
    refused = await world.moderator.select(
        shown.response, [world.guild.default_role], custom_id=id_of(shown.response, "choose:role")
    )
    assert "모두가 가진 역할이에요" in text_of(refused)


async def test_who_made_a_revision_is_named_in_the_language_of_the_reader(
    world: World, reads: Any
) -> None:
    reads("ko")
    assert "봇 시작" in text_of(await world.moderator.slash(world.channel, "index status"))
    with speaking("ja"):
        assert name_of(COMMAND_LINE) == "コマンドライン"
        assert name_of(FORGOTTEN) == "名前を削除した人"
        assert name_of(AT_START) == "起動時"
        assert name_of(Person(7, "start-up")) == "start-up"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("프랑스의 수도는?", "여기 문서는 다른 언어로 되어 있어요: English."),
        ("フランスの首都はどこ?", "ここの文書は別の言語です: English。"),
        (UNANSWERED, "I have no answer"),
    ],
)
async def test_a_direct_message_is_answered_in_its_own_language(
    world: World, asked: str, said: str
) -> None:
    await world.member.send_dm(asked)
    assert said in text_of_message(world.member.user.dm_channel.last_message)
