"""Find sources, in the menu of a message and as /sources."""

from __future__ import annotations

import dataclasses

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.sources import sources_card
from bot.gateway.client import FootnoteBot
from bot.libraries.places import Place
from index.answering.answer import Hit
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage
from index.statements.statements import MAX_STATEMENTS, Statement, Statements
from index.statements.support import Kind
from tests.bot.cards.test_cards import TEXTS, assert_fits, texts
from tests.bot.conftest import World, text_of
from tests.bot.libraries.test_server_libraries import publish

MENU = "Find sources"
TRUE = "The European Parliament adopted a resolution on December 13, 2007."
WRONG = "The European Parliament adopted a resolution on December 13, 2009."
UNRELATED = "Mount Fuji is the highest mountain in Japan."
HOSTILE = "@everyone <@1> **Park** [x](https://example.org) ||spoiler|| # `code` > " * 60


async def test_every_statement_has_its_mark_and_the_numbers(world: World) -> None:
    result = await world.member.slash(
        world.channel, "sources", text=f"Hi all! {TRUE} {WRONG} Who knows more? {UNRELATED}"
    )
    text = text_of(result)
    assert "1 of 3 statements have a passage" in text
    assert "1 more has one" in text
    assert "✓ The European Parliament" in text
    assert "**\\[28\\] \\[33\\]** · Japan–South Korea relations, line 12" in text
    assert "≈ The European Parliament" in text
    assert "Not there: 2009" in text
    assert "– Mount Fuji" in text
    assert result.ephemeral


async def test_the_menu_of_a_members_message(world: World) -> None:
    message = await world.member.send(world.channel, TRUE)
    result = await world.moderator.context_menu(world.channel, MENU, message)
    assert "1 of 1 statement has a passage" in text_of(result)
    assert "\\[33\\]" in text_of(result)
    assert result.ephemeral


async def test_a_message_without_text_is_told_why(world: World) -> None:
    message = await world.member.send(world.channel, attachments=[("map.png", b"\x89PNG")])
    result = await world.member.context_menu(world.channel, MENU, message)
    assert "no text to look for" in text_of(result)
    assert result.ephemeral


async def test_an_embed_alone_is_no_text(world: World) -> None:
    webhook = world.guild.create_webhook(world.channel)
    message = await webhook.send(embeds=[discord.Embed(title="News", description=TRUE)])
    result = await world.member.context_menu(world.channel, MENU, message)
    assert "no text to look for" in text_of(result)


@pytest.mark.parametrize(
    "text", ["who was Park?", "hello everyone", "<@1> :smile:", "```\nx y\n```"]
)
async def test_a_message_that_states_nothing_is_told_why(world: World, text: str) -> None:
    message = await world.member.send(world.channel, text)
    result = await world.member.context_menu(world.channel, MENU, message)
    assert "states nothing" in text_of(result)


async def test_a_long_hostile_message_is_answered_and_nothing_takes_effect(world: World) -> None:
    for text in (HOSTILE[:4000], f"{TRUE} " * 60, "*" * 4000, "<@1>" * 1000):
        result = await world.member.slash(world.channel, "sources", text=text[:4000])
        assert result.acknowledged
        assert result.ephemeral
        shown = text_of(result)
        assert len(shown) <= 4000
        assert "<@1>" not in shown
        assert "](http" not in shown
    message = await world.member.send(world.channel, HOSTILE[:2000])
    assert (await world.member.context_menu(world.channel, MENU, message)).ephemeral
    assert world.env.errors == []
    sent = [r.json for r in world.env.http_requests if r.path.endswith("/callback") and r.json]
    assert len(sent) == 5
    for payload in sent:
        mentions = payload["data"]["allowed_mentions"]
        assert mentions.get("parse") == []
        assert not mentions.get("users")


async def test_of_the_bots_own_card_the_passages_are_looked_for(world: World) -> None:
    await world.member.slash(
        world.channel, "ask", question="when did the European Parliament adopt its resolution?"
    )
    card = world.channel.last_message
    assert card is not None
    text = text_of(await world.member.context_menu(world.channel, MENU, card))
    assert "1 of 1 statement has a passage" in text
    assert "line 12" in text


async def test_a_silence_of_the_bot_has_nothing_to_look_for(world: World) -> None:
    await world.member.slash(world.channel, "ask", question="what is the capital of France?")
    card = world.channel.last_message
    assert card is not None
    assert "no text" in text_of(await world.member.context_menu(world.channel, MENU, card))


async def test_another_servers_documents_never_appear(world: World) -> None:
    secret = "[7] The castle's secret gate opens at nine in the spring of 1999."
    await publish(world.bot.app.publisher, Place(world.guild.id + 1), secret)
    text = "The castle's secret gate opens at nine in the spring of 1999."
    for _ in range(2):
        said = text_of(await world.member.slash(world.channel, "sources", text=text))
        assert "0 of 1" in said
        assert "Rules" not in said
        assert "\\[7\\]" not in said
        await publish(
            world.bot.app.publisher, Place(world.guild.id), "[1] A choir sang in the hall."
        )
    await publish(world.bot.app.publisher, Place(world.guild.id), secret)
    said = text_of(await world.member.slash(world.channel, "sources", text=text))
    assert "1 of 1" in said
    assert "\\[7\\]" in said


async def test_it_works_in_direct_messages(world: World) -> None:
    result = await world.member.user.slash("sources", text=TRUE)
    assert "1 of 1" in text_of(result)


async def test_the_menu_goes_with_the_extension(world: World) -> None:
    def menus(bot: FootnoteBot) -> list[str]:
        return [menu.name for menu in bot.tree.get_commands(type=discord.AppCommandType.message)]

    assert MENU in menus(world.bot)
    await world.bot.unload_extension("bot.commands.sources")
    assert MENU not in menus(world.bot)
    await world.bot.load_extension("bot.commands.sources")
    assert MENU in menus(world.bot)


NUMBERS = st.lists(st.text(min_size=1, max_size=20), max_size=20)


def hit(title: str, numbers: list[str], line: int) -> Hit:
    spec = DocumentSpec.model_validate({"id": "d", "title": "A title", "file": "d.txt"})
    passage = Passage("d", line, "Words.", tuple(numbers))
    object.__setattr__(spec, "title", title)
    return Hit(passage, Document(spec, (passage,)), 1.0, 1.0)


HITS = st.builds(hit, st.text(min_size=1, max_size=200), NUMBERS, st.integers(1, 10_000_000))
STATEMENTS = st.builds(
    Statement,
    TEXTS,
    st.sampled_from(Kind),
    st.lists(HITS, max_size=3).map(tuple),
    st.lists(TEXTS, max_size=5).map(tuple),
)


@given(st.lists(STATEMENTS, max_size=MAX_STATEMENTS), st.integers(0, 1000))
def test_cards_of_any_statements_fit(statements: list[Statement], left_over: int) -> None:
    assert_fits(sources_card(Statements(tuple(statements), left_over)))


@pytest.mark.parametrize("sign", ["*", "x", "한", "["])
@pytest.mark.parametrize("kind", list(Kind))
def test_the_longest_card_fits_and_keeps_every_statement(sign: str, kind: Kind) -> None:
    one = Statement(sign * 1000, kind, (hit(sign * 200, [sign * 60] * 9, 10**7),) * 3, (sign * 99,))
    view = sources_card(Statements((one,) * MAX_STATEMENTS, 999))
    assert_fits(view)
    mark = {"supported": "✓", "touched": "≈", "none": "–"}[kind]
    body = texts(view)[1]
    assert sum(line.startswith(f"{mark} ") for line in body.splitlines()) == MAX_STATEMENTS


def test_those_left_over_are_counted() -> None:
    found = Statements((Statement("A statement."),) * MAX_STATEMENTS, 3)
    assert "3 more" in texts(sources_card(found))[-1]
    more = dataclasses.replace(found, left_over=0)
    assert "more" not in texts(sources_card(more))[-1]
