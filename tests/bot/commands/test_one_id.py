"""One id, one document: where the shared library takes an id that a server's own document has."""

from __future__ import annotations

import pytest
import simcord

from bot.libraries.places import Place
from bot.store import Person
from index.documents.corpus import Source
from tests.bot.conftest import World, text_of
from tests.bot.libraries.test_server_libraries import document

MONA = Person(1, "mona")
OWN, SHARED = "The ferry leaves the quay at nine.", "The lighthouse stands on the mole."
ENTRY = """
  - id: harbour
    title: The harbour of all
    file: harbour.txt
    licence: CC BY 4.0
"""


def own_document(document_id: str = "harbour", text: str = f"[5] {OWN}") -> Source:
    return document(text, document_id, title="Our harbour", licence="CC0 1.0")


@pytest.fixture
async def place(world: World) -> Place:
    """A server with a document `harbour`, to which the operator then adds a shared one."""
    place = Place(world.guild.id)
    await world.bot.app.publisher.publish(place, [own_document()], MONA, "add")
    await share_harbour(world)
    return place


async def share_harbour(world: World) -> None:
    (world.data / "harbour.txt").write_text(f"[5] {SHARED}\n")
    with (world.data / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write(ENTRY)
    await world.bot.app.publisher.refresh(MONA)


async def cited(world: World, document_id: str) -> str:
    return text_of(
        await world.member.slash(world.channel, "cite", number="5", document=document_id)
    )


async def own_ids(world: World) -> list[str]:
    sources = await world.bot.app.publisher.documents(Place(world.guild.id))
    return [source.spec.id for source in sources]


@pytest.mark.usefixtures("place")
async def test_an_id_cites_one_document_alone(world: World) -> None:
    shared, own = await cited(world, "harbour"), await cited(world, "harbour-2")
    assert SHARED in shared
    assert OWN not in shared
    assert OWN in own
    assert SHARED not in own
    assert "harbour, harbour-2" in await cited(world, "harbour-3")


@pytest.mark.usefixtures("place")
async def test_what_is_offered_is_what_is_taken(world: World) -> None:
    actor, channel = world.moderator, world.channel
    offered = await actor.autocomplete(channel, "cite", "document", "harbour")
    assert [choice["value"] for choice in offered] == ["harbour", "harbour-2"]
    for command in ("index remove", "index download", "index purge"):
        offered = await actor.autocomplete(channel, command, "document", "harb")
        assert [choice["value"] for choice in offered] == ["harbour-2"]


@pytest.mark.usefixtures("place")
async def test_documents_of_one_title_are_offered_with_their_ids(world: World) -> None:
    entry = ENTRY.replace("id: harbour", "id: quay").replace("The harbour of all", "Our harbour")
    with (world.data / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write(entry)
    await world.bot.app.publisher.refresh(MONA)
    offered = await world.member.autocomplete(world.channel, "cite", "document", "harbour")
    names = {choice["value"]: choice["name"] for choice in offered}
    assert names == {
        "harbour": "The harbour of all",
        "quay": "Our harbour (quay)",
        "harbour-2": "Our harbour (harbour-2)",
    }


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("command", ["index remove", "index download", "index purge"])
async def test_no_command_takes_the_servers_own_for_the_shared_one(
    world: World, command: str
) -> None:
    refused = await world.moderator.slash(world.channel, command, document="harbour")
    text = text_of(refused)
    assert "a shared document" in text
    assert "harbour-2" in text
    assert await own_ids(world) == ["harbour"]
    other = "japan-south-korea-relations"
    refused = await world.moderator.slash(world.channel, command, document=other)
    assert "a shared document" in text_of(refused)
    assert "harbour" not in text_of(refused)


async def confirmed(world: World, command: str, document_id: str, label: str) -> str:
    asked = await world.moderator.slash(world.channel, command, document=document_id)
    assert asked.response is not None
    pressed: simcord.InteractionResult = await world.moderator.click(asked.response, label=label)
    return text_of(asked) + text_of(pressed)


@pytest.mark.usefixtures("place")
async def test_under_the_id_that_is_shown_it_is_removed(world: World) -> None:
    await confirmed(world, "index remove", "harbour-2", "Remove")
    assert await own_ids(world) == []
    assert SHARED in await cited(world, "harbour")


async def test_under_the_id_that_is_shown_it_is_sent_and_deleted(
    world: World, place: Place
) -> None:
    result = await world.moderator.slash(world.channel, "index download", document="harbour-2")
    (sent,) = [m for m in [result.response, *result.followups] if m and m.attachments]
    assert sent.attachments[0].filename == "harbour.txt"
    assert "**harbour-2** is gone" in await confirmed(
        world, "index purge", "harbour-2", "Delete for good"
    )
    assert await world.bot.app.publisher.kept_documents(place) == []


async def test_a_removed_document_is_deleted_under_an_id_of_its_own(
    world: World, place: Place
) -> None:
    publisher = world.bot.app.publisher
    await publisher.publish(place, [own_document(), own_document("harbour-2")], MONA, "add")
    await publisher.publish(place, [own_document()], MONA, "remove")
    actor, channel = world.moderator, world.channel
    offered = await actor.autocomplete(channel, "index purge", "document", "")
    assert [choice["value"] for choice in offered] == ["harbour-2", "harbour-2-2"]
    await confirmed(world, "index purge", "harbour-2-2", "Delete for good")
    assert await publisher.kept_documents(place) == ["harbour"]


async def test_what_was_asked_is_what_is_removed_whatever_is_shared_meanwhile(
    world: World,
) -> None:
    place = Place(world.guild.id)
    await world.bot.app.publisher.publish(
        place, [own_document(), own_document("quay", "A quay.")], MONA, "add"
    )
    asked = await world.moderator.slash(world.channel, "index remove", document="harbour")
    await share_harbour(world)
    assert asked.response is not None
    await world.moderator.click(asked.response, label="Remove")
    assert await own_ids(world) == ["quay"]


@pytest.mark.usefixtures("place")
async def test_status_says_under_which_id_a_document_is_shown_and_why(world: World) -> None:
    text = text_of(await world.moderator.slash(world.channel, "index status"))
    assert "**Our harbour** (`harbour-2`)" in text
    assert "**The harbour of all** (`harbour`)" in text
    assert (
        "Your document `harbour` is shown as `harbour-2`, because the shared library has a "
        "document `harbour` now." in text
    )


@pytest.mark.usefixtures("place")
async def test_a_file_that_is_added_takes_no_id_that_is_shown(world: World) -> None:
    file = ("harbour.txt", b"The dock is dry.\n")
    asked = await world.moderator.slash(world.channel, "index add", file=file, title="Harbour")
    assert asked.response is not None
    await world.moderator.click(asked.response, label="Add beside it")
    assert await own_ids(world) == ["harbour", "harbour-3"]
    assert OWN in await cited(world, "harbour-2")


async def test_without_the_shared_documents_it_has_its_own_id(world: World, place: Place) -> None:
    await world.bot.app.librarian.change_settings(place, {"shared_library": False}, MONA)
    assert OWN in await cited(world, "harbour")
    text = text_of(await world.moderator.slash(world.channel, "index status"))
    assert "is shown as" not in text
    await confirmed(world, "index remove", "harbour", "Remove")
    assert await own_ids(world) == []


@pytest.mark.usefixtures("place")
async def test_each_of_them_keeps_its_licence(world: World) -> None:
    both = text_of(await world.member.slash(world.channel, "cite", number="5"))
    for text in (OWN, SHARED, "CC BY 4.0", "CC0 1.0"):
        assert text in both
