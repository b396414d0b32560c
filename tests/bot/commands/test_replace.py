"""A document gets a new file: by /index replace, or because /index add asks whether it does."""

from __future__ import annotations

from typing import Any

import pytest
import simcord

from bot.libraries.places import Place
from bot.store import Person
from index.documents.document import Document
from tests.bot.commands.test_upload_preview import choose, fill, labels, press
from tests.bot.conftest import World, text_of
from tests.bot.libraries.test_server_libraries import document

HOURS = "[1] The gate of Ghent opens at seven.\n[2] The moat is deep.\n[3] Dogs stay outside.\n"
NEW = "[1] The gate of Ghent opens at eight.\n[2] The moat is deep.\n[5] Bring a lamp at night.\n"


@pytest.fixture(autouse=True)
async def hours(world: World) -> None:
    """The server's own document, as its moderator has set it right."""
    world.lift_cooldowns()
    shown = await world.moderator.slash(
        world.channel,
        "index add",
        file=("hours.txt", HOURS.encode()),
        title="Opening hours",
        licence="CC0",
        source_url="https://example.org/hours",
        markers="leading",
    )
    await press(world, shown, "Publish")


async def replace(
    world: World, text: str, name: str = "hours.txt", **given: Any
) -> simcord.InteractionResult:
    return await world.moderator.slash(
        world.channel,
        "index replace",
        document="opening-hours",
        file=(name, text.encode()),
        **given,
    )


async def add(world: World, text: str, name: str, **given: Any) -> simcord.InteractionResult:
    file = (name, text.encode())
    return await world.moderator.slash(world.channel, "index add", file=file, **given)


async def own_documents(world: World) -> list[Document]:
    own = await world.bot.app.librarian.own(Place(world.guild.id))
    return list(own.library.documents) if own is not None else []


async def revision(world: World) -> int:
    return world.bot.app.librarian.number(Place(world.guild.id))


async def test_the_differences_are_shown_and_one_revision_is_published(world: World) -> None:
    shown = await replace(world, NEW)
    text = text_of(shown)
    assert (
        "In the place of **Opening hours** (`opening-hours`), passage by passage: 1 added, 1 "
        in text
    )
    assert "1 removed, 1 changed, 1 as before" in text
    assert (
        "− The gate of Ghent opens at seven. **\\[1\\]**\n\\+ The gate of Ghent opens at eight."
    ) in text
    assert "− Dogs stay outside" in text
    assert "\\+ Bring a lamp at night" in text
    assert "No passage carries these numbers any more:** \\[3\\]" in text
    assert await revision(world) == 1
    await press(world, shown, "Publish")
    assert "**Revision 2** answers now: 1 added, 1 removed, 1 changed, 1 unchanged" in text_of(
        shown
    )
    (one,) = await own_documents(world)
    assert [passage.text for passage in one.passages] == [
        "The gate of Ghent opens at eight.", "The moat is deep.", "Bring a lamp at night.",
    ]  # fmt: skip
    answer = await world.member.slash(
        world.channel, "ask", question="when does the gate of Ghent open?"
    )
    assert "eight" in text_of(answer)
    assert "seven" not in text_of(answer)


async def test_what_was_said_of_it_is_kept(world: World) -> None:
    await press(world, await replace(world, "One lamp.\nTwo lamps.\n", "hours-2026.txt"), "Publish")
    (one,) = await own_documents(world)
    spec = one.spec
    assert (spec.id, spec.title, spec.licence, spec.source_url, spec.layout, spec.markers) == (
        "opening-hours", "Opening hours", "CC0", "https://example.org/hours", "lines", "leading",
    )  # fmt: skip


async def test_the_moderator_goes_before_the_file_and_the_file_before_what_was(
    world: World,
) -> None:
    page = "---\nlicence: MIT\n---\n# Hours of the gate\n\nThe gate opens at nine.\n"
    shown = await replace(world, page, "hours.md")
    assert "Its title was Opening hours" in text_of(shown)
    await press(world, shown, "Publish")
    (one,) = await own_documents(world)
    assert (one.id, one.title, one.spec.licence) == ("opening-hours", "Hours of the gate", "MIT")
    await press(world, await replace(world, page, "hours.md", title="Hours"), "Publish")
    (one,) = await own_documents(world)
    assert (one.id, one.title, one.spec.licence) == ("opening-hours", "Hours", "MIT")


async def test_kinds_that_were_kept_are_kept(world: World) -> None:
    code = "# Quays\n\nBoats moor at the quay.\n\n```\nmoor --quay north\n```\n"
    shown = await add(world, code, "quays.md")
    await choose(world, shown, "kinds", "code")
    await press(world, shown, "Keep these")
    await press(world, shown, "Publish")
    file = ("quays.md", code.replace("north", "south").encode())
    shown = await world.moderator.slash(world.channel, "index replace", document="quays", file=file)
    assert "0 added, 0 removed, 1 changed, 1 as before" in text_of(shown)


async def test_where_nothing_changed_it_says_so_and_publishes_nothing(world: World) -> None:
    for text in (HOURS, HOURS.replace("\n", "\r\n")):
        shown = await replace(world, text)
        assert "**Nothing changed**: this says what **Opening hours** says already" in text_of(
            shown
        )
        assert "Publish" not in labels(shown)
    await fill(world, shown, title="Hours")
    assert "Its passages say the same" in text_of(shown)
    await press(world, shown, "Publish")
    assert "**Revision 2** answers now, and no passage changed" in text_of(shown)
    assert [one.title for one in await own_documents(world)] == ["Hours"]
    assert await revision(world) == 2


async def test_differences_are_paged_through_beside_all_passages(world: World) -> None:
    shown = await replace(world, "".join(f"[{n}] Quay {n} is for boats.\n" for n in range(1, 21)))
    assert "page 1 of 5" in text_of(shown)
    await press(world, shown, "Last")
    assert "\\+ Quay 20 is for boats" in text_of(shown)
    await choose(world, shown, "kinds", "passages")
    assert "page 1 of 4" in text_of(shown)
    await choose(world, shown, "kinds", "differences")
    await choose(world, shown, "markers", "trailing")
    assert "page 1 of" in text_of(shown)


async def test_a_file_of_another_document_is_told_to_be_there(world: World) -> None:
    await press(world, await add(world, NEW, "new.txt"), "Publish")
    assert "here already, as new" in text_of(await replace(world, NEW))


async def test_only_what_is_the_servers_own_can_be_replaced(world: World) -> None:
    for name in ("japan-south-korea-relations", "nothing"):
        file = ("a.txt", b"Words.")
        shown = await world.moderator.slash(
            world.channel, "index replace", document=name, file=file
        )
        assert name in text_of(shown).replace("\\", "")
        assert await revision(world) == 1


async def test_what_another_has_replaced_meanwhile_is_not_undone(world: World) -> None:
    first, second = await replace(world, NEW), await replace(world, "[1] Another gate.\n")
    await press(world, second, "Publish")
    await press(world, first, "Publish")
    assert "Somebody else has changed the documents meanwhile" in text_of(first)
    assert await revision(world) == 2


async def test_what_another_has_added_meanwhile_stays(world: World) -> None:
    shown = await replace(world, NEW)
    await press(world, await add(world, "Tides turn.\n", "tides.txt"), "Publish")
    await press(world, shown, "Publish")
    assert [one.id for one in await own_documents(world)] == ["opening-hours", "tides"]
    assert "**Revision 3** answers now: 1 added, 1 removed, 1 changed" in text_of(shown)


async def test_a_full_server_can_replace(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = world.bot.app.limits.model_copy(
        update={"max_server_documents": 1, "max_server_passages": 3}
    )
    monkeypatch.setattr(world.bot.app.librarian, "limits", limits)
    assert "`/index replace`" in text_of(await add(world, "Tides turn.\n", "tides.txt"))
    await press(world, await replace(world, NEW), "Publish")
    assert await revision(world) == 2
    assert "more than 3 passages" in text_of(await replace(world, "A.\nB.\nC.\nD.\n"))


class TestAdd:
    """A file that may be meant to replace a document asks whether it does."""

    @pytest.mark.parametrize(
        ("name", "given"),
        [
            ("hours.txt", {}),
            ("Hours.TXT", {"title": "Hours of this year"}),
            ("new.txt", {"title": "opening  HOURS"}),
        ],
    )
    async def test_of_the_title_or_the_file_name_of_one_it_replaces_it(
        self, world: World, name: str, given: dict[str, str]
    ) -> None:
        shown = await add(world, NEW, name, **given)
        assert "**Does this replace it?**" in text_of(shown)
        assert "1 added, 1 removed, 1 changed, 1 as before" in text_of(shown)
        assert {"Replace Opening hours", "Add beside it", "Cancel"} <= {*labels(shown)}
        assert "Publish" not in labels(shown)
        await press(world, shown, "Replace Opening hours")
        (one,) = await own_documents(world)
        assert (one.id, one.spec.licence, one.spec.markers) == ("opening-hours", "CC0", "leading")
        assert one.passages[0].text == "The gate of Ghent opens at eight."

    async def test_it_can_be_added_beside(self, world: World) -> None:
        shown = await add(world, NEW, "hours.txt")
        await press(world, shown, "Add beside it")
        assert "3 added, 0 removed" in text_of(shown)
        first, second = await own_documents(world)
        assert (first.id, second.id) == ("opening-hours", "opening-hours-2")
        assert second.spec.licence is None
        assert first.passages[0].text == "The gate of Ghent opens at seven."

    async def test_the_same_content_is_told_to_be_there(self, world: World) -> None:
        assert "here already, as Opening hours" in text_of(await add(world, HOURS, "again.txt"))
        shown = await add(world, HOURS.replace("\n", "\r\n"), "hours.txt")
        assert "**Nothing changed**" in text_of(shown)
        assert not {"Replace Opening hours", "Add beside it", "Publish"} & {*labels(shown)}

    async def test_any_other_file_is_added(self, world: World) -> None:
        shown = await add(world, NEW, "new.txt")
        assert "Does this replace it?" not in text_of(shown)
        assert "Publish" in labels(shown)

    async def test_a_title_that_is_changed_to_one_that_is_there_asks(self, world: World) -> None:
        shown = await add(world, NEW, "new.txt")
        await fill(world, shown, title="Opening hours")
        assert "Replace Opening hours" in labels(shown)
        await choose(world, shown, "kinds", "differences")
        await fill(world, shown, title="Lamps")
        assert "Publish" in labels(shown)
        assert "page 1 of 1" in text_of(shown)
        await press(world, shown, "Publish")
        assert [one.id for one in await own_documents(world)] == ["opening-hours", "lamps"]

    async def test_of_two_of_one_title_the_newer_is_replaced(self, world: World) -> None:
        await press(world, await add(world, NEW, "hours.txt"), "Add beside it")
        shown = await add(world, "[1] A third gate.\n", "hours.txt")
        assert "(`opening-hours-2`)" in text_of(shown)

    async def test_the_shared_library_is_not_asked_about(self, world: World) -> None:
        shown = await add(world, NEW, world.document.name)
        assert "Publish" in labels(shown)

    async def test_what_is_removed_meanwhile_is_not_replaced(self, world: World) -> None:
        shown = await add(world, NEW, "hours.txt")
        place = Place(world.guild.id)
        tides = document("Tides turn.", "tides")
        await world.bot.app.publisher.publish(place, [tides], Person(1, "mona"), "remove")
        await press(world, shown, "Replace Opening hours")
        assert "Somebody else has changed the documents meanwhile" in text_of(shown)
        assert [one.id for one in await own_documents(world)] == ["tides"]
