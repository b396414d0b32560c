"""Servers' own libraries: kept apart, changed by their moderators, brought back."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from unittest.mock import AsyncMock

import aiohttp
import discord
import pytest
import simcord

from bot.libraries.indexes import Indexes
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.libraries.publisher import Publisher
from bot.libraries.publishing import Revision, load_revision
from bot.locales import LANGUAGES, say, speaking
from bot.store import Person, Store
from bot.store.errors import StoreBusyError, StoreError
from index.answering.confidence import CHOICES, Outcome
from index.documents.corpus import Source
from index.documents.document import DocumentSpec
from tests.bot.conftest import FORCED, World, ask_at, text_of, text_of_message
from tests.bot.pools import let_work_together
from tests.patience import PATIENCE_S

MONA = Person(1, "mona")
NOWHERE = Place(None)


def document(text: str, document_id: str = "rules", **spec: object) -> Source:
    file = f"{document_id}.txt"
    made = DocumentSpec.model_validate(
        {"id": document_id, "title": document_id.title(), "file": file} | spec
    )
    return Source(made, text.encode(), file)


async def publish(publisher: Publisher, place: Place, *texts: str) -> None:
    documents = [document(text, f"rules-{n}") for n, text in enumerate(texts)]
    await publisher.publish(place, documents, MONA, "add")


async def test_two_servers_asked_at_once_never_see_each_others(world: World) -> None:
    librarian, publisher = world.bot.app.librarian, world.bot.app.publisher
    one, two = Place(1), Place(2)
    await publish(publisher, one, "[1] The gate of the castle opens at seven in spring.")
    await publish(publisher, two, "[1] The gate of the castle opens at nine in spring.")
    questions = [f"when does the gate of the castle open? {'!' * n}" for n in range(50)]
    answers = await asyncio.gather(
        *(
            ask_at(librarian, place, question)
            for question in questions
            for place in (one, two, NOWHERE)
        )
    )
    said = {0: "seven", 1: "nine"}
    for position, answer in enumerate(answers):
        word = said.get(position % 3)
        texts = [hit.passage.text for hit in (*answer.hits, *answer.nearest)]
        if word is None:
            assert not any("castle" in text for text in texts)
        else:
            assert word in texts[0]
            assert not any(other in text for text in texts for other in {*said.values()} - {word})


async def test_a_server_searches_the_shared_documents_too(world: World) -> None:
    app, place = world.bot.app, Place(1)
    librarian, publisher = app.librarian, app.publisher
    await publish(publisher, place, "The gate of the castle opens at seven.")
    answer = await ask_at(librarian, place, "who ruled South Korea from 1961 to 1979?")
    assert answer.hits[0].passage.line == 4
    served = await librarian.served(place)
    assert await librarian.served(place) is served


async def test_servers_without_documents_that_are_equally_sure_share_a_searcher(
    world: World,
) -> None:
    librarian = world.bot.app.librarian
    for guild_id in (7, 8):
        world.store.settings.change(guild_id, {"sureness": "strict"}, MONA)
    served = await librarian.served(Place(7))
    assert await librarian.served(Place(7)) is served
    assert await librarian.served(Place(8)) is served
    assert await librarian.served(NOWHERE) is not served
    assert await librarian.served(NOWHERE) is await librarian.served(Place(9))
    assert await librarian.served(Place(7)) is served


async def test_a_server_is_as_sure_as_it_chose(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHOICES, "strict", FORCED[Outcome.SILENT])
    monkeypatch.setitem(CHOICES, "balanced", FORCED[Outcome.CLOSEST])
    monkeypatch.setitem(CHOICES, "open", FORCED[Outcome.SURE])
    outcomes = dict(zip(CHOICES, (Outcome.SILENT, Outcome.CLOSEST, Outcome.SURE), strict=True))
    librarian, question = world.bot.app.librarian, "who ruled South Korea from 1961 to 1979?"
    for own in (False, True):
        for choice, outcome in outcomes.items():
            await librarian.change_settings(Place(7), {"sureness": choice}, MONA)
            assert (await ask_at(librarian, Place(7), question)).outcome is outcome
        if not own:
            await publish(world.bot.app.publisher, Place(7), "The gate opens at seven.")


async def test_what_each_choice_would_show_is_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHOICES, "strict", FORCED[Outcome.SILENT])
    monkeypatch.setitem(CHOICES, "balanced", FORCED[Outcome.SILENT])
    monkeypatch.setitem(CHOICES, "open", FORCED[Outcome.CLOSEST])
    librarian = world.bot.app.librarian
    questions = ["who ruled South Korea?", "what is the capital of France?", "[28]", "[9999]", ""]
    shown = (await librarian.served(NOWHERE)).would_show(questions)
    assert shown == {"strict": 0, "balanced": 0, "open": 1}


async def test_answers_during_publications_come_wholly_from_one_revision(world: World) -> None:
    app, place = world.bot.app, Place(1)
    librarian, publisher = app.librarian, app.publisher

    async def publishing() -> None:
        for n in range(8):
            text = "\n".join(f"[{n}] Gate {g} of the castle opens on day {n}." for g in range(3))
            await publisher.publish(place, [document(text)], MONA, "add")

    publications = asyncio.create_task(publishing())
    while not publications.done():
        served = await librarian.served(place)
        answer = served.searcher.answer("on which day do the gates of the castle open?")
        assert (
            len({hit.passage.citations for hit in answer.hits if hit.document.id == "rules"}) <= 1
        )
        await asyncio.sleep(0)
    await publications


async def test_what_another_program_published_is_noticed(world: World) -> None:
    librarian, place = world.bot.app.librarian, Place(1)
    other = Publisher(Librarian(world.data, world.store))
    await publish(other, place, "The gate of the castle opens at seven.")
    await librarian.catch_up()
    answer = await ask_at(librarian, place, "when does the gate of the castle open?")
    assert "seven" in answer.hits[0].passage.text


async def cold_librarian(world: World) -> Librarian:
    """One that has not loaded yet what server 1 has published."""
    await publish(world.bot.app.publisher, Place(1), "The gate of the castle opens at seven.")
    return Librarian(world.data, world.store)


async def test_all_who_ask_a_cold_library_wait_for_one_loading(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    librarian, place = await cold_librarian(world), Place(1)
    loaded: list[int] = []

    def load(store: Store, owner: int, indexes: Indexes, *, at_once: bool) -> Revision | None:
        loaded.append(owner)
        return load_revision(store, owner, indexes, at_once=at_once)

    monkeypatch.setattr("bot.libraries.librarian.load_revision", load)
    askers = [
        asyncio.create_task(ask_at(librarian, place, "when does the gate of the castle open?"))
        for _ in range(12)
    ]
    await asyncio.sleep(0)
    askers[0].cancel()  # the others go on waiting for what it began
    answers = await asyncio.gather(*askers[1:])
    assert all("seven" in answer.hits[0].passage.text for answer in answers)
    assert loaded == [1]


async def test_a_library_that_could_not_be_loaded_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    librarian, place = await cold_librarian(world), Place(1)

    def fail(*_: object, **__: object) -> None:
        raise StoreBusyError("busy")

    with monkeypatch.context() as broken:
        broken.setattr("bot.libraries.librarian.load_revision", fail)
        with pytest.raises(StoreBusyError):
            await librarian.own(place)
    assert await librarian.own(place) is not None


class TestModerators:
    @pytest.fixture
    async def place(self, world: World) -> Place:
        place = Place(world.guild.id)
        await publish(world.bot.app.publisher, place, "[1] The gate opens at seven.")
        await publish(
            world.bot.app.publisher, place, "[1] The gate opens at seven.", "[2] The moat is deep."
        )
        return place

    @pytest.mark.usefixtures("place")
    async def test_history_shows_what_was_done(self, world: World) -> None:
        text = text_of(await world.moderator.slash(world.channel, "index history"))
        assert "mona added **Rules-1**: 1 passage" in text

    async def test_remove_asks_and_then_removes(self, world: World, place: Place) -> None:
        asked = await world.moderator.slash(world.channel, "index remove", document="rules-1")
        assert asked.ephemeral
        assert asked.response is not None
        own = await world.bot.app.librarian.own(place)
        assert own is not None
        assert len(own.library.documents) == 2
        await world.moderator.click(asked.response, label="Remove")
        own = await world.bot.app.librarian.own(place)
        assert own is not None
        assert [one.id for one in own.library.documents] == ["rules-0"]
        assert "1 removed" in text_of(asked)

    async def test_rollback_shows_what_would_change_and_brings_back(
        self, world: World, place: Place
    ) -> None:
        asked = await world.moderator.slash(world.channel, "index rollback", revision=1)
        assert "− **Rules-1**: 1 removed\n-# 1 passage stays as it is." in text_of(asked)
        assert asked.response is not None
        await world.moderator.click(asked.response, label="Bring it back")
        own = await world.bot.app.librarian.own(place)
        assert own is not None
        assert (own.number, len(own.library.documents)) == (3, 1)

    async def test_cancel_changes_nothing(self, world: World, place: Place) -> None:
        asked = await world.moderator.slash(world.channel, "index remove", document="rules-1")
        assert asked.response is not None
        await world.moderator.click(asked.response, label="Cancel")
        own = await world.bot.app.librarian.own(place)
        assert own is not None
        assert own.number == 2
        assert "nothing changed" in text_of(asked)

    async def test_the_right_is_asked_for_again_at_the_button(
        self, world: World, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = await world.moderator.slash(world.channel, "index remove", document="rules-1")
        assert asked.response is not None
        monkeypatch.setattr(
            discord.Interaction, "permissions", property(lambda _: discord.Permissions.none())
        )
        refused = await world.moderator.click(asked.response, label="Remove")
        assert "Manage Server" in text_of(refused)
        own = await world.bot.app.librarian.own(place)
        assert own is not None
        assert own.number == 2

    @pytest.mark.usefixtures("place")
    async def test_download_gives_the_file_as_uploaded(self, world: World) -> None:
        result = await world.moderator.slash(world.channel, "index download", document="rules-0")
        (sent,) = [m for m in [result.response, *result.followups] if m and m.attachments]
        assert sent.attachments[0].filename == "rules-0.txt"

    @pytest.mark.usefixtures("place")
    @pytest.mark.parametrize("command", ["index remove", "index download"])
    async def test_unknown_documents_name_the_known(self, world: World, command: str) -> None:
        result = await world.moderator.slash(world.channel, command, document="none")
        assert "rules\\-0" in text_of(result) or "rules-0" in text_of(result)

    @pytest.mark.usefixtures("place")
    async def test_an_unknown_revision_names_the_kept(self, world: World) -> None:
        result = await world.moderator.slash(world.channel, "index rollback", revision=9)
        assert "kept are 2, 1" in text_of(result)

    @pytest.mark.usefixtures("place")
    async def test_status_shows_both_libraries(self, world: World) -> None:
        text = text_of(await world.moderator.slash(world.channel, "index status"))
        assert "Shared documents" in text
        assert "Documents of this server" in text

    @pytest.mark.usefixtures("place")
    async def test_autocomplete_offers_the_servers_own_alone(self, world: World) -> None:
        choices = await world.moderator.autocomplete(world.channel, "index remove", "document", "")
        assert [choice["value"] for choice in choices] == ["rules-0", "rules-1"]

    @pytest.mark.usefixtures("place")
    async def test_autocomplete_offers_moderators_alone_the_kept_revisions(
        self, world: World
    ) -> None:
        async def offered(actor: simcord.MemberActor, typed: str) -> dict[int, str]:
            choices = await actor.autocomplete(world.channel, "index rollback", "revision", typed)
            return {choice["value"]: choice["name"] for choice in choices}

        every = await offered(world.moderator, "")
        assert list(every) == sorted(every, reverse=True)
        assert len(every) > 1
        assert all("mona" in name and "UTC" in name for name in every.values())
        assert list(await offered(world.moderator, "1")) == [1]
        world.admit_everyone_to_index()
        assert await offered(world.member, "") == {}
        for command in ("remove", "download", "purge"):
            given = (f"index {command}", "document", "rules")
            assert await world.moderator.autocomplete(world.channel, *given) != []
            assert await world.member.autocomplete(world.channel, *given) == []

    @pytest.mark.usefixtures("place")
    async def test_another_server_sees_nothing_of_it(self, world: World) -> None:
        there = world.env.create_guild()
        channel = there.create_text_channel("general")
        role = there.create_role("mods", permissions=discord.Permissions(manage_guild=True))
        other = there.add_member(world.env.create_user("otto"), roles=[role])
        text = text_of(await other.slash(channel, "index status"))
        assert "rules" not in text.lower()
        assert "no documents of its own" in text_of(await other.slash(channel, "index history"))
        assert await other.autocomplete(channel, "index remove", "document", "") == []
        result = await other.slash(channel, "index download", document="rules-0")
        assert "There is no document" in text_of(result)
        assert "seven" not in text_of(await other.slash(channel, "ask", question="the gate opens"))


class TestAdd:
    FILE = ("towns.txt", b"[1] The gate of Ghent opens at seven.\n[2][3] The moat is deep.\n")

    async def test_shows_what_was_understood_and_publishes_when_confirmed(
        self, world: World
    ) -> None:
        asked = await world.moderator.slash(world.channel, "index add", file=self.FILE)
        text = text_of(asked)
        assert "2 passages; 2 of them carry citation numbers (3 different ones)" in text
        assert "layout: lines, markers: leading" in text
        assert "> The gate of Ghent opens at seven.\n**\\[1\\]**" in text
        assert await world.bot.app.librarian.own(Place(world.guild.id)) is None
        assert asked.response is not None
        await world.moderator.click(asked.response, label="Publish")
        assert "2 added" in text_of(asked)
        answer = await world.member.slash(
            world.channel, "ask", question="when does the gate of Ghent open?"
        )
        assert "opens** at seven" in text_of(answer) or "at seven" in text_of(answer)
        again = await world.moderator.slash(world.channel, "index add", file=self.FILE)
        assert "is here already" in text_of(again)

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("status", [403, 404, 500, None])
    async def test_a_file_that_discord_does_not_give_is_asked_for_again(
        self, world: World, monkeypatch: pytest.MonkeyPatch, language: str, status: int | None
    ) -> None:
        """Without a status the connection is cut."""
        error: Exception = aiohttp.ServerDisconnectedError()
        if status is not None:
            error = discord.HTTPException(SimpleNamespace(status=status, reason=""), "no file")
        monkeypatch.setattr(discord.Attachment, "read", AsyncMock(side_effect=error))
        locale = property(lambda _: language, lambda *_: None)
        monkeypatch.setattr(discord.Interaction, "locale", locale)
        told = await world.moderator.slash(world.channel, "index add", file=self.FILE)
        with speaking(language):
            assert text_of(told) == say("failed.not_fetched")
        assert told.ephemeral


@pytest.mark.parametrize("command", ["add", "remove"])
async def test_what_another_moderator_published_meanwhile_is_not_lost(
    world: World, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    app, place = world.bot.app, Place(world.guild.id)
    librarian, publisher = app.librarian, app.publisher
    await publish(publisher, place, "The gate opens at seven.", "The wall is high.")
    if command == "add":
        asked = await world.moderator.slash(
            world.channel, "index add", file=("a.txt", b"The bridge is long.\n")
        )
    else:
        asked = await world.moderator.slash(world.channel, "index remove", document="rules-0")
    let_work_together(app.pools.store, monkeypatch)
    load = world.store.libraries.load_documents
    entered, released = threading.Event(), threading.Event()

    def held(owner: int, number: int) -> list[Source]:
        found = load(owner, number)
        entered.set()
        assert released.wait(PATIENCE_S)
        return found

    async def other() -> None:
        assert await asyncio.to_thread(entered.wait, PATIENCE_S)
        monkeypatch.setattr(world.store.libraries, "load_documents", load)
        documents = await publisher.documents(place)
        await publisher.publish(place, [*documents, document("Moats.", "b")], MONA, "add")
        released.set()

    monkeypatch.setattr(world.store.libraries, "load_documents", held)
    publishing = asyncio.create_task(other())
    assert asked.response is not None
    await world.moderator.click(asked.response, label="Publish" if command == "add" else "Remove")
    await publishing
    own = await librarian.own(place)
    assert own is not None
    assert [one.id for one in own.library.documents] == ["rules-0", "rules-1", "b"]
    assert "Somebody else has changed the documents" in text_of(asked)


@pytest.mark.parametrize(
    ("command", "given", "label"),
    [("rollback", {"revision": 1}, "Bring it back"), ("remove", {"document": "rules-0"}, "Remove")],
)
async def test_what_was_shown_is_what_is_done_or_nothing(
    world: World, command: str, given: dict[str, object], label: str
) -> None:
    app, place = world.bot.app, Place(world.guild.id)
    librarian, publisher = app.librarian, app.publisher
    for n in range(2):
        await publish(publisher, place, f"The gate opens on day {n}.")
    asked = await world.moderator.slash(world.channel, f"index {command}", **given)
    await publish(publisher, place, "Something newer by another.")
    assert asked.response is not None
    await world.moderator.click(asked.response, label=label)
    assert "Somebody else has changed the documents" in text_of(asked)
    own = await librarian.own(place)
    assert own is not None
    assert own.number == 3


async def test_a_moderator_is_named_in_no_other_server(world: World) -> None:
    world.document.write_text("One line.\n", encoding="utf-8")
    await world.moderator.slash(world.channel, "index refresh")
    text = text_of(await world.moderator.slash(world.channel, "index status"))
    assert "by a moderator" in text
    assert "mona" not in text


async def test_settings_that_cannot_be_read_are_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise StoreError("the disk is gone")

    monkeypatch.setattr(world.store.settings, "of", broken)
    world.admit_everyone_to_index()
    refused = await world.member.slash(world.channel, "index status")
    assert "Manage Server" in text_of(refused)
    await world.member.send(world.channel, f"{world.mention} when does the gate open?")
    assert "cannot be used now" in text_of_message(world.channel.last_message)


async def test_a_small_library_is_there_at_once_beside_builds_of_large_ones(world: World) -> None:
    librarian, place = await cold_librarian(world), Place(1)
    release = threading.Event()
    builds = [
        asyncio.create_task(librarian.pools.builds.run(owner, release.wait, PATIENCE_S))
        for owner in range(100, 110)
    ]
    await asyncio.sleep(0)
    answer = await ask_at(librarian, place, "when does the gate of the castle open?")
    assert "seven" in answer.hits[0].passage.text
    await publish(Publisher(librarian), place, "The gate of the castle opens at eight.")
    release.set()
    assert all(await asyncio.gather(*builds))
