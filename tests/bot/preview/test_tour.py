"""The tour of the preview: what it offers, and what its buttons do when pressed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
import yaml

from bot.cards.layout import MAX_TEXT
from bot.interactions.replies import SILENT
from bot.libraries.librarian import Librarian
from bot.people.cooldowns import Cooldowns
from bot.preview.tour import Tour, TourButton, welcome_card
from index.documents.corpus import load_corpus
from index.library.library import IndexedLibrary
from tests.bot.conftest import World, _texts, text_of

MENTION = "<@1>"


def library(folder: Path) -> IndexedLibrary:
    return IndexedLibrary.build(load_corpus(folder))


def words(view: discord.ui.LayoutView) -> str:
    return "\n".join(_texts(list(view.to_components())))  # type: ignore[no-untyped-call]


def buttons(view: discord.ui.LayoutView) -> dict[str, str]:
    """The labels of the buttons, by their custom_ids."""
    found = [item for item in view.walk_children() if isinstance(item, discord.ui.Button)]
    return {str(button.custom_id): str(button.label) for button in found}


def corpus(folder: Path, text: str, *titles: str, **more: str) -> Path:
    """A folder of documents that all hold `text`."""
    documents = [
        {"id": f"d{number}", "title": title, "file": "d.txt", **more}
        for number, title in enumerate(titles)
    ]
    folder.mkdir()
    (folder / "corpus.yaml").write_text(yaml.safe_dump({"documents": documents}), encoding="utf-8")
    (folder / "d.txt").write_text(text, encoding="utf-8")
    return folder


class TestWelcome:
    def test_it_offers_all_stops_of_the_shipped_document(self, data: Path) -> None:
        view = welcome_card(library(data), MENTION)
        assert buttons(view) == {
            "tour:ask": "Ask a question",
            "tour:silence": "Ask what no passage answers",
            "tour:cite": "Look up [28]",
            "tour:sources": "Find sources for a text",
            "tour:documents": "What can be asked",
        }
        assert "<@1> why did tourism to Japan drop?" in words(view)
        assert len(words(view)) < 500

    def test_other_documents_come_without_the_shipped_ones_questions(self, tmp_path: Path) -> None:
        text = "[7] Tea is hot.\n[8][7] Ice is cold."
        folder = corpus(tmp_path / "c", text, "Drinks", example="is tea hot?")
        view = welcome_card(library(folder), MENTION)
        assert list(buttons(view)) == ["tour:ask", "tour:cite", "tour:documents", "tour:help"]
        assert "Look up [7]" in buttons(view).values()
        assert "**Drinks**" in words(view)
        assert not any(word in words(view) for word in ("Korea", "Japan", "World Cup"))

    def test_what_the_documents_do_not_have_is_not_offered(self, tmp_path: Path) -> None:
        view = welcome_card(library(corpus(tmp_path / "c", "Tea is hot.", "Drinks")), MENTION)
        assert list(buttons(view)) == ["tour:documents", "tour:help"]

    def test_many_long_titles_and_a_long_number_fit(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path / "c", f"[note {'1' * 30}] Tea is hot.", *["*@`" * 66] * 40)
        view = welcome_card(library(folder), MENTION)
        assert len(words(view)) <= MAX_TEXT
        assert view.total_children_count <= 40
        assert "37 more" in words(view)
        assert all(len(label) <= 80 for label in buttons(view).values())


class TestButtons:
    @pytest.fixture(autouse=True)
    async def welcome(self, world: World) -> discord.Message:
        """The welcome in the world's channel, as the preview sends it."""
        world.bot.add_dynamic_items(TourButton)
        view = welcome_card(world.bot.app.librarian.shared().library, world.mention)
        channel = world.bot.get_partial_messageable(world.channel.id)
        return await channel.send(view=view, allowed_mentions=SILENT)

    async def go(self, world: World, welcome: Any, stop: str) -> simcord.InteractionResult:
        result = await world.member.click(welcome, custom_id=f"tour:{stop}")
        assert result.acknowledged
        return result

    @pytest.mark.parametrize(
        ("stop", "private", "text"),
        [
            ("ask", False, "On December 13, **2007**"),
            ("silence", False, "No passage of the sources answers that."),
            ("cite", False, "According to the New York Times"),
            ("sources", True, "Not there: 2009"),
            ("documents", True, "30 passages"),
        ],
    )
    async def test_each_answers_as_its_command(
        self, world: World, welcome: discord.Message, stop: str, private: bool, text: str
    ) -> None:
        result = await self.go(world, welcome, stop)
        assert text.replace("*", "") in text_of(result).replace("*", "")
        assert result.ephemeral is private

    async def test_a_number_that_is_gone_is_told(
        self, world: World, welcome: discord.Message
    ) -> None:
        world.document.write_text("Nothing is cited.\n", encoding="utf-8")
        world.bot.app.librarian = Librarian(world.data, world.store)
        assert Tour.of(world.bot.app.librarian.shared().library).number is None
        result = await self.go(world, welcome, "cite")
        assert "have changed" in text_of(result)
        assert result.ephemeral

    async def test_questions_count_as_questions(
        self, world: World, welcome: discord.Message
    ) -> None:
        world.bot.app.cooldowns = Cooldowns(1, 20)
        await self.go(world, welcome, "ask")
        assert "Ask again" in text_of(await self.go(world, welcome, "silence"))
        assert "30 passages" in text_of(await self.go(world, welcome, "documents"))

    async def test_what_nobody_foresaw_is_told_too(
        self, world: World, welcome: discord.Message, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.preview.tour.find_sources", None)
        assert "Something went wrong" in text_of(await self.go(world, welcome, "sources"))


async def test_run_does_not_know_the_tour(world: World) -> None:
    known = world.bot._connection._view_store._dynamic_items.values()
    assert TourButton not in known
