"""What /index history, rollback and status say: documents by title, how fresh and how large."""

from __future__ import annotations

import pytest

from bot.libraries.places import Place
from bot.store import Person
from index.documents.corpus import Source
from tests.bot.conftest import World, text_of
from tests.bot.libraries.test_server_libraries import document

MONA = Person(1, "mona")
RULES = document("Boats moor at the quay.\nDogs stay on the lead.\n", title="Harbour rules")
NEW_RULES = document("Boats moor at the pier.\nDogs stay on the lead.\n", title="Harbour rules")
TIDES = document("Tides turn twice a day.\n", "tides", title="*Tides*")


@pytest.fixture
async def place(world: World) -> Place:
    """Harbour rules are added, then tides; the rules are replaced, and the tides removed."""
    place = Place(world.guild.id)
    await publish(world, [RULES], "add")
    await publish(world, [RULES, TIDES], "add")
    await publish(world, [NEW_RULES, TIDES], "replace")
    await publish(world, [NEW_RULES], "remove")
    return place


async def publish(world: World, documents: list[Source], action: str) -> None:
    place = Place(world.guild.id)
    await world.bot.app.publisher.publish(place, documents, MONA, action)  # type: ignore[arg-type]


async def shown(world: World, command: str, **given: int) -> list[str]:
    return text_of(await world.moderator.slash(world.channel, command, **given)).splitlines()


def deeds(lines: list[str]) -> list[str]:
    return [line.split(" · ", 2)[2] for line in lines]


@pytest.mark.usefixtures("place")
class TestHistory:
    async def test_says_what_was_done_to_which_document(self, world: World) -> None:
        assert deeds(await shown(world, "index history")) == [
            "mona removed **\\*Tides\\***: 1 removed",
            "mona replaced **Harbour rules**: 1 changed",
            "mona added **\\*Tides\\***: 1 passage",
            "mona added **Harbour rules**: 2 passages",
        ]

    async def test_a_rollback_says_where_it_went_and_what_came_and_went(self, world: World) -> None:
        await publish(world, [RULES, TIDES], "rollback")
        newest, *_ = deeds(await shown(world, "index history"))
        assert newest == (
            "mona rolled back to revision 2 (± **Harbour rules**, + **\\*Tides\\***): "
            "1 added, 1 changed"
        )

    async def test_what_is_purged_is_named_no_more(self, world: World, place: Place) -> None:
        await world.bot.app.publisher.purge(place, "tides", MONA)
        lines = await shown(world, "index history")
        assert "Tides" not in "\n".join(lines)
        assert deeds(lines)[0] == "mona purged: no passage changed"
        assert deeds(lines)[3] == "mona added: 1 passage"

    async def test_of_the_oldest_kept_one_it_is_not_known(self, world: World) -> None:
        for number in range(5, 24):
            await publish(world, [NEW_RULES] if number % 2 else [NEW_RULES, TIDES], "refresh")
        lines = deeds(await shown(world, "index history"))
        assert len(lines) == 20
        assert lines[-1] == "mona replaced: 1 changed"

    async def test_a_new_title_alone_is_a_change_without_passages(self, world: World) -> None:
        text = NEW_RULES.content.decode()
        await publish(world, [document(text, title="Rules of the harbour")], "replace")
        newest, *_ = deeds(await shown(world, "index history"))
        assert newest == "mona replaced **Rules of the harbour**: no passage changed"

    async def test_what_is_stored_of_a_document_and_cannot_be_read_is_called_by_its_file(
        self, world: World
    ) -> None:
        with world.store.database.write() as connection:
            connection.exec_driver_sql(
                "UPDATE revision_documents SET spec = '{}' WHERE number = 3 AND document = 'rules'"
            )
        assert "mona replaced **rules.txt**: 1 changed" in deeds(
            await shown(world, "index history")
        )

    async def test_the_revisions_that_are_offered_say_so_too(self, world: World) -> None:
        given = ("index rollback", "revision", "")
        choices = await world.moderator.autocomplete(world.channel, *given)
        assert choices[1]["name"].startswith("3 · replaced Harbour rules: 1 changed · mona, 20")


@pytest.mark.usefixtures("place")
class TestRollback:
    async def test_shows_what_comes_and_goes_by_title(self, world: World) -> None:
        asked = await world.moderator.slash(world.channel, "index rollback", revision=2)
        assert text_of(asked).splitlines() == [
            "Bring revision 2 back? Passage by passage that is:",
            "± **Harbour rules**: 1 changed",
            "\\+ **\\*Tides\\***: 1 added",
            "-# 1 passage stays as it is.",
        ]
        await publish(world, [TIDES], "remove")
        lines = await shown(world, "index rollback", revision=4)
        assert lines[1:3] == ["\\+ **Harbour rules**: 2 added", "− **\\*Tides\\***: 1 removed"]

    async def test_a_title_that_comes_back_is_shown_though_no_passage_changes(
        self, world: World
    ) -> None:
        await publish(world, [document(NEW_RULES.content.decode(), title="Rules")], "replace")
        lines = await shown(world, "index rollback", revision=4)
        assert lines[1] == "± **Harbour rules**: no passage changed"

    async def test_what_is_served_already_is_not_brought_back(self, world: World) -> None:
        asked = await world.moderator.slash(world.channel, "index rollback", revision=4)
        assert "holds what is served already" in text_of(asked)
        assert asked.response is not None
        assert "Bring it back" not in str(asked.response.components)

    async def test_many_documents_are_counted(self, world: World) -> None:
        many = [document(f"Gate {n} is shut.", f"gate-{n}") for n in range(40)]
        await publish(world, many, "add")
        lines = await shown(world, "index rollback", revision=4)
        assert lines[-2] == "… and 26 more"


async def test_the_status_says_how_large_and_how_fresh(world: World, place: Place) -> None:
    await publish(world, [NEW_RULES, TIDES], "add")
    lines = await shown(world, "index status")
    position = next(n for n, line in enumerate(lines) if "Documents of this server" in line)
    limits = world.bot.app.limits
    history = {one.number: one for one in await world.bot.app.publisher.history(place)}
    fresh = [int(history[number].created_at.timestamp()) for number in (3, 5)]
    assert lines[position + 1] == (
        f"-# Documents: 2 of at most {limits.max_server_documents:,}; "
        f"passages: 3 of at most {limits.max_server_passages:,}"
    )
    assert lines[position + 2 : position + 4] == [
        f"**Harbour rules** (`rules`): 2 passages. As it is since <t:{fresh[0]}:R>",
        f"**\\*Tides\\*** (`tides`): 1 passage. As it is since <t:{fresh[1]}:R>",
    ]
    assert "-# Documents: 1; passages: 30" in lines
    assert not any("ngine" in line for line in lines)
